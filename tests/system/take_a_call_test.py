"""The thin chain of the whole product: a call arrives, is answered, written up, referred, done, and found again."""

import unittest

from city_people import Desk, Gateway, need
from kapok.v1 import common_pb2, contact_pb2, need_pb2, referral_pb2, report_pb2, session_pb2
from kapok_client import Refused
from kapok_process import Kapok

RICE, ANXIETY = need_pb2.NEED_KIND_RICE_FLOUR, need_pb2.NEED_KIND_ANXIETY


def form(**more):
    """What the worker writes after the call of these tests."""
    return contact_pb2.ContactFields(
        type=contact_pb2.CONTACT_TYPE_SELF, relation=contact_pb2.CALLER_RELATION_SELF, person_name="梁婆婆",
        address="沙面大街五十三号", summary="独居老人，家中米面将尽，夜里焦虑难眠", risk=contact_pb2.RISK_LEVEL_NONE,
        services=[contact_pb2.SERVICE_KIND_EMOTIONAL_SUPPORT], consent=contact_pb2.CONSENT_GIVEN,
        needs=[need(RICE, detail="大米十斤"), need(ANXIETY)], **more)


class TakeACall(unittest.TestCase):
    def setUp(self):
        self.kapok = self.enterContext(Kapok())
        self.gateway = Gateway(self.kapok)
        self.desk = Desk(self.kapok, "sm-1")

    def taken(self, gw_ref="a"):
        self.gateway.arrives(gw_ref)
        return self.desk.accept(self.desk.offer())

    def written_up(self):
        """A call taken, ended and finalised, its material need sent to the neighbouring station."""
        call = self.taken()
        self.desk.hang_up(call.call)
        dispatch = contact_pb2.Dispatch(needs=[0], to_unit=self.desk.unit("440103002"), note="请送大米上门")
        return self.desk.finalise(call.contact, call.contact_version, form(), [dispatch])

    def test_the_caller_is_bridged_only_after_the_accept(self):
        call = self.gateway.arrives("a")
        offer = self.desk.offer()
        self.assertEqual(offer.call, call)
        self.assertIn("沙面", offer.line_zh)
        self.assertNotIn("1234", offer.caller_masked[:-4])
        self.gateway.client.no_push("bridge")
        view = self.desk.accept(offer)
        self.assertEqual((view.call, view.state), (call, common_pb2.CALL_STATE_TALKING))
        self.assertRegex(view.display_number, r"^GZ-\d{6}-0001$")
        bridge = self.gateway.client.push("bridge")
        self.assertEqual((bridge.gw_ref, bridge.offer), ("a", offer.offer))

    def test_a_worker_who_becomes_ready_is_offered_the_caller_who_waits(self):
        self.desk.ready(False)
        call = self.gateway.arrives("a")
        self.desk.client.no_push("offer_shown")
        self.desk.ready()
        self.assertEqual(self.desk.offer().call, call)

    def test_hanging_up_releases_the_caller_and_leaves_a_draft(self):
        call = self.taken()
        over = self.desk.hang_up(call.call)
        self.assertEqual((over.contact, over.outcome), (call.contact, common_pb2.CALL_OUTCOME_ANSWERED))
        self.assertEqual(self.gateway.client.push("release").gw_ref, "a")
        drafts = self.desk.client.ask(list_drafts=contact_pb2.ListDrafts())
        self.assertEqual([row.contact for row in drafts.rows], [call.contact])

    def test_the_caller_who_hangs_up_ends_the_call_at_the_desk(self):
        call = self.taken()
        self.gateway.leaves("a")
        over = self.desk.client.push("call_over")
        self.assertEqual((over.call, over.ended_by), (call.call, common_pb2.ENDED_BY_CALLER))

    def test_a_draft_saves_itself_and_an_older_version_is_refused(self):
        call = self.taken()
        fields = contact_pb2.ContactFields(summary="家中米面将尽")
        saved = self.desk.draft(call.contact, call.contact_version, fields)
        self.assertGreater(saved.version, call.contact_version)
        with self.assertRaises(Refused) as refused:
            self.desk.draft(call.contact, call.contact_version, fields)
        self.assertEqual(refused.exception.code, "VERSION_CONFLICT")
        shown = self.desk.client.ask(show_contact=contact_pb2.ShowContact(contact=call.contact))
        self.assertEqual(shown.contact.fields.summary, "家中米面将尽")

    def test_finalising_makes_the_referral_and_ends_after_call_work(self):
        saved = self.written_up()
        self.assertEqual(len(saved.referrals), 1)
        shown = self.desk.client.ask(show_contact=contact_pb2.ShowContact(contact=saved.contact))
        self.assertEqual(shown.contact.state, contact_pb2.CONTACT_STATE_FINALISED)
        self.assertEqual([n.kind for n in shown.contact.fields.needs], [RICE, ANXIETY])
        self.assertEqual(shown.contact.fields.needs[0].referral, saved.referrals[0])
        self.gateway.arrives("b", caller="020-09005678")
        self.assertEqual(self.desk.accept(self.desk.offer()).state, common_pb2.CALL_STATE_TALKING)

    def test_the_station_accepts_and_completes_and_a_second_accept_hears_who_was_first(self):
        referral = self.written_up().referrals[0]
        lead, colleague = self.kapok.sign_in("ln-1"), self.kapok.sign_in("ln-2")
        inbox = lead.ask(list_referrals=referral_pb2.ListReferrals(box=referral_pb2.REFERRAL_BOX_INCOMING))
        self.assertEqual([r.referral.id for r in inbox.referrals], [referral])
        accept = referral_pb2.AcceptReferral(referral=referral, version=inbox.referrals[0].referral.version)
        accepted = lead.change(accept_referral=accept)
        self.assertEqual(accepted.referral.state, referral_pb2.REFERRAL_STATE_ACCEPTED)
        self.assertEqual((accepted.person, accepted.address), ("梁婆婆", "沙面大街五十三号"))
        with self.assertRaises(Refused) as refused:
            colleague.change(accept_referral=accept)
        self.assertIn("ALREADY_TAKEN: 黄明", str(refused.exception))
        completed = lead.change(complete_referral=referral_pb2.CompleteReferral(
            referral=referral, version=accepted.referral.version, result=referral_pb2.CLOSURE_RESULT_SOLVED,
            note="大米已送到"))
        self.assertEqual(completed.referral.state, referral_pb2.REFERRAL_STATE_COMPLETED)

    def test_the_supervisor_finds_it_by_two_characters_and_by_the_last_four_digits(self):
        saved = self.written_up()
        supervisor = self.kapok.sign_in("supervisor-01")
        for asked in (dict(text="米面"), dict(text="大米"), dict(text="焦虑"), dict(last_four="1234"),
                      dict(number="020-0900 1234")):
            with self.subTest(asked):
                page = supervisor.ask(search_log=contact_pb2.SearchLog(**asked))
                self.assertEqual([row.contact for row in page.rows], [saved.contact])
                self.assertNotIn("梁婆婆", page.rows[0].person_masked)
        for asked in (dict(text="面米"), dict(last_four="4321")):
            with self.subTest(asked):
                self.assertEqual(len(supervisor.ask(search_log=contact_pb2.SearchLog(**asked)).rows), 0)

    def test_drafts_are_not_found_by_their_text(self):
        call = self.taken()
        self.desk.draft(call.contact, call.contact_version, form())
        supervisor = self.kapok.sign_in("supervisor-01")
        self.assertEqual(len(supervisor.ask(search_log=contact_pb2.SearchLog(text="米面")).rows), 0)

    def test_arrivals_of_the_day_are_the_sum_of_their_buckets(self):
        self.written_up()
        self.desk.ready(False)
        self.gateway.arrives("left", caller="020-09000002")
        self.gateway.leaves("left")
        self.gateway.arrives("test", test=True)
        self.gateway.leaves("test")
        supervisor = self.kapok.sign_in("supervisor-01")
        unit = self.desk.unit("440103001")
        now_us = supervisor.ask(ping=session_pb2.Ping()).now_us
        report = supervisor.ask(report_day=report_pb2.ReportDay(unit=unit, day_us=now_us)).report
        figures = {figure.key: figure.value for figure in report.figures}
        parts = [figures[key] for key in ("answered", "abandoned", "short_abandoned", "missed", "failed")]
        self.assertEqual((figures["arrivals"], sum(parts)), (2, 2))
        self.assertEqual((figures["answered"], figures["short_abandoned"], figures["not_offered"]), (1, 1, 1))
        self.assertEqual((figures["need.rice_flour"], figures["need.anxiety"]), (1, 1))
        self.assertTrue(all(figure.filter for figure in report.figures))


if __name__ == "__main__":
    unittest.main()

"""The server is gone for a while: gateways follow the hunt list they were given, and say afterwards what became of
whom (decision 16)."""

import unittest

from city_people import LINGNAN, SHAMIAN, Gateway
from kapok.v1 import common_pb2, contact_pb2, follow_up_pb2, gateway_pb2, session_pb2
from kapok_client import Refused
from kapok_process import Kapok

MINUTE_US = 60_000_000


class HuntLists(unittest.TestCase):
    def setUp(self):
        self.kapok = self.enterContext(Kapok())
        self.kapok.roster(("sm-1", "440103001", "phone", -1, 8), ("ln-1", "440103002", "phone", -1, 8))
        self.gateway = Gateway(self.kapok)

    def lists(self, count=2):
        lists = [self.gateway.client.push("hunt_list") for _ in range(count)]
        return {each.dialled: each for each in lists}

    def back_after_a_silence(self):
        """The server dies and comes back; the gateway attaches anew. Its time."""
        self.kapok.kill()
        self.kapok.start()
        self.gateway = Gateway(self.kapok)
        return self.gateway.client.ask(ping=session_pb2.Ping()).now_us

    def backfill(self, now_us, **more):
        return self.gateway.client.ask(backfill=gateway_pb2.Backfill(
            gw_ref="h", dialled=SHAMIAN, caller="020-09001234", arrived_at_us=now_us - 9 * MINUTE_US,
            ended_at_us=now_us - MINUTE_US, **more)).contact

    def test_each_line_that_rings_has_a_list_with_its_own_phone_first(self):
        lists = self.lists()
        self.assertEqual({dialled: [e.number for e in each.endpoints] for dialled, each in lists.items()},
                         {"+862000100001": ["020-02000001", "020-02000002"],
                          "+862000100002": ["020-02000002", "020-02000001"]})
        self.gateway.client.no_push("hunt_list", 0.2)  # the line that is recorded only has none

    def test_a_roster_that_changes_gives_a_list_of_a_higher_version(self):
        first = self.lists()["+862000100001"]
        self.kapok.roster(("duty", "4401", "duty_phone", -1, 8))
        changed = self.lists()["+862000100001"]
        self.assertGreater(changed.version, first.version)
        self.assertEqual(changed.endpoints[-1].number, "020-02000009")

    def test_a_call_that_the_hunt_list_served_becomes_a_draft_to_be_written_up(self):
        phone = self.lists()["+862000100001"].endpoints[0].endpoint
        now_us = self.back_after_a_silence()
        contact = self.backfill(now_us, answered_at_us=now_us - 8 * MINUTE_US, answered_by=phone)
        worker = self.kapok.sign_in("sm-1")
        drafts = worker.ask(list_drafts=contact_pb2.ListDrafts()).rows
        self.assertEqual([row.contact for row in drafts], [contact])
        shown = worker.ask(show_contact=contact_pb2.ShowContact(contact=contact))
        self.assertEqual((shown.outcome, shown.answered_by_name), (common_pb2.CALL_OUTCOME_ANSWERED, "陈嘉"))
        saved = worker.change(finalise_contact=contact_pb2.FinaliseContact(
            contact=contact, version=shown.contact.version,
            fields=contact_pb2.ContactFields(type=contact_pb2.CONTACT_TYPE_CONSULTATION, summary="询问高龄津贴",
                                             answered_by=shown.contact.fields.answered_by)))
        self.assertEqual(saved.contact, contact)

    def test_a_backfill_sent_twice_is_one_contact(self):
        phone = self.lists()["+862000100001"].endpoints[0].endpoint
        now_us = self.back_after_a_silence()
        answered = dict(answered_at_us=now_us - 8 * MINUTE_US, answered_by=phone)
        first = self.backfill(now_us, **answered)
        self.assertEqual(self.backfill(now_us, **answered), first)
        drafts = self.kapok.sign_in("sm-1").ask(list_drafts=contact_pb2.ListDrafts()).rows
        self.assertEqual(len(drafts), 1)

    def test_a_call_that_nobody_answered_meanwhile_becomes_a_callback(self):
        now_us = self.back_after_a_silence()
        self.assertEqual(self.backfill(now_us), 0)
        page = self.kapok.sign_in("sm-1").ask(list_callbacks=follow_up_pb2.ListCallbacks())
        self.assertEqual([c.caller_masked[-4:] for c in page.callbacks], ["1234"])

    def test_a_backfill_that_ends_before_it_starts_is_refused(self):
        now_us = self.back_after_a_silence()
        with self.assertRaises(Refused) as refused:
            self.gateway.client.ask(backfill=gateway_pb2.Backfill(
                gw_ref="h", dialled=LINGNAN, arrived_at_us=now_us, ended_at_us=now_us - MINUTE_US))
        self.assertEqual(refused.exception.code, "INVALID_ARGUMENT")


if __name__ == "__main__":
    unittest.main()

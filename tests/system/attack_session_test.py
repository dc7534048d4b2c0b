"""A session whose rights end in the middle: what was open by those rights ends with them, at once."""

import unittest

from city_people import Desk, Gateway, need
from kapok.v1 import common_pb2, contact_pb2, duty_pb2, need_pb2, referral_pb2, session_pb2, watch_pb2
from kapok_client import Closed, Refused
from kapok_process import Kapok


def form(**more):
    return contact_pb2.ContactFields(
        type=contact_pb2.CONTACT_TYPE_SELF, relation=contact_pb2.CALLER_RELATION_SELF, person_name="梁婆婆",
        address="沙面大街五十三号", summary="家中米面将尽", risk=contact_pb2.RISK_LEVEL_NONE,
        needs=[need(need_pb2.NEED_KIND_RICE_FLOUR)], **more)


class RightsEnd(unittest.TestCase):
    def setUp(self):
        self.kapok = self.enterContext(Kapok())
        self.gateway = Gateway(self.kapok)

    def now_has(self, account, roles, unit="440103001"):
        """The next import of people gives the account these roles."""
        rows = [row for row in self.kapok.PEOPLE.splitlines() if not row.startswith(account + ",")]
        old, = [row for row in self.kapok.PEOPLE.splitlines() if row.startswith(account + ",")]
        parts = old.split(",")
        parts[2], parts[3] = unit, roles
        self.kapok.take_in("people", "\n".join([*rows, ",".join(parts), ""]))

    def refused(self, ask):
        with self.assertRaises((Refused, Closed)) as refused:
            ask()
        return getattr(refused.exception, "code", "CLOSED")

    def watching(self, client, unit):
        client.ask(watch=watch_pb2.Watch(unit=unit))
        while not client.push("snapshot_page").last:
            pass

    def test_who_lost_the_role_sees_no_further_change_of_what_he_watched(self):
        lead = self.kapok.sign_in("centre-1")
        self.watching(lead, lead.me.unit)
        self.now_has("centre-1", "system_operator", "4401")
        self.gateway.arrives("a")
        lead.no_push("change")
        self.assertEqual(self.refused(lambda: lead.ask(watch=watch_pb2.Watch(unit=lead.me.unit))), "FORBIDDEN")

    def test_who_lost_the_role_is_offered_no_further_call(self):
        desk = Desk(self.kapok, "sm-1")
        self.now_has("sm-1", "system_operator")
        self.gateway.arrives("a")
        desk.client.no_push("offer_shown")

    def test_a_gateway_that_lost_its_role_brings_no_further_call(self):
        self.now_has("sm-2", "worker")  # any import; the gateway keeps its role
        self.gateway.arrives("a")

    def test_two_connections_of_one_session_both_end_with_it(self):
        first = self.kapok.sign_in("centre-1")
        second = self.kapok.resume(first)
        self.watching(second, first.me.unit)
        first.ask(sign_out=session_pb2.SignOut())
        self.gateway.arrives("a")
        second.no_push("change")
        self.assertIn(self.refused(lambda: second.ask(watch=watch_pb2.Watch(unit=first.me.unit))),
                      ("NOT_SIGNED_IN", "SESSION_ENDED", "CLOSED"))

    def test_a_desk_of_a_session_that_signed_out_elsewhere_is_offered_nothing(self):
        desk = Desk(self.kapok, "sm-1")
        self.kapok.resume(desk.client).ask(sign_out=session_pb2.SignOut())
        self.gateway.arrives("a")
        desk.client.no_push("offer_shown")

    def test_the_next_person_on_a_connection_sees_nothing_of_the_person_before(self):
        centre = self.kapok.sign_in("centre-1")
        self.watching(centre, centre.me.unit)
        centre.ask(sign_in_device=session_pb2.SignInDevice(device_token=self.kapok.tokens["ln-2"]))
        self.gateway.arrives("a")
        centre.no_push("change")

    def test_a_repeated_key_tells_nothing_that_is_no_longer_his_to_read(self):
        desk = Desk(self.kapok, "sm-1")
        self.gateway.arrives("a")
        call = desk.accept(desk.offer())
        desk.hang_up(call.call)
        dispatch = contact_pb2.Dispatch(needs=[0], to_unit=desk.unit("440103002"), note="请送大米上门")
        referral, = desk.finalise(call.contact, call.contact_version, form(), [dispatch]).referrals
        taker = self.kapok.sign_in("ln-2")
        accept = referral_pb2.AcceptReferral(referral=referral, version=1)
        told = taker.ask(key=7, accept_referral=accept)
        self.assertEqual(told.person, "梁婆婆")
        self.assertEqual(taker.ask(key=7, accept_referral=accept).person, "梁婆婆")
        self.now_has("ln-2", "system_operator", "440103002")
        self.assertIn(self.refused(lambda: taker.ask(key=7, accept_referral=accept)), ("FORBIDDEN", "STALE_REQUEST"))
        self.kapok.kill()
        self.kapok.start()
        again = self.kapok.resume(taker)
        self.assertIn(self.refused(lambda: again.ask(key=7, accept_referral=accept)), ("FORBIDDEN", "STALE_REQUEST"))

    def test_signing_out_while_talking_leaves_the_call_to_the_caller(self):
        desk = Desk(self.kapok, "sm-1")
        self.gateway.arrives("a")
        call = desk.accept(desk.offer())
        desk.client.ask(sign_out=session_pb2.SignOut())
        centre = self.kapok.sign_in("centre-1")
        centre.ask(watch=watch_pb2.Watch(unit=centre.me.unit, once=True))
        calls = centre.push("snapshot_page").calls
        self.assertEqual([(c.call, c.state) for c in calls], [(call.call, common_pb2.CALL_STATE_TALKING)])
        self.gateway.leaves("a")


    def test_the_roster_of_a_person_without_role_or_endpoint_rings_nobody_and_survives_a_restart(self):
        self.kapok.roster(("sm-1", "440103001", "phone", -1, 6), ("ln-1", "440103002", "phone", -1, 6))
        self.now_has("sm-1", "system_operator")
        self.kapok.take_in("people", self.kapok.PEOPLE.replace("desk;phone:020-02000002", "").replace(
            "陈嘉,440103001,worker,", "陈嘉,440103001,system_operator,"))
        self.gateway.arrives("a")
        self.gateway.client.no_push("ring_endpoint", 1.5)
        self.kapok.kill()
        self.kapok.start()
        gateway = Gateway(self.kapok, [("a", "020-00100001", common_pb2.CALL_STATE_WAITING)])
        gateway.client.no_push("ring_endpoint", 1.5)


class Strangers(unittest.TestCase):
    """Whoever only knows the port."""

    def setUp(self):
        self.kapok = self.enterContext(Kapok())

    def code_of(self, **body):
        client = self.kapok.client()
        try:
            with self.assertRaises(Refused) as refused:
                client.ask(**body)
            return refused.exception.code
        finally:
            client.close()

    def test_a_wrong_device_token_never_keeps_a_right_one_out(self):
        for _ in range(12):
            self.code_of(sign_in_device=session_pb2.SignInDevice(device_token="x" * 43))
        self.assertEqual(self.kapok.sign_in("gateway").me.account, "gateway")

    def test_an_unknown_account_is_refused_as_a_wrong_password_is(self):
        known = [self.code_of(sign_in=session_pb2.SignIn(account="steward", password="wrong wrong wrong"))
                 for _ in range(7)]
        unknown = [self.code_of(sign_in=session_pb2.SignIn(account="nobody", password="wrong wrong wrong"))
                   for _ in range(7)]
        self.assertEqual(known, unknown)
        self.assertEqual((known[0], known[-1]), ("WRONG_CREDENTIALS", "LOCKED_OUT"))

    def test_locking_one_account_out_locks_out_no_other(self):
        for _ in range(7):
            self.code_of(sign_in=session_pb2.SignIn(account="steward", password="wrong wrong wrong"))
        self.assertEqual(self.code_of(sign_in=session_pb2.SignIn(account="gateway", password="wrong wrong wrong")),
                         "WRONG_CREDENTIALS")


if __name__ == "__main__":
    unittest.main()

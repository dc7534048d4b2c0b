"""Everything may be said twice: by a client that was not answered, by a gateway that came back, by a stranger who heard
the numbers. It is done once, and only for those it belongs to."""

import unittest

from city_people import SHAMIAN, Desk, Gateway
from kapok.v1 import call_pb2, common_pb2, contact_pb2, duty_pb2, follow_up_pb2, gateway_pb2
from kapok_client import Closed, Refused
from kapok_process import Kapok

NO_ANSWER = follow_up_pb2.ATTEMPT_RESULT_NO_ANSWER


class TwoGateways(Kapok):
    PEOPLE = Kapok.PEOPLE + "gateway-2,第二网关,4401,gateway,,,yes\n"

    def sign_in(self, account):
        return super().sign_in("gateway-2" if account == "gateway" and self.second else account)

    second = False


class Repeats(unittest.TestCase):
    def setUp(self):
        self.kapok = self.enterContext(TwoGateways(factor=20))
        self.gateway = Gateway(self.kapok)

    def refused(self, ask):
        with self.assertRaises(Refused) as refused:
            ask()
        return refused.exception.code

    def claimed(self):
        """A caller gave up; sm-1 has claimed the callback."""
        self.gateway.arrives("left")
        self.gateway.client.no_push("ring_endpoint", 0.6)
        self.gateway.leaves("left")
        self.worker = self.kapok.sign_in("sm-1")
        callback, = self.worker.ask(list_callbacks=follow_up_pb2.ListCallbacks()).callbacks
        return self.worker.change(claim_callback=follow_up_pb2.ClaimCallback(
            callback=callback.callback, version=callback.version))

    def dial(self, claimed, key):
        return self.worker.ask(key=key, dial_callback=follow_up_pb2.DialCallback(
            callback=claimed.callback, version=claimed.version))

    def callback(self):
        callback, = self.worker.ask(list_callbacks=follow_up_pb2.ListCallbacks(open_only=False)).callbacks
        return callback

    def test_a_dial_asked_twice_with_one_key_rings_once_and_both_hear_the_first_answer(self):
        claimed = self.claimed()
        first = self.dial(claimed, 50)
        self.assertEqual(self.dial(claimed, 50), first)
        self.gateway.client.push("dial")
        self.gateway.client.no_push("dial")

    def test_a_dial_result_reported_twice_is_one_attempt(self):
        claimed = self.claimed()
        self.dial(claimed, 50)
        dial = self.gateway.client.push("dial")
        result = gateway_pb2.DialResult(callback=dial.callback, dial=dial.dial, worker_answered=True)
        self.gateway.client.ask(dial_result=result)
        again = self.worker.change(claim_callback=follow_up_pb2.ClaimCallback(
            callback=claimed.callback, version=self.callback().version))
        self.gateway.client.ask(dial_result=result)
        self.kapok.kill()
        self.kapok.start()
        self.worker = self.kapok.resume(self.worker)
        self.gateway = Gateway(self.kapok)
        self.gateway.client.ask(dial_result=result)
        self.assertEqual((self.callback().attempts, self.callback().version), (1, again.version))

    def test_a_stranger_who_dials_does_not_keep_the_owner_from_dialling(self):
        claimed = self.claimed()
        stranger = self.kapok.sign_in("ln-2")
        body = follow_up_pb2.DialCallback(callback=claimed.callback, version=claimed.version)
        asked = [stranger.send(key, dial_callback=body) for key in range(1, 21)]
        self.dial(claimed, 50)
        self.gateway.client.push("dial")
        for request in asked:
            self.assertEqual(self.refused(lambda request=request: stranger.answer(request)), "NOT_YOURS")

    def test_a_gateway_answers_no_offer_of_another_gateway(self):
        self.kapok.roster(("sm-1", "440103001", "phone", -1, 6))
        self.gateway.arrives("a")
        ring = self.gateway.client.push("ring_endpoint")
        self.kapok.second = True
        other = Gateway(self.kapok)
        self.assertEqual(self.refused(lambda: other.answers(ring)), "NOT_YOURS")
        for why in ("declined", "busy"):
            failed = gateway_pb2.OfferFailed(offer=ring.offer, endpoint=ring.endpoint, why=why)
            self.assertEqual(self.refused(lambda failed=failed: other.client.ask(offer_failed=failed)), "NOT_YOURS")
        other.leaves("a")
        self.gateway.answers(ring)
        self.gateway.client.push("bridge")

    def test_an_arrival_reported_twice_is_one_call_even_while_the_first_is_under_way(self):
        arrived = gateway_pb2.Arrived(gw_ref="twice", dialled=SHAMIAN, caller="020-09001234")
        asked = [self.gateway.client.send(arrived=arrived) for _ in range(10)]
        self.assertEqual(len({self.gateway.client.answer(request).call for request in asked}), 1)

    def test_left_before_the_arrival_is_answered_ends_that_call(self):
        arrived = self.gateway.client.send(arrived=gateway_pb2.Arrived(gw_ref="short", dialled=SHAMIAN))
        left = self.gateway.client.send(left=gateway_pb2.Left(gw_ref="short"))
        call = self.gateway.client.answer(arrived).call
        self.gateway.client.answer(left)
        rows = self.kapok.sign_in("centre-1").ask(search_log=contact_pb2.SearchLog()).rows
        self.assertEqual([(row.call, row.outcome) for row in rows],
                         [(call, common_pb2.CALL_OUTCOME_SHORT_ABANDONED)])

    def test_one_of_two_desks_of_a_worker_wins_and_the_other_is_told(self):
        desk = Desk(self.kapok, "sm-1")
        other = self.kapok.sign_in("sm-1")
        other.ask(open_desk=duty_pb2.OpenDesk())
        self.gateway.arrives("a")
        offer = desk.offer()
        accept = call_pb2.AcceptOffer(offer=offer.offer, epoch=offer.epoch)
        asked = [(client, client.send(90, accept_offer=accept)) for client in (desk.client, other)]
        heard = []
        for client, request in asked:
            try:
                heard.append(client.answer(request).call)
            except Refused as refused:
                heard.append(refused.code)
        self.assertEqual(sorted(map(str, heard)), sorted([str(offer.call), "OFFER_GONE"]))

    def test_caller_and_worker_at_once_leave_one_outcome(self):
        desk = Desk(self.kapok, "sm-1")
        for number in range(12):
            call = self.gateway.arrives(f"race-{number}")
            offer = desk.offer()
            accept = call_pb2.AcceptOffer(offer=offer.offer, epoch=offer.epoch)
            desk.client.last_key += 1
            asked = desk.client.send(desk.client.last_key, accept_offer=accept)
            self.gateway.leaves(f"race-{number}")
            try:
                answered = desk.client.answer(asked).call == call
            except Refused as refused:
                self.assertEqual(refused.code, "OFFER_GONE")
                answered = False
            row, = [r for r in self.kapok.sign_in("centre-1").ask(search_log=contact_pb2.SearchLog()).rows
                    if r.call == call]
            self.assertEqual(row.outcome == common_pb2.CALL_OUTCOME_ANSWERED, answered)
            if answered:
                desk.client.change(end_after_call=duty_pb2.EndAfterCall())

    def test_a_key_far_ahead_leaves_room_for_none_but_later_ones(self):
        worker = self.kapok.sign_in("sm-1")
        worker.ask(key=2**63 - 1, take_duty=duty_pb2.TakeDuty())
        self.assertEqual(self.refused(lambda: worker.ask(key=2**63 - 1, leave_duty=duty_pb2.LeaveDuty())), "KEY_REUSED")
        self.assertIn(self.refused(lambda: worker.ask(key=2**63, leave_duty=duty_pb2.LeaveDuty())),
                      ("INVALID_ARGUMENT",))

    def test_a_gateway_may_hold_six_hundred_calls_and_come_back(self):
        refs = [f"many-{number}" for number in range(600)]
        asked = [self.gateway.client.send(arrived=gateway_pb2.Arrived(gw_ref=ref, dialled=SHAMIAN)) for ref in refs]
        for request in asked:
            self.gateway.client.answer(request)
        self.gateway.client.close()
        held = [(ref, SHAMIAN, common_pb2.CALL_STATE_TALKING) for ref in refs]
        again = Gateway(self.kapok, held)
        parked = {again.client.push("park").gw_ref for _ in refs}
        self.assertEqual(parked, set(refs))


if __name__ == "__main__":
    unittest.main()

"""A station's night is one person at home with a phone beside the bed: no client, no heartbeat, rung by the gateway.
Practice time runs twenty times as fast: 35 s of ringing are 1.75 s, the pause of a minute is 3 s."""

import time
import unittest

from city_people import LINGNAN, SHAMIAN, Gateway
from kapok.v1 import common_pb2, contact_pb2, duty_pb2, gateway_pb2
from kapok_process import WAIT_S, Kapok

FACTOR = 20
PHONE = common_pb2.ENDPOINT_KIND_PHONE


class PhoneWorker(unittest.TestCase):
    def setUp(self):
        self.kapok = self.enterContext(Kapok(factor=FACTOR))
        self.kapok.roster(("sm-1", "440103001", "phone", -1, 8), ("ln-1", "440103002", "phone", -1, 8))
        self.gateway = Gateway(self.kapok)
        self.pushes = self.gateway.client

    def rings(self, number):
        ring = self.pushes.push("ring_endpoint")
        self.assertEqual((ring.number, ring.kind), (number, PHONE))
        return ring

    def test_the_shift_alone_makes_the_phone_ready_and_the_gateway_is_told_its_number(self):
        call = self.gateway.arrives("a")
        ring = self.rings("020-02000001")
        self.assertEqual((ring.call, ring.gw_ref, ring.ring_us), (call, "a", 35_000_000))

    def test_answering_bridges_the_caller_and_opens_a_draft_for_the_answerer(self):
        self.gateway.arrives("a")
        ring = self.rings("020-02000001")
        self.pushes.ask(offer_ringing=gateway_pb2.OfferRinging(offer=ring.offer, endpoint=ring.endpoint))
        self.pushes.no_push("bridge", 0.2)
        self.gateway.answers(ring)
        bridge = self.pushes.push("bridge")
        self.assertEqual((bridge.gw_ref, bridge.endpoint), ("a", ring.endpoint))
        self.gateway.leaves("a")
        drafts = self.kapok.sign_in("sm-1").ask(list_drafts=contact_pb2.ListDrafts())
        self.assertEqual([row.worker_name for row in drafts.rows], ["陈嘉"])

    def test_answering_is_the_sign_in_for_the_shift(self):
        self.gateway.arrives("a")
        self.gateway.answers(self.rings("020-02000001"))
        worker, states = self.kapok.sign_in("sm-1"), []
        deadline = time.monotonic() + WAIT_S
        while states != [duty_pb2.SHIFT_STATE_ON_DUTY] and time.monotonic() < deadline:
            states = [shift.state for shift in worker.ask(list_shifts=duty_pb2.ListShifts()).shifts]
            time.sleep(0.1)
        self.assertEqual(states, [duty_pb2.SHIFT_STATE_ON_DUTY])

    def test_the_worker_who_hangs_up_the_phone_ends_the_call(self):
        self.gateway.arrives("a")
        self.gateway.answers(self.rings("020-02000001"))
        self.gateway.leaves("a", by=common_pb2.ENDED_BY_WORKER)
        self.assertEqual(self.kapok.status().talking, 0)

    def test_a_missed_phone_is_withdrawn_and_the_next_one_rings(self):
        self.gateway.arrives("a")
        missed = self.rings("020-02000001")
        self.assertEqual(self.pushes.push("withdraw_ring").offer, missed.offer)
        self.rings("020-02000002")

    def test_a_busy_phone_hands_over_at_once(self):
        self.gateway.arrives("a")
        busy = self.rings("020-02000001")
        self.pushes.ask(offer_failed=gateway_pb2.OfferFailed(offer=busy.offer, endpoint=busy.endpoint, why="busy"))
        self.rings("020-02000002")

    def test_a_missed_phone_pauses_a_minute_and_is_never_signed_off(self):
        self.gateway.arrives("a", LINGNAN)
        self.gateway.answers(self.rings("020-02000002"))  # nobody else is left for the caller below
        self.gateway.arrives("b", SHAMIAN)
        self.rings("020-02000001")
        self.pushes.push("withdraw_ring")
        self.gateway.leaves("b")
        self.gateway.arrives("c", SHAMIAN, caller="020-09005678")
        self.pushes.no_push("ring_endpoint", 1.5)  # 30 s: the pause still holds
        self.assertEqual(self.rings("020-02000001").gw_ref, "c")


if __name__ == "__main__":
    unittest.main()

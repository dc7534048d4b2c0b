"""Nobody answered in time: the number becomes one promise, a worker claims it, and the gateway rings both without
showing the number."""

import unittest

from city_people import Desk, Gateway
from kapok.v1 import follow_up_pb2, gateway_pb2
from kapok_client import Refused
from kapok_process import Kapok


class Dial(unittest.TestCase):
    def setUp(self):
        self.kapok = self.enterContext(Kapok(factor=20))
        self.gateway = Gateway(self.kapok)
        self.worker = Desk(self.kapok, "sm-1", ready=False).client

    def abandoned(self, gw_ref="a", caller="020-09001234"):
        """A caller who waits twelve seconds of product time and gives up."""
        self.gateway.arrives(gw_ref, caller=caller)
        self.gateway.client.no_push("ring_endpoint", 0.6)
        self.gateway.leaves(gw_ref)

    def callbacks(self, **asked):
        return self.worker.ask(list_callbacks=follow_up_pb2.ListCallbacks(**asked)).callbacks

    def claimed(self):
        callback, = self.callbacks()
        return self.worker.change(claim_callback=follow_up_pb2.ClaimCallback(
            callback=callback.callback, version=callback.version))

    def dialled(self):
        """The callback claimed and dialled, and what the gateway is asked to do."""
        claimed = self.claimed()
        self.worker.change(dial_callback=follow_up_pb2.DialCallback(callback=claimed.callback, version=claimed.version))
        return claimed, self.gateway.client.push("dial")

    def result(self, dial, **more):
        self.gateway.client.ask(dial_result=gateway_pb2.DialResult(callback=dial.callback, dial=dial.dial, **more))

    def test_an_abandoned_call_is_one_callback_that_shows_no_number(self):
        self.abandoned()
        callback, = self.callbacks()
        self.assertEqual(callback.state, follow_up_pb2.CALLBACK_STATE_SCHEDULED)
        self.assertNotIn("09001234", callback.caller_masked.replace(" ", ""))

    def test_further_attempts_of_the_number_join_its_callback(self):
        self.abandoned("a")
        self.abandoned("b")
        callback, = self.callbacks()
        self.assertEqual(callback.unanswered_arrivals, 2)

    def test_a_withheld_number_is_a_missed_caller_that_somebody_acknowledges(self):
        self.abandoned(caller="")
        self.assertEqual(len(self.callbacks()), 0)
        missed, = self.worker.ask(list_missed=follow_up_pb2.ListMissed()).missed
        known = self.worker.change(acknowledge_missed=follow_up_pb2.AcknowledgeMissed(
            missed=missed.missed, version=missed.version))
        self.assertEqual(known.acknowledged_by_name, "陈嘉")
        self.assertEqual(len(self.worker.ask(list_missed=follow_up_pb2.ListMissed()).missed), 0)

    def test_who_hangs_up_within_five_seconds_is_counted_only(self):
        self.gateway.arrives("a")
        self.gateway.leaves("a")
        self.assertEqual(len(self.callbacks()), 0)

    def test_one_claims_and_a_colleague_hears_that_it_is_taken(self):
        self.abandoned()
        callback, = self.callbacks()
        self.claimed()
        with self.assertRaises(Refused) as refused:
            self.kapok.sign_in("sm-2").change(claim_callback=follow_up_pb2.ClaimCallback(
                callback=callback.callback, version=callback.version))
        self.assertEqual(refused.exception.code, "ALREADY_TAKEN")

    def test_the_gateway_rings_the_worker_then_the_number(self):
        self.abandoned()
        claimed, dial = self.dialled()
        self.assertEqual(dial.callback, claimed.callback)
        self.assertEqual((dial.worker_number, dial.target_number), ("020-02000001", "+862009001234"))

    def test_both_answered_closes_the_promise(self):
        self.abandoned()
        _, dial = self.dialled()
        self.result(dial, worker_answered=True, caller_answered=True)
        self.assertEqual(len(self.callbacks()), 0)
        callback, = self.callbacks(open_only=False)
        self.assertEqual((callback.state, callback.attempts), (follow_up_pb2.CALLBACK_STATE_DONE, 1))

    def test_nobody_at_the_other_end_counts_an_attempt_and_the_promise_stays_open(self):
        self.abandoned()
        _, dial = self.dialled()
        self.result(dial, worker_answered=True)
        callback, = self.callbacks()
        self.assertEqual((callback.state, callback.attempts), (follow_up_pb2.CALLBACK_STATE_SCHEDULED, 1))

    def test_a_worker_who_does_not_pick_up_counts_nothing(self):
        self.abandoned()
        _, dial = self.dialled()
        self.result(dial)
        callback, = self.callbacks()
        self.assertEqual((callback.state, callback.attempts), (follow_up_pb2.CALLBACK_STATE_CLAIMED, 0))

    def test_without_a_gateway_dialling_says_so(self):
        self.abandoned()
        claimed = self.claimed()
        self.gateway.client.close()
        with self.assertRaises(Refused) as refused:
            for _ in range(50):  # until the server has noticed
                self.worker.change(dial_callback=follow_up_pb2.DialCallback(
                    callback=claimed.callback, version=claimed.version))
        self.assertEqual(refused.exception.code, "GATEWAY_UNAVAILABLE")

    def test_who_gets_through_himself_needs_no_callback(self):
        self.abandoned()
        desk = Desk(self.kapok, "sm-2")
        self.gateway.arrives("again")
        desk.accept(desk.offer())
        self.assertEqual(len(self.callbacks()), 0)
        callback, = self.callbacks(open_only=False)
        self.assertEqual(callback.state, follow_up_pb2.CALLBACK_STATE_SUPERSEDED)


if __name__ == "__main__":
    unittest.main()

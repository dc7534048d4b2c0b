"""The server is killed or stopped in the middle of a day, and starts again."""

import subprocess
import time
import unittest

from city_people import SHAMIAN, Desk, Gateway
from kapok.v1 import call_pb2, common_pb2, contact_pb2, duty_pb2, session_pb2, watch_pb2
from kapok_client import Refused
from kapok_process import WAIT_S, Kapok

WAITING, TALKING = common_pb2.CALL_STATE_WAITING, common_pb2.CALL_STATE_TALKING
HELD = (("talking", SHAMIAN, TALKING), ("offered", SHAMIAN, WAITING), ("waiting", SHAMIAN, WAITING))


class KilledWithCalls(unittest.TestCase):
    """Three calls stand at the moment of kill -9: one talks, one is offered, one waits."""

    def setUp(self):
        self.kapok = self.enterContext(Kapok())
        self.gateway = Gateway(self.kapok)
        self.first, self.second = Desk(self.kapok, "sm-1"), Desk(self.kapok, "ln-1", ready=False)
        self.calls = {"talking": self.gateway.arrives("talking", caller="020-09000001")}
        self.view = self.first.accept(self.first.offer())
        self.second.ready()
        for number, gw_ref in ((2, "offered"), (3, "waiting")):
            self.calls[gw_ref] = self.gateway.arrives(gw_ref, caller=f"020-0900000{number}")
        self.assertEqual(self.second.offer().call, self.calls["offered"])
        self.kapok.kill()
        self.kapok.start()

    def back(self, desk):
        """The worker's client comes back by itself: the same session, its desk opened again."""
        desk.client = self.kapok.resume(desk.client)
        desk.client.beat(2, ping=session_pb2.Ping())
        return desk.open()

    def board(self):
        """Calls of the city on the board, by id."""
        centre = self.kapok.sign_in("centre-1")
        centre.ask(watch=watch_pb2.Watch(unit=centre.me.unit, once=True))
        calls = {}
        while True:
            page = centre.push("snapshot_page")
            calls.update({call.call: call for call in page.calls})
            if page.last:
                return calls

    def test_callers_wait_again_in_their_old_order_and_the_talk_goes_on(self):
        Gateway(self.kapok, HELD)
        board = self.board()
        self.assertEqual({gw_ref: board[call].state for gw_ref, call in self.calls.items()},
                         {"talking": TALKING, "offered": WAITING, "waiting": WAITING})
        self.assertEqual(board[self.calls["talking"]].worker_name, "陈嘉")
        self.assertEqual([board[self.calls[gw_ref]].position for gw_ref in ("offered", "waiting")], [1, 2])

    def test_all_three_calls_are_finished_after_the_restart(self):
        gateway = Gateway(self.kapok, HELD)
        state = self.back(self.first)
        self.assertEqual((state.state, state.call), (common_pb2.WORKER_STATE_TALKING, self.calls["talking"]))
        self.back(self.second)
        self.second.ready()
        offer = self.second.offer()
        self.assertEqual(offer.call, self.calls["offered"])
        self.second.accept(offer)
        self.first.hang_up(self.calls["talking"])
        fields = contact_pb2.ContactFields(type=contact_pb2.CONTACT_TYPE_CONSULTATION, summary="询问高龄津贴")
        shown = self.first.client.ask(show_contact=contact_pb2.ShowContact(contact=self.view.contact)).contact
        self.first.finalise(self.view.contact, shown.version, fields)
        offer = self.first.offer()
        self.assertEqual(offer.call, self.calls["waiting"])
        self.first.accept(offer)
        for gw_ref in ("offered", "waiting"):
            gateway.leaves(gw_ref)
        self.assertEqual(self.board(), {})

    def test_an_offer_of_before_the_kill_is_gone(self):
        Gateway(self.kapok, HELD)
        self.back(self.second)
        with self.assertRaises(Refused) as refused:
            self.second.client.change(accept_offer=call_pb2.AcceptOffer(offer=1, epoch=1))
        self.assertEqual(refused.exception.code, "OFFER_GONE")

    def test_a_call_that_the_gateway_lost_meanwhile_is_closed_as_such(self):
        Gateway(self.kapok, HELD[:2])
        deadline = time.monotonic() + WAIT_S
        while self.calls["waiting"] in self.board() and time.monotonic() < deadline:
            time.sleep(0.05)
        page = self.kapok.sign_in("centre-1").ask(search_log=contact_pb2.SearchLog())
        outcomes = {row.call: row.outcome for row in page.rows}
        self.assertEqual(outcomes[self.calls["waiting"]], common_pb2.CALL_OUTCOME_LOST_ON_RESTART)
        self.assertEqual(set(self.board()), {self.calls["talking"], self.calls["offered"]})

    def test_who_was_on_duty_still_is(self):
        Gateway(self.kapok, HELD)
        self.back(self.first)
        self.back(self.second)
        self.assertEqual(self.kapok.status().on_duty, 2)  # counts who can be reached
        with self.assertRaises(Refused) as refused:
            self.first.client.change(take_duty=duty_pb2.TakeDuty())
        self.assertEqual(refused.exception.code, "ALREADY_ON_DUTY")


class Start(unittest.TestCase):
    def setUp(self):
        self.kapok = self.enterContext(Kapok())

    def refuses(self, *hints):
        """A kapokd over the same directory ends with one sentence."""
        done = subprocess.run(self.kapok.command(), capture_output=True, text=True, timeout=WAIT_S)
        sentences = [line for line in done.stderr.splitlines() if line.startswith("kapokd: ")]
        self.assertEqual((done.returncode, len(sentences)), (1, 1), done.stderr)
        for hint in hints:
            self.assertIn(hint, sentences[0])

    def test_a_second_instance_refuses_and_the_first_serves_on(self):
        self.refuses(str(self.kapok.data))
        self.assertEqual(self.kapok.status().state, "ok")

    def test_a_key_file_that_others_can_read_is_refused(self):
        self.kapok.stop()
        (self.kapok.data / "keys").chmod(0o440)
        self.refuses("keys")

    def test_a_missing_key_file_is_refused(self):
        self.kapok.stop()
        (self.kapok.data / "keys").rename(self.kapok.data / "keys.away")
        self.refuses("keys")
        (self.kapok.data / "keys.away").rename(self.kapok.data / "keys")
        self.kapok.start()
        self.assertEqual(self.kapok.status().state, "ok")

    def test_a_terminated_server_tells_its_clients_and_ends_within_five_seconds(self):
        gateway, desk = Gateway(self.kapok), Desk(self.kapok, "sm-1")
        gateway.arrives("a")
        desk.accept(desk.offer())
        began = time.monotonic()
        self.kapok.stop()
        self.assertLess(time.monotonic() - began, 5)
        self.assertEqual(desk.client.push("server_notice").state, "shutting_down")
        desk.client.wait_closed()

    def test_sessions_survive_a_restart(self):
        client = self.kapok.sign_in("sm-1")
        self.kapok.kill()
        self.kapok.start()
        self.assertEqual(self.kapok.resume(client).me.account, "sm-1")


if __name__ == "__main__":
    unittest.main()

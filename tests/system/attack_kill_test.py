"""kill -9 again and again at random moments, with a ledger kept outside of everything the server acknowledged: nothing
of it is lost, nothing happens twice, nobody is answered by two, and every call ends. KAPOK_KILLS (with
KAPOK_KILL_TIME_MAX_S) and KAPOK_SEED make the run longer or another one."""

import os
import random
import threading
import time
import unittest

from city_people import SHAMIAN, Gateway
from kapok.v1 import call_pb2, common_pb2, contact_pb2, duty_pb2, gateway_pb2, session_pb2, watch_pb2
from kapok_client import Closed, Refused
from kapok_process import Kapok

KILLS = int(os.environ.get("KAPOK_KILLS", "60"))
SEED = int(os.environ.get("KAPOK_SEED", "20261121"))
TIME_MAX_S = int(os.environ.get("KAPOK_KILL_TIME_MAX_S", "70"))
KILLS_MIN = 10  # on the slowest machine, before the time is over
WAITING, TALKING = common_pb2.CALL_STATE_WAITING, common_pb2.CALL_STATE_TALKING


class Ledger:
    """What was acknowledged. A thing acknowledged twice with two meanings is a fault at once."""

    def __init__(self):
        self.arrived, self.answered, self.finalised, self.kills = {}, {}, {}, 0

    def note(self, book, key, value):
        if book.setdefault(key, value) != value:
            raise AssertionError(f"{key} was acknowledged as {book[key]} and as {value}")


class Worker:
    """A worker's client that repeats what was not answered, with its old key, and otherwise does the next thing."""

    def __init__(self, kapok, account, ledger):
        self.kapok, self.ledger, self.account = kapok, ledger, account
        self.client = kapok.sign_in(account)
        self.pending = None
        self.serial = 0

    def change(self, **body):
        self.client.last_key += 1
        self.pending = (self.client.last_key, body)
        return self.repeat()

    def repeat(self):
        """The answer, or None when it was refused: then nothing happened."""
        key, body = self.pending
        try:
            reply = self.client.ask(key=key, **body)
        except Refused:
            reply = None
        self.pending = None
        self.noted(body, reply)
        return reply

    def noted(self, body, reply):
        (name, asked), = body.items()
        if reply is None:
            return
        if name == "accept_offer":
            self.ledger.note(self.ledger.answered, reply.call, (self.account, reply.contact))
        if name == "finalise_contact":
            self.ledger.note(self.ledger.finalised, asked.contact, (asked.fields.summary, reply.version))

    def back(self):
        self.client = self.kapok.resume(self.client)
        if self.pending:
            self.repeat()

    def step(self):
        """Opening the desk tells where one stands; from there the next thing is done."""
        state = self.client.ask(open_desk=duty_pb2.OpenDesk())
        if state.state == common_pb2.WORKER_STATE_OFF_DUTY:
            self.change(take_duty=duty_pb2.TakeDuty())
            self.change(set_ready=duty_pb2.SetReady(ready=True))
        elif state.state == common_pb2.WORKER_STATE_AWAY:
            self.change(set_ready=duty_pb2.SetReady(ready=True))
        elif state.call:
            self.change(hang_up=call_pb2.HangUp(call=state.call))
        elif state.contact:
            self.write_up(state.contact)
        elif state.state == common_pb2.WORKER_STATE_AFTER_CALL:
            self.change(end_after_call=duty_pb2.EndAfterCall())
        else:
            self.take_offer()

    def write_up(self, contact):
        shown = self.client.ask(show_contact=contact_pb2.ShowContact(contact=contact)).contact
        self.serial += 1
        fields = contact_pb2.ContactFields(type=contact_pb2.CONTACT_TYPE_CONSULTATION,
                                           summary=f"{self.account}所写第{self.serial}件")
        version = shown.version
        if self.serial % 2:
            saved = self.change(save_draft=contact_pb2.SaveDraft(contact=contact, version=version, fields=fields))
            version = saved.version if saved else version
        self.change(finalise_contact=contact_pb2.FinaliseContact(contact=contact, version=version, fields=fields))

    def take_offer(self):
        while not self.client.pushes.empty():
            push = self.client.pushes.get()
            if push.WhichOneof("body") == "offer_shown":
                offer = push.offer_shown.offer
                self.change(accept_offer=call_pb2.AcceptOffer(offer=offer.offer, epoch=offer.epoch))


class Trunk:
    """The gateway: what it holds it names after each reconnect, what was not acknowledged it reports again."""

    def __init__(self, kapok, ledger):
        self.kapok, self.ledger = kapok, ledger
        self.held, self.last = {}, 0  # gw_ref → state
        self.unsaid = None
        self.back()

    def back(self):
        known = [(ref, SHAMIAN, state) for ref, state in self.held.items() if ref in self.ledger.arrived]
        self.gateway = Gateway(self.kapok, known)
        if self.unsaid:
            self.arrive(self.unsaid)

    def arrive(self, ref):
        self.unsaid = ref
        self.held[ref] = WAITING
        try:
            self.ledger.note(self.ledger.arrived, ref, self.gateway.arrives(ref, caller=f"020-0900{self.last:04}"))
        except Refused as refused:
            # Taken before the kill, its acknowledgement lost, and ended since.
            assert refused.code == "CALL_ENDED", refused
            self.held.pop(ref)
        self.unsaid = None

    def step(self, dice):
        pushes = self.gateway.client.pushes
        while not pushes.empty():
            push = pushes.get()
            if push.WhichOneof("body") == "bridge":
                self.held[push.bridge.gw_ref] = TALKING
            if push.WhichOneof("body") == "release":
                self.leave(push.release.gw_ref, common_pb2.ENDED_BY_SYSTEM)
        if len(self.held) < 4:
            self.last += 1
            self.arrive(f"ref-{self.last}")
        elif dice.random() < 0.1:
            self.leave(dice.choice(sorted(self.held)), common_pb2.ENDED_BY_CALLER)

    def leave(self, ref, by):
        if ref in self.held:
            self.gateway.leaves(ref, by)
            self.held.pop(ref)


class Killed(unittest.TestCase):
    def setUp(self):
        self.kapok = self.enterContext(Kapok())
        self.ledger, self.dice = Ledger(), random.Random(SEED)
        self.trunk = Trunk(self.kapok, self.ledger)
        self.workers = [Worker(self.kapok, account, self.ledger) for account in ("sm-1", "sm-2", "ln-1")]

    def work(self):
        self.trunk.step(self.dice)
        time.sleep(0.005)
        for worker in self.workers:
            worker.step()

    def until_killed(self):
        """Works until the server dies in the middle of something."""
        process = self.kapok.process
        death = threading.Timer(self.dice.uniform(0.02, 0.35), process.kill)
        death.start()
        try:
            while True:
                self.work()
        except Closed:
            pass
        finally:
            death.join()
        process.wait()
        self.ledger.kills += 1
        self.kapok.start()

    def come_back(self):
        self.trunk.back()
        for worker in self.workers:
            worker.back()

    def finish_all(self):
        """Without further kills: all who wait are answered or leave, all is written up."""
        end = time.monotonic() + 20
        while time.monotonic() < end:
            for ref in sorted(self.trunk.held):
                self.trunk.leave(ref, common_pb2.ENDED_BY_CALLER)
            for worker in self.workers:
                worker.step()
            if not self.trunk.held and not self.calls_on_board() and not self.write_up_what_is_left():
                return
            time.sleep(0.25)  # a client may ask 20 times a second
        self.fail(f"after 20 s there is still {self.calls_on_board()} or a draft")

    def write_up_what_is_left(self):
        """A desk names one draft, the list of drafts all of them; how many there were."""
        left = 0
        for worker in self.workers:
            for row in worker.client.ask(list_drafts=contact_pb2.ListDrafts()).rows[:5]:
                worker.write_up(row.contact)
                left += 1
        return left

    def calls_on_board(self):
        worker = self.workers[0].client
        worker.ask(watch=watch_pb2.Watch(unit=worker.me.unit, once=True))
        return [call.call for call in worker.push("snapshot_page").calls]

    def log(self):
        centre, rows, cursor = self.kapok.sign_in("centre-1"), [], ""
        while True:
            page = centre.ask(search_log=contact_pb2.SearchLog(limit=200, cursor=cursor))
            rows += page.rows
            cursor = page.next_cursor
            if not cursor:
                return rows

    def test_nothing_acknowledged_is_lost_or_doubled_and_every_call_ends(self):
        end = time.monotonic() + TIME_MAX_S
        while self.ledger.kills < KILLS and time.monotonic() < end:
            self.until_killed()
            try:
                self.come_back()
            except Closed:
                self.fail("the server died by itself:\n" + self.kapok.log_text()[-2000:])
        self.assertGreaterEqual(self.ledger.kills, min(KILLS, KILLS_MIN), "too few kills to say anything")
        self.finish_all()
        rows = self.log()
        calls = {row.call: row for row in rows}
        self.assertEqual(len(calls), len(rows), "a call stands twice in the log")
        self.assertLessEqual(set(self.ledger.arrived.values()), set(calls), "an acknowledged arrival is lost")
        self.assertLessEqual(len(calls), self.trunk.last, "one arrival became two calls")
        for call, (account, contact) in self.ledger.answered.items():
            self.assertEqual(calls[call].contact, contact)
            self.assertEqual(calls[call].outcome, common_pb2.CALL_OUTCOME_ANSWERED)
        unended = [call for call, row in calls.items() if row.outcome == common_pb2.CALL_OUTCOME_NONE]
        self.assertEqual(unended, [])
        supervisor = self.kapok.sign_in("supervisor-01")
        for contact, (summary, version) in self.ledger.finalised.items():
            time.sleep(0.05)  # a client may ask 20 times a second
            shown = supervisor.ask(show_contact=contact_pb2.ShowContact(contact=contact)).contact
            self.assertEqual((shown.fields.summary, shown.version), (summary, version))
            self.assertEqual(shown.state, contact_pb2.CONTACT_STATE_FINALISED)
        print(f"\n{self.ledger.kills} kills, {len(self.ledger.arrived)} arrivals, {len(self.ledger.answered)} answers, "
              f"{len(self.ledger.finalised)} written up, seed {SEED}")


if __name__ == "__main__":
    unittest.main()

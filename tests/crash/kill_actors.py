"""Who keeps a server busy while it is killed again and again: a gateway and workers, each on a thread of its own, who
repeat what was not answered, with its old key, as soon as they are connected again."""

import threading
import time
import traceback

from city_people import LINGNAN, SHAMIAN
from kapok.v1 import (call_pb2, common_pb2, contact_pb2, duty_pb2, gateway_pb2, need_pb2, referral_pb2, session_pb2)
from kapok_client import Client, Closed, Refused

WAITING, TALKING = common_pb2.CALL_STATE_WAITING, common_pb2.CALL_STATE_TALKING
LATER = ("RETRY_AFTER", "STORE_UNAVAILABLE", "SHUTTING_DOWN")  # not carried out; ask again with the same key
PAUSE_S = 0.02
LATER_S = 0.1  # a client may ask 20 times a second


def number(ref):
    return f"020-09{int(ref[4:]):06}"


class Actor(threading.Thread):
    """`run` is the KillRun: it says when a server is there, and hears when this one is back on it."""

    def __init__(self, run, account):
        super().__init__(daemon=True, name=account)
        self.kill_run, self.ledger, self.account = run, run.ledger, account
        self.client, self.session, self.last_key = None, None, 0

    def run(self):
        seen = 0
        while not self.kill_run.over:
            seen = self.kill_run.next_server(seen)
            try:
                self.connect()
                self.came_back()
                self.kill_run.is_back(self)
                while not self.kill_run.over:
                    self.work()
            except (Closed, OSError):
                pass
            except Refused as refused:
                if refused.code not in LATER:
                    self.kill_run.broke(f"{self.account}: {traceback.format_exc()}")
                    return
                time.sleep(LATER_S)
            except Exception:  # whatever it was, the run says so and ends
                self.kill_run.broke(f"{self.account}: {traceback.format_exc()}")
                return
            finally:
                if self.client:
                    self.last_key = self.client.last_key
                    if not self.kill_run.over:
                        self.client.close()

    def connect(self):
        kapok = self.kill_run.kapok
        self.client = Client(kapok.port, kapok.fingerprint)
        self.client.ask(hello=session_pb2.Hello(version_min=1, version_max=1, client="kill loop"))
        if self.session:
            signed_in = self.client.ask(resume=session_pb2.Resume(session_token=self.session))
        else:
            signed_in = self.client.ask(sign_in_device=session_pb2.SignInDevice(device_token=kapok.tokens[self.account]))
            self.session = signed_in.session_token
        self.client.last_key = max(self.last_key, signed_in.last_key)

    def work(self):
        try:
            self.step()
        except Refused as refused:
            if refused.code not in LATER:
                raise
            time.sleep(LATER_S)

    def resend(self):
        with self.ledger.lock:
            self.ledger.resent += 1


class Worker(Actor):
    """Opening the desk tells where one stands; from there the next thing is done. One who leads also
    takes orders in and completes them."""

    def __init__(self, run, account, lead=False):
        super().__init__(run, account)
        self.lead, self.pending, self.serial, self.turn = lead, None, 0, 0

    def came_back(self):
        if self.pending:
            self.resend()
            self.repeat(again=True)

    def change(self, **body):
        self.client.last_key += 1
        self.pending = (self.client.last_key, body)
        return self.repeat()

    def repeat(self, again=False):
        """The answer, or None when it was refused for good: then nothing happened."""
        key, body = self.pending
        while True:
            try:
                reply = self.client.ask(key=key, **body)
            except Refused as refused:
                if refused.code in LATER:
                    time.sleep(LATER_S)
                    continue
                reply = None
            break
        self.pending = None
        self.noted(body, reply, again)
        return reply

    def noted(self, body, reply, again):
        (name, asked), = body.items()
        ledger = self.ledger
        if reply is None:
            if again and name in ("finalise_contact", "accept_offer"):
                one = asked.contact if name == "finalise_contact" else asked.offer
                with ledger.lock:
                    ledger.refused_again.append((name, one, getattr(asked, "version", 0)))
        elif name == "accept_offer":
            ledger.note(ledger.answered, reply.call, (self.account, reply.contact))
        elif name == "save_draft":
            ledger.note_draft(reply.contact, reply.version)
        elif name == "finalise_contact":
            ledger.note(ledger.finalised, asked.contact,
                        (asked.fields.summary, reply.version, tuple(reply.referrals)))
        elif name == "accept_referral":
            ledger.note(ledger.orders, asked.referral, self.account)
        elif name == "complete_referral":
            ledger.note(ledger.completed, asked.referral, self.account)
        else:
            with ledger.lock:
                ledger.acked += 1

    def step(self):
        self.turn += 1
        if self.lead and self.turn % 4 == 0:
            self.do_order()
        state = self.client.ask(open_desk=duty_pb2.OpenDesk())
        if state.state == common_pb2.WORKER_STATE_OFF_DUTY:
            self.change(take_duty=duty_pb2.TakeDuty())
            self.change(set_ready=duty_pb2.SetReady(ready=True))
        elif state.state == common_pb2.WORKER_STATE_AWAY:
            self.change(set_ready=duty_pb2.SetReady(ready=True))
        elif state.call:
            self.change(hang_up=call_pb2.HangUp(call=state.call))
        elif state.contact and state.state == common_pb2.WORKER_STATE_AFTER_CALL:
            self.write_up(state.contact)
        elif state.state == common_pb2.WORKER_STATE_AFTER_CALL:
            if self.change(end_after_call=duty_pb2.EndAfterCall()) is None:
                time.sleep(PAUSE_S)  # the record just finalised ends it; that is being saved
        elif not self.take_offer():
            if self.kill_run.finishing:
                self.write_up_what_is_left()
            time.sleep(PAUSE_S / 4)

    def write_up(self, contact):
        shown = self.client.ask(show_contact=contact_pb2.ShowContact(contact=contact)).contact
        if shown.state == contact_pb2.CONTACT_STATE_FINALISED:  # killed before that ended the after-call work
            return self.change(end_after_call=duty_pb2.EndAfterCall())
        self.serial += 1
        needs = [need_pb2.Need(kind=need_pb2.NEED_KIND_RICE_FLOUR, urgency=need_pb2.URGENCY_NORMAL)]
        fields = contact_pb2.ContactFields(type=contact_pb2.CONTACT_TYPE_CONSULTATION,
                                           summary=f"{self.account}所写第{self.serial}件", person_name="梁婆婆",
                                           address="沙面大街五十三号")
        version = shown.version
        if self.serial % 2:
            saved = self.change(save_draft=contact_pb2.SaveDraft(contact=contact, version=version, fields=fields))
            version = saved.version if saved else version
        dispatches = []
        if self.serial % 3 == 0:
            fields.needs.extend(needs)
            dispatches = [contact_pb2.Dispatch(needs=[0], to_unit=self.kill_run.order_unit, note="请送米")]
        return self.change(finalise_contact=contact_pb2.FinaliseContact(contact=contact, version=version, fields=fields,
                                                                        dispatches=dispatches))

    def write_up_what_is_left(self):
        """A desk names one draft, the list of drafts all of them."""
        for row in self.client.ask(list_drafts=contact_pb2.ListDrafts()).rows[:3]:
            self.write_up(row.contact)
            time.sleep(2 * LATER_S)
        time.sleep(2 * LATER_S)

    def take_offer(self):
        taken = False
        while not self.client.pushes.empty():
            push = self.client.pushes.get()
            if push.WhichOneof("body") == "offer_shown":
                offer = push.offer_shown.offer
                with self.ledger.lock:
                    self.ledger.shown.add(offer.call)
                self.change(accept_offer=call_pb2.AcceptOffer(offer=offer.offer, epoch=offer.epoch))
                taken = True
        return taken

    def do_order(self):
        inbox = self.client.ask(list_referrals=referral_pb2.ListReferrals(box=referral_pb2.REFERRAL_BOX_INCOMING, limit=5))
        for view in inbox.referrals[:1]:
            order = view.referral
            if order.state == referral_pb2.REFERRAL_STATE_DISPATCHED:
                self.change(accept_referral=referral_pb2.AcceptReferral(referral=order.id, version=order.version))
            else:
                self.change(complete_referral=referral_pb2.CompleteReferral(
                    referral=order.id, version=order.version, result=referral_pb2.CLOSURE_RESULT_SOLVED, note="已送到"))


class Trunk(Actor):
    """The gateway: what it holds it names after each reconnect; what was not acknowledged it reports again."""

    HELD_MAX = 6

    def __init__(self, run, dice):
        super().__init__(run, "gateway")
        self.dice, self.held, self.last = dice, {}, 0  # gw_ref → [line, state]
        self.unsaid, self.leaving = [], {}

    def came_back(self):
        client = self.client
        # One process with one epoch: it is the server that is started anew.
        client.ask(attach_gateway=gateway_pb2.AttachGateway(
            name="kill loop", kind="native", offers_max=64, epoch=1,
            capabilities=[gateway_pb2.GATEWAY_CAPABILITY_HOLDS_CALLER, gateway_pb2.GATEWAY_CAPABILITY_RINGS_ENDPOINT,
                          gateway_pb2.GATEWAY_CAPABILITY_WITHDRAW, gateway_pb2.GATEWAY_CAPABILITY_HANGUP]))
        known = [client.send(known_begin=gateway_pb2.KnownBegin())]
        for ref, (line, state) in self.held.items():
            known.append(client.send(known=gateway_pb2.Known(gw_ref=ref, dialled=line, caller=number(ref), state=state)))
        known.append(client.send(known_end=gateway_pb2.KnownEnd()))
        for request in known:
            try:
                client.answer(request)
            except Refused as refused:
                if refused.code in LATER:
                    raise Closed("connect again") from None
        client.beat(1, beat=gateway_pb2.Beat())
        if self.unsaid:
            self.resend()
            self.report_arrivals()
        for ref, by in list(self.leaving.items()):
            self.resend()
            self.leave(ref, by)

    def step(self):
        pushes = self.client.pushes
        while not pushes.empty():
            self.hear(pushes.get())
        if not self.kill_run.finishing and len(self.held) < self.HELD_MAX:
            for _ in range(self.dice.randint(1, 3)):
                self.last += 1
                ref = f"ref-{self.last}"
                self.held[ref] = [self.dice.choice((SHAMIAN, LINGNAN)), WAITING]
                self.unsaid.append(ref)
            self.report_arrivals()
        elif self.held and (self.kill_run.finishing or self.dice.random() < 0.1):
            self.leave(self.dice.choice(sorted(self.held)), common_pb2.ENDED_BY_CALLER)
        time.sleep(PAUSE_S / 4)

    def hear(self, push):
        name = push.WhichOneof("body")
        told = getattr(push, name)
        if name == "bridge":
            self.ledger.note_bridge(told.call, told.offer)
            if told.gw_ref in self.held:
                self.held[told.gw_ref][1] = TALKING
        elif name == "ring_endpoint":
            with self.ledger.lock:
                self.ledger.shown.add(told.call)
        elif name == "release":
            self.leave(told.gw_ref, common_pb2.ENDED_BY_SYSTEM)

    def report_arrivals(self):
        """All at once, as on a busy evening; the answers afterwards."""
        asked = [(ref, self.client.send(arrived=gateway_pb2.Arrived(
            gw_ref=ref, dialled=self.held[ref][0], caller=number(ref)))) for ref in self.unsaid]
        for ref, request in asked:
            try:
                self.ledger.note(self.ledger.arrived, ref, self.client.answer(request).call)
            except Refused as refused:
                if refused.code in LATER:
                    continue
                # Taken before the kill, its acknowledgement lost, and ended since.
                assert refused.code == "CALL_ENDED", refused
                self.held.pop(ref)
            self.unsaid.remove(ref)

    def leave(self, ref, by):
        if ref not in self.held:
            return
        self.leaving[ref] = by
        try:
            self.client.ask(left=gateway_pb2.Left(gw_ref=ref, by=by))
        except Refused as refused:
            if refused.code in LATER:
                raise
        with self.ledger.lock:
            self.ledger.acked += 1
        self.held.pop(ref, None)
        self.leaving.pop(ref)
        if ref in self.unsaid:
            self.unsaid.remove(ref)

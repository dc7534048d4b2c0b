"""Who takes part in a test: a worker at a desk, and the gateway that brings calls in and rings phones."""

import itertools

from kapok.v1 import call_pb2, common_pb2, contact_pb2, directory_pb2, duty_pb2, gateway_pb2, need_pb2, session_pb2

SHAMIAN, LINGNAN, RECORDED = "020-00100001", "020-00100002", "020-00100003"
BEAT_S = 1.0


class Desk:
    """A worker on duty on the spot, his desk open."""

    def __init__(self, kapok, account, ready=True):
        self.client = kapok.sign_in(account)
        self.client.beat(2, ping=session_pb2.Ping())
        self.client.change(take_duty=duty_pb2.TakeDuty())
        self.open()
        if ready:
            self.ready()

    def open(self):
        return self.client.ask(open_desk=duty_pb2.OpenDesk())

    def ready(self, ready=True):
        return self.client.change(set_ready=duty_pb2.SetReady(ready=ready))

    def offer(self):
        return self.client.push("offer_shown").offer

    def accept(self, offer, client=None):
        """The view of the call, as durable as it is told."""
        accept = call_pb2.AcceptOffer(offer=offer.offer, epoch=offer.epoch)
        return (client or self.client).change(accept_offer=accept)

    def hang_up(self, call):
        self.client.change(hang_up=call_pb2.HangUp(call=call))
        return self.client.push("call_over")

    def transfer(self, call, kind, **target):
        """Passes the talk on: to_worker, to_unit or to_supervisor."""
        self.client.change(transfer_call=call_pb2.TransferCall(call=call, kind=kind, **target))

    def worker(self, account):
        return self.client.ask(find_workers=directory_pb2.FindWorkers(text=account)).workers[0].worker

    def draft(self, contact, version, fields):
        return self.client.change(save_draft=contact_pb2.SaveDraft(contact=contact, version=version, fields=fields))

    def finalise(self, contact, version, fields, dispatches=()):
        return self.client.change(finalise_contact=contact_pb2.FinaliseContact(
            contact=contact, version=version, fields=fields, dispatches=dispatches))

    def unit(self, code):
        return self.client.ask(find_units=directory_pb2.FindUnits(text=code)).units[0].unit


class Gateway:
    """The native gateway of telephony.md §8: attached, confirmed, beating."""

    epochs = itertools.count(1)

    def __init__(self, kapok, held=()):
        self.client = kapok.sign_in("gateway")
        self.attached = self.client.ask(attach_gateway=gateway_pb2.AttachGateway(
            name="system test", kind="native", offers_max=64, epoch=next(Gateway.epochs),
            capabilities=[gateway_pb2.GATEWAY_CAPABILITY_HOLDS_CALLER, gateway_pb2.GATEWAY_CAPABILITY_RINGS_ENDPOINT,
                          gateway_pb2.GATEWAY_CAPABILITY_WITHDRAW, gateway_pb2.GATEWAY_CAPABILITY_HANGUP]))
        self.client.ask(known_begin=gateway_pb2.KnownBegin())
        for gw_ref, dialled, state in held:
            self.client.ask(known=gateway_pb2.Known(gw_ref=gw_ref, dialled=dialled, state=state))
        self.client.ask(known_end=gateway_pb2.KnownEnd())
        self.client.beat(BEAT_S, beat=gateway_pb2.Beat())

    def arrives(self, gw_ref, dialled=SHAMIAN, caller="020-09001234", **more):
        """A caller rings a line; the id of the call, which is on disk then."""
        arrived = gateway_pb2.Arrived(gw_ref=gw_ref, dialled=dialled, caller=caller, **more)
        return self.client.ask(arrived=arrived).call

    def leaves(self, gw_ref, by=common_pb2.ENDED_BY_CALLER):
        self.client.ask(left=gateway_pb2.Left(gw_ref=gw_ref, by=by))

    def answers(self, ring):
        """The phone that rings is taken up."""
        return self.client.ask(offer_answered=gateway_pb2.OfferAnswered(
            offer=ring.offer, epoch=ring.epoch, endpoint=ring.endpoint))


def need(kind, **more):
    return need_pb2.Need(kind=kind, urgency=need_pb2.URGENCY_NORMAL, **more)

"""A caller is passed on cold and warm, and one who waits long is rung back in his place (转接, 保位回拨)."""

import unittest

from city_people import SHAMIAN, Desk, Gateway
from kapok.v1 import call_pb2, common_pb2, contact_pb2, follow_up_pb2, gateway_pb2
from kapok_client import Refused
from kapok_process import Kapok

COLD, WARM = call_pb2.TRANSFER_KIND_COLD, call_pb2.TRANSFER_KIND_WARM


class Transfer(unittest.TestCase):
    def setUp(self):
        self.kapok = self.enterContext(Kapok())
        self.gateway = Gateway(self.kapok)
        self.first = Desk(self.kapok, "sm-1")
        self.gateway.arrives("a")
        self.call = self.first.accept(self.first.offer())
        self.gateway.client.push("bridge")
        self.second = Desk(self.kapok, "ln-2")

    def passed_on(self, kind):
        """The offer at the second's desk."""
        self.first.transfer(self.call.call, kind, to_worker=self.first.worker("ln-2"))
        return self.second.offer()

    def test_cold_the_caller_waits_for_the_colleague_who_finds_the_same_record(self):
        offer = self.passed_on(COLD)
        self.assertEqual((offer.reason, offer.from_name, offer.beside),
                         (call_pb2.OFFER_REASON_TRANSFER, "陈嘉", False))
        self.assertEqual(self.gateway.client.push("park").gw_ref, "a")
        self.assertEqual(self.first.client.push("call_over").outcome, common_pb2.CALL_OUTCOME_NONE)
        view = self.second.accept(offer)
        self.assertEqual((view.call, view.contact, view.from_name), (self.call.call, self.call.contact, "陈嘉"))
        self.assertEqual(self.gateway.client.push("bridge").gw_ref, "a")
        saved = self.second.draft(view.contact, view.contact_version, contact_pb2.ContactFields(summary="接着写"))
        shown = self.first.client.ask(show_contact=contact_pb2.ShowContact(contact=saved.contact))
        self.assertEqual(shown.contact.fields.summary, "接着写")
        self.assertEqual(shown.answered_by_name, "陈嘉")

    def test_warm_the_caller_is_never_without_a_worker(self):
        offer = self.passed_on(WARM)
        self.assertTrue(offer.beside)
        self.assertEqual(self.first.client.push("transfer_offered").to_name, "吴洁")
        self.gateway.client.no_push("park")
        self.second.accept(offer)
        bridge = self.gateway.client.push("bridge")
        drop = self.gateway.client.push("drop_endpoint")
        self.assertTrue(bridge.beside)
        self.assertNotEqual(drop.endpoint, bridge.endpoint)
        self.assertEqual(self.first.client.push("transfer_ended").how, call_pb2.TRANSFER_END_TAKEN)
        self.assertEqual(self.second.hang_up(self.call.call).outcome, common_pb2.CALL_OUTCOME_ANSWERED)

    def test_a_colleague_who_declines_leaves_the_talk_with_the_first(self):
        offer = self.passed_on(WARM)
        self.second.client.change(decline_offer=call_pb2.DeclineOffer(offer=offer.offer, epoch=offer.epoch))
        self.assertEqual(self.first.client.push("transfer_ended").how, call_pb2.TRANSFER_END_NOT_TAKEN)
        self.first.hang_up(self.call.call)

    def test_nobody_free_is_said_at_once(self):
        with self.assertRaises(Refused) as refused:
            self.first.transfer(self.call.call, WARM, to_supervisor=True)
        self.assertEqual(refused.exception.code, "NOBODY_FREE")

    def test_killed_in_the_middle_of_a_warm_one_the_caller_stays_with_the_first(self):
        offer = self.passed_on(WARM)
        self.kapok.kill()
        self.kapok.start()
        gateway = Gateway(self.kapok, held=[("a", SHAMIAN, common_pb2.CALL_STATE_TALKING)])
        self.first.client = self.kapok.resume(self.first.client)
        self.second.client = self.kapok.resume(self.second.client)
        self.assertEqual(self.first.open().call, self.call.call)
        self.assertEqual(self.second.open().call, 0)
        with self.assertRaises(Refused) as refused:
            self.second.accept(offer)
        self.assertEqual(refused.exception.code, "OFFER_GONE")
        gateway.client.no_push("park")
        self.assertEqual(self.first.hang_up(self.call.call).outcome, common_pb2.CALL_OUTCOME_ANSWERED)
        self.assertEqual(gateway.client.push("release").gw_ref, "a")


class CallbackKept(unittest.TestCase):
    def setUp(self):
        self.kapok = self.enterContext(Kapok())
        self.gateway = Gateway(self.kapok)

    def kept(self, gw_ref="a", caller="020-09001234"):
        """Waits, chooses to be rung back and hangs up."""
        call = self.gateway.arrives(gw_ref, caller=caller)
        self.gateway.client.ask(callback_chosen=gateway_pb2.CallbackChosen(gw_ref=gw_ref))
        self.gateway.leaves(gw_ref)
        return call

    def dialled(self, reached):
        bridge = self.gateway.client.push("bridge")
        self.assertEqual((bridge.dial_caller, bridge.caller), (True, "+862009001234"))
        self.gateway.client.ask(caller_dialled=gateway_pb2.CallerDialled(gw_ref=bridge.gw_ref, reached=reached))

    def test_he_keeps_his_place_and_is_dialled_after_the_accept(self):
        call = self.kept()
        self.gateway.arrives("b", caller="020-09005678")
        self.kapok.kill()
        self.kapok.start()
        self.gateway = Gateway(self.kapok, held=[("b", SHAMIAN, common_pb2.CALL_STATE_WAITING)])
        desk = Desk(self.kapok, "sm-1")
        view = desk.accept(desk.offer())
        self.assertEqual((view.call, view.being_dialled, view.contact), (call, True, 0))
        self.dialled(True)
        connected = desk.client.push("call_connected").call
        self.assertFalse(connected.being_dialled)
        self.assertGreater(connected.contact, 0)
        self.assertEqual(desk.hang_up(call).contact, connected.contact)

    def test_not_reached_he_is_a_callback_of_the_unit(self):
        call = self.kept()
        desk = Desk(self.kapok, "sm-1")
        desk.accept(desk.offer())
        self.dialled(False)
        over = desk.client.push("call_over")
        self.assertEqual((over.call, over.outcome), (call, common_pb2.CALL_OUTCOME_MISSED))
        callback, = desk.client.ask(list_callbacks=follow_up_pb2.ListCallbacks()).callbacks
        self.assertEqual(callback.last_call, call)


if __name__ == "__main__":
    unittest.main()

"""Whatever a client sends, it hears a stable code, nothing is half done, and everybody else is served on."""

import struct
import unittest

from city_people import LINGNAN, RECORDED, Desk, Gateway
from kapok.v1 import call_pb2, contact_pb2, duty_pb2, frame_pb2, gateway_pb2, referral_pb2, session_pb2
from kapok_client import Client, Closed, Refused
from kapok_process import Kapok

PING = session_pb2.Ping()


class BadInput(unittest.TestCase):
    def setUp(self):
        self.kapok = self.enterContext(Kapok())

    def tearDown(self):
        """Whatever the test did: a stranger is still served."""
        self.assertGreater(self.kapok.sign_in("centre-1").ask(ping=PING).now_us, 0)

    def refused(self, code, ask, *words, **more):
        with self.assertRaises(Refused) as refused:
            ask(*words, **more)
        self.assertEqual(refused.exception.code, code)
        return refused.exception

    def closes(self, client, code):
        """The server says why and closes."""
        client.wait_closed()
        self.assertEqual([reply.error.code for reply in client.replies.values()], [code])

    def both_sides(self):
        self.gateway = Gateway(self.kapok)
        self.desk = Desk(self.kapok, "sm-1")


class BadFrames(BadInput):
    def test_an_empty_frame_is_closed(self):
        client = self.kapok.client()
        client.send_bytes(b"")
        self.closes(client, "BAD_FRAME")

    def test_a_frame_beyond_the_limit_is_closed_before_its_bytes_come(self):
        client = self.kapok.sign_in("sm-1")
        client.send_bytes(b"", length=64 * 1024 + 1)
        self.closes(client, "FRAME_TOO_LARGE")

    def test_a_frame_of_exactly_the_limit_is_read(self):
        client = self.kapok.sign_in("sm-1")
        frame = frame_pb2.ClientFrame(request_id=7, ping=PING).SerializeToString()
        # Field 900, bytes: unknown to the server, which passes over it.
        room = 64 * 1024 - len(frame) - 2 - 3
        filler = bytes([0xA2, 0x38]) + bytes([room & 0x7F | 0x80, room >> 7 & 0x7F | 0x80, room >> 14]) + b"x" * room
        self.assertEqual(len(frame + filler), 64 * 1024)
        client.send_bytes(frame + filler)
        self.assertGreater(client.answer(7).now_us, 0)

    def test_before_sign_in_the_limit_is_four_kibibytes(self):
        client = self.kapok.client()
        client.send_bytes(b"", length=4097)
        self.closes(client, "FRAME_TOO_LARGE")

    def test_a_length_of_four_gibibytes_is_closed(self):
        client = self.kapok.sign_in("sm-1")
        client.send_bytes(b"", length=0xFFFFFFFF)
        self.closes(client, "FRAME_TOO_LARGE")

    def test_bytes_that_are_no_message_are_closed(self):
        client = self.kapok.sign_in("sm-1")
        client.send_bytes(b"\xff" * 40)
        self.closes(client, "BAD_FRAME")

    def test_another_protocol_on_our_port_is_closed(self):
        client = self.kapok.client()
        client.send_bytes(b"", length=struct.unpack(">I", b"GET ")[0])
        self.closes(client, "FRAME_TOO_LARGE")

    def test_a_truncated_frame_leaves_nothing_behind(self):
        client = self.kapok.sign_in("sm-1")
        whole = frame_pb2.ClientFrame(request_id=9, key=1, take_duty=duty_pb2.TakeDuty()).SerializeToString()
        client.send_bytes(whole[:-1], length=len(whole))
        client.close()
        again = self.kapok.sign_in("sm-1")
        self.refused("NOT_ON_DUTY", again.change, leave_duty=duty_pb2.LeaveDuty())

    def test_nesting_deeper_than_sixteen_is_closed(self):
        client = self.kapok.sign_in("sm-1")
        nested = b""
        for _ in range(40):  # groups within groups, of a field nobody knows
            nested = bytes([0xA3, 0x38]) + nested + bytes([0xA4, 0x38])
        client.send_bytes(frame_pb2.ClientFrame(request_id=3, ping=PING).SerializeToString() + nested)
        self.closes(client, "BAD_FRAME")

    def test_a_request_without_a_body_is_unknown_and_the_conversation_goes_on(self):
        client = self.kapok.sign_in("sm-1")
        client.send_bytes(frame_pb2.ClientFrame(request_id=50).SerializeToString())
        self.refused("UNKNOWN_REQUEST", client.answer, 50)
        self.assertGreater(client.ask(ping=PING).now_us, 0)

    def test_text_that_is_not_utf8_is_refused_or_closed_by_its_code(self):
        client = self.kapok.sign_in("sm-1")
        text = "汉".encode("gbk")
        search = bytes([0x6A, len(text)]) + text  # SearchLog.text, field 13
        body = bytes([0x82, 0x03, len(search)]) + search  # ClientFrame.search_log, field 48
        client.send_bytes(bytes([0x08, 60]) + body)
        self.refused("TEXT_NOT_UTF8", client.answer, 60)


class BadGreetings(BadInput):
    def test_a_version_we_do_not_speak_is_refused_and_closed(self):
        client = Client(self.kapok.port, self.kapok.fingerprint)
        self.kapok.clients.append(client)
        self.refused("VERSION_NOT_SUPPORTED", client.ask, hello=session_pb2.Hello(version_min=2, version_max=9))
        client.wait_closed()

    def test_requests_before_sign_in_are_refused(self):
        client = self.kapok.client()
        self.refused("NOT_SIGNED_IN", client.ask, list_drafts=contact_pb2.ListDrafts())

    def test_a_fourth_frame_before_sign_in_is_closed(self):
        client = self.kapok.client()
        for _ in range(2):
            client.ask(ping=PING)
        with self.assertRaises((Refused, Closed)):
            client.ask(ping=PING)
        client.wait_closed()

    def test_wrong_credentials_and_tokens_are_refused(self):
        ask = self.kapok.client().ask
        self.refused("WRONG_CREDENTIALS", ask, sign_in=session_pb2.SignIn(account="sm-1", password="guess"))
        self.refused("WRONG_CREDENTIALS", ask, sign_in_device=session_pb2.SignInDevice(device_token="guess"))
        self.refused("SESSION_ENDED", self.kapok.client().ask, resume=session_pb2.Resume(session_token="guess"))

    def test_too_many_requests_are_told_to_wait_and_a_client_that_goes_on_is_closed(self):
        client = self.kapok.sign_in("sm-1")
        codes = []
        try:
            for request in [client.send(ping=PING) for _ in range(100)]:
                try:
                    client.answer(request)
                except Refused as refused:
                    codes.append(refused.code)
        except Closed:
            pass
        self.assertEqual(set(codes), {"RETRY_AFTER"})
        with self.assertRaises(Closed):
            for _ in range(400):
                client.send(ping=PING)
            client.wait_closed()
            client.ask(ping=PING)


class BadKeys(BadInput):
    def test_a_change_without_a_key_is_refused(self):
        client = self.kapok.sign_in("sm-1")
        self.refused("MISSING_KEY", client.ask, take_duty=duty_pb2.TakeDuty())

    def test_a_key_used_again_for_something_else_is_refused(self):
        client = self.kapok.sign_in("sm-1")
        client.ask(key=1, take_duty=duty_pb2.TakeDuty())
        self.refused("KEY_REUSED", client.ask, key=1, set_ready=duty_pb2.SetReady(ready=True))

    def test_a_repeat_after_a_reconnect_hears_the_first_answer(self):
        client = self.kapok.sign_in("sm-1")
        first = client.ask(key=1, take_duty=duty_pb2.TakeDuty())
        client.close()
        again = self.kapok.resume(client)
        self.assertEqual(again.ask(key=1, take_duty=duty_pb2.TakeDuty()), first)
        self.assertEqual(again.repeats, 1)

    def test_a_repeat_after_a_restart_hears_the_first_answer(self):
        client = self.kapok.sign_in("sm-1")
        first = client.ask(key=1, take_duty=duty_pb2.TakeDuty())
        self.kapok.kill()
        self.kapok.start()
        again = self.kapok.resume(client)
        self.assertEqual(again.last_key, 1)
        self.assertEqual(again.ask(key=1, take_duty=duty_pb2.TakeDuty()), first)
        self.assertEqual(again.repeats, 1)

    def test_the_same_key_twice_at_once_gives_one_answer_to_both(self):
        client = self.kapok.sign_in("sm-1")
        asked = [client.send(key=1, take_duty=duty_pb2.TakeDuty()) for _ in range(2)]
        first, second = (client.answer(request) for request in asked)
        self.assertEqual(first.shift, second.shift)

    def test_a_refused_change_may_be_asked_again_with_its_key(self):
        client = self.kapok.sign_in("sm-1")
        self.refused("NOT_ON_DUTY", client.ask, key=1, leave_duty=duty_pb2.LeaveDuty())
        client.ask(key=2, take_duty=duty_pb2.TakeDuty())
        client.ask(key=1, leave_duty=duty_pb2.LeaveDuty())


class BadOffers(BadInput):
    def setUp(self):
        super().setUp()
        self.both_sides()

    def offered(self, gw_ref="a"):
        self.gateway.arrives(gw_ref)
        return self.desk.offer()

    def test_an_offer_accepted_twice_has_one_answer(self):
        offer = self.offered()
        self.desk.accept(offer)
        self.refused("OFFER_GONE", self.desk.accept, offer)

    def test_an_offer_of_somebody_else_is_not_yours_and_no_name_is_told(self):
        offer = self.offered()
        stranger = Desk(self.kapok, "ln-1", ready=False)
        refused = self.refused("NOT_YOURS", stranger.accept, offer)
        self.assertNotIn("陈嘉", str(refused))
        self.desk.accept(offer)

    def test_an_accept_after_the_caller_hung_up_is_gone(self):
        offer = self.offered()
        self.gateway.leaves("a")
        self.assertEqual(self.desk.client.push("offer_withdrawn").why, "caller_left")
        self.refused("OFFER_GONE", self.desk.accept, offer)
        self.gateway.client.no_push("bridge", 0.2)

    def test_an_accept_after_a_decline_is_late(self):
        offer = self.offered()
        self.desk.client.change(decline_offer=call_pb2.DeclineOffer(offer=offer.offer, epoch=offer.epoch))
        self.refused("OFFER_GONE", self.desk.accept, offer)

    def test_an_accept_with_another_epoch_is_gone(self):
        offer = self.offered()
        accept = call_pb2.AcceptOffer(offer=offer.offer, epoch=offer.epoch + 1)
        self.refused("OFFER_GONE", self.desk.client.change, accept_offer=accept)

    def test_an_offer_that_never_was_is_gone(self):
        self.refused("OFFER_GONE", self.desk.client.change, accept_offer=call_pb2.AcceptOffer(offer=1, epoch=1))

    def test_of_two_desks_of_one_worker_the_first_accept_wins_and_the_other_is_told(self):
        other = self.kapok.sign_in("sm-1")
        other.ask(open_desk=duty_pb2.OpenDesk())
        offer = self.offered()
        self.assertEqual(other.push("offer_shown").offer.offer, offer.offer)
        call = self.desk.accept(offer)
        self.assertEqual(other.push("call_connected").call.call, call.call)
        self.refused("OFFER_GONE", self.desk.accept, offer, client=other)

    def test_a_desk_opened_while_it_rings_is_told_the_offer_and_one_while_talking_the_call(self):
        offer = self.offered()
        other = self.kapok.sign_in("sm-1")
        self.assertEqual(other.ask(open_desk=duty_pb2.OpenDesk()).offer, offer.offer)
        call = self.desk.accept(offer)
        third = self.kapok.sign_in("sm-1")
        self.assertEqual(third.ask(open_desk=duty_pb2.OpenDesk()).call, call.call)

    def test_a_call_that_has_ended_cannot_be_hung_up_and_one_that_never_was_is_unknown(self):
        call = self.desk.accept(self.offered())
        self.desk.hang_up(call.call)
        self.refused("CALL_ENDED", self.desk.client.change, hang_up=call_pb2.HangUp(call=call.call))
        self.refused("UNKNOWN_CALL", self.desk.client.change, hang_up=call_pb2.HangUp(call=77))

    def test_somebody_elses_call_cannot_be_hung_up(self):
        call = self.desk.accept(self.offered())
        stranger = self.kapok.sign_in("ln-1")
        with self.assertRaises(Refused) as refused:
            stranger.change(hang_up=call_pb2.HangUp(call=call.call))
        self.assertIn(refused.exception.code, ("NOT_YOURS", "FORBIDDEN"))


class BadReferences(BadInput):
    def test_unknown_things_are_named_by_their_codes(self):
        worker, steward = self.kapok.sign_in("sm-1"), self.kapok.sign_in("centre-1")
        self.refused("UNKNOWN_UNIT", worker.change, take_duty=duty_pb2.TakeDuty(unit=77))
        self.refused("UNKNOWN_CONTACT", worker.ask, show_contact=contact_pb2.ShowContact(contact=77))
        self.refused("UNKNOWN_REFERRAL", worker.ask, show_referral=referral_pb2.ShowReferral(referral=77))
        self.refused("UNKNOWN_WORKER", steward.change, enrol_device=session_pb2.EnrolDevice(worker=77))
        self.refused("INVALID_ARGUMENT", worker.ask, show_contact=contact_pb2.ShowContact(contact=-1))

    def test_an_unknown_line_is_refused_and_nothing_waits(self):
        gateway = Gateway(self.kapok)
        self.refused("UNKNOWN_LINE", gateway.arrives, "a", dialled="020-00109999")
        self.assertEqual(self.kapok.status().waiting, 0)

    def test_a_line_that_is_recorded_only_takes_no_call(self):
        gateway = Gateway(self.kapok)
        self.refused("WRONG_STATE", gateway.arrives, "a", dialled=RECORDED)
        self.assertEqual(self.kapok.status().waiting, 0)

    def test_only_a_gateway_that_attached_brings_calls(self):
        arrived = gateway_pb2.Arrived(gw_ref="a", dialled=LINGNAN, caller="020-09001234")
        self.refused("WRONG_STATE", self.kapok.sign_in("gateway").ask, arrived=arrived)
        self.refused("FORBIDDEN", self.kapok.sign_in("sm-1").ask, attach_gateway=gateway_pb2.AttachGateway(epoch=1))

    def test_an_arrival_reported_twice_is_one_call(self):
        gateway = Gateway(self.kapok)
        self.assertEqual(gateway.arrives("a"), gateway.arrives("a"))
        self.assertEqual(self.kapok.status().waiting, 1)

    def test_a_search_of_one_character_is_too_short_and_digits_must_be_four(self):
        supervisor = self.kapok.sign_in("supervisor-01")
        self.refused("SEARCH_TOO_SHORT", supervisor.ask, search_log=contact_pb2.SearchLog(text="米"))
        self.refused("INVALID_ARGUMENT", supervisor.ask, search_log=contact_pb2.SearchLog(last_four="12a4"))

    def test_text_beyond_its_limit_is_refused_whole(self):
        self.both_sides()
        self.gateway.arrives("a")
        call = self.desk.accept(self.desk.offer())
        fields = contact_pb2.ContactFields(summary="长" * 8001)
        self.refused("TEXT_TOO_LONG", self.desk.draft, call.contact, call.contact_version, fields)
        kept = contact_pb2.ContactFields(summary="长" * 8000)
        self.desk.draft(call.contact, call.contact_version, kept)


if __name__ == "__main__":
    unittest.main()

"""What may come in through the web port, and what an unfriendly peer can do there: nothing that hinders anybody else."""

import gzip
import os
import socket
import struct
import time
import unittest

from kapok.v1 import frame_pb2, session_pb2
from kapok_client import Closed
from kapok_process import Kapok
from web_client import BINARY, CLOSE, PING, PONG, TEXT, Http, Page, SocketClient, WebSocket, tls_socket, upgrade_headers

FRAME_BYTES_MAX = 64 * 1024


def frame(**body):
    return frame_pb2.ClientFrame(request_id=1, **body).SerializeToString()


def padded(size):
    """A ping in exactly `size` bytes: an unknown field, which is ignored, fills it up."""
    ping = frame(ping=session_pb2.Ping())
    for length_bytes in (1, 2, 3):
        rest = size - len(ping) - 2 - length_bytes  # a tag of two bytes, then the length
        length = encoded(rest)
        if len(length) == length_bytes:
            return ping + b"\xfa\x7f" + length + b"x" * rest  # field 2047, bytes
    raise AssertionError(size)


def encoded(number):
    out = b""
    while number > 127:
        out, number = out + bytes([number & 127 | 128]), number >> 7
    return out + bytes([number])


def reply(payload):
    return frame_pb2.ServerFrame.FromString(payload).reply


class WebMessages(unittest.TestCase):
    def setUp(self):
        self.kapok = self.enterContext(Kapok())
        self.socket = self.enterContext(WebSocket(self.kapok.web_port))

    def until(self, is_so):
        end = time.monotonic() + 5
        while not is_so():
            self.assertLess(time.monotonic(), end)
            time.sleep(0.05)

    def sign_in(self):
        self.socket.put(frame(sign_in_device=session_pb2.SignInDevice(device_token=self.kapok.tokens["sm-1"])))
        kind, payload = self.socket.take()
        self.assertEqual(kind, BINARY)
        self.assertTrue(reply(payload).HasField("signed_in"))

    def test_a_frame_of_64_kib_is_answered_and_one_byte_more_closes_with_1009(self):
        self.sign_in()
        self.socket.put(padded(FRAME_BYTES_MAX))
        self.assertTrue(reply(self.socket.take()[1]).HasField("pong"))
        self.socket.put(padded(FRAME_BYTES_MAX + 1))
        self.assertEqual(self.socket.take_close(), 1009)
        self.assertTrue(self.socket.is_closed())
        self.until(lambda: "why=FRAME_TOO_LARGE" in self.kapok.log_text())

    def test_a_stranger_has_4_kib_in_one_frame_and_in_all(self):
        self.socket.put(padded(4096 - 4))  # each counts with its length, as on the other port
        self.assertTrue(reply(self.socket.take()[1]).HasField("pong"))
        self.socket.put(frame(ping=session_pb2.Ping()))
        self.assertEqual(reply(self.socket.take()[1]).error.code, "NOT_SIGNED_IN")
        other = self.enterContext(WebSocket(self.kapok.web_port))
        other.put(padded(4097))
        self.assertEqual(other.take_close(), 1009)

    def test_a_text_message_closes_with_1003(self):
        self.sign_in()
        self.socket.put("你好".encode(), TEXT)
        self.assertEqual(self.socket.take_close(), 1003)

    def test_a_ping_is_answered_with_its_own_words_between_the_fragments_of_a_message(self):
        self.sign_in()
        whole = frame(ping=session_pb2.Ping())
        self.socket.put(whole[:1], BINARY, last=False)
        self.socket.put(b"still there?", PING)
        self.assertEqual(self.socket.take(), (PONG, b"still there?"))
        self.socket.put(whole[1:], 0)
        self.assertTrue(reply(self.socket.take()[1]).HasField("pong"))

    def test_control_frames_without_end_cut_the_peer_off(self):
        self.sign_in()
        with self.assertRaises(Closed):
            for _ in range(60):
                self.socket.put(b"x", PING)
                self.socket.take()

    def test_an_empty_message_and_a_message_that_is_no_frame_end_the_conversation_in_words(self):
        for payload in (b"", b"\xff\xff\xff"):
            with WebSocket(self.kapok.web_port) as other:
                other.put(payload)
                self.assertEqual(reply(other.take()[1]).error.code, "BAD_FRAME")
                self.assertEqual(other.take_close(), 1000)

    def test_what_breaks_the_rules_of_websocket_closes_with_1002(self):
        for broken in (b"\x82\x01x", b"\xc2\x80aaaa", b"\x83\x80aaaa", b"\x80\x80aaaa"):
            with self.subTest(broken), WebSocket(self.kapok.web_port) as other:
                other.send(broken)  # not masked, reserved bit, reserved opcode, a continuation of nothing
                self.assertEqual(other.take_close(), 1002)

    def test_the_peers_goodbye_is_answered(self):
        self.sign_in()
        self.socket.put(struct.pack(">H", 1001), CLOSE)
        self.assertEqual(self.socket.take_close(), 1001)
        self.assertTrue(self.socket.is_closed())

    def test_requests_beyond_the_rate_are_refused_as_on_the_other_port(self):
        client = SocketClient(self.kapok.web_port)
        self.kapok.clients.append(client)
        client.ask(sign_in_device=session_pb2.SignInDevice(device_token=self.kapok.tokens["sm-1"]))
        asked = [client.send(ping=session_pb2.Ping()) for _ in range(75)]
        codes = []
        for request in asked:
            try:
                client.answer(request)
            except Exception as refused:
                codes.append(getattr(refused, "code", "CLOSED"))
        self.assertGreater(codes.count("RETRY_AFTER"), 5)
        self.assertEqual(set(codes), {"RETRY_AFTER"})

    def test_a_stop_tells_the_page_when_to_come_back_and_says_goodbye(self):
        client = SocketClient(self.kapok.web_port)
        client.ask(sign_in_device=session_pb2.SignInDevice(device_token=self.kapok.tokens["sm-1"]))
        with Http(self.kapok.web_port) as idle:
            self.assertEqual(idle.ask("/health").status, 200)
            self.kapok.stop()
            self.assertEqual(client.push("server_notice").state, "shutting_down")
            client.wait_closed()
            self.assertTrue(idle.is_closed())
        self.assertNotIn("DRAIN_CUT_SHORT", self.kapok.log_text())


class WebStrangers(unittest.TestCase):
    def setUp(self):
        self.kapok = self.enterContext(Kapok())
        self.port = self.kapok.web_port

    def test_of_fifty_forged_origins_not_one_opens_a_socket(self):
        own = f"https://localhost:{self.port}"
        forged = ["null", "", "https://localhost", f"http://localhost:{self.port}", f"https://localhost:{self.port}/",
                  f"https://LOCALHOST:{self.port}", f"{own}.evil.example", f"{own}@evil.example", f"{own} ", f" {own},x",
                  f"https://localhost.:{self.port}", f"https://127.0.0.2:{self.port}", f"https://[::1]:{self.port}",
                  f"https://localhost:0{self.port}", "*", "https://*", "file://", "wss://localhost", own + "\t" + own, None]
        forged += [f"https://{'x' * i}localhost:{self.port}" for i in range(1, 16)]
        forged += [f"https://localhost{'x' * i}:{self.port}" for i in range(1, 16)]
        self.assertEqual(len(forged), 50)
        accepted = []
        for origin in forged:
            with Http(self.port) as http:
                answer = http.ask("/ws", **upgrade_headers(self.port, Origin=origin))
                if answer.status != 403 and (origin or "").strip() != own:
                    accepted.append((origin, answer.status))
        self.assertEqual(accepted, [])
        for host in ("localhost", "127.0.0.1"):
            with Http(self.port) as http:
                answer = http.ask("/ws", **upgrade_headers(self.port, Origin=f"https://{host}:{self.port}"))
                self.assertEqual(answer.status, 101)

    def test_a_page_of_another_origin_begins_no_session(self):
        page = Page(self.port)
        token = session_pb2.SignInDevice(device_token=self.kapok.tokens["sm-1"])
        for origin in ("https://evil.example", "null", None):
            answer = page.post(headers={"Origin": origin}, sign_in_device=token)
            self.assertEqual((answer.status, answer.cookies()), (403, {}))

    def test_a_slow_request_is_cut_off_in_time_and_nobody_waits_for_it(self):
        slow = [Http(self.port) for _ in range(20)]
        started = time.monotonic()
        open_ones = list(slow)
        while open_ones and time.monotonic() - started < 12:
            for http in list(open_ones):
                try:
                    http.send(b"G")
                except Closed:
                    open_ones.remove(http)
            with Http(self.port) as honest:
                self.assertEqual(honest.ask("/health").status, 200)
            time.sleep(0.5)
        self.assertEqual(open_ones, [])
        self.assertLess(time.monotonic() - started, 9)
        for http in slow:
            http.socket.close()
        self.assertIn("WEB_REQUEST_REFUSED why=TOO_SLOW", self.kapok.log_text())

    def test_two_hundred_half_open_connections_do_not_hinder_an_honest_one(self):
        half_open = []
        for i in range(200):  # four addresses, each within what strangers of one may hold
            plain = socket.create_connection(("127.0.0.1", self.port), timeout=5, source_address=(f"127.0.1.{i % 4}", 0))
            half_open.append(plain)
            if i % 2:
                plain.sendall(b"\x16\x03\x01\x02\x00\x01")  # the beginning of a handshake
        started = time.monotonic()
        page = Page(self.port)
        me = page.begin(sign_in_device=session_pb2.SignInDevice(device_token=self.kapok.tokens["sm-1"]))
        client = page.socket(me.entry_pass)
        client.ask(ping=session_pb2.Ping())
        self.assertLess(time.monotonic() - started, 2)
        client.close()
        for plain in half_open:
            plain.settimeout(10)
            try:
                while plain.recv(4096):  # an alert, then the end
                    pass
            except ConnectionError:
                pass
            plain.close()
        self.assertLess(time.monotonic() - started, 12)

    def test_strangers_of_both_ports_share_the_places_of_their_address(self):
        for _ in range(64):
            plain = socket.create_connection(("127.0.0.1", self.kapok.port), source_address=("127.0.2.1", 0))
            self.addCleanup(plain.close)
        refused, end = False, time.monotonic() + 4  # they are let in one after the other
        while not refused and time.monotonic() < end:
            try:
                tls_socket(self.port, source=("127.0.2.1", 0)).close()
            except OSError:
                refused = True
        self.assertTrue(refused)
        tls_socket(self.port, source=("127.0.2.2", 0)).close()

    def test_garbage_in_any_form_leaves_the_server_serving(self):
        for piece in (b"\x00" * 100, b"GET", b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
                      b"GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", os.urandom(5000),
                      b"POST /session HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc", b"\r\n" * 50):
            with Http(self.port) as http:
                http.send(piece)
        with Http(self.port) as http:
            self.assertEqual(http.ask("/health").status, 200)


class WebFiles(unittest.TestCase):
    def setUp(self):
        self.kapok = self.enterContext(Kapok())

    def test_the_page_is_served_packed_remembered_and_never_from_elsewhere(self):
        with Http(self.kapok.web_port) as http:
            plain = http.ask("/")
            self.assertEqual((plain.status, plain.header("Content-Type")), (200, "text/html; charset=utf-8"))
            self.assertEqual(plain.header("Cache-Control"), "no-cache")
            packed = http.ask("/", Accept_Encoding="gzip, deflate, br")
            self.assertEqual(packed.header("Content-Encoding"), "gzip")
            self.assertEqual(gzip.decompress(packed.body), plain.body)
            again = http.ask("/", If_None_Match=plain.header("ETag"))
            self.assertEqual((again.status, again.body), (304, b""))
            head = http.ask("/", "HEAD")
            self.assertEqual((head.status, head.header("Content-Length")), (200, str(len(plain.body))))
            self.assertEqual(http.ask("/index.html").status, 404)
            self.assertIn("script-src 'self'", plain.header("Content-Security-Policy"))
            self.assertEqual(http.ask("/", "POST").status, 405)

    def test_health_tells_strangers_the_state_and_the_practice_clock_alone(self):
        with Http(self.kapok.web_port) as http:
            answer = http.ask("/health")
            self.assertEqual(answer.body, b'{"state":"ok","practice_factor":1}\n')
            for hidden in ("/metrics", "/ready"):
                self.assertEqual(http.ask(hidden).status, 404)


if __name__ == "__main__":
    unittest.main()

"""A small client of kapokd, written from proto/README.md alone: TLS 1.3, a four-byte length before each frame,
one reply per request, pushes in between. Enough to sign in, take a call and write it up."""

import hashlib
import queue
import select
import socket
import ssl
import struct
import threading
import time

from google.protobuf.message import DecodeError
from kapok.v1 import frame_pb2

WAIT_S = 20  # every wait ends


class Refused(Exception):
    """The server answered with an error; `code` is its stable name."""

    def __init__(self, error):
        super().__init__(f"{error.code}: {error.detail}")
        self.code = error.code


class Closed(Exception):
    """The connection is gone."""


class Client:
    """One conversation. Replies go to whoever asked, pushes to `pushes` in the order in which they came."""

    def __init__(self, port, fingerprint=None, over=None):
        """`over` is a TLS socket on which the conversation goes on; without it one is opened."""
        self.socket = over or self._connected(port, fingerprint)
        self.pushes = queue.Queue()
        self.replies = {}
        self.changed = threading.Condition()
        self.received = b""
        self.tls = threading.Lock()  # a TLS session serves one thread at a time
        self.open, self.ended = True, False
        self.last_request = 0
        self.last_key = 0
        self.repeats = 0  # replies that were a stored first answer
        self.saved = None  # where the last answered change lies
        threading.Thread(target=self._read, daemon=True).start()

    @staticmethod
    def _connected(port, fingerprint):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE  # pinned below instead
        plain = socket.create_connection(("127.0.0.1", port), timeout=WAIT_S)
        tls = context.wrap_socket(plain)
        shown = hashlib.sha256(tls.getpeercert(binary_form=True)).hexdigest()
        if fingerprint and shown != fingerprint:
            raise Closed("the server shows another certificate")
        return tls

    def ask(self, key=None, **body):
        """Sends one request, `name=message`, and returns the reply's body message."""
        return self.answer(self.send(key, **body))

    def send(self, key=None, **body):
        """Sends one request without waiting and returns its id; `answer(id)` waits for the reply."""
        (name, message), = body.items()
        frame = frame_pb2.ClientFrame()
        if key is not None:
            frame.key = key
        getattr(frame, name).CopyFrom(message)
        with self.tls:
            self.last_request += 1
            frame.request_id = self.last_request
            self._write(frame.SerializeToString())
        return frame.request_id

    def change(self, **body):
        """As ask, with the next idempotency key."""
        self.last_key += 1
        return self.ask(key=self.last_key, **body)

    def send_bytes(self, payload, length=None):
        """Bytes of the test's own making behind a length, which may lie."""
        with self.tls:
            self._write(payload, length)

    def _write(self, payload, length=None):
        try:
            self.socket.sendall(struct.pack(">I", len(payload) if length is None else length) + payload)
        except OSError:
            raise Closed("the connection broke while sending") from None

    def beat(self, every_s, **body):
        """Sends the same small request again and again until the connection closes; its replies are dropped."""
        def beating():
            while self.open:
                time.sleep(every_s)
                try:
                    self.ask(**body)
                except (Closed, Refused):
                    pass
        threading.Thread(target=beating, daemon=True).start()

    def push(self, name, wait_s=WAIT_S):
        """The next push of that kind; others before it are passed over."""
        while True:
            try:
                push = self.pushes.get(timeout=wait_s)
            except queue.Empty:
                raise AssertionError(f"no push {name} within {wait_s} s") from None
            if push.WhichOneof("body") == name:
                return getattr(push, name)

    def no_push(self, name, within_s=0.5):
        """Fails when such a push is waiting or comes within the time."""
        try:
            while True:
                push = self.pushes.get(timeout=within_s)
                assert push.WhichOneof("body") != name, f"unexpected push {name}"
        except queue.Empty:
            return

    def wait_closed(self):
        with self.changed:
            assert self.changed.wait_for(lambda: not self.open, WAIT_S), "the connection is still open"

    def close(self):
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.socket.close()

    def answer(self, request):
        with self.changed:
            if not self.changed.wait_for(lambda: request in self.replies or not self.open, WAIT_S):
                raise Closed("no reply in time")
            if request not in self.replies:
                raise Closed("the connection broke before the reply")
            reply = self.replies.pop(request)
        body = reply.WhichOneof("body")
        if body == "error":
            raise Refused(reply.error)
        if reply.is_repeat:
            self.repeats += 1
        self.saved = reply.saved
        return getattr(reply, body)

    def _read(self):
        try:
            while True:
                frame = frame_pb2.ServerFrame()
                frame.ParseFromString(self._frame())
                if frame.HasField("push"):
                    self.pushes.put(frame.push)
                    continue
                with self.changed:
                    self.replies[frame.reply.request_id] = frame.reply
                    self.changed.notify_all()
        except (OSError, Closed, ValueError, DecodeError):
            with self.changed:
                self.open = False
                self.changed.notify_all()
            self.close()  # or the server would wait for it

    def _frame(self):
        length, = struct.unpack(">I", self._exactly(4))
        return self._exactly(length)

    def _exactly(self, count):
        while len(self.received) < count:
            if self.ended:
                raise Closed("closed by the server")
            select.select([self.socket], [], [])
            with self.tls:
                self.received += self._arrived()
        part, self.received = self.received[:count], self.received[count:]
        return part

    def _arrived(self):
        """What can be read now; nothing when only a part of a TLS record, or none of ours, has come."""
        self.socket.settimeout(0)
        parts = b""
        try:
            while True:
                part = self.socket.recv(65536)
                if not part and not parts:
                    raise Closed("closed by the server")
                if not part:
                    self.ended = True  # its goodbye is read; select would wait for more
                    return parts
                parts += part
        except ssl.SSLWantReadError:
            return parts
        finally:
            self.socket.settimeout(WAIT_S)

"""A browser's side of kapokd's web port, written from proto/README.md alone: HTTPS/1.1 requests, and the WebSocket of
RFC 6455 with one protobuf frame per binary message. Every wait ends."""

import base64
import os
import socket
import ssl
import struct

from kapok.v1 import frame_pb2, session_pb2
from kapok_client import WAIT_S, Client, Closed, Refused

SUBPROTOCOL = "kapok.v1"
FRAME_TYPE = "application/x-protobuf"
TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


class Answer:
    """One HTTP answer."""

    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def header(self, name):
        """Its only value, or nothing."""
        values = [value for key, value in self.headers if key.lower() == name.lower()]
        assert len(values) <= 1, f"{name} stands {len(values)} times"
        return values[0] if values else None

    def cookies(self):
        return dict(value.split(";")[0].split("=", 1) for key, value in self.headers if key.lower() == "set-cookie")

    def reply(self):
        return frame_pb2.ServerFrame.FromString(self.body).reply


def tls_socket(port, address="127.0.0.1", alpn=("h2", "http/1.1"), source=None, version=ssl.TLSVersion.TLSv1_3):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.maximum_version = version
    if alpn:
        context.set_alpn_protocols(list(alpn))
    plain = socket.create_connection((address, port), timeout=WAIT_S, source_address=source)
    try:
        return context.wrap_socket(plain, server_hostname="localhost")
    except BaseException:
        plain.close()
        raise


class Http:
    """One kept-alive connection."""

    def __init__(self, port, **how):
        self.port = port
        self.socket = tls_socket(port, **how)
        self.received = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def ask(self, target, method="GET", body=b"", host=None, **headers):
        """Header names with underscores for hyphens; a value of None leaves a header out."""
        lines = {"Host": host or f"localhost:{self.port}", **{k.replace("_", "-"): v for k, v in headers.items()}}
        if body:
            lines.setdefault("Content-Length", str(len(body)))
        head = f"{method} {target} HTTP/1.1\r\n" + "".join(f"{k}: {v}\r\n" for k, v in lines.items() if v is not None)
        self.send(head.encode("latin-1") + b"\r\n" + body)
        return self.answer(bare=method == "HEAD")

    def send(self, data):
        try:
            self.socket.sendall(data)
        except OSError:
            raise Closed("the connection broke while sending") from None

    def answer(self, bare=False):
        head = self._until(b"\r\n\r\n").decode("latin-1")
        first, *lines = head.removesuffix("\r\n\r\n").split("\r\n")
        version, status, _ = first.split(" ", 2)
        assert version == "HTTP/1.1", first
        headers = [tuple(line.split(": ", 1)) for line in lines]
        length = next((int(value) for key, value in headers if key.lower() == "content-length"), 0)
        return Answer(int(status), headers, b"" if bare or status in ("101", "304") else self._exactly(length))

    def is_closed(self):
        """Whether the server ends the connection in time, saying nothing more."""
        try:
            return self._more() == b""
        except OSError:
            return True

    def _until(self, end):
        while end not in self.received:
            self._grow()
        at = self.received.index(end) + len(end)
        part, self.received = self.received[:at], self.received[at:]
        return part

    def _exactly(self, count):
        while len(self.received) < count:
            self._grow()
        part, self.received = self.received[:count], self.received[count:]
        return part

    def _grow(self):
        try:
            more = self._more()
        except OSError:
            more = b""
        if not more:
            raise Closed("closed by the server")
        self.received += more

    def _more(self):
        return self.socket.recv(65536)


def upgrade_headers(port, **other):
    """What a browser sends to /ws from our own page."""
    headers = {"Origin": f"https://localhost:{port}", "Upgrade": "websocket", "Connection": "Upgrade",
               "Sec_WebSocket_Version": "13", "Sec_WebSocket_Key": base64.b64encode(os.urandom(16)).decode(),
               "Sec_WebSocket_Protocol": SUBPROTOCOL}
    return {**headers, **other}


class WebSocket(Http):
    """An open WebSocket."""

    def __init__(self, port, **how):
        super().__init__(port, **how)
        self.upgraded = self.ask("/ws", **upgrade_headers(port))
        assert self.upgraded.status == 101, self.upgraded.status

    def put(self, payload, kind=BINARY, last=True):
        mask = os.urandom(4)
        first = (0x80 if last else 0) | kind
        size = len(payload)
        length = bytes([0x80 | size]) if size < 126 else \
            b"\xfe" + struct.pack(">H", size) if size < 65536 else b"\xff" + struct.pack(">Q", size)
        key = (mask * (size // 4 + 1))[:size]
        masked = (int.from_bytes(payload, "big") ^ int.from_bytes(key, "big")).to_bytes(size, "big")
        self.send(bytes([first]) + length + mask + masked)

    def take(self):
        """(kind, payload) of the next WebSocket frame; the server's are never fragments and never masked."""
        first, second = self._exactly(2)
        assert first & 0x80 and not first & 0x70 and not second & 0x80, (first, second)
        size = second & 0x7f
        if size == 126:
            size, = struct.unpack(">H", self._exactly(2))
        elif size == 127:
            size, = struct.unpack(">Q", self._exactly(8))
        return first & 0x0f, self._exactly(size)

    def take_close(self):
        """The code with which the server ends the conversation; frames before it are passed over."""
        while True:
            kind, payload = self.take()
            if kind == CLOSE:
                return struct.unpack(">H", payload[:2])[0] if payload else None


class SocketClient(Client):
    """The conversation of kapok_client.Client, over a WebSocket."""

    def __init__(self, port):
        self.web = WebSocket(port)
        super().__init__(port, over=self.web.socket)

    def _write(self, payload, length=None):
        self.web.put(payload)

    def _frame(self):
        size = self._exactly(2)
        kind, length = size[0] & 0x0f, size[1]
        if length == 126:
            length, = struct.unpack(">H", self._exactly(2))
        elif length == 127:
            length, = struct.unpack(">Q", self._exactly(8))
        payload = self._exactly(length)
        if kind == CLOSE:
            raise Closed("the server said goodbye")
        return payload


class Page:
    """What a page of the console does: begins a session over HTTPS, keeps the cookies, opens sockets with passes."""

    def __init__(self, port):
        self.port, self.cookies = port, {}

    def post(self, http=None, headers=None, **body):
        """One request to /session; the answer, whatever it is."""
        frame = frame_pb2.ClientFrame(request_id=1, **body)
        given = {"Origin": f"https://localhost:{self.port}", "Content_Type": FRAME_TYPE}
        if self.cookies:
            given["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            given["X_Kapok_Csrf"] = self.cookies.get("__Host-kapok-csrf")
        with http or Http(self.port) as connection:
            answer = connection.ask("/session", "POST", frame.SerializeToString(), **{**given, **(headers or {})})
        for name, value in answer.cookies().items():
            self.cookies.pop(name, None)
            if value:
                self.cookies[name] = value
        return answer

    def begin(self, **body):
        """Signs in or takes the session up again; SignedIn, or Refused."""
        reply = self.post(**body).reply()
        if reply.HasField("error"):
            raise Refused(reply.error)
        return reply.signed_in

    def socket(self, entry_pass):
        """A greeted client that came in with the pass."""
        client = SocketClient(self.port)
        client.ask(hello=session_pb2.Hello(version_min=1, version_max=1, client="system test"))
        client.me = client.ask(resume=session_pb2.Resume(entry_pass=entry_pass))
        client.last_key = client.me.last_key
        return client

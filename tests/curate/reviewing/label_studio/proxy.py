"""A server on this machine that stands before a real Label Studio, or before none, and fails as it is bidden.

Real HTTP, in threads of its own.
"""

import http.client
import socket
import ssl
import struct
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Literal, NamedTuple
from urllib.parse import urlsplit

Moment = Literal["at once", "after the work", "during the work"]
PASSED_ON = ("content-type", "authorization", "accept")


class Request(NamedTuple):
    """A request as it came. `number` counts all from 0, and `times` how often the very same one came before."""

    number: int
    times: int
    method: str
    path: str
    headers: Mapping[str, str]
    body: str

    @property
    def writes(self) -> bool:
        return self.method != "GET" and "token" not in self.path


@dataclass(frozen=True)
class Fate:
    """What becomes of a request: with `status` it is answered so, with `cut` the connection ends without an answer, and
    with `hang` it stays open. `when` says whether the real server does the work all the same, before or meanwhile.
    """

    status: int = 0
    body: str = "{}"
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False
    hang: bool = False
    seconds: float = 0.0
    """Between bytes of the answer."""
    when: Moment = "at once"


PASSES = Fate()
Script = Callable[[Request], Fate]


class Proxy:
    """Asks `script` about every request. Those that pass go to the server at `url`. With `tls` it speaks https."""

    def __init__(self, script: Script, url: str = "", tls: ssl.SSLContext | None = None) -> None:
        self.script = script
        self.requests: list[Request] = []
        self.end = threading.Event()
        self._target = urlsplit(url)
        self._at_work: list[threading.Thread] = []
        self._times: Counter[tuple[str, str, str]] = Counter()
        self._lock = threading.Lock()
        self._http = _ThreadingServer(("127.0.0.1", 0), _Handler)
        self._http.proxy = self
        if tls:
            self._http.socket = tls.wrap_socket(self._http.socket, server_side=True)
        self.url = f"http{'s' if tls else ''}://127.0.0.1:{self._http.server_address[1]}"

    def __enter__(self) -> "Proxy":
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end.set()
        self._http.shutdown()
        self._http.server_close()

    def note(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Request:
        with self._lock:
            same = (method, path, sha256(body).hexdigest())
            request = Request(len(self.requests), self._times[same], method, path, headers, body.decode())
            self._times[same] += 1
            self.requests.append(request)
        return request

    def pass_on_meanwhile(self, request: Request) -> None:
        """Let the server do the work, and do not wait for it."""
        thread = threading.Thread(target=self.pass_on, args=(request,), daemon=True)
        self._at_work.append(thread)
        thread.start()

    def wait_for_the_server(self) -> None:
        """Wait until it has done all the work that nobody has waited for."""
        while self._at_work:
            self._at_work.pop().join()

    def pass_on(self, request: Request) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection(self._target.hostname or "", self._target.port, timeout=60)
        headers = {name: value for name, value in request.headers.items() if name in PASSED_ON}
        connection.request(request.method, request.path, request.body.encode(), headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer.status, {"content-type": answer.headers.get("content-type", "")}, content


class _ThreadingServer(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    proxy: Proxy

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a client that was killed."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _ThreadingServer

    def answer(self) -> None:
        proxy = self.server.proxy
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = proxy.note(self.command, self.path, headers, body)
        fate = proxy.script(request)
        if fate.when == "during the work":
            proxy.pass_on_meanwhile(request)
        elif fate.when == "after the work":
            proxy.pass_on(request)
        if fate.hang:
            proxy.end.wait(60)
        if fate.cut or fate.hang:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
        elif fate.status:
            self.send(fate.status, fate.headers, fate.body.encode(), fate.seconds)
        else:
            self.send(*proxy.pass_on(request))

    do_GET = do_POST = do_PATCH = do_DELETE = answer  # noqa: N815

    def send(self, status: int, headers: Mapping[str, str], body: bytes, seconds: float = 0.0) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        for byte in [body] if not seconds else [body[n : n + 1] for n in range(len(body))]:
            self.server.proxy.end.wait(seconds)
            self.wfile.write(byte)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Say nothing."""

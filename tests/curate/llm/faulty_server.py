"""A server that speaks as OpenAI's chat completions do, records all that it is asked, and fails as it is bidden.

Real HTTP on localhost, in threads of its own. It keeps the books of a paid service: a call costs once for each
idempotency key, and a key that comes again is answered as before.
"""

import json
import socket
import struct
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Literal


@dataclass(frozen=True)
class Call:
    """One call as the server got it. `number` counts from 0."""

    number: int
    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]
    raw: str

    @property
    def idempotency_key(self) -> str:
        return self.headers.get("idempotency-key", "")

    @property
    def system(self) -> str:
        return self.body["messages"][0]["content"]

    @property
    def data(self) -> dict[str, str]:
        """The fields of text that it was asked about."""
        _, fields, _ = self.body["messages"][1]["content"].split("\n")
        return json.loads(fields)


@dataclass(frozen=True)
class Reaction:
    """What the server does with one call. `raw` is sent as it is; else `content` is the text of an answer."""

    content: str = '{"text": "好的"}'
    status: int = 200
    raw: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    """Before anything is sent."""
    cut: Literal["", "at_once", "half"] = ""
    usage: tuple[int, int] | None = (50, 10)
    finish: str = "stop"
    refusal: str | None = None

    def written(self) -> bytes:
        if self.raw is not None:
            return self.raw
        message = {"role": "assistant", "content": self.content, "refusal": self.refusal}
        answer: dict[str, Any] = {"id": "x", "object": "chat.completion", "model": "m", "created": 1}
        answer["choices"] = [{"index": 0, "message": message, "finish_reason": self.finish}]
        if self.usage:
            sent, got = self.usage
            answer["usage"] = {"prompt_tokens": sent, "completion_tokens": got, "total_tokens": sent + got}
        return json.dumps(answer).encode()


def error(status: int, message: str = "no", **more: Any) -> Reaction:
    """An error as OpenAI writes it."""
    headers = more.pop("headers", {})
    body = {"error": {"message": message, "type": "error", "param": None, "code": None, **more}}
    return Reaction(status=status, raw=json.dumps(body).encode(), headers=headers)


Script = Callable[[Call], Reaction]


class FaultyServer:
    """Reacts as `script` says. `charged` are the idempotency keys in the order in which they were paid for."""

    def __init__(self, script: Script = lambda call: Reaction()) -> None:
        self.script = script
        self.calls: list[Call] = []
        self.charged: list[str] = []
        self.most_at_once = 0
        self.end = threading.Event()
        self._answers: dict[str, bytes] = {}
        self._now = 0
        self._lock = threading.Lock()
        self._http = _Server(("127.0.0.1", 0), _Handler)
        self._http.faulty = self
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    def __enter__(self) -> "FaultyServer":
        threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end.set()
        self._http.shutdown()
        self._http.server_close()

    def enter(self, handler: "_Handler") -> Call:
        raw = handler.rfile.read(int(handler.headers.get("content-length", 0))).decode()
        headers = {name.lower(): value for name, value in handler.headers.items()}
        with self._lock:
            call = Call(len(self.calls), handler.path, headers, json.loads(raw), raw)
            self.calls.append(call)
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
        return call

    def leave(self) -> None:
        with self._lock:
            self._now -= 1

    def pay(self, call: Call, reaction: Reaction) -> bytes:
        """Charge for an answer that was not charged before."""
        key = call.idempotency_key
        with self._lock:
            if key in self._answers:
                return self._answers[key]
            written = reaction.written()
            if reaction.status == 200 and reaction.raw is None:
                self.charged.append(key)
                self._answers[key] = written
            return written


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    faulty: FaultyServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a client that was killed."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_POST(self) -> None:
        faulty = self.server.faulty
        call = faulty.enter(self)
        try:
            self._react(faulty, call, faulty.script(call))
        finally:
            faulty.leave()

    def _react(self, faulty: FaultyServer, call: Call, reaction: Reaction) -> None:
        if reaction.cut == "at_once":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            self.connection.close()
            return
        written = faulty.pay(call, reaction)
        faulty.end.wait(reaction.seconds)
        self.send_response(reaction.status)
        for name, value in {"Content-Type": "application/json", **reaction.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(written)))
        self.end_headers()
        self.wfile.write(written[: len(written) // 2] if reaction.cut == "half" else written)
        self.wfile.flush()
        if reaction.cut == "half":
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """Print nothing."""

"""What stands before every page: who may ask, from where a change may come, and what a browser may do with the answer.

One ASGI middleware, so that no route can be forgotten: it looks at the request before any of our code does. A browser
of today says with `Sec-Fetch-Site` from which site a request comes, an older one with `Origin`; beside that a change
must know the CSRF token, which stands in the address of the form, so that no body is read before it is checked.
"""

from collections.abc import Collection
from http import HTTPStatus

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from curate.web.ground.keys import Keys, is_same
from schemas.bilingual import Bilingual

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
READING = ("GET", "HEAD")
MOST_OF_A_FORM = 8 << 20
"""Bytes: an edited answer may be long."""
MOST_OF_UPLOADS = 1 << 30
"""Bytes of all files that are sent at once."""
UPLOADS = "/files"
"""How the addresses end that take files."""


class Guard:
    """Wraps the application. `hosts` are the values of the header Host that are ours, in small letters."""

    def __init__(self, app: ASGIApp, keys: Keys, hosts: Collection[str]) -> None:
        self._app = app
        self._keys = keys
        self._hosts = frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":  # there is no websocket here
            await send({"type": "websocket.close", "code": 1008})
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        request = Request(scope)
        answer = self._answer(request)
        if answer is not None:
            await answer(scope, receive, send_guarded)
            return
        await self._app(scope, _at_most(receive, _most(scope["path"])), send_guarded)

    def _answer(self, request: Request) -> Response | None:
        """Answer what does not come to a page: what is refused, and the first visit, which gets its cookie."""
        if request.headers.get("host", "").lower() not in self._hosts:
            return _refused(421, Bilingual("this is not the address of Hornbook", "这不是 Hornbook 的地址"))
        if request.method in READING and request.url.path == "/" and "token" in request.query_params:
            return self._first_visit(request)
        if not is_same(request.cookies.get(self._keys.cookie, ""), self._keys.session):
            return _refused(
                403,
                Bilingual(
                    "open the address that `hornbook ui` printed when it was started: it holds the key",
                    "请打开 hornbook ui 启动时显示的地址：里面有钥匙",
                ),
            )
        if request.method not in READING:
            return self._answer_to_change(request)
        return None

    def _first_visit(self, request: Request) -> Response:
        if not is_same(request.query_params["token"], self._keys.launch):
            return _refused(
                403,
                Bilingual(
                    "this address is of an earlier start: open the one that `hornbook ui` has printed now",
                    "这是上一次启动的地址：请打开 hornbook ui 这次显示的地址",
                ),
            )
        answer = RedirectResponse("/", 303)
        answer.set_cookie(self._keys.cookie, self._keys.session, httponly=True, samesite="strict", path="/")
        return answer

    def _answer_to_change(self, request: Request) -> Response | None:
        """Refuse a change that does not come from one of our own pages, or is too large."""
        site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
        ours = f"{request.url.scheme}://{request.headers['host']}".lower()
        is_ours = (site or origin) and (site is None or site == "same-origin")
        # Under `no-referrer` browsers send the forms of our own pages with the origin `null`, and say whose they are.
        is_ours = is_ours and (origin is None or origin.lower() == ours or (origin == "null" and site is not None))
        token = request.query_params.get("csrf") or request.headers.get("x-csrf", "")
        if not is_ours or not is_same(token, self._keys.csrf):
            return _refused(
                403, Bilingual("changes are only taken from Hornbook's own pages", "只接受来自 Hornbook 页面的修改")
            )
        length = request.headers.get("content-length", "")
        if length.isascii() and length.isdigit() and int(length) > _most(request.url.path):
            return _too_large()
        return None


def _most(path: str) -> int:
    return MOST_OF_UPLOADS if path.endswith(UPLOADS) else MOST_OF_A_FORM


def _at_most(receive: Receive, most: int) -> Receive:
    """Count the bytes of a body as they come: a length may be left unsaid."""
    received = 0

    async def counted() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > most:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, str(_TOO_LARGE))
        return message

    return counted


_TOO_LARGE = Bilingual(
    f"too large: a form may have {MOST_OF_A_FORM >> 20} MiB, files together {MOST_OF_UPLOADS >> 20} MiB",
    f"太大：表单最多 {MOST_OF_A_FORM >> 20} MiB，文件合计最多 {MOST_OF_UPLOADS >> 20} MiB",
)


def _too_large() -> Response:
    return _refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _TOO_LARGE)


def _refused(status: int, sentence: Bilingual) -> Response:
    """Answer in both languages: nothing is known yet of who asks."""
    return PlainTextResponse(f"{sentence.en}\n{sentence.zh}\n", status)

"""Chooses the language of a page: what the address says, else the cookie, else the command."""

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from schemas.bilingual import Language, speaking

COOKIE = "hornbook_lang"
LANGUAGES: tuple[Language, ...] = ("en", "zh")


class Speaking:
    """Wraps the application: all that is said while it answers is in one language. A choice is kept in a cookie."""

    def __init__(self, app: ASGIApp, usual: Language) -> None:
        self._app = app
        self._usual = usual

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        chosen = request.query_params.get("lang")
        speaking.set(self._language(request))

        async def send_with_choice(message: Message) -> None:
            if message["type"] == "http.response.start" and chosen in LANGUAGES:
                cookie = f"{COOKIE}={chosen}; Path=/; SameSite=Strict; HttpOnly; Max-Age=31536000"
                MutableHeaders(scope=message).append("Set-Cookie", cookie)
            await send(message)

        await self._app(scope, receive, send_with_choice)

    def _language(self, request: Request) -> Language:
        for wish in (request.query_params.get("lang"), request.cookies.get(COOKIE)):
            for language in LANGUAGES:
                if wish == language:
                    return language
        return self._usual

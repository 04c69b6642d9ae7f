"""One question until it is answered: tried again, later and later; asked otherwise where the server refuses how."""

import threading
import time
from dataclasses import dataclass

from curate.llm.cache import ReplyCache
from curate.llm.endpoint import Endpoint, PassingError, UnwelcomeError, service_error
from curate.llm.manners import ABOUT_THIS_TEXT, Manners, first_manners
from curate.llm.reply import RawReply, Usage
from curate.llm.request import Request, schema_of
from schemas.bilingual import Bilingual
from schemas.digest import digest
from schemas.llm import LlmSettings

FIRST_PAUSE = 1.0
"""Seconds before the second try; before each further one they double."""
LONGEST_PAUSE = 60.0
LONGEST_WISH = 600.0
"""Seconds that a server may ask to wait; who asks for more is asked again by a later run."""


class StoppedError(Exception):
    """The work ends: what waits for its next try is not tried."""


@dataclass(frozen=True)
class Inquiry:
    """A request and what belongs to it: `key` names its reply, `expected` is what it may cost."""

    request: Request
    key: str
    expected: Usage


@dataclass(frozen=True)
class Answered:
    """A reply, and how many tries before it may have been paid for nothing."""

    reply: RawReply
    lost: int = 0
    is_paid: bool = True


class Pauses:
    """When the next call may be made. A server that asks for time asks all threads."""

    def __init__(self) -> None:
        self._end = threading.Event()
        self._lock = threading.Lock()
        self._from = 0.0

    def stop(self) -> None:
        self._end.set()

    def all_wait(self, seconds: float) -> None:
        """Let nobody call before so many seconds have gone."""
        with self._lock:
            self._from = max(self._from, time.monotonic() + seconds)

    def wait(self, seconds: float = 0.0) -> None:
        """Wait so long, and as long as all wait. Raises StoppedError when the work ends meanwhile."""
        mine = time.monotonic() + seconds
        while (left := max(mine, self._from) - time.monotonic()) > 0:
            self._end.wait(left)
            if self._end.is_set():
                break
        if self._end.is_set():
            raise StoppedError


class Attempts:
    """Asks one endpoint; many threads may use it. A reply is in the cache before anybody sees it."""

    def __init__(self, settings: LlmSettings, cache: ReplyCache, endpoint: Endpoint) -> None:
        self.settings = settings
        self.cache = cache
        self.endpoint = endpoint
        self.pauses = Pauses()
        self._name = digest("endpoint", settings.base_url, settings.model, settings.structured)
        self._remembered = cache.manners(self._name)
        self.is_proven = self._remembered is not None
        self._manners = self._remembered or first_manners(settings.structured)

    def answer(self, question: Inquiry) -> Answered:
        """Ask until there is a reply. Raises ServiceError when there will be none."""
        lost = failures = 0
        pause = 0.0
        while True:
            self.pauses.wait(pause)
            manners, pause = self._manners, 0.0
            try:
                reply = self._call(question, manners)
            except PassingError as trouble:
                failures += 1
                lost += trouble.may_be_paid
                pause = self._pause(trouble, failures, question.key)
            except UnwelcomeError as refusal:
                if ABOUT_THIS_TEXT.search(refusal.complaint):
                    refused = RawReply(text="", finish="", is_refusal=True, usage=Usage(tokens_in=0, tokens_out=0))
                    return Answered(refused, lost, is_paid=False)
                self._step_down(manners, refusal)
            else:
                self.cache.write(question.key, reply)
                self._remember(manners)
                return Answered(reply, lost)

    def _call(self, question: Inquiry, manners: Manners) -> RawReply:
        request, key = question.request, question.key
        temperature = self.settings.temperature if request.temperature is None else request.temperature
        max_tokens = request.max_tokens or self.settings.max_tokens
        asked = manners.parameters(schema_of(request.shape), temperature, max_tokens, int(key[:7], 16))
        body = {"model": self.settings.model, "messages": request.messages(), **asked}
        return self.endpoint.call(body, digest("call", key, manners.model_dump()), question.expected)

    def _pause(self, trouble: PassingError, failures: int, key: str) -> float:
        """Say how long to wait; other questions wait otherwise long, so that they do not come back all at once."""
        if failures > self.settings.retries:
            tries = Bilingual(f"{trouble.what.en} ({failures} tries)", f"{trouble.what.zh}（已尝试 {failures} 次）")
            raise service_error(self.settings, tries) from None
        jitter = int(digest("jitter", key, failures)[:8], 16) / 2**32
        if trouble.after is None:
            return min(FIRST_PAUSE * 2 ** (failures - 1), LONGEST_PAUSE) * (1 + jitter) / 2
        if trouble.after > LONGEST_WISH:
            wish = Bilingual(
                f"{trouble.what.en} and asks to come back in {trouble.after:.0f} seconds",
                f"{trouble.what.zh}，并要求 {trouble.after:.0f} 秒后再试",
            )
            raise service_error(self.settings, wish) from None
        self.pauses.all_wait(trouble.after)
        return trouble.after + jitter * min(1.0, trouble.after)

    def _step_down(self, manners: Manners, refusal: UnwelcomeError) -> None:
        if manners != self._manners:
            return  # another thread has stepped down meanwhile
        lower = manners.after(refusal.complaint, self.settings.structured, is_proven=self.is_proven)
        if lower is None:
            raise service_error(self.settings, _unwelcome(self.settings)) from None
        self._manners = lower

    def _remember(self, manners: Manners) -> None:
        if manners == self._manners != self._remembered:
            self.cache.remember(self._name, manners)
            self._remembered = manners
        self.is_proven = True


def _unwelcome(settings: LlmSettings) -> Bilingual:
    if settings.structured in ("json_schema", "json_object"):
        return Bilingual(
            "it refuses the request (HTTP status 400); 'structured: auto' tries what else it may take",
            "拒绝了请求（HTTP 状态 400）；可用“structured: auto”尝试其他方式",
        )
    return Bilingual(
        "it refuses the request (HTTP status 400): are 'model', 'max_tokens' and 'temperature' right?",
        "拒绝了请求（HTTP 状态 400）：“model”“max_tokens”“temperature”是否正确？",
    )

"""Asks a language model many questions: within the budget, several at once, and none twice."""

import os
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path

from curate.llm.attempts import Answered, Attempts, Inquiry
from curate.llm.cache import ReplyCache
from curate.llm.endpoint import Endpoint, service_error
from curate.llm.reply import ModelReply, Usage, read_reply
from curate.llm.request import Request, estimated_tokens
from curate.llm.spending import AskProgress, Estimate, Purse, Spent
from curate.system.disk import lock_folder
from schemas.bilingual import Bilingual
from schemas.digest import digest
from schemas.errors import LockedError
from schemas.llm import LlmSettings

OnAsking = Callable[[AskProgress], None]
"""Called after every reply."""
AROUND = 16
"""Tokens that chat templates write around two messages."""


class Client:
    """One endpoint and the cache of its replies, in `folder`. A budget holds for all that one client asks."""

    def __init__(self, settings: LlmSettings, folder: Path) -> None:
        self.settings = settings
        self.cache = ReplyCache(folder)
        self._paid: dict[str, Usage] = {}
        """What the replies cost that were asked for here, now or in an earlier run."""

    def estimate(self, requests: Sequence[Request]) -> Estimate:
        """Say what these questions will cost, before anything is asked. Calls nothing."""
        questions = {question.key: question for question in map(self._question, requests)}
        open_ones = [q.expected for key, q in questions.items() if self.cache.read(key) is None]
        return Estimate(
            calls=len(open_ones),
            cached=len(questions) - len(open_ones),
            tokens_in=sum(usage.tokens_in for usage in open_ones),
            tokens_out=sum(usage.tokens_out for usage in open_ones),
            price=self.settings.price,
        )

    def ask(
        self, requests: Sequence[Request], on_progress: OnAsking = lambda progress: None
    ) -> Iterator[tuple[int, ModelReply]]:
        """Ask; yield the index of every request and its reply, in the order of the requests.

        Raises ServiceError when the budget is spent or the endpoint fails for good, and LockedError while another
        process asks out of the same folder. What came until then stands in the cache: the same command goes on there.
        """
        questions = [self._question(request) for request in requests]
        with self._alone():
            yield from _Round(self.settings, self.cache, self._paid, on_progress).replies(questions)

    def _question(self, request: Request) -> Inquiry:
        settings = self.settings
        temperature = settings.temperature if request.temperature is None else request.temperature
        max_tokens = request.max_tokens or settings.max_tokens
        endpoint = (settings.base_url, settings.model, settings.structured, temperature, max_tokens)
        tokens = AROUND + sum(estimated_tokens(message["content"]) for message in request.messages())
        expected = Usage(tokens_in=tokens, tokens_out=max_tokens, is_counted=False)
        return Inquiry(request, digest("reply", *endpoint, *request.content()), expected)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self.cache.open()
        handle = lock_folder(self.cache.folder)
        if handle is None:
            raise LockedError(
                f"{self.cache.folder}: another command is asking a language model out of this folder",
                f"{self.cache.folder}：另一个命令正在使用此文件夹调用语言模型",
            )
        try:
            self.cache.sweep()
            yield
        finally:
            os.close(handle)


class _Round:
    """The questions of one `ask`, from the first to the last."""

    def __init__(self, settings: LlmSettings, cache: ReplyCache, paid: dict[str, Usage], on_progress: OnAsking) -> None:
        self.settings = settings
        self.cache = cache
        self.paid = paid
        self.on_progress = on_progress
        self.fresh: dict[str, Answered] = {}
        self.running: dict[Future[Answered], tuple[Inquiry, Usage]] = {}
        self.waiting: deque[Inquiry] = deque()

    def replies(self, questions: list[Inquiry]) -> Iterator[tuple[int, ModelReply]]:
        unique = {question.key: question for question in questions}
        for key in unique:
            if cached := self.cache.read(key):
                self.paid[key] = cached.usage
            else:
                self.waiting.append(unique[key])
        self.total, self.cached = len(unique), len(unique) - len(self.waiting)
        self.purse = Purse(self.settings.budget, self.settings.price, self.paid.values())
        self.start = time.monotonic()
        self._report()
        if not self.waiting:
            yield from ((index, self._read(question)) for index, question in enumerate(questions))
            return

        endpoint = Endpoint(self.settings)
        attempts = Attempts(self.settings, self.cache, endpoint)
        try:
            with ThreadPoolExecutor(self.settings.concurrency) as pool:
                try:
                    for index, question in enumerate(questions):
                        while not self._is_there(question.key):
                            self._call(pool, attempts)
                            self._settle()
                        yield index, self._read(question)
                finally:
                    attempts.pauses.stop()  # calls under way are paid: they come to their end, and are kept
        finally:
            endpoint.close()

    def _is_there(self, key: str) -> bool:
        return key in self.fresh or key in self.paid

    def _read(self, question: Inquiry) -> ModelReply:
        outcome = self.fresh.get(question.key)
        raw = outcome.reply if outcome else self.cache.read(question.key)
        if raw is None:
            raise service_error(self.settings, GONE)
        return read_reply(raw, question.request.shape, cached=outcome is None)

    def _call(self, pool: ThreadPoolExecutor, attempts: Attempts) -> None:
        """Begin as many calls as there may be at one time: one until the first was answered."""
        most = self.settings.concurrency if attempts.is_proven else 1
        while self.waiting and len(self.running) < most:
            question = self.waiting[0]
            if limit := self.purse.spent_up(question.expected):
                if not self.running:
                    raise service_error(self.settings, _spent_up(limit, self.purse, self))
                return
            self.waiting.popleft()
            aside = self.purse.lay_aside(question.expected)
            self.running[pool.submit(attempts.answer, question)] = (question, aside)

    def _settle(self) -> None:
        """Wait for an answer, and pay for it."""
        for future in wait(self.running, return_when=FIRST_COMPLETED).done:
            question, aside = self.running.pop(future)
            outcome = future.result()
            bill = outcome.reply.usage if outcome.is_paid else None
            self.purse.settle(aside, question.expected, bill, outcome.lost)
            self.fresh[question.key] = outcome
            if bill:
                self.paid[question.key] = bill
            self._report()

    @property
    def spent(self) -> Spent:
        return self.purse.spent

    def _report(self) -> None:
        seconds = time.monotonic() - self.start
        done = self.cached + len(self.fresh)
        self.on_progress(AskProgress(done, self.total, self.cached, self.spent, self.settings.price, seconds))


GONE = Bilingual("a reply has gone from the cache while it was read", "缓存中的回复在读取时消失")


def _spent_up(limit: Bilingual, purse: Purse, work: _Round) -> Bilingual:
    done = work.cached + len(work.fresh)
    return Bilingual(
        f"another call might break the budget of {limit.en}: {purse.spent.calls} calls and {purse.spent.tokens} tokens "
        f"are spent, {done} of {work.total} replies are there; raise 'llm.budget' to go on",
        f"再调用一次可能超出预算（{limit.zh}）：已用 {purse.spent.calls} 次调用、{purse.spent.tokens} token，"
        f"已有 {done}/{work.total} 个回复；提高“llm.budget”后可继续",
    )

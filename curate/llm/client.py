"""Asks a language model many questions: within the budget, several at once, and none twice."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from curate.llm.reply import ModelReply
from curate.llm.request import Request
from curate.llm.spending import Estimate, Headway
from schemas.llm import LlmSettings

OnHeadway = Callable[[Headway], None]
"""Called after every reply."""


class Client:
    """One endpoint and the cache of its replies, in `folder`."""

    def __init__(self, settings: LlmSettings, folder: Path) -> None:
        self.settings = settings
        self.folder = folder

    def estimate(self, requests: Sequence[Request]) -> Estimate:
        """Say what these questions will cost, before anything is asked. Calls nothing."""
        raise NotImplementedError

    def ask(self, requests: Sequence[Request], on_headway: OnHeadway) -> Iterator[tuple[int, ModelReply]]:
        """Ask; yield the index of every request and its reply, in the order of the requests.

        Raises ServiceError when the budget is spent or the endpoint fails for good. What came until then stands in
        the cache: the same command goes on there.
        """
        raise NotImplementedError

"""Lets blocks pass their stages: here, or in several processes, with the same result in the same order."""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager

import polars as pl

from curate.build.block_outputs import Part
from curate.build.pipeline import Before, Work
from curate.system.parallel import other_processes, unharmed

Take = Callable[[list[Part]], None]
AHEAD = 1
"""Blocks that wait for each process: more would only fill the memory."""


class Here:
    """One block after the other, in this process."""

    def __init__(self, take: Take) -> None:
        self._take = take

    def run(self, work: Work, records: pl.DataFrame, before: Before, known: list[Part]) -> None:
        self._take(work.done(known[-1].kept if known else lambda: records, before, known))

    def finish(self) -> None:
        """All blocks have been taken."""


class Processes:
    """Blocks in other processes. They are taken in the order in which they were given."""

    def __init__(self, pool: ProcessPoolExecutor, ahead: int, take: Take) -> None:
        self._pool = pool
        self._ahead = ahead
        self._take = take
        self._waiting: deque[Future[list[Part]]] = deque()

    def run(self, work: Work, records: pl.DataFrame, before: Before, known: list[Part]) -> None:
        self._waiting.append(self._pool.submit(_done, work, records.clear() if known else records, before, known))
        while len(self._waiting) > self._ahead:
            self._take(self._waiting.popleft().result())

    def finish(self) -> None:
        """Takes the blocks that are still on their way."""
        while self._waiting:
            self._take(self._waiting.popleft().result())


def _done(work: Work, records: pl.DataFrame, before: Before, known: list[Part]) -> list[Part]:
    return work.done(known[-1].kept if known else lambda: records, before, known)


@contextmanager
def runner(jobs: int, take: Take) -> Iterator[Here | Processes]:
    """What runs blocks in so many processes; `take` is given the outputs of each block."""
    if jobs == 1:
        yield Here(take)
        return
    pool, _ = other_processes(jobs)
    with unharmed(), pool:
        try:
            yield Processes(pool, jobs + AHEAD, take)
        except BaseException:  # Ctrl-C, too: what waits is not to be begun
            pool.shutdown(cancel_futures=True)
            raise

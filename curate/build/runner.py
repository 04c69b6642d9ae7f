"""Runs blocks in this process or in several, with the same result in the same order."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager

import polars as pl

from curate.build.block_outputs import BlockOutput, BookedStage
from curate.build.pipeline import BlockTask
from curate.system.parallel import explaining_killed_workers, other_processes

Take = Callable[[list[BlockOutput]], None]
"""Is given the outputs of each block, in the order of the blocks."""
AHEAD = 1
"""Blocks that wait for each process: more would only fill the memory."""


class InProcess:
    """One block after the other, in this process."""

    def __init__(self, take: Take) -> None:
        self._take = take

    def run(
        self, task: BlockTask, records: pl.DataFrame, booked: Sequence[BookedStage], known: list[BlockOutput]
    ) -> None:
        """Run a block, whose first outputs may be known."""
        self._take(_outputs(task, records, booked, known))

    def finish(self) -> None:
        """Do nothing: all blocks have been taken."""


class Processes:
    """Blocks in other processes. They are taken in the order in which they were given."""

    def __init__(self, pool: ProcessPoolExecutor, ahead: int, take: Take) -> None:
        self._pool = pool
        self._ahead = ahead
        self._take = take
        self._waiting: deque[Future[list[BlockOutput]]] = deque()

    def run(
        self, task: BlockTask, records: pl.DataFrame, booked: Sequence[BookedStage], known: list[BlockOutput]
    ) -> None:
        """Send a block on its way, and take those that are done where too many wait."""
        sent = records.clear() if known else records  # records that are known lie on the disk: send none
        self._waiting.append(self._pool.submit(_outputs, task, sent, booked, known))
        while len(self._waiting) > self._ahead:
            self._take(self._waiting.popleft().result())

    def finish(self) -> None:
        """Take the blocks that are still on their way."""
        while self._waiting:
            self._take(self._waiting.popleft().result())


def _outputs(
    task: BlockTask, records: pl.DataFrame, booked: Sequence[BookedStage], known: list[BlockOutput]
) -> list[BlockOutput]:
    return task.run(known[-1].kept if known else lambda: records, booked, known)


@contextmanager
def runner(jobs: int, take: Take) -> Iterator[InProcess | Processes]:
    """Give what runs blocks in `jobs` processes, and end them."""
    if jobs == 1:
        yield InProcess(take)
        return
    pool, _ = other_processes(jobs)
    with explaining_killed_workers(), pool:
        try:
            yield Processes(pool, jobs + AHEAD, take)
        except BaseException:  # Ctrl-C, too: what waits is not to be begun
            pool.shutdown(cancel_futures=True)
            raise

"""Work on several cores: tasks go to other processes, too, and their results come back in order.

Threads would not do: between short operations of numpy they wait for each other's lock (measured: no gain from two).
"""

import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from multiprocessing.process import BaseProcess
from threading import Thread
from time import monotonic
from types import TracebackType
from typing import Self, TypeVar

from curate.system.interrupts import held_back
from schemas.errors import ServiceError

Item = TypeVar("Item")
Task = TypeVar("Task")
Result = TypeVar("Result")
MAX_PROCESSES = 8
"""Processes that one can feed; each takes 60 to 90 MB of its own."""
WORTH = 1.0
"""Seconds of work that are worth another process, which takes half a second of a core to start."""
AHEAD = 2
"""Tasks that each other process has at hand."""


class Cores:
    """The cores to work on, the one of this process among them. The result is the same for any number of them."""

    def __init__(self, count: int = 1, worth: float = WORTH) -> None:
        self.count, self.worth = min(count, MAX_PROCESSES), worth
        self._workers: ProcessPoolExecutor | None = None
        self._started: list[Future[int]] = []
        self._threads = ThreadPoolExecutor(self.count)

    @property
    def shared(self) -> bool:
        """Whether other processes have been started."""
        return self._workers is not None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._threads.shutdown(cancel_futures=True)
        if self._workers:
            self._workers.shutdown(cancel_futures=True)

    def map(
        self, work: Callable[[Task], Result], prepare: Callable[[Item], Task], items: Sequence[Item]
    ) -> Iterator[Result]:
        """Yield `work(prepare(item))` for each item, in their order: for many short operations.

        The work, its tasks, and what comes back are pickled. A task is prepared when its turn comes. The first tasks
        are done by this process, and tell how long the rest would take; the very first does not count: it may have to
        prepare itself.
        """
        waiting: deque[Future[Result]] = deque()
        with explaining_killed_workers():
            for number, item in enumerate(items):
                began = monotonic()
                waiting.append(self._begin(work, prepare(item), sum(not future.done() for future in waiting)))

                # What one task took, times the tasks that are left, is how long this process would need alone.
                if number:
                    self._start((monotonic() - began) * (len(items) - number))
                while waiting and waiting[0].done():
                    yield waiting.popleft().result()

            while waiting:
                yield waiting.popleft().result()

    def map_in_threads(self, work: Callable[[Task], Result], tasks: Iterable[Task]) -> Iterator[Result]:
        """Yield what `work` returns for each task, in threads: for few long operations that let each other run."""
        yield from map(work, tasks) if self.count == 1 else self._threads.map(work, tasks)

    def _start(self, seconds: float) -> None:
        """Start the other processes, where the work would take that many seconds and is worth it."""
        if self.count > 1 and not self._workers and seconds >= self.worth:
            self._workers, self._started = other_processes(self.count - 1)

    def _begin(self, work: Callable[[Task], Result], task: Task, waiting: int) -> Future[Result]:
        """Give a task to another process where one is up and has room; else do it, also where none can start."""
        if self._workers and waiting < AHEAD * (self.count - 1) and all(map(_is_up, self._started)):
            return self._workers.submit(work, task)
        done: Future[Result] = Future()
        done.set_result(work(task))
        return done


def _is_up(started: Future[int]) -> bool:
    return started.done() and not started.exception()


SERIAL = Cores()
"""No core but this one."""


def every_core() -> Cores:
    """Take as many cores as this process may use."""
    return Cores(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


def other_processes(count: int) -> tuple[ProcessPoolExecutor, list[Future[int]]]:
    """Start processes that leave Ctrl-C to this one, and end with it, however it ends.

    The futures are done once the processes are up.
    """
    pool = ProcessPoolExecutor(count, get_context("spawn"), initializer=_follow)
    with held_back():
        return pool, [pool.submit(int) for _ in range(count)]


@contextmanager
def explaining_killed_workers() -> Iterator[None]:
    """Raise ServiceError, a sentence, where another process was killed from outside: its share of the work is lost."""
    try:
        yield
    except BrokenProcessPool:
        raise ServiceError(
            "a process of this build was killed from outside, most likely for want of memory; nothing half done is "
            "left: free some memory and run the same command again",
            "本次构建的一个进程被外部终止，多半是内存不足；没有留下做到一半的版本：请腾出一些内存，再次运行同一条命令",
        ) from None


def _follow() -> None:
    """Make this worker ignore Ctrl-C and end when the process that started it does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if leader := parent_process():
        Thread(target=_end_with, args=(leader,), daemon=True).start()


def _end_with(leader: BaseProcess) -> None:
    leader.join()
    os._exit(1)

"""Work on several cores: pieces go to other processes, too, and come back in their order.

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

from schemas.errors import ServiceError

G = TypeVar("G")
P = TypeVar("P")
R = TypeVar("R")
MOST = 8
"""Processes that one can feed; each takes 60 to 90 MB of its own."""
WORTH = 1.0
"""Seconds of work that are worth another process, which takes half a second of a core to start."""
AHEAD = 2
"""Pieces that each other process has at hand."""


class Cores:
    """So many cores to work on, the one of this process among them. The result is the same for any number."""

    def __init__(self, count: int = 1, worth: float = WORTH) -> None:
        self.count, self.worth = min(count, MOST), worth
        self._others: ProcessPoolExecutor | None = None
        self._started: list[Future[int]] = []
        self._threads = ThreadPoolExecutor(self.count)

    @property
    def shared(self) -> bool:
        """Whether other processes have been started."""
        return self._others is not None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._threads.shutdown(cancel_futures=True)
        if self._others:
            self._others.shutdown(cancel_futures=True)

    def each(self, work: Callable[[P], R], piece: Callable[[G], P], given: Sequence[G]) -> Iterator[R]:
        """What `work` makes of the piece that is made for each of the given ones: for many short operations.

        The work, its pieces, and what comes back are pickled. A piece is made when its turn comes. The first pieces are
        done here, and tell how long the rest would take; the very first does not count: it may have to prepare itself.
        """
        waiting: deque[Future[R]] = deque()
        with unharmed():
            for number, one in enumerate(given):
                began = monotonic()
                waiting.append(self._begun(work, piece(one), sum(not future.done() for future in waiting)))
                if number:
                    self._start((monotonic() - began) * (len(given) - number))
                while waiting and waiting[0].done():
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()

    def at_once(self, work: Callable[[P], R], pieces: Iterable[P]) -> Iterator[R]:
        """What `work` makes of each piece, in threads: for few long operations that let each other run."""
        yield from map(work, pieces) if self.count == 1 else self._threads.map(work, pieces)

    def _start(self, seconds: float) -> None:
        """Other processes, where there is so much to do."""
        if self.count > 1 and not self._others and seconds >= self.worth:
            self._others, self._started = other_processes(self.count - 1)

    def _begun(self, work: Callable[[P], R], piece: P, waiting: int) -> Future[R]:
        """By another process where one is up and has room, else done here: where none can start, too."""
        if self._others and waiting < AHEAD * (self.count - 1) and all(map(_is_up, self._started)):
            return self._others.submit(work, piece)
        done: Future[R] = Future()
        done.set_result(work(piece))
        return done


def _is_up(started: Future[int]) -> bool:
    return started.done() and not started.exception()


HERE = Cores()
"""No core but this one."""


def every_core() -> Cores:
    """As many as this process may use."""
    return Cores(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


def other_processes(count: int) -> tuple[ProcessPoolExecutor, list[Future[int]]]:
    """Processes that leave Ctrl-C to this one, and end with it, however it ends; and what is done once they are up."""
    pool = ProcessPoolExecutor(count, get_context("spawn"), initializer=_follow)
    with _deaf():
        return pool, [pool.submit(int) for _ in range(count)]


@contextmanager
def unharmed() -> Iterator[None]:
    """Says so in a sentence where another process was killed from outside: its part of the work is missing."""
    try:
        yield
    except BrokenProcessPool:
        raise ServiceError(
            "a process of this build was killed from outside, most likely for want of memory; nothing half done is "
            "left: free some memory and run the same command again",
            "本次构建的一个进程被外部终止，多半是内存不足；没有留下做到一半的版本：请腾出一些内存，再次运行同一条命令",
        ) from None


@contextmanager
def _deaf() -> Iterator[None]:
    """What is started meanwhile never hears Ctrl-C; this process hears it afterwards."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _follow() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if leader := parent_process():
        Thread(target=_end_with, args=(leader,), daemon=True).start()


def _end_with(leader: BaseProcess) -> None:
    leader.join()
    os._exit(1)

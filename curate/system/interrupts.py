"""Ctrl-C, and SIGTERM, which ends a program alike: what becomes of the work, and what is true afterwards.

An interrupt may reach us as an error of a library, twice (polars raises one of its own, and then comes ours), or not at
all, where a library drops it. So it is remembered here, and does not disturb the tidying up after it. The code that
works says here what an interrupt would leave, and what it has finished.
"""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType

from schemas.bilingual import Bilingual

SIGNALS = (signal.SIGINT, signal.SIGTERM)
INSISTENCE = 3
"""The interrupt that ends even the tidying up: who presses Ctrl-C so often wants to be out."""


@dataclass
class Heard:
    """What this process has heard: the signals, and what those who worked said of the interrupt."""

    signals: list[int] = field(default_factory=list)
    explanation: Bilingual | None = None
    finished: list[Bilingual] = field(default_factory=list)
    holds: int = 0
    """How many now want no interrupt to be raised."""


_heard = Heard()


def listen() -> None:
    """Let Ctrl-C and SIGTERM raise KeyboardInterrupt, and be remembered; one that is dropped prints nothing."""
    for number in SIGNALS:
        signal.signal(number, _interrupt)
    usual = sys.unraisablehook
    sys.unraisablehook = lambda error: None if isinstance(error.exc_value, KeyboardInterrupt) else usual(error)


@contextmanager
def as_keyboard_interrupt() -> Iterator[None]:
    """Raise KeyboardInterrupt for whatever error ends the work after Ctrl-C was pressed: a library may rename it."""
    try:
        yield
    except SystemExit:
        raise
    except BaseException:
        check()
        raise


def check() -> None:
    """Raise KeyboardInterrupt when Ctrl-C was pressed and something dropped it."""
    if _heard.signals:
        raise KeyboardInterrupt


def end_waiting() -> None:
    """Let an interrupt end a read that waits for a person or a program: polars, once imported, lets it wait on."""
    signal.siginterrupt(signal.SIGINT, True)


@contextmanager
def held_back() -> Iterator[None]:
    """Do at once what must not be done by half: an interrupt is raised afterwards. It may be nested.

    A process that is started meanwhile never hears Ctrl-C: a blocked signal stays blocked in it.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    _heard.holds += 1  # threads that do not block the signal let us hear it
    try:
        yield
    finally:
        _heard.holds -= 1
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    if not _heard.holds and not _is_on_its_way():
        check()


@contextmanager
def explained(so: Callable[[], Bilingual | None]) -> Iterator[None]:
    """Let `so` say what is true where an interrupt ends the work: one sentence, or None where the work was done."""
    try:
        with as_keyboard_interrupt():
            yield
    except KeyboardInterrupt:
        _heard.explanation = _heard.explanation or so()
        raise


def remember_finished(what: Bilingual) -> None:
    """Remember something that is whole on the disk: no later interrupt takes it away."""
    if what not in _heard.finished:
        _heard.finished.append(what)


def message() -> Bilingual:
    """Say, in one sentence, what an interrupt has left."""
    sentence = _heard.explanation or Bilingual("interrupted", "已中断")
    if not _heard.finished:
        return sentence
    en, zh = ", ".join(what.en for what in _heard.finished), "、".join(what.zh for what in _heard.finished)
    return Bilingual(f"{sentence.en}; finished before, and kept: {en}", f"{sentence.zh}；此前已完成并保留：{zh}")


def exit_code() -> int:
    """Give the code that shells have for an end by a signal: 130 for Ctrl-C, 143 for SIGTERM."""
    return 128 + (_heard.signals[0] if _heard.signals else signal.SIGINT)


def stop_listening() -> None:
    """Ignore what still comes: all that is left to do is to say what is so."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def _interrupt(number: int, frame: FrameType | None) -> None:
    _heard.signals.append(number)
    if _heard.holds or (_is_on_its_way() and len(_heard.signals) < INSISTENCE):
        return
    raise KeyboardInterrupt


def _is_on_its_way() -> bool:
    """Tell whether an interrupt was raised and those who are at work are tidying up."""
    error = sys.exception()
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__context__
    return error is not None

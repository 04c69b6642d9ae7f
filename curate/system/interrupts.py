"""Ctrl-C: an interrupt may reach us as an error of a library, or be dropped by one, so it is remembered here."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_asked: list[int] = []


def listen() -> None:
    """From now on Ctrl-C raises KeyboardInterrupt, as ever, and is remembered; one that was dropped prints nothing."""
    signal.signal(signal.SIGINT, _interrupt)
    usual = sys.unraisablehook
    sys.unraisablehook = lambda told: None if isinstance(told.exc_value, KeyboardInterrupt) else usual(told)


@contextmanager
def undressed() -> Iterator[None]:
    """What ends the work after Ctrl-C was pressed is that, whatever error a library made of it."""
    try:
        yield
    except SystemExit:
        raise
    except BaseException:
        check()
        raise


def check() -> None:
    """Raises KeyboardInterrupt when Ctrl-C was pressed and something dropped it."""
    if _asked:
        raise KeyboardInterrupt


def _interrupt(number: int, frame: FrameType | None) -> None:
    _asked.append(number)
    raise KeyboardInterrupt

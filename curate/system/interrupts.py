"""Ctrl-C: an interrupt may reach us as an error of a library, or be dropped by one, so it is remembered here."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_interrupts: list[int] = []
"""The signals that came."""


def listen() -> None:
    """Let Ctrl-C raise KeyboardInterrupt, as ever, and be remembered; one that is dropped prints nothing."""
    signal.signal(signal.SIGINT, _interrupt)
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
    if _interrupts:
        raise KeyboardInterrupt


def _interrupt(number: int, frame: FrameType | None) -> None:
    _interrupts.append(number)
    raise KeyboardInterrupt

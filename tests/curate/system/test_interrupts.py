"""Ctrl-C ends a command, whatever a library makes of it: each poisoned program dresses or drops the interrupt."""

import subprocess
import sys

import pytest

START = """
import os, signal
from curate.system import interrupts
interrupts.listen()
def press():
    os.kill(os.getpid(), signal.SIGINT)
    while True:
        pass
"""
DRESSED = """
with interrupts.as_keyboard_interrupt():
    try:
        press()
    except KeyboardInterrupt:
        raise TypeError("of a library") from None
"""
DROPPED = """
try:
    press()
except KeyboardInterrupt:
    pass
interrupts.check()
"""
IN_A_CLOSING_GENERATOR = """
def rows():
    try:
        yield
    finally:
        press()
opened = rows()
next(opened)
del opened
interrupts.check()
"""
NOT_PRESSED = """
interrupts.check()
with interrupts.as_keyboard_interrupt():
    raise TypeError("of a library")
"""
DONE = """
with interrupts.as_keyboard_interrupt():
    try:
        press()
    except KeyboardInterrupt:
        raise SystemExit(0)
"""


@pytest.mark.parametrize(
    ("program", "ends_with"),
    [
        (DRESSED, "KeyboardInterrupt"),
        (DROPPED, "KeyboardInterrupt"),
        (IN_A_CLOSING_GENERATOR, "KeyboardInterrupt"),
        (NOT_PRESSED, "TypeError: of a library"),
        (DONE, ""),
    ],
)
def test_an_interrupt_stays_one(program: str, ends_with: str) -> None:
    done = subprocess.run([sys.executable, "-c", START + program], capture_output=True, text=True, timeout=60)
    assert (done.returncode == 0) is (not ends_with)
    assert done.stderr.strip().rpartition("\n")[2] == ends_with
    assert "Exception ignored" not in done.stderr

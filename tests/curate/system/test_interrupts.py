"""An interrupt ends a command, whatever a library makes of it, and disturbs nobody who tidies up after it.

Each poisoned program dresses, drops or doubles the interrupt; beside it stands one that must go on as if it were none.
"""

import signal
import subprocess
import sys

import pytest

START = """
import os, signal, sys
from curate.system import interrupts
from schemas.bilingual import Bilingual
interrupts.listen()
def press(number=signal.SIGINT):
    os.kill(os.getpid(), number)
def press_and_wait():
    press()
    while True:
        pass
"""
DRESSED = """
with interrupts.as_keyboard_interrupt():
    try:
        press_and_wait()
    except KeyboardInterrupt:
        raise TypeError("of a library") from None
"""
DRESSED_AS_A_PANIC = """
class Panic(BaseException):
    pass
with interrupts.as_keyboard_interrupt():
    try:
        press_and_wait()
    except KeyboardInterrupt:
        raise Panic("of a library in Rust") from None
"""
DROPPED = """
try:
    press_and_wait()
except KeyboardInterrupt:
    pass
interrupts.check()
"""
IN_A_CLOSING_GENERATOR = """
def rows():
    try:
        yield
    finally:
        press_and_wait()
opened = rows()
next(opened)
del opened
interrupts.check()
"""
NOT_PRESSED = """
interrupts.check()
with interrupts.held_back():
    interrupts.check()
with interrupts.as_keyboard_interrupt():
    raise TypeError("of a library")
"""
DONE = """
with interrupts.as_keyboard_interrupt():
    try:
        press_and_wait()
    except KeyboardInterrupt:
        raise SystemExit(0)
"""
DOUBLED = """
try:
    raise KeyboardInterrupt  # as polars does, before ours comes
finally:
    press()
    print("tidied up")
"""
DRESSED_AND_DOUBLED = """
try:
    try:
        press_and_wait()
    except KeyboardInterrupt:
        raise TypeError("of a library") from None
finally:
    press()
    print("tidied up")
    interrupts.check()
"""
INSISTED_ON = """
try:
    press_and_wait()
finally:
    press()
    press_and_wait()
"""
WHILE_ANOTHER_ERROR_IS_TIDIED_UP = """
try:
    raise TypeError("no interrupt")
finally:
    press()
    print("never reached")
"""
HELD_BACK = """
with interrupts.held_back():
    with interrupts.held_back():
        press()
        press(signal.SIGTERM)
    print("tidied up")
print("never reached")
"""
TERMINATED = """
press(signal.SIGTERM)
print("never reached")
"""


@pytest.mark.parametrize(
    ("program", "printed", "ends_with"),
    [
        (DRESSED, "", "KeyboardInterrupt"),
        (DRESSED_AS_A_PANIC, "", "KeyboardInterrupt"),
        (DROPPED, "", "KeyboardInterrupt"),
        (IN_A_CLOSING_GENERATOR, "", "KeyboardInterrupt"),
        (DOUBLED, "tidied up\n", "KeyboardInterrupt"),
        (DRESSED_AND_DOUBLED, "tidied up\n", "KeyboardInterrupt"),
        (INSISTED_ON, "", "KeyboardInterrupt"),
        (WHILE_ANOTHER_ERROR_IS_TIDIED_UP, "", "KeyboardInterrupt"),
        (HELD_BACK, "tidied up\n", "KeyboardInterrupt"),
        (TERMINATED, "", "KeyboardInterrupt"),
        (NOT_PRESSED, "", "TypeError: of a library"),
        (DONE, "", ""),
    ],
)
def test_an_interrupt_stays_one(program: str, printed: str, ends_with: str) -> None:
    done = subprocess.run([sys.executable, "-c", START + program], capture_output=True, text=True, timeout=60)
    assert (done.returncode == 0) is (not ends_with)
    assert done.stdout == printed
    assert done.stderr.strip().rpartition("\n")[2] == ends_with
    assert "Exception ignored" not in done.stderr


EXPLAINED = """
def so():
    return Bilingual("interrupted at work", "工作被中断")
try:
    interrupts.remember_finished(Bilingual("the first thing", "第一件"))
    with interrupts.explained(so):
        WORK
except (KeyboardInterrupt, TypeError):
    pass
print(interrupts.message().en)
print(interrupts.message().zh)
print(interrupts.exit_code())
"""
FIRST, BOTH = ("the first thing", "第一件"), ("the first thing, the second", "第一件、第二件")


@pytest.mark.parametrize(
    ("work", "en", "zh", "finished", "code"),
    [
        ("press_and_wait()", "interrupted at work", "工作被中断", FIRST, 130),
        ("press(signal.SIGTERM)", "interrupted at work", "工作被中断", FIRST, 143),
        (
            "interrupts.remember_finished(Bilingual('the second', '第二件')); press()",
            *("interrupted at work", "工作被中断", BOTH, 130),
        ),
        ("pass", "interrupted", "已中断", FIRST, 130),
        ("raise TypeError", "interrupted", "已中断", FIRST, 130),
    ],
)
def test_who_works_says_what_is_so(work: str, en: str, zh: str, finished: tuple[str, str], code: int) -> None:
    program = START + EXPLAINED.replace("WORK", work)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    lines = [f"{en}; finished before, and kept: {finished[0]}", f"{zh}；此前已完成并保留：{finished[1]}", str(code)]
    assert done.stdout.splitlines() == lines, done.stderr


READING = "import polars; interrupts.end_waiting(); print('reading', flush=True); sys.stdin.read()"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_ends_a_read_that_waits(number: int) -> None:
    """Poisoned: polars sets the signal so that a read waits on after it."""
    with subprocess.Popen(
        [sys.executable, "-c", START + READING],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout and running.stdout.readline() == "reading\n"
        running.send_signal(number)
        try:
            running.wait(20)
        except subprocess.TimeoutExpired:
            running.kill()
            raise
        assert running.stderr and running.stderr.read().endswith("KeyboardInterrupt\n")

"""The program `hornbook` run here, in the process of the tests: what it prints, and its exit code.

A process of its own takes a second or two to load what is loaded here already. What only a new process shows, help in
another language, signals, what is imported, stays with `tests.curate.commands.test_command_line.hornbook`.
"""

import os
import signal
import subprocess
import sys
import tempfile
import traceback
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, chdir, contextmanager
from contextvars import copy_context
from io import TextIOWrapper
from pathlib import Path

from curate.cli import main


def hornbook(*arguments: str, cwd: Path, lang: str = "en") -> subprocess.CompletedProcess[str]:
    with ExitStack() as stack:
        files = [stack.enter_context(tempfile.TemporaryFile()) for _ in range(2)]
        stack.enter_context(_as_it_was())
        stack.enter_context(chdir(cwd))
        os.environ |= {"HORNBOOK_LANG": lang, "COLUMNS": "120"}
        sys.argv = ["hornbook", *arguments]
        streams = [TextIOWrapper(file, "utf-8", write_through=True) for file in files]
        sys.stdout, sys.stderr = streams
        stack.enter_context(_written_to(1, files[0].fileno()))
        stack.enter_context(_written_to(2, files[1].fileno()))
        code = copy_context().run(_code)
        for stream in streams:
            stream.flush()
        printed = []
        for stream in streams:
            stream.seek(0)
            printed.append(stream.read())
    return subprocess.CompletedProcess(["hornbook", *arguments], code, *printed)


def _code() -> int:
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        try:
            main()
        except SystemExit as ended:
            return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
        except BaseException:  # noqa: BLE001 - a process would end with a traceback, too
            traceback.print_exc()
            return 1
    return 0


@contextmanager
def _as_it_was() -> Iterator[None]:
    """Put back what a process that ends would leave to nobody: the environment, streams, signals."""
    environment, argv = dict(os.environ), sys.argv
    streams, hook = (sys.stdout, sys.stderr), sys.unraisablehook
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        sys.stdout, sys.stderr = streams
        sys.argv, sys.unraisablehook = argv, hook
        for number, handler in handlers.items():
            signal.signal(number, handler)
        os.environ.clear()
        os.environ.update(environment)


@contextmanager
def _written_to(descriptor: int, file: int) -> Iterator[None]:
    """Let a file descriptor lead to a file: what programs that are started print goes there, too."""
    kept = os.dup(descriptor)
    os.dup2(file, descriptor)
    try:
        yield
    finally:
        os.dup2(kept, descriptor)
        os.close(kept)

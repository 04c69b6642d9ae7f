"""The program `hornbook`: finds the language, checks that our packages are ours, turns errors into exit codes."""

import errno
import io
import os
import re
import select
import sys

from curate.system import interrupts
from curate.system.namespace import check_namespace
from curate.terminal.plain_stream import PlainStream
from curate.terminal.printing import complain
from schemas.bilingual import Bilingual, Language, language_of_environment, speaking
from schemas.errors import HornbookError, InputError, ServiceError

DISK_REFUSES = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EFBIG)
"""Failures of a disk that no program can mend."""
INTERRUPTED = 130
"""How Typer answers KeyboardInterrupt, Ctrl-C or not."""


def main() -> None:
    """Run the command line and end the process with the exit code that the error tree names. What the console cannot
    show is replaced there, and nowhere else.

    Where nobody reads on (`hornbook log | head -1`), end at once, without a message, as if all had been read.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    if sys.stdout:  # on standard error a bar of progress moves the cursor: what is printed there is made plain before
        sys.stdout = PlainStream(sys.stdout)
    out = os.dup(sys.stdout.fileno()) if sys.stdout else None  # a copy: rich closes the other one
    try:
        _run()
    except SystemExit as ended:  # Typer and rich make one of a broken pipe, with the code of a gate
        is_cut_off = isinstance(ended.__context__, BrokenPipeError) and _has_no_reader(out)
        code = 0 if is_cut_off else ended.code
    except BrokenPipeError:
        if not _has_no_reader(out):
            raise
        code = 0
    _discard_unread(out)
    raise SystemExit(code)


def _has_no_reader(out: int | None) -> bool:
    """Tell whether the reader of this file descriptor has closed its end."""
    if out is None or not hasattr(select, "poll"):  # Windows has none
        return False
    poll = select.poll()
    poll.register(out, 0)
    return any(event & (select.POLLERR | select.POLLHUP) for _, event in poll.poll(0))


def _discard_unread(out: int | None) -> None:
    """Send what still waits to be written to /dev/null where nobody reads on: the interpreter would complain of it."""
    if out is not None and _has_no_reader(out):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run() -> None:
    """Run the command line. Always raises SystemExit with the exit code."""
    arguments = sys.argv[1:]
    interrupts.listen()
    try:
        speaking.set(_language(arguments))
        check_namespace(sys.path)
        with interrupts.as_keyboard_interrupt():
            code = _code_of(arguments)
        if sys.stdout:
            sys.stdout.flush()
        if code == INTERRUPTED:
            raise KeyboardInterrupt
        raise SystemExit(code)
    except HornbookError as error:
        complain(error, content="--json" not in arguments)
        raise SystemExit(error.exit_code) from None
    except OSError as error:
        if (number := _error_number(error)) not in DISK_REFUSES:
            raise
        print(_disk_refuses(os.strerror(number)), file=sys.stderr)
        raise SystemExit(ServiceError.exit_code) from None
    except KeyboardInterrupt:
        interrupts.stop_listening()
        new_line = "\n" if sys.stderr and sys.stderr.isatty() else ""  # the terminal has written ^C
        print(f"{new_line}{interrupts.message()}", file=sys.stderr)
        raise SystemExit(interrupts.exit_code()) from None


def _code_of(arguments: list[str]) -> int | None:
    """Run a command, and give its exit code. Raises SystemExit for a command line that is wrong."""
    from typer import TyperException  # Ctrl-C may come while these are imported

    # After the language is known: the help texts are written when this module is imported.
    from curate.commands.app import app

    try:
        code: int | None = app(args=arguments, prog_name="hornbook", standalone_mode=False)
    except TyperException as error:
        from curate.terminal.usage import explain_mistake

        print(explain_mistake(error), file=sys.stderr)
        raise SystemExit(InputError.exit_code) from None
    return code


def _disk_refuses(why: str) -> Bilingual:
    return Bilingual(
        f"the disk refuses: {why}; nothing that was published is harmed", f"磁盘拒绝写入：{why}；已发布的版本不受影响"
    )


def _error_number(error: OSError) -> int:
    """Find the errno of a failure; polars has it in the text of its message only. 0 where there is none."""
    match = re.search(r"\(os error (\d+)\)", str(error))
    return error.errno or (int(match[1]) if match else 0)


def _language(arguments: list[str]) -> Language:
    """Find the language: that of `--lang` anywhere on the line, which is taken out, else that of the environment."""
    for index, word in enumerate(arguments):
        if word == "--":
            break
        if word != "--lang" and not word.startswith("--lang="):
            continue
        wanted = word.partition("=")[2] or "".join(arguments[index + 1 : index + 2])
        if wanted not in ("en", "zh"):
            print("--lang: en | zh", file=sys.stderr)
            raise SystemExit(2)
        del arguments[index : index + (1 if "=" in word else 2)]
        os.environ["HORNBOOK_LANG"] = wanted  # the trainer and the examiner speak it too
        return "zh" if wanted == "zh" else "en"
    return language_of_environment()

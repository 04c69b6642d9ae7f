"""The program `hornbook`: finds the language, guards the layout, turns errors into a sentence and an exit code."""

import errno
import os
import re
import select
import sys

from typer import TyperException

from curate.system import interrupts
from curate.system.namespace import check_layout
from curate.terminal.printing import complain
from schemas.bilingual import Language, Words, language_of_environment, speaking
from schemas.errors import HornbookError, InputError, ServiceError

DISK_REFUSES = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EFBIG)
"""The failures of a disk that no program can do anything about."""
INTERRUPTED = 130


def main() -> None:
    """Runs the command line and ends the process with the exit code that the error tree names.

    Where nobody reads on (`hornbook log | head -1`) it ends at once, without a word, as if all had been read.
    """
    out = os.dup(sys.stdout.fileno()) if sys.stdout else None  # rich lets go of the other one
    try:
        _run()
    except SystemExit as ended:  # Typer and rich make one of a broken pipe, with the code of a gate
        cut_off = isinstance(ended.__context__, BrokenPipeError) and _unread(out)
        code = 0 if cut_off else ended.code
    except BrokenPipeError:
        if not _unread(out):
            raise
        code = 0
    _forget_unread(out)
    raise SystemExit(code)


def _unread(out: int | None) -> bool:
    """Whether nobody reads any more what is written there."""
    if out is None or not hasattr(select, "poll"):  # Windows has none
        return False
    poll = select.poll()
    poll.register(out, 0)
    return any(event & (select.POLLERR | select.POLLHUP) for _, event in poll.poll(0))


def _forget_unread(out: int | None) -> None:
    """What still waits to be written goes nowhere where nobody reads on: the interpreter would complain of it."""
    if out is not None and _unread(out):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run() -> None:
    """The command line, ending in SystemExit with the exit code."""
    arguments = sys.argv[1:]
    interrupts.listen()
    try:
        speaking.set(_language(arguments))
        check_layout(sys.path)
        # After the language is known: the help texts are made when this module is imported.
        from curate.commands.app import app

        with interrupts.undressed():
            code = app(args=arguments, prog_name="hornbook", standalone_mode=False)
        if sys.stdout:
            sys.stdout.flush()
        if code == INTERRUPTED:  # how Typer answers Ctrl-C
            raise KeyboardInterrupt
        raise SystemExit(code)
    except TyperException as error:
        from curate.terminal.usage import mistake

        print(mistake(error), file=sys.stderr)
        raise SystemExit(InputError.exit_code) from None
    except HornbookError as error:
        complain(error, content="--json" not in arguments)
        raise SystemExit(error.exit_code) from None
    except OSError as error:
        if (number := _number(error)) not in DISK_REFUSES:
            raise
        why = os.strerror(number)
        told = Words(
            f"the disk refuses: {why}; nothing that was published is harmed",
            f"磁盘拒绝写入：{why}；已发布的版本不受影响",
        )
        print(told, file=sys.stderr)
        raise SystemExit(ServiceError.exit_code) from None
    except KeyboardInterrupt:
        told = Words(
            "interrupted: nothing half done is left; to continue, run the same command again",
            "已中断：没有留下做到一半的版本；再次运行同一条命令即可继续",
        )
        print(f"\n{told}", file=sys.stderr)
        raise SystemExit(INTERRUPTED) from None


def _number(error: OSError) -> int:
    """The number of a failure of the system; polars has it in the words only."""
    said = re.search(r"\(os error (\d+)\)", str(error))
    return error.errno or (int(said[1]) if said else 0)


def _language(arguments: list[str]) -> Language:
    """The language that `--lang` asks for anywhere on the line (it is taken out), else that of the environment."""
    for position, word in enumerate(arguments):
        if word == "--":
            break
        if word != "--lang" and not word.startswith("--lang="):
            continue
        wanted = word.partition("=")[2] or "".join(arguments[position + 1 : position + 2])
        if wanted not in ("en", "zh"):
            print("--lang: en | zh", file=sys.stderr)
            raise SystemExit(2)
        del arguments[position : position + (1 if "=" in word else 2)]
        os.environ["HORNBOOK_LANG"] = wanted  # the trainer and the examiner speak it too
        return "zh" if wanted == "zh" else "en"
    return language_of_environment()

"""The process of a job: takes the lock of its dataset, runs the command, and writes down how it ended.

    python -m curate.web.ground.job_process FOLDER ARGUMENT…

It belongs to no page: whoever closes or kills the page leaves it working.
"""

import fcntl
import subprocess
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from curate.system.disk import replace_durably
from curate.web.ground.jobs import ENDED, LOCK, TAKEN, JobEnd
from schemas.bilingual import Bilingual, language_of_environment, speaking
from schemas.errors import LockedError

PROGRAM = "from curate.cli import main; main()"
"""The program `hornbook`, wherever its script lies."""
TRIES = 40
BETWEEN_TRIES = 0.05
"""Seconds."""


def main(folder: Path, arguments: list[str]) -> int:
    """Run the command, and give its exit code."""
    with (folder.parent / LOCK).open("wb") as lock:
        if not _locked(lock):
            speaking.set(language_of_environment())
            print(Bilingual("another job was quicker", "另一个任务先开始了"), file=sys.stderr)
            _end(folder, LockedError.exit_code)
            return LockedError.exit_code
        (folder / TAKEN).touch()
        code = _code_of(arguments)
        _end(folder, code)
    return code


def _locked(lock: IO[bytes]) -> bool:
    """Take the lock; a page that looks whether it is taken holds it for a moment, too."""
    for _ in range(TRIES):
        with suppress(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        time.sleep(BETWEEN_TRIES)
    return False


def _code_of(arguments: list[str]) -> int:
    """Run the command as a child: whatever kills it, its end is written down."""
    return subprocess.run([sys.executable, "-P", "-c", PROGRAM, *arguments], check=False).returncode


def _end(folder: Path, code: int) -> None:
    end = JobEnd(code=code, ended=datetime.now(UTC).isoformat(timespec="seconds"))
    replace_durably(folder / ENDED, end.model_dump_json(indent=1).encode())


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]), sys.argv[2:]))

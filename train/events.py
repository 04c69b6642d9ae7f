"""How the trainer and the examiner speak: one JSON object a line on standard output, and nothing else."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

from schemas.errors import HornbookError
from schemas.job import Job


def emit_event(event: str, **facts: str | int | float) -> None:
    """Print one event, at once; in ASCII, because the locale may know no Chinese."""
    print(json.dumps({"event": event, **facts}, allow_nan=False), flush=True)


def run_program(work: Callable[[Job], None]) -> None:
    """Run the job file that the command line names. An error becomes the last line and the exit code."""
    job = Job.model_validate_json(Path(sys.argv[1]).read_bytes())
    try:
        work(job)
    except HornbookError as error:
        emit_event("error", exit=error.exit_code, en=error.sentence.en, zh=error.sentence.zh)
        raise SystemExit(error.exit_code) from None
    except BrokenPipeError:  # the command that started this program is gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the interpreter would complain of what waits
        raise SystemExit(1) from None
    except KeyboardInterrupt:  # the command that started this program says so
        raise SystemExit(130) from None

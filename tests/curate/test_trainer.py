"""The trainer is a program of its own: it has no input to answer questions from."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from schemas.job import ExamSettings, Job, TrainSettings

ROOT = Path(__file__).parent.parent.parent
START = "import sys; from pathlib import Path; from schemas.job import Job; from curate.trainer import start; "
START += "start(sys.argv[1], Job.model_validate_json(Path(sys.argv[2]).read_bytes()), print)"
INSTEAD = "import sys\nif any(word.startswith('train.') for word in sys.orig_argv):\n    import os, time\n    "
"""Begins a module that Python imports before all others: what follows happens in the place of the trainer."""


@pytest.fixture
def job(tmp_path: Path) -> Path:
    work = Job(version="v", run=str(tmp_path / "run"), train=TrainSettings(), exam=ExamSettings())
    path = tmp_path / "job.json"
    path.write_text(work.model_dump_json(), encoding="utf-8")
    return path


def begin(program: str, job: Path, instead: str) -> "subprocess.Popen[str]":
    """Start a program on the job as the command line does, with `instead` in the place of the trainer."""
    (job.parent / "sitecustomize.py").write_text(INSTEAD + instead + "\n    os._exit(0)\n", encoding="utf-8")
    path = os.pathsep.join([str(job.parent), str(ROOT)])
    return subprocess.Popen(
        [sys.executable, "-c", START, program, str(job)],
        env={**os.environ, "PYTHONPATH": path, "HORNBOOK_LANG": "en"},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


@pytest.mark.parametrize("program", ["tune", "exam"])
def test_a_program_of_the_trainer_has_no_input(job: Path, program: str) -> None:
    instead = f"open({str(job.parent / 'heard')!r}, 'w').write(repr(sys.stdin.read()))"
    with begin(program, job, instead) as running:
        _, errors = running.communicate("yes\n" * 100)
    assert running.returncode == 0, errors
    assert (job.parent / "heard").read_text() == "''"

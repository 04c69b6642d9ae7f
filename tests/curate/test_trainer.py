"""The trainer is a program of its own: it has no input to answer from, and one at a time works in a folder."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from schemas.exam_neighbours import ExamNeighbour
from schemas.job import ExamSettings, Job, TrainSettings
from schemas.run_files import RunFiles
from tests.train.versions import line, question, write_version

ROOT = Path(__file__).parent.parent.parent
START = "import sys; from pathlib import Path; from schemas.job import Job; from curate.trainer import start; "
START += "start(sys.argv[1], Job.model_validate_json(Path(sys.argv[2]).read_bytes()), print)"
INSTEAD = "import sys\nif any(word.startswith('train.') for word in sys.orig_argv):\n    import os, time\n    "
"""Begins a module that Python imports before all others: what follows happens in the place of the trainer."""


@pytest.fixture
def job(tmp_path: Path) -> Path:
    version = write_version(tmp_path / "version")
    work = Job(version=str(version), run=str(tmp_path / "run"), train=TrainSettings(), exam=ExamSettings())
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


def seen_by(program: str, job: Path) -> str | None:
    """What the file of neighbours holds when the program begins; None where there is no such file."""
    file, seen = RunFiles(job.parent / "run").exam_neighbours, job.parent / "seen"
    instead = f"import shutil; os.path.exists({str(file)!r}) and shutil.copy({str(file)!r}, {str(seen)!r})"
    with begin(program, job, instead) as running:
        _, errors = running.communicate()
    assert running.returncode == 0, errors
    return seen.read_text(encoding="utf-8") if seen.exists() else None


BOILING = "请问水在标准大气压下的沸点是多少摄氏度"


@pytest.mark.parametrize("program", ["check", "tune"])
def test_the_trainer_finds_the_rows_that_are_near_exam_questions(job: Path, program: str) -> None:
    rows = [line("a", "能退吗", "七天内可以退。"), line("b", BOILING.replace("沸点", "沸腾点"), "一百度。")]
    write_version(job.parent / "version", rows, [question("q", BOILING)])
    lines = (seen_by(program, job) or "").splitlines()
    neighbours = [ExamNeighbour.model_validate_json(neighbour) for neighbour in lines]
    assert [(neighbour.row, neighbour.question) for neighbour in neighbours] == [("b", "q")]
    assert BOILING[2:6] not in "".join(lines)


def test_the_trainer_finds_an_empty_file_where_no_row_is_near_a_question(job: Path) -> None:
    (job.parent / "run").mkdir()
    RunFiles(job.parent / "run").exam_neighbours.write_text("of an earlier run", encoding="utf-8")
    assert seen_by("tune", job) == ""


def test_a_look_at_the_model_alone_compares_nothing(job: Path) -> None:
    work = Job.model_validate_json(job.read_bytes())
    job.write_text(work.model_copy(update={"version": ""}).model_dump_json(), encoding="utf-8")
    assert seen_by("check", job) is None


def test_the_examiner_compares_nothing(job: Path) -> None:
    assert seen_by("exam", job) is None


def test_no_trainer_starts_on_a_damaged_version(job: Path) -> None:
    (job.parent / "version" / "train-00000.jsonl").write_text("{}\n", encoding="utf-8")
    with begin("tune", job, f"open({str(job.parent / 'up')!r}, 'w')") as running:
        _, errors = running.communicate()
    assert "StoreError" in errors
    assert "train-00000.jsonl is damaged" in errors
    assert not (job.parent / "up").exists()


KILLED, SHOWN = "os.kill(os.getpid(), 9)", "what it printed stands above"
BY_WHOM = "killed from outside, most likely for want of memory"
DONE = """print('{"event": "done"}', flush=True); """


@pytest.mark.parametrize(
    ("program", "instead", "says"),
    [
        ("tune", KILLED, f"tune was {BY_WHOM}; nothing of this training is kept"),
        ("exam", KILLED, f"exam was {BY_WHOM}; the answers so far are kept, and the next exam goes on there"),
        ("distill", KILLED, f"distill was {BY_WHOM}; the answers so far are kept, and the same command goes on there"),
        ("tune", "os._exit(7)", f"tune ended with code 7; {SHOWN}; nothing of this training is kept"),
        ("tune", f"{DONE}os.abort()", f"tune ended with code -6; {SHOWN}; it had finished, and what it wrote is kept"),
    ],
)
def test_a_program_that_fails_is_one_true_sentence(job: Path, program: str, instead: str, says: str) -> None:
    """Poisoned: a system that runs out of memory kills the trainer without a word."""
    with begin(program, job, instead) as running:
        _, errors = running.communicate()
    assert errors.splitlines()[-1] == f"schemas.errors.ServiceError: train.{says}"


def waited_for(path: Path) -> str:
    """What a file holds, once it is there."""
    for _ in range(600):
        if path.is_file() and (text := path.read_text()):
            return text
        time.sleep(0.05)
    raise TimeoutError(path)


def held(job: Path) -> str:
    """In the place of the trainer: say its process number, and stay until told to end."""
    up, end = job.parent / "up", job.parent / "end"
    return (
        f"open({str(up)!r}, 'w').write(str(os.getpid()))\n    while not os.path.exists({str(end)!r}): time.sleep(0.05)"
    )


def locked(job: Path, program: str) -> bool:
    """Whether a program is refused, and with LockedError."""
    with begin(program, job, "pass") as second:
        _, errors = second.communicate()
    assert second.returncode == 0 or "LockedError: another process is training or examining" in errors, errors
    return second.returncode != 0


@pytest.mark.parametrize("second", ["tune", "exam"])
def test_a_second_program_in_the_same_folder_is_refused_at_once(job: Path, second: str) -> None:
    with begin("tune", job, held(job)) as first:
        waited_for(job.parent / "up")
        assert locked(job, second)
        (job.parent / "end").touch()
        assert first.communicate()[1] == ""
    assert not locked(job, second)


def test_the_lock_ends_with_the_last_process_that_works_in_the_folder(job: Path) -> None:
    with begin("tune", job, held(job)) as first:
        trainer = int(waited_for(job.parent / "up"))
        first.kill()
    assert locked(job, "tune")  # the trainer goes on, alone
    os.kill(trainer, signal.SIGKILL)
    for _ in range(100):
        if not locked(job, "tune"):
            return
    raise AssertionError("the lock outlived its processes")


def test_other_folders_are_free(job: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    work = Job.model_validate_json(job.read_bytes())
    other.write_text(work.model_copy(update={"run": str(tmp_path / "another")}).model_dump_json(), encoding="utf-8")
    with begin("tune", job, held(job)) as first:
        waited_for(job.parent / "up")
        assert not locked(other, "tune")
        (job.parent / "end").touch()
        first.communicate()


@pytest.mark.parametrize("package", ["torch", "transformers", "peft"])
@pytest.mark.parametrize("program", ["check", "tune", "exam"])
def test_a_package_that_is_not_installed_is_one_sentence(job: Path, program: str, package: str) -> None:
    without = f"import sys; sys.modules[{package!r}] = None; "
    command = [sys.executable, "-c", without + START, program, str(job)]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "HORNBOOK_LANG": "en"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=env)
    last = done.stderr.strip().splitlines()[-1]
    assert last.endswith(f"InputError: training needs {package}; install it with: pip install 'hornbook[train]'")
    assert not (job.parent / "run").exists()

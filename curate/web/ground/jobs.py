"""Commands that a page started: each is a process of its own, which goes on when the page ends, and is found again.

    <root>/jobs/<dataset>/<job>/job.json      what was started, and when
    <root>/jobs/<dataset>/<job>/out.txt       what the command printed
    <root>/jobs/<dataset>/<job>/log.txt       its progress and complaints
    <root>/jobs/<dataset>/<job>/ended.json    with which exit code it ended, and when; written last
    <root>/jobs/<dataset>/.lock               held by the process of the job that runs: one job a dataset

A job without an end whose lock nobody holds was killed.
"""

import fcntl
import os
import re
import secrets
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from threading import Thread
from typing import Literal

from curate.system.disk import replace_durably
from schemas.bilingual import Bilingual, speaking
from schemas.errors import LockedError
from schemas.record import Frozen

FOLDER = "jobs"
LOCK = ".lock"
JOB = "job.json"
ENDED = "ended.json"
OUT = "out.txt"
LOG = "log.txt"
ID = re.compile(r"\d{8}-\d{6}-[0-9a-f]{6}")
STARTING = 20.0
"""Seconds that the process of a job may take to start."""
TAKEN = "taken"
"""In the folder of a job: that its process has begun."""
SHOWN = 64_000
"""Bytes of the end of a log that a page shows."""
STEP = re.compile(r"^(?P<name>.*\S)  +(?P<done>[\d,]+)/(?P<total>[\d,]+)$")
"""A line of progress, as commands print it where there is no terminal."""

State = Literal["waiting", "running", "done", "failed", "killed"]


class JobStart(Frozen):
    """What job.json holds. `then` is the address that the page goes to when the job is done."""

    dataset: str
    title: Bilingual
    arguments: tuple[str, ...]
    started: str
    then: str = ""


class JobEnd(Frozen):
    """What ended.json holds."""

    code: int
    ended: str


class StartedJob(Frozen):
    """A job as it stands now."""

    id: str
    start: JobStart
    state: State
    end: JobEnd | None = None


class JobProgress(Frozen):
    """How far a job is: the step it is at, and of how many."""

    name: str
    done: int
    total: int


class Jobs:
    """The jobs of all datasets of a store."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._folder = root / FOLDER

    def begin(self, dataset: str, title: Bilingual, arguments: Sequence[str], then: str = "") -> StartedJob:
        """Start `hornbook` with these arguments. LockedError where a job of the dataset is running."""
        if self.is_busy(dataset):
            raise LockedError(
                f"a job of {dataset} is running: wait for its end", f"{dataset} 有任务正在进行：请等它结束"
            )
        now = datetime.now(UTC)
        id = f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"
        folder = self._folder / dataset / id
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # arguments and logs name files
        folder.mkdir(parents=True)
        start = JobStart(
            dataset=dataset,
            title=title,
            arguments=tuple(arguments),
            started=now.isoformat(timespec="seconds"),
            then=then,
        )
        replace_durably(folder / JOB, start.model_dump_json(indent=1).encode())
        environment = {**os.environ, "HORNBOOK_LANG": speaking.get(), "COLUMNS": "120", "PYTHONUNBUFFERED": "1"}
        with (folder / OUT).open("wb") as out, (folder / LOG).open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", "curate.web.ground.job_process", str(folder.resolve()), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=log,
                cwd=self._root,
                env=environment,
                start_new_session=True,  # it goes on when the page is closed
            )
        Thread(target=process.wait, daemon=True).start()  # a process that nobody waits for would never be gone
        return StartedJob(id=id, start=start, state="waiting")

    def is_busy(self, dataset: str) -> bool:
        """Tell whether a job of the dataset is running, or about to."""
        return self.running(dataset) or any(job.state == "waiting" for job in islice(self._newest_first(dataset), 1))

    def running(self, dataset: str) -> bool:
        """Tell whether a job of the dataset is running now."""
        lock = self._folder / dataset / LOCK
        if not lock.is_file():
            return False
        with lock.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def find(self, dataset: str, id: str) -> StartedJob | None:
        """Find a job by its id; None where there is none."""
        path = self._folder / dataset / id / JOB
        if not ID.fullmatch(id) or not path.is_file():
            return None
        start = JobStart.model_validate_json(path.read_bytes())
        ended = path.with_name(ENDED)
        if ended.is_file():
            end = JobEnd.model_validate_json(ended.read_bytes())
            return StartedJob(id=id, start=start, state="failed" if end.code else "done", end=end)
        return StartedJob(id=id, start=start, state=self._state_without_end(dataset, path.parent))

    def _state_without_end(self, dataset: str, folder: Path) -> State:
        """Tell what a job without an end is: running, about to, or killed."""
        has_begun = (folder / TAKEN).is_file()  # looked at first: it comes after the lock
        if self.running(dataset):
            return "running" if has_begun else "waiting"
        if (folder / ENDED).is_file():  # it ended between our two looks
            end = JobEnd.model_validate_json((folder / ENDED).read_bytes())
            return "failed" if end.code else "done"
        age = datetime.now(UTC).timestamp() - (folder / JOB).stat().st_mtime
        return "waiting" if age < STARTING and not has_begun else "killed"

    def of(self, dataset: str) -> list[StartedJob]:
        """List the jobs of a dataset, the newest first."""
        return list(self._newest_first(dataset))

    def _newest_first(self, dataset: str) -> Iterator[StartedJob]:
        for folder in sorted((self._folder / dataset).glob("[0-9]*"), reverse=True):
            if (job := self.find(dataset, folder.name)) is not None:
                yield job

    def printed(self, job: StartedJob) -> str:
        """Read the end of what a job printed."""
        return _tail(self._path(job) / OUT)

    def log(self, job: StartedJob) -> str:
        """Read the end of its progress and complaints."""
        return _tail(self._path(job) / LOG)

    def progress(self, job: StartedJob) -> JobProgress | None:
        """Read how far a job is from its last line of progress; None before the first."""
        for line in reversed(self.log(job).splitlines()):
            if match := STEP.match(line):
                done, total = (int(match[key].replace(",", "")) for key in ("done", "total"))
                return JobProgress(name=match["name"], done=done, total=total)
        return None

    def _path(self, job: StartedJob) -> Path:
        return self._folder / job.start.dataset / job.id


def _tail(path: Path) -> str:
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - SHOWN))
        text = file.read().decode("utf-8", "replace")
    return text if size <= SHOWN else text.partition("\n")[2]

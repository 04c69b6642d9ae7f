"""Starts the trainer and the examiner, which are programs of their own: curation never pays for torch."""

import importlib.util
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from curate.build.plan import tools_of
from curate.duplicates.exam_neighbours import exam_neighbours
from curate.examination.endpoint import sits, write_endpoint_answers
from curate.examination.exam_paper import write_exam_paper
from curate.llm.spending import AskProgress
from curate.recipe.load import RecipeFile
from curate.store.store import Store
from curate.system.disk import lock_folder, replace_durably
from curate.system.interrupts import end_waiting, held_back
from curate.system.namespace import HOME
from schemas.bilingual import Bilingual
from schemas.digest import canonical, digest, digest_file
from schemas.endpoint_answers import endpoint_name
from schemas.errors import GateError, HornbookError, InputError, LockedError, ServiceError, StoreError
from schemas.exam import ExamPaper
from schemas.job import Job, TrainSettings
from schemas.manifest import Manifest
from schemas.papers import papers_digest
from schemas.run_files import RunFiles

PACKAGES_NEEDED = ("torch", "transformers", "peft")
PREPARING = ("check", "tune")
"""Programs that look at all that will be trained on."""
EXAMINING = ("check.py", "distill.py", "exam.py", "labels.py", "examination", "metrics", "scoring", "statistics")
"""What of `train/` has no part in a training: a change to it leaves what was trained as it is."""
BY_EXIT: dict[int, type[HornbookError]] = {
    cls.exit_code: cls for cls in (InputError, GateError, LockedError, ServiceError, StoreError)
}

KEPT = {
    "check": Bilingual("nothing was built or trained", "没有构建，也没有训练"),
    "tune": Bilingual("nothing of this training is kept", "本次训练没有留下任何结果"),
    "exam": Bilingual(
        "the answers so far are kept, and the next exam goes on there", "已有的回答已保留，下次考试会从中断处继续"
    ),
    "labels": Bilingual("nothing was written", "没有写出任何内容"),
    "distill": Bilingual(
        "the answers so far are kept, and the same command goes on there", "已有的回答已保留，再次运行同一命令会接着做"
    ),
    "scoring": Bilingual(
        "what was read so far is kept, and the same command goes on there", "已读的结果已保留，再次运行同一命令会接着做"
    ),
}
"""What is left of a program that did not come to its end."""
INTERRUPTED = {
    "check": Bilingual("interrupted while checking the model", "检查模型时被中断"),
    "labels": Bilingual("interrupted while tokenizing the row", "切分词元时被中断"),
    "distill": Bilingual("interrupted while the base model answered", "基础模型作答时被中断"),
    "scoring": Bilingual("interrupted while the model read answers", "模型读回答时被中断"),
    "exam": Bilingual("interrupted during the exam", "考试被中断"),
}
"""Where an interrupt found a program; that of a training says more."""
FINISHED = Bilingual("it had finished, and what it wrote is kept", "它已经完成，写出的结果已保留")
"""What is left of one that failed after it."""
Event = dict[str, Any]
"""One line that the program prints: `event` and what belongs to it."""


def job_of(file: RecipeFile, version: Path, manifest: Manifest, store: Store) -> Job:
    """Name the training run that the recipe wants. The same version, settings and trainer give the same run folder."""
    run = store.run(manifest.name, manifest.id, run_name(file, manifest.id))
    job = model_job(file, run).model_copy(update={"version": str(version.resolve())})
    if "endpoint" not in job.exam.contestants:
        return job
    answers = store.model_answers(manifest.name).resolve()
    return job.model_copy(update={"llm": file.recipe.llm, "model_answers": str(answers)})


def run_name(file: RecipeFile, version: str) -> str:
    """Digest what makes a training run: the version's id, the settings of training and the trainer's code."""
    return digest("run", version, file.recipe.train.model_dump(mode="json"), _code_digest(EXAMINING))[:12]


def exam_digest(job: Job) -> str:
    """Digest what makes an exam of a run: who is asked what, and by which code it is written, answered and marked."""
    asked = [papers_digest(), *(digest_file(Path(path)) for path in job.papers)]
    asked += [digest("endpoint", endpoint_name(job.llm))] if job.llm else []
    code = _code_digest(("scoring",))
    return digest("exam", asked, job.exam.model_dump(mode="json"), code, _paper_digest())


def model_job(file: RecipeFile, run: Path) -> Job:
    """Say what the recipe wants of a training, in a folder, before there is a version to train on."""
    recipe, identity = file.recipe, tools_of(file).identity
    return Job(version="", run=str(run.resolve()), train=_found_model(file), exam=recipe.exam, identity=identity)


def _found_model(file: RecipeFile) -> TrainSettings:
    """Let the folder of a model start from the folder of the recipe, as other paths do, where the current has none."""
    settings = file.recipe.train
    beside = file.folder / settings.model
    if Path(settings.model).is_dir() or not beside.is_dir():
        return settings
    return settings.model_copy(update={"model": str(beside.resolve())})


def _code_digest(without: Sequence[str] = ()) -> str:
    """Digest the code of the trainer, but for some of its files and rooms: an old run is not taken for a new one."""
    files = sorted((HOME / "train").rglob("*.py"))
    chosen = [f for f in files if f.relative_to(HOME / "train").parts[0] not in without]
    return digest("trainer", [[str(f.relative_to(HOME)), digest_file(f)] for f in chosen])


def _paper_digest() -> str:
    """Digest the code that says what is asked."""
    files = sorted(path for path in (HOME / "curate" / "examination").iterdir() if path.is_file())
    return digest("paper", [[f.name, digest_file(f)] for f in files])


def start(program: str, job: Job, on_event: Callable[[Event], None]) -> None:
    """Run `python -m train.<program>` on the job, and pass on every event that it prints.

    Before it looks at a version to train on, the rows near its exam are written down: `train` compares no texts. Before
    an exam the paper is, and the answers of a model behind an endpoint: `train` calls nobody.
    Raises the HornbookError that the program ended with, and LockedError at once where another trainer or examiner
    works in the folder of the run. The error output of the program goes to ours; it has no input, so that
    nothing can be answered for the user.
    """
    for package in PACKAGES_NEEDED:
        if importlib.util.find_spec(package) is None:
            raise InputError(
                f"training needs {package}; install it with: pip install 'hornbook[train]'",
                f"训练需要 {package}；安装命令：pip install 'hornbook[train]'",
            )

    run = Path(job.run)
    run.mkdir(parents=True, exist_ok=True)
    with _locked_run(run) as lock:
        replace_durably(RunFiles(run).job, job.model_dump_json(indent=1).encode())
        if program in PREPARING and job.version:
            on_event({"event": "phase", "name": "compare"})
            write_exam_neighbours(job)
        if program == "exam":
            write_exam_paper(job)
            if sits(job):
                _ask_endpoint(job, on_event)
        code, last = _followed(program, RunFiles(run).job, lock, on_event)
    if code:
        raise _failure(program, code, last)


def _ask_endpoint(job: Job, on_event: Callable[[Event], None]) -> None:
    """Let the endpoint answer before the examiner begins: where it fails, nothing was computed for nothing.

    Replies that are no answers, and questions that are kept from it, are said as advice.
    """

    def on_progress(asking: AskProgress) -> None:
        left = round(asking.seconds_left or 0)
        on_event(
            {"event": "answer", "done": asking.done, "of": asking.total, "model": "endpoint", "seconds_left": left}
        )

    faults = write_endpoint_answers(job, on_progress).faults
    if number := sum(faults.values()):
        kinds = ", ".join(f"{fault} {count}" for fault, count in faults.items())
        en = f"replies of the endpoint that are no answers and count as empty: {number} ({kinds})"
        on_event({"event": "advice", "en": en, "zh": f"接口有 {number} 个回复无法使用，按空回答计（{kinds}）"})
    paper = ExamPaper.model_validate_json(RunFiles(Path(job.run)).exam_paper.read_bytes())
    if paper.withheld:
        en = f"questions with personal data, asked of base and tuned model alone and sent nowhere: {paper.withheld}"
        zh = f"有 {paper.withheld} 道题含有个人信息，只考基础模型和微调后的模型，不会发出"
        on_event({"event": "advice", "en": en, "zh": zh})


def write_exam_neighbours(job: Job) -> None:
    """Write down which training rows are near exam questions, in the folder of the run; nothing where none is.

    Raises StoreError where a file of the version is missing or damaged.
    """
    neighbours = exam_neighbours(Path(job.version))
    lines = "".join(f"{canonical(neighbour.model_dump(mode='json'))}\n" for neighbour in neighbours)
    replace_durably(RunFiles(Path(job.run)).exam_neighbours, lines.encode())


@contextmanager
def _locked_run(run: Path) -> Iterator[int]:
    """Hold the lock of a run's folder, and yield its handle. Raises LockedError at once where another holds it."""
    lock = lock_folder(run)
    if lock is None:
        raise LockedError(
            f"another process is training or examining in {run}; try again when it is done",
            f"另一个进程正在 {run} 中训练或考试；请等它结束后再试",
        )
    try:
        yield lock
    finally:
        os.close(lock)


def _followed(program: str, job: Path, lock: int, on_event: Callable[[Event], None]) -> tuple[int, Event]:
    """Run a program on a job file, and return its exit code with the last event.

    It holds the lock, too: where this process is killed, the program may work on alone.
    """
    # -P: a user's own train.py in the current folder must not win.
    command = [sys.executable, "-P", "-m", f"train.{program}", str(job)]
    last: Event = {}
    with ExitStack() as stack:
        with held_back():  # until it is known, and can be ended
            running = stack.enter_context(_started(command, lock))
        end_waiting()
        for line in running.stdout or ():
            last = json.loads(line)
            on_event(last)
    return running.returncode, last


@contextmanager
def _started(command: list[str], lock: int) -> Iterator["subprocess.Popen[str]"]:
    """Start a program, wait for its end, and end it where nobody hears it any more: its lock ends with it."""
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, encoding="utf-8", pass_fds=[lock]
    ) as running:
        try:
            yield running
        except BaseException:  # Ctrl-C, too, which the program does not hear: it would complain of it while it loads
            running.kill()
            running.wait()
            raise


def _failure(program: str, code: int, last: Event) -> HornbookError:
    """Turn the last event of a program that failed into our error, or its exit code where it said nothing."""
    if last.get("event") == "error":
        return BY_EXIT.get(last["exit"], GateError)(last["en"], last["zh"])
    kept = FINISHED if last.get("event") == "done" else KEPT[program]
    if code == -signal.SIGKILL:
        return ServiceError(
            f"train.{program} was killed from outside, most likely for want of memory; {kept.en}",
            f"train.{program} 被外部终止，多半是内存不足；{kept.zh}",
        )
    return ServiceError(
        f"train.{program} ended with code {code}; what it printed stands above; {kept.en}",
        f"train.{program} 以代码 {code} 结束；输出见上；{kept.zh}",
    )


def interrupted(program: str, seen: Event) -> Bilingual:
    """Say where an interrupt found a program, of which these facts were seen, and what is left of it."""
    kept = KEPT[program]
    if program in INTERRUPTED:
        found = INTERRUPTED[program]
        return Bilingual(f"{found.en}; {kept.en}", f"{found.zh}；{kept.zh}")
    if "step" not in seen:
        return Bilingual(
            f"interrupted before the first step of training; {kept.en}", f"训练尚未开始即被中断；{kept.zh}"
        )
    return Bilingual(
        f"interrupted while training, after step {seen['step']} of {seen['of']}; {kept.en}",
        f"训练在第 {seen['step']} 步（共 {seen['of']} 步）之后被中断；{kept.zh}",
    )

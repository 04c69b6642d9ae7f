"""Compares the tuned model of a run with that of an earlier one, on the questions that both were asked."""

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from curate.store.store import Store, named
from schemas.errors import InputError, StoreError
from schemas.exam import Comparison, ExamPaper, ExamResult, Measure
from schemas.manifest import Manifest
from schemas.record import Frozen
from schemas.run_files import RunFiles
from schemas.statistics.comparisons import ENOUGH, contest, restricted, shared_questions

LISTED = 4
"""Runs that a sentence names."""
Document = TypeVar("Document", ExamPaper, ExamResult)


class RunComparison(Frozen):
    """What an exam says beside that of an earlier run, `run`, of the version `version`.

    `values` holds, by measure, what the earlier tuned model and this one got on the questions that they share.
    """

    run: str
    version: str
    shared: int
    """Questions with the same id and the same words that both answered."""
    same_papers: bool
    """Whether both exams asked from the same papers."""
    same_settings: bool
    """Whether both asked the same questions of the same contestants and marked the answers alike."""
    values: dict[str, tuple[float, float]]
    comparisons: tuple[Comparison, ...]

    @property
    def worse(self) -> list[str]:
        """Name the measures that got worse."""
        return [found.measure for found in self.comparisons if found.verdict == "worse"]


def earlier_run(wanted: str, manifest: Manifest, store: Store, run: Path) -> Path:
    """Find an examined run: a folder, or the only one beside `run` on a version, named as elsewhere or by id or tag.

    Raises InputError when there is none, or more than one.
    """
    if not wanted.strip():
        raise InputError("--against names no run", "--against 没有写明运行")
    if Path(wanted).is_dir() and any(path.is_file() for path in (RunFiles(Path(wanted)).job, _exam_of(Path(wanted)))):
        folder = Path(wanted).resolve()
        if not _exam_of(folder).is_file():
            raise InputError(f"the run {wanted} has no exam yet", f"运行 {wanted} 还没有考试")
        if folder == run.resolve():
            raise InputError(f"{wanted} is this very run", f"{wanted} 就是本次运行自己")
        return folder

    is_whole_name = "/" in wanted or store.head(wanted) is not None
    version = store.find(wanted if is_whole_name else f"{manifest.name}/{wanted}")
    on_it = [one for one in store.runs(version.parent.name) if one.parent.name == version.name]
    examined = [one for one in on_it if _exam_of(one).is_file() and one.resolve() != run.resolve()]
    if len(examined) == 1:
        return examined[0]
    which = named(version)
    if not examined:
        raise InputError(f"no other run on {which.en} has an exam", f"{which.zh} 上没有其他考过试的运行")
    listed = ", ".join(str(one) for one in examined[:LISTED]) + (", …" if len(examined) > LISTED else "")
    raise InputError(
        f"{len(examined)} runs on {which.en} have an exam; name the folder of one: {listed}",
        f"{which.zh} 上有 {len(examined)} 次运行考过试；请写其中一个的目录：{listed}",
    )


def compare_runs(run: Path, earlier: Path, margin: float) -> RunComparison:
    """Compare the tuned model of `run` with that of `earlier`. `margin` is the least difference that matters.

    Raises InputError where fewer than 10 questions are shared, and StoreError where a file is damaged.
    """
    ours, theirs = (_read(_exam_of(folder), ExamResult) for folder in (run, earlier))
    shared = set(_shared(run, earlier, ours, theirs))
    if len(shared) < ENOUGH:
        raise InputError(
            f"both exams share {len(shared)} questions, fewer than {ENOUGH}: they cannot be compared",
            f"两次考试相同的题只有 {len(shared)} 道，不足 {ENOUGH} 道：无法比较",
        )
    now, before = (
        [part for m in result.tuned.measures if (part := restricted(m, shared))] for result in (ours, theirs)
    )
    values = _values(now, before)
    comparisons = contest([measure for measure in now if measure.name in values], before, margin)
    if not comparisons:
        raise InputError(
            f"the exam in {earlier} does not say which questions its numbers are over: another release wrote it",
            f"{earlier} 中的考试没有写明各个数字对应哪些题：它由另一个版本的程序写出",
        )
    return RunComparison(
        run=str(earlier),
        version=theirs.version,
        shared=len(shared),
        same_papers=ours.papers == theirs.papers,
        same_settings=ours.settings == theirs.settings != "",
        values=values,
        comparisons=comparisons,
    )


def _exam_of(run: Path) -> Path:
    return RunFiles(run).exam


def _shared(run: Path, earlier: Path, ours: ExamResult, theirs: ExamResult) -> Iterator[str]:
    """Find the questions that stand in both papers in the same words, and that both tuned models answered."""
    now, before = (_paper(folder) for folder in (run, earlier))
    answered = {one.question for one in ours.tuned.answers} & {one.question for one in theirs.tuned.answers}
    known = {question.id: (question.lang, question.messages) for question in before.questions}
    return (q.id for q in now.questions if q.id in answered and known.get(q.id) == (q.lang, q.messages))


def _paper(run: Path) -> ExamPaper:
    """Read what was asked in a run. Raises InputError where an older release examined it, which wrote nothing down."""
    path = RunFiles(run).exam_paper
    if not path.is_file():
        raise InputError(
            f"{run} does not say what was asked: another release examined it",
            f"{run} 没有写明考了哪些题：它由另一个版本的程序考试",
        )
    return _read(path, ExamPaper)


def _read(path: Path, kind: type[Document]) -> Document:
    try:
        return kind.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        raise StoreError(
            f"{path} is damaged, or another release wrote it", f"{path} 已损坏，或由另一个版本的程序写出"
        ) from None


def _values(now: list[Measure], before: list[Measure]) -> dict[str, tuple[float, float]]:
    """Compute both values of each measure on the questions that both are over, where they can be told of these."""
    theirs = {measure.name: measure for measure in before}
    values: dict[str, tuple[float, float]] = {}
    for ours in now:
        other = theirs.get(ours.name)
        shared = shared_questions(other, ours) if other else set()
        if other and shared and (then := restricted(other, shared)) and (on_it := restricted(ours, shared)):
            values[ours.name] = then.value, on_it.value
    return values

"""From a recipe to a file of scores: choose the records, ask the judge, let the local model read, write it down."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from curate.build.plan import tools_of
from curate.erasure.forgotten import Forgotten
from curate.recipe.load import RecipeFile
from curate.scoring.judge import Judging, judge, plan_judging
from curate.scoring.local import read_answers_locally
from curate.scoring.records import ScoredRecord, records_of, version_to_score
from curate.scoring.score_file import held_by, merged, write
from curate.stages.mask import gate_of
from curate.store.store import Store
from curate.system import interrupts
from curate.system.progress import Progress
from schemas.bilingual import Bilingual
from schemas.errors import GateError, InputError
from schemas.llm import LlmSettings
from schemas.scores import JudgeScore, LocalScore, Score

ByWhom = Literal["judge", "local"]
SCORERS: tuple[ByWhom, ...] = ("judge", "local")


@dataclass(frozen=True)
class ScoringTask:
    """What is wanted: scores of the records of a recipe in the file `target`, of `limit` records at most."""

    file: RecipeFile
    store: Store
    target: Path
    limit: int | None = None
    scorers: tuple[ByWhom, ...] = SCORERS


@dataclass(frozen=True)
class ScoringPlan:
    """What will be asked and read, and of which version; nothing was sent yet."""

    task: ScoringTask
    records: int
    """How many records may have scores."""
    held: Mapping[str, Score]
    """What the file holds already."""
    judging: Judging | None
    reading: tuple[ScoredRecord, ...]


@dataclass(frozen=True)
class ScoresWritten:
    """What came: the file, the lines in it, how many records were judged and read anew, how far the judge agreed with
    itself on them, and how many records have no score, by reason.
    """

    target: Path
    lines: int
    judged: int
    read: int
    agreement: float | None
    faults: Mapping[str, int]


def plan_scoring(task: ScoringTask, progress: Progress) -> ScoringPlan:
    """Build the version, and say what is to be asked and read.

    An answer that the file holds a score of, as it stands and by the recipe's model, is not scored again. Raises
    InputError for a recipe that names no judge or masks nothing, GateError for a text that holds personal data.
    """
    file, store = task.file, task.store
    settings, held = _settings(file) if "judge" in task.scorers else None, held_by(task.target)
    records = records_of(version_to_score(file, store, progress), file.recipe.seed)
    gone = set(Forgotten.of(store, file.recipe.name).among(sorted(held)))
    held = {id: score for id, score in held.items() if id not in gone}

    judging = None
    if settings:
        unjudged = _unscored(records, settings.model, lambda id: held[id].judge if id in held else None)
        gate = gate_of(file.recipe, tools_of(file).identity)
        folder = store.model_answers(file.recipe.name)
        judging = plan_judging(unjudged[: task.limit], settings, folder, gate)
    unread: list[ScoredRecord] = []
    if "local" in task.scorers:
        unread = _unscored(records, file.recipe.train.model, lambda id: held[id].local if id in held else None)
    return ScoringPlan(task, len(records), held, judging, tuple(unread[: task.limit]))


def _settings(file: RecipeFile) -> LlmSettings:
    if file.recipe.llm is None:
        raise InputError(
            "the recipe names no language model; add `llm: {base_url: http://localhost:8000/v1, model: NAME}`, or let "
            "the local model alone read with --only local",
            "配方里没有语言模型；请加上 `llm: {base_url: http://localhost:8000/v1, model: 模型名}`，"
            "或用 --only local 只让本地模型打分",
        )
    return file.recipe.llm


def _unscored(
    records: Sequence[ScoredRecord], model: str, held: Callable[[str], JudgeScore | LocalScore | None]
) -> list[ScoredRecord]:
    """Select the records of whose text the model has made no score."""
    scored = [(record, held(record.id)) for record in records]
    return [record for record, score in scored if not score or (score.model, score.content) != (model, record.content)]


def score(plan: ScoringPlan, progress: Progress) -> ScoresWritten:
    """Ask the judge, let the local model read, and write the file after each of them.

    Raises ServiceError where the endpoint fails or the budget is spent: what came is kept, and the same call goes on
    there. Raises GateError where not one score came.
    """
    task, scores = plan.task, dict(plan.held)
    judged: dict[str, JudgeScore] = {}
    read: dict[str, LocalScore] = {}
    faults: Counter[str] = Counter()
    with interrupts.explained(_interrupted):
        if plan.judging:
            judged, faults = judge(plan.judging, progress)
            scores = merged(scores, judged, {})
            _write(task.target, scores)
        if "local" in task.scorers:
            read, unreadable = read_answers_locally(plan.reading, task.file, task.store, progress)
            faults = faults + unreadable
            scores = merged(scores, {}, read)
            _write(task.target, scores)
    if not scores:
        raise _nothing_came(plan.records, faults)
    agreement = sum(one.agreement for one in judged.values()) / len(judged) if judged else None
    return ScoresWritten(task.target, len(scores), len(judged), len(read), agreement, dict(sorted(faults.items())))


def _write(target: Path, scores: Mapping[str, Score]) -> None:
    if scores:
        write(target, scores.values())


def _interrupted() -> Bilingual:
    return Bilingual(
        "interrupted while scoring; every answer that came is kept, and the same command goes on there",
        "评分被中断；已得到的结果都已保留，再次运行同一条命令即可继续",
    )


def _nothing_came(records: int, faults: Mapping[str, int]) -> GateError:
    why = ", ".join(f"{number} {fault}" for fault, number in sorted(faults.items())) or "0"
    return GateError(
        f"not one score of {records} records came ({why}); nothing was written",
        f"{records} 条记录没有得到一个评分（{why}）；没有写出任何内容",
    )

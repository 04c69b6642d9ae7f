"""Chooses what people compare: pairs of answers to the same question, without names, on sides that a coin chose."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TypeVar

from pydantic import ValidationError

from curate.experiments.blind_key import BlindKey, Side
from curate.experiments.hidden_names import hide_names
from curate.forms.cells import COLON, SPEAKERS, fitted
from curate.forms.labels import content_digest
from curate.privacy.release_gate import Gate
from curate.stages.mask import gate_of
from curate.store.read_version import read_manifest, read_recipe
from schemas.digest import digest
from schemas.errors import InputError, StoreError
from schemas.exam import Answer, ExamPaper, ExamQuestion, ExamResult, Sheet
from schemas.identity import Identity
from schemas.job import Job
from schemas.record import Frozen
from schemas.run_files import RunFiles
from schemas.statistics.reviews import pairs_needed

TASTE = ("in_scope", "unrelated", "general", "own")
"""Probes in which one answer may be better though no rule says so."""
NO_ANSWER = {"zh": "（没有回答）", "en": "(no answer)"}

Document = TypeVar("Document", bound=Frozen)


class BlindPair(NamedTuple):
    """A question with both answers as people read them, and the side of the tuned one."""

    question: ExamQuestion
    asked: str
    a: str
    b: str
    tuned: Side


class KeyedAnswers(NamedTuple):
    """What a pair of a sheet hides: the question, and both answers with the names in them."""

    question: ExamQuestion
    tuned: Answer
    other: Answer


@dataclass(frozen=True)
class AnsweredExam:
    """A run whose exam people look at: what was asked, who answered, and what must not be seen."""

    result: ExamResult
    questions: dict[str, ExamQuestion]
    identity: Identity
    gate: Gate
    seed: int


@dataclass(frozen=True)
class ComparablePairs:
    """Pairs of different answers, and what was left out: pairs whose answers are the same, and those that hold personal
    data.
    """

    pairs: tuple[BlindPair, ...]
    equal: int
    private: int


@dataclass(frozen=True)
class BlindChoice:
    """The pairs of a sheet in its order, and what was left out: pairs whose answers are the same, those that hold
    personal data, and those beyond the number that is needed. `cut` counts answers that end because they had grown too
    long.
    """

    pairs: tuple[BlindPair, ...]
    equal: int
    private: int
    spare: int
    cut: int


def read_run(path: Path) -> AnsweredExam:
    """Read what a run's exam left: `path` is its folder, or its exam.json. Raises InputError and StoreError."""
    files = RunFiles(path if path.is_dir() else path.parent)
    for file in (files.exam, files.exam_paper, files.job):
        if not file.is_file():
            raise InputError(
                f"{files.folder} has no {file.name}: name the folder of a run whose exam is done",
                f"{files.folder} 中没有 {file.name}：请指定一个考完试的运行目录",
            )
    result, paper = _read(files.exam, ExamResult), _read(files.exam_paper, ExamPaper)
    job = _read(files.job, Job)
    version = Path(job.version)
    identity = read_manifest(version).identity or Identity()
    questions = {question.id: question for question in paper.questions}
    return AnsweredExam(result, questions, identity, gate_of(read_recipe(version), identity), job.train.seed)


def _read(path: Path, kind: type[Document]) -> Document:
    try:
        return kind.model_validate_json(path.read_bytes())
    except ValidationError:
        raise StoreError(
            f"{path} is damaged, or another release wrote it", f"{path} 已损坏，或由另一个版本的程序写出"
        ) from None


def comparable_pairs(run: AnsweredExam, probes: Sequence[str], of: str, against: str) -> ComparablePairs:
    """Find the pairs of answers that may be compared, those of `of` on side A.

    Raises InputError where nobody of these names answered, or nothing is left to compare.
    """
    if of == against:
        raise InputError(f"'{of}' cannot be compared with itself", f"“{of}”不能和自己比")
    other = {answer.question: answer for answer in _sheet(run.result, against).answers if not answer.take}
    own = [answer for answer in _sheet(run.result, of).answers if not answer.take and answer.probe in probes]
    both = [(ours, other[ours.question]) for ours in own if ours.question in other and ours.question in run.questions]
    drafts = [_draft(run, ours, theirs) for ours, theirs in both]
    unequal = [draft for draft in drafts if draft.a.split() != draft.b.split()]
    different = [draft for draft in unequal if not _is_private(draft, run.gate)]
    if not different:
        raise InputError(
            f"there is no pair of different answers to questions of {', '.join(probes)}",
            f"{'、'.join(probes)} 的题目里没有一对不同的回答",
        )
    return ComparablePairs(tuple(different), len(drafts) - len(unequal), len(unequal) - len(different))


def choose_pairs(run: AnsweredExam, probes: Sequence[str], against: str, share: float) -> BlindChoice:
    """Choose as many pairs as it takes to find that one side wins `share` of them; all, where there are not as many.

    Raises InputError where nobody called `against` answered, or nothing is left to compare.
    """
    found = comparable_pairs(run, probes, "tuned", against)
    by = _order(run)
    chosen = sorted(found.pairs, key=by("choose"))[: pairs_needed(share) or len(found.pairs)]
    coin = int(digest(run.seed, "coin", run.result.version), 16) % 2
    sided = [
        pair if rank % 2 == coin else pair._replace(a=pair.b, b=pair.a, tuned="B")
        for rank, pair in enumerate(sorted(chosen, key=by("side")))
    ]
    shown = sorted(sided, key=lambda pair: (pair.question.lang != "zh", by("order")(pair)))
    ids = {pair.question.id for pair in shown}
    answers = [answer for name in ("tuned", against) for answer in _sheet(run.result, name).answers]
    cut = sum(answer.is_cut for answer in answers if answer.question in ids and not answer.take)
    return BlindChoice(tuple(shown), found.equal, found.private, len(found.pairs) - len(shown), cut)


def answers_behind(run: AnsweredExam, key: BlindKey) -> dict[int, KeyedAnswers] | None:
    """Find the answers that a sheet shows, by the number of the pair; None where it was not made of this run."""
    if run.result.version != key.version or key.against not in _sheets(run.result):
        return None
    ours, theirs = (
        {answer.question: answer for answer in _sheet(run.result, name).answers if not answer.take}
        for name in ("tuned", key.against)
    )
    found: dict[int, KeyedAnswers] = {}
    for pair in key.pairs:
        if not all(pair.question in known for known in (run.questions, ours, theirs)):
            return None
        answers = KeyedAnswers(run.questions[pair.question], ours[pair.question], theirs[pair.question])
        draft = _draft(run, answers.tuned, answers.other)
        a, b = (draft.a, draft.b) if pair.tuned == "A" else (draft.b, draft.a)
        if content_digest(draft.asked, a, b) != pair.content:
            return None
        found[pair.number] = answers
    return found


def _sheet(result: ExamResult, name: str) -> Sheet:
    sheets = _sheets(result)
    if name not in sheets:
        known = ", ".join(sheets)
        raise InputError(f"nobody called '{name}' sat this exam; there are: {known}", f"没有“{name}”；有：{known}")
    return sheets[name]


def _sheets(result: ExamResult) -> dict[str, Sheet]:
    others = {sheet.model: sheet for sheet in result.contestants if sheet.model not in ("base", "tuned")}
    return {"base": result.base, **others, "tuned": result.tuned}


def _order(run: AnsweredExam) -> Callable[[str], Callable[[BlindPair], str]]:
    """Order pairs by a digest of the seed, a purpose and the question: by chance, and the same every time."""
    return lambda purpose: lambda pair: digest(run.seed, "blind", purpose, pair.question.id)


def _draft(run: AnsweredExam, ours: Answer, theirs: Answer) -> BlindPair:
    """Make a pair with the tuned answer on side A."""
    question = run.questions[ours.question]
    a, b = (_shown(hide_names(answer.text, run.identity), question.lang) for answer in (ours, theirs))
    return BlindPair(question, _asked(question, run.identity), a, b, "A")


def _is_private(pair: BlindPair, gate: Gate) -> bool:
    """Tell whether a pair holds what must not leave: models make up addresses, too."""
    return any(next(gate.search(text), None) for text in (pair.asked, pair.a, pair.b))


def _shown(text: str, lang: str) -> str:
    text = text.strip()
    return fitted(text) if text else NO_ANSWER[lang]


def _asked(question: ExamQuestion, identity: Identity) -> str:
    """Write the conversation up to the answer; what the customer says stays as it is."""
    if len(question.messages) == 1:
        return _shown(question.messages[0].content, question.lang)
    lines = [
        SPEAKERS[question.lang][message.role]
        + COLON[question.lang]
        + (message.content if message.role == "user" else hide_names(message.content, identity))
        for message in question.messages
    ]
    return _shown("\n".join(lines), question.lang)

"""One task as a reviewer sees it on the page, and what the form says that he sends."""

from collections.abc import Iterator, Sequence
from string import ascii_uppercase
from typing import NamedTuple

from curate.reviewing.in_words import REJECT_REASONS, measured_for_reviewer, reason_for_reviewer
from curate.web.trials.cluster_pages import Marked, marked_text
from schemas.bilingual import Bilingual
from schemas.record import Message
from schemas.review import Decision, Opinion, OtherAnswer, ReviewTask

LONGEST_EDIT = 20_000
"""Characters of an answer that can be edited on the page: no more of it is shown."""
TWIN = Bilingual("Nearly the same record", "几乎相同的记录")
PARENT = Bilingual("Written from", "改写自")
CHOOSE = Bilingual("decide first: accept, edit, reject or cannot tell", "请先选结论：通过、修改、拒绝或看不准")
CHANGED = Bilingual(
    "the text was changed, and the verdict is accept: choose edit, or put the text back",
    "回答改过了，结论却是“通过”：请选“修改”，或恢复原文",
)
UNCHANGED = Bilingual(
    "nothing was changed: write the better answer, or accept it as it is", "没有改动：请写下更好的回答，或直接通过"
)
EMPTY = Bilingual("an answer cannot be empty: reject it instead", "回答不能为空；不要它请选“拒绝”")
WHICH = Bilingual("say which answer holds; several may", "请选出成立的回答，可多选")
ONE = Bilingual("one answer is edited: choose one", "只能修改一个回答：请只选一个")
NONE = Bilingual("an answer was chosen, and the verdict is that none holds", "选了成立的回答，结论却是“都不成立”")
STRANGE = Bilingual("this form does not belong to the task", "表单与任务不符")


class TurnText(NamedTuple):
    """One message of the conversation."""

    role: str
    text: str


class EditField(NamedTuple):
    """A text field for an answer: `turn` counts from the end, the last being 1; `number` from the beginning."""

    turn: int
    number: int
    text: str


class AnswerBeside(NamedTuple):
    """Another answer with what differs from that of the task, under a letter or a title."""

    title: str
    id: str
    question: str
    pieces: Marked
    date: str
    source: str


class TaskView(NamedTuple):
    """All that the page shows of a task. Of a conflict `answers` are those that are weighed, that of the task first."""

    task: ReviewTask
    key: str
    why: tuple[str, ...]
    measured: tuple[str, ...]
    turns: tuple[TurnText, ...]
    fields: tuple[EditField, ...]
    too_long: int
    answers: tuple[AnswerBeside, ...]
    beside: tuple[AnswerBeside, ...]

    @property
    def lang(self) -> str:
        """The language of the texts, as HTML has it; empty where it is not one."""
        return {"zh": "zh-CN", "en": "en"}.get(self.task.lang, "")


class DeskForm(NamedTuple):
    """What a form of a task holds: `turns` and `answers` are parallel, `holds` are ids."""

    key: str
    verdict: Decision | None
    holds: Sequence[str] = ()
    turns: Sequence[int] = ()
    answers: Sequence[str] = ()
    reasons: Sequence[str] = ()
    note: str = ""


def view_of(task: ReviewTask) -> TaskView:
    """Write a task for the page."""
    last = _last_answer(task)
    every = [*_fields(task)]
    fields = tuple(field for field in every if len(field.text) <= LONGEST_EDIT)
    shown = task.messages[:-1] if task.asked == "conflict" and _has_answer(task) else task.messages
    titles = (
        (Bilingual("Nearly the same record", "几乎相同的记录"), task.twin),
        (Bilingual("Written from", "改写自"), task.parent),
    )
    return TaskView(
        task=task,
        key=task.key,
        why=tuple(str(reason_for_reviewer(reason)) for reason in task.why),
        measured=tuple(str(measured_for_reviewer(one)) for one in task.measured if one.score is not True),
        turns=tuple(TurnText(message.role, message.content) for message in shown),
        fields=fields,
        too_long=len(every) - len(fields),
        answers=tuple(_weighed(task, last)),
        beside=tuple(_beside(str(title), other, last) for title, other in titles if other),
    )


def opinion_of(task: ReviewTask, form: DeskForm) -> Opinion | Bilingual:
    """Read a form, or say what is wrong with it: nothing is guessed that a person may have meant otherwise."""
    fields = {field.turn: field.text for field in _fields(task) if len(field.text) <= LONGEST_EDIT}
    if not set(form.turns) <= set(fields) or len(form.turns) != len(form.answers):
        return STRANGE
    sent = {turn: as_sent(text) for turn, text in zip(form.turns, form.answers, strict=True)}
    changes = {turn: text for turn, text in sent.items() if text != fields[turn]}
    verdict = form.verdict or _meant(form, changes)
    problem = CHOOSE if verdict is None else _contradiction(task, verdict, form, changes)
    if verdict is None or problem is not None:
        return problem or CHOOSE
    opinion = Opinion(
        key=task.key,
        verdict=verdict,
        holds=_holds(task, form),
        answers=changes if verdict == "edit" else {},
        reasons=tuple(name for name in REJECT_REASONS if name in form.reasons) if verdict == "reject" else (),
        note=form.note.strip(),
    )
    return _as_acceptance(task, opinion)


def as_sent(text: str) -> str:
    """Write a text as a browser sends it back from a text field that nobody has touched, with plain line feeds."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "\ufffd")
    return plain.encode("utf-8", "replace").decode()


def _fields(task: ReviewTask) -> Iterator[EditField]:
    """Give the answers that may be edited: of a conflict the one that shall hold, and where a conversation ends without
    an answer the one that is missing.
    """
    if task.asked == "conflict":
        yield EditField(1, 1, as_sent(_last_answer(task)))
        return
    if not _has_answer(task):
        yield EditField(1, 1, "")
        return
    texts = [message.content for message in task.messages if message.role == "assistant"]
    for number, text in enumerate(texts, start=1):
        yield EditField(len(texts) - number + 1, number, as_sent(text))


def _weighed(task: ReviewTask, last: str) -> Iterator[AnswerBeside]:
    """Give the answers of a conflict, each with its letter."""
    if task.asked != "conflict":
        return
    yield AnswerBeside(_letter(0), task.id, "", marked_text(None, last), task.date, task.source)
    for number, other in enumerate(task.others, start=1):
        yield _beside(_letter(number), other, last)


def _letter(number: int) -> str:
    first, second = divmod(number, len(ascii_uppercase))
    return (ascii_uppercase[first - 1] if first else "") + ascii_uppercase[second]


def _beside(title: str, other: OtherAnswer, last: str) -> AnswerBeside:
    return AnswerBeside(title, other.id, other.question, marked_text(last, other.answer), other.date, other.source)


def _last_message(task: ReviewTask) -> Message | None:
    return task.messages[-1] if task.messages else None


def _has_answer(task: ReviewTask) -> bool:
    last = _last_message(task)
    return last is not None and last.role == "assistant"


def _last_answer(task: ReviewTask) -> str:
    return task.messages[-1].content if _has_answer(task) else ""


def _meant(form: DeskForm, changes: dict[int, str]) -> Decision | None:
    """Find the verdict of a form that names none: an answer was changed, or chosen."""
    if changes:
        return "edit"
    return "accept" if form.holds else None


def _contradiction(task: ReviewTask, verdict: Decision, form: DeskForm, changes: dict[int, str]) -> Bilingual | None:
    """Say what in a form does not go together; None where all does."""
    members = {task.id, *(other.id for other in task.others)} if task.asked == "conflict" else set()
    checks = (
        (not set(form.holds) <= members or not set(form.reasons) <= set(REJECT_REASONS), STRANGE),
        (bool(changes) and verdict == "accept", CHANGED),
        (verdict == "edit" and not changes, UNCHANGED),
        (verdict == "edit" and not all(text.strip() for text in changes.values()), EMPTY),
        (bool(members) and verdict == "accept" and not form.holds, WHICH),
        (bool(members) and verdict == "edit" and len(form.holds) > 1, ONE),
        (bool(members) and verdict == "reject" and bool(form.holds), NONE),
    )
    return next((sentence for is_wrong, sentence in checks if is_wrong), None)


def _holds(task: ReviewTask, form: DeskForm) -> tuple[str, ...]:
    """Give the ids of the answers that hold, in their order."""
    return tuple(id for id in (task.id, *(other.id for other in task.others)) if id in form.holds)


def _as_acceptance(task: ReviewTask, opinion: Opinion) -> Opinion:
    """Take an edit of a conflict that writes one of its answers as what it is: that one holds."""
    if task.asked != "conflict" or opinion.verdict != "edit":
        return opinion
    texts = {as_sent(other.answer).strip(): other.id for other in task.others}
    held = texts.get(opinion.answers[1].strip())
    return opinion.model_copy(update={"verdict": "accept", "holds": (held,), "answers": {}}) if held else opinion

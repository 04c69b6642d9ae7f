"""How a task reads in a row: the conversation, why it is here and what stands beside it, in words."""

from collections.abc import Iterator, Mapping
from string import ascii_uppercase
from typing import NamedTuple

from curate.forms.cells import COLON, SPEAKERS, fitted, fitted_end, writable
from curate.reviewing.in_words import measured_for_reviewer, reason_for_reviewer
from schemas.bilingual import Bilingual, Language
from schemas.record import Message
from schemas.review import OtherAnswer, ReviewTask

OWN = Bilingual("the last answer", "最后的回答")
ASKED = Bilingual("Asked: ", "问：")
TWIN = Bilingual("Nearly the same record", "几乎相同的记录")
PARENT = Bilingual("Written from", "改写自")
NO_ANSWER = Bilingual("(no answer)", "（没有回答）")


class TaskTurns(NamedTuple):
    """The answers of a task: their numbers as the sheet shows them, by the numbers of messages, and their texts. The
    last is empty where a conversation ends without an answer: a new one is then added.
    """

    marks: Mapping[int, int]
    texts: tuple[str, ...]

    @property
    def last(self) -> str:
        """The last answer."""
        return self.texts[-1]

    def from_end(self, mark: int) -> int | None:
        """Count the answer of a number from the end, the last being 1; None for a number that is not there."""
        count = len(self.texts)
        return count - mark + 1 if 1 <= mark <= count else None

    def at(self, turn: int) -> str:
        """Give the answer of a number counted from the end; empty where there is none."""
        return self.texts[-turn] if turn <= len(self.texts) else ""


def turns_of(task: ReviewTask) -> TaskTurns:
    """Number the answers of a task from its beginning."""
    answers = [number for number, message in enumerate(task.messages) if message.role == "assistant"]
    texts = [task.messages[number].content for number in answers]
    if not has_answer(task):
        texts.append("")
    return TaskTurns({number: mark for mark, number in enumerate(answers, start=1)}, tuple(texts))


def has_answer(task: ReviewTask) -> bool:
    """Tell whether a conversation ends with an answer."""
    return task.messages[-1].role == "assistant"


def letters_of(task: ReviewTask) -> dict[str, str]:
    """Give the ids of the answers of a conflict by their letters; A is that of the task."""
    if task.asked != "conflict":
        return {}
    return dict(zip(_letters(), (task.id, *(other.id for other in task.others)), strict=False))


def _letters() -> Iterator[str]:
    yield from ascii_uppercase
    yield from (first + second for first in ascii_uppercase for second in ascii_uppercase)


def shown_row(task: ReviewTask, lang: Language) -> dict[str, str]:
    """Write the cells of a task by their columns, as every sheet can hold them."""
    turns = turns_of(task)
    cells = {
        "conversation": fitted_end(_conversation(task, turns, lang)),
        "answer": fitted(turns.last.strip() or _in(NO_ANSWER, lang)),
        "why": "\n".join(_in(reason_for_reviewer(word), lang) for word in task.why),
        "measured": "\n".join(_in(measured_for_reviewer(measured), lang) for measured in task.measured),
        "others": fitted("\n\n".join(_answers(task, lang))) if task.asked == "conflict" else "",
        "related": fitted("\n\n".join(_related(task, lang))),
    }
    return {column: writable(text) for column, text in cells.items()}


def _in(words: Bilingual, lang: Language) -> str:
    return words.zh if lang == "zh" else words.en


def _conversation(task: ReviewTask, turns: TaskTurns, lang: Language) -> str:
    """Write the turns up to the last answer, which stands beside them."""
    shown = task.messages[:-1] if has_answer(task) else task.messages
    return "\n".join(_turn(message, turns.marks.get(number), lang) for number, message in enumerate(shown))


def _turn(message: Message, mark: int | None, lang: Language) -> str:
    number = f"[{mark}]" if mark else ""
    return f"{SPEAKERS[lang][message.role]}{number}{COLON[lang]}{message.content.strip()}"


def _answers(task: ReviewTask, lang: Language) -> Iterator[str]:
    own = _in(OWN, lang)
    yield _titled(f"A = {own}", (task.date, task.source), "")
    for letter, other in zip(list(letters_of(task))[1:], task.others, strict=True):
        yield _titled(letter, (other.date, other.source), _exchange(other, lang))


def _related(task: ReviewTask, lang: Language) -> Iterator[str]:
    for words, other in ((TWIN, task.twin), (PARENT, task.parent)):
        if other is not None:
            yield _titled(_in(words, lang), (other.date, other.source), _exchange(other, lang))


def _titled(title: str, beside: tuple[str, str], text: str) -> str:
    known = ", ".join(filter(None, beside))
    return "\n".join(filter(None, (f"{title} ({known})" if known else title, text)))


def _exchange(other: OtherAnswer, lang: Language) -> str:
    question = f"{_in(ASKED, lang)}{other.question.strip()}" if other.question.strip() else ""
    return "\n".join(filter(None, (question, other.answer.strip())))

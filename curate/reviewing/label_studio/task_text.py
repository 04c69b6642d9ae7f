"""What a task shows: the content that Label Studio keeps of it.

No name in it may be `source`: the screens would show the whole task in its place.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from curate.reviewing.in_words import measured_in_words, reason_in_words
from curate.reviewing.label_studio.screen import EDITED_KEYS, HOLDS_KEYS
from schemas.bilingual import Bilingual, Language, speaking
from schemas.review import OtherAnswer, ReviewTask

ROLES = {
    "system": Bilingual("system", "系统"),
    "user": Bilingual("customer", "客户"),
    "assistant": Bilingual("assistant", "助手"),
}
REASONS = Bilingual("Why you see this", "为什么请您看")
TWIN, PARENT = Bilingual("A record like it", "一条相似的记录"), Bilingual("What it was made from", "它的来源")
QUESTION, ANSWER = Bilingual("Question: ", "问："), Bilingual("Answer: ", "答：")
ANSWERS = Bilingual("Answer", "回答"), Bilingual("Last answer", "最后一个回答")
EARLIER = Bilingual("Answer {0} from the end", "倒数第 {0} 个回答")
CLOSED = Bilingual(
    "This record has changed since: another task shows what it is now. Nothing is left to do here.",
    "这条记录后来变了：它现在的样子见另一个任务。这里不必再处理。",
)
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class TaskText:
    """How tasks are shown in one language."""

    def __init__(self, lang: Language) -> None:
        self._lang = lang

    def content(self, task: ReviewTask) -> dict[str, Any]:
        """Write what the screens show, and by what the task is known again."""
        with _in_language(self._lang):
            content = _common(task)
            return content | (_candidates(task) if task.asked == "conflict" else _answers(task))

    def closing(self) -> list[dict[str, str]]:
        """Write what stands on a task whose record has changed."""
        with _in_language(self._lang):
            return [{"text": str(CLOSED)}]


def answers_of(task: ReviewTask) -> list[str]:
    """Give the answers as the screen shows them, the last one first."""
    return [clean(message.content) for message in reversed(task.messages) if message.role == "assistant"]


def candidates_of(task: ReviewTask) -> list[OtherAnswer]:
    """Give the answers of a conflict, its own among them, in an order that the key fixes: a number names one."""
    answers = answers_of(task)
    own = OtherAnswer(id=task.id, question="", answer=answers[0] if answers else "", date=task.date, source=task.source)
    return sorted((own, *task.others), key=lambda other: (other.id, other.answer))


def clean(text: str) -> str:
    """Write a text so that every database, browser and reader of JSON carries it as it is: line feeds alone, as a text
    area makes them, and neither NUL nor halves of characters.
    """
    whole = text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "\ufffd")
    return whole.replace("\r\n", "\n").replace("\r", "\n")


@contextmanager
def _in_language(lang: Language) -> Iterator[None]:
    """Say all words in a language, whatever that of the session is."""
    before = speaking.set(lang)
    try:
        yield
    finally:
        speaking.reset(before)


def _common(task: ReviewTask) -> dict[str, Any]:
    """Write what all screens show: the conversation, but for its last answer, and what stands beside it."""
    conversation = list(task.messages)
    if answers_of(task):
        del conversation[max(n for n, message in enumerate(conversation) if message.role == "assistant")]
    return {
        "key": task.key,
        "record": task.id,
        "why": ", ".join(task.why),
        "messages": [{"role": str(ROLES[one.role]), "content": clean(one.content)} for one in conversation],
        "beside": list(_beside(task)),
        "closed": [],
    }


def _answers(task: ReviewTask) -> dict[str, Any]:
    answers = answers_of(task)
    titles = [ANSWERS[len(answers) > 1], *(EARLIER for _ in answers[1:])]
    return {
        "answers": [
            {"title": str(title).format(number), "text": text}
            for number, (title, text) in enumerate(zip(titles, answers, strict=False), start=1)
        ]
    }


def _candidates(task: ReviewTask) -> dict[str, Any]:
    """Write the answers of a conflict, and the keys that choose one: their numbers say which it was."""
    candidates = candidates_of(task)
    letters = [LETTERS[n] if n < len(LETTERS) else str(n + 1) for n in range(len(candidates))]

    def choices(keys: str) -> list[dict[str, str]]:
        return [
            {"value": letter, "alias": str(n), **({"hotkey": keys[n]} if n < len(keys) else {})}
            for n, letter in enumerate(letters)
        ]

    return {
        "answers": [
            {"title": _dotted(letter, one.date, one.source), "text": clean(one.answer)}
            for letter, one in zip(letters, candidates, strict=True)
        ],
        "holds": choices(HOLDS_KEYS),
        "edited": choices(EDITED_KEYS),
    }


def _beside(task: ReviewTask) -> Iterator[dict[str, str]]:
    lines = [*map(reason_in_words, task.why), *map(measured_in_words, task.measured)]
    if origin := _dotted(task.source, task.date):
        lines.append(origin)
    if lines:
        yield {"title": str(REASONS), "text": clean("\n".join(f"• {line}" for line in lines))}
    for title, other in ((TWIN, task.twin), (PARENT, task.parent)):
        if other:
            exchange = f"{QUESTION}{other.question}\n{ANSWER}{other.answer}"
            text = "\n".join(filter(None, (exchange, _dotted(other.source, other.date))))
            yield {"title": str(title), "text": clean(text)}


def _dotted(*parts: str) -> str:
    return " · ".join(filter(None, parts))

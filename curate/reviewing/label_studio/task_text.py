"""What a task shows: the content that Label Studio keeps of it.

No name in it may be `source`: the screens would show the whole task in its place.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from curate.reviewing.label_studio.screen import EDITED_KEYS, HOLDS_KEYS
from schemas.bilingual import Bilingual, Language
from schemas.review import Measured, OtherAnswer, ReviewTask

ROLES = {
    "system": Bilingual("system", "系统"),
    "user": Bilingual("customer", "客户"),
    "assistant": Bilingual("assistant", "助手"),
}
WHY = {
    "conflict": Bilingual("answers to one question contradict each other", "同一问题有互相矛盾的回答"),
    "flagged": Bilingual("the rule {0} asks for a look", "规则请人看一眼：{0}"),
    "near": Bilingual("close to the limit of the rule {0}", "接近规则的限值：{0}"),
    "generated": Bilingual("written by a language model", "由语言模型写出"),
    "exam": Bilingual("question of the exam: {0}", "考题：{0}"),
    "dropped": Bilingual("one of those that the rule {0} dropped", "被规则删去，抽样来看：{0}"),
    "sample": Bilingual("drawn at random", "随机抽取"),
}
TITLED = Bilingual("{0} ({1})", "{0}（{1}）")
REASONS = Bilingual("Why you see this", "为什么请您看")
TWIN, PARENT = Bilingual("A record like it", "一条相似的记录"), Bilingual("What it was made from", "它的来源")
QUESTION, ANSWER = Bilingual("Question: ", "问："), Bilingual("Answer: ", "答：")
ANSWERS = Bilingual("Answer", "回答"), Bilingual("Last answer", "最后一个回答")
EARLIER = Bilingual("Answer {0} from the end", "倒数第 {0} 个回答")
YES, NO = Bilingual("yes", "是"), Bilingual("no", "否")
CLOSED = Bilingual(
    "This record has changed since: another task shows what it is now. Nothing is left to do here.",
    "这条记录后来变了：它现在的样子见另一个任务。这里不必再处理。",
)
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class TaskText:
    """How tasks are shown in one language. `titles` says in it what rules are about, by their names."""

    def __init__(self, lang: Language, titles: Mapping[str, str]) -> None:
        self._lang = lang
        self._titles = titles

    def content(self, task: ReviewTask) -> dict[str, Any]:
        """Write what the screens show, and by what the task is known again."""
        conversation, answers = list(task.messages), answers_of(task)
        if answers:
            del conversation[max(n for n, message in enumerate(conversation) if message.role == "assistant")]
        content = {
            "key": task.key,
            "record": task.id,
            "why": ", ".join(task.why),
            "messages": [{"role": self._in(ROLES[m.role]), "content": clean(m.content)} for m in conversation],
            "beside": list(self._beside(task)),
            "closed": [],
        }
        if task.asked == "conflict":
            return content | self._candidates(task)
        return content | {
            "answers": [{"title": self._answer(n, len(answers)), "text": text} for n, text in enumerate(answers, 1)]
        }

    def closing(self) -> list[dict[str, str]]:
        """Write what stands on a task whose record has changed."""
        return [{"text": self._in(CLOSED)}]

    def _candidates(self, task: ReviewTask) -> dict[str, Any]:
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

    def _beside(self, task: ReviewTask) -> Iterator[dict[str, str]]:
        lines = [self._why(why) for why in task.why] + [self._measure(measured) for measured in task.measured]
        if origin := _dotted(task.source, task.date):
            lines.append(origin)
        if lines:
            yield {"title": self._in(REASONS), "text": clean("\n".join(f"• {line}" for line in lines))}
        for title, other in ((TWIN, task.twin), (PARENT, task.parent)):
            if other:
                yield {"title": self._in(title), "text": self._other(other)}

    def _other(self, other: OtherAnswer) -> str:
        lines = [
            self._in(QUESTION) + other.question,
            self._in(ANSWER) + other.answer,
            _dotted(other.source, other.date),
        ]
        return clean("\n".join(filter(None, lines)))

    def _why(self, why: str) -> str:
        name, _, what = why.partition(":")
        title = self._titles.get(what, "")
        if title:
            what = self._in(TITLED).format(what, title)
        return self._in(WHY[name]).format(what) if name in WHY else why

    def _measure(self, measured: Measured) -> str:
        score = measured.score
        if isinstance(score, bool):
            shown = self._in(YES if score else NO)
        else:
            shown = score if isinstance(score, str) else f"{score:g}"
        return f"{measured.rule} = {shown}" + (f" ({measured.limit})" if measured.limit else "")

    def _answer(self, number: int, of: int) -> str:
        if number > 1:
            return self._in(EARLIER).format(number)
        return self._in(ANSWERS[of > 1])

    def _in(self, word: Bilingual) -> str:
        return word.zh if self._lang == "zh" else word.en


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


def _dotted(*parts: str) -> str:
    return " · ".join(filter(None, parts))

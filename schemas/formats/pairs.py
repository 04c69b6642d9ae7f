"""A table of questions and answers, whose columns the recipe names."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar

from schemas.formats import Draft, Format, Turn, UnreadableError
from schemas.record import Record

USUAL = (("question", "answer"), ("prompt", "response"), ("instruction", "response"), ("ask", "answer"), ("问", "答"),
         ("问题", "答案"), ("问题", "回答"))  # fmt: skip


class Pairs(Format):
    """One question and one answer a row. Several question columns are joined by a line feed, equal ones once."""

    title_zh: ClassVar[str] = "问答表：一列问题，一列答案"

    question: str | tuple[str, ...] = ()
    answer: str = ""

    @classmethod
    def fits(cls, fields: Mapping[str, Any]) -> bool:
        return any(q in fields and a in fields for q, a in USUAL)

    def plain_columns(self) -> tuple[str, str] | None:
        """Name one column of questions and one of answers, so that a row in which both are texts says these and nothing
        else: whoever reads many may take them as they stand. None where `read` has to look at each row.
        """
        if not self._named and not self.answer:
            return USUAL[0]
        return (self._named[0], self.answer) if len(self._named) == 1 and self.answer else None

    def columns(self, fields: Mapping[str, Any]) -> Mapping[str, str]:
        questions, answer = self._columns(fields)
        return {**dict.fromkeys(questions, "question"), answer: "answer"}

    def read(self, fields: Mapping[str, Any]) -> Draft:
        questions, answer = self._columns(fields)
        question = _text(fields, questions[0])
        if len(questions) > 1:
            texts = dict.fromkeys(_text(fields, name).strip() for name in questions)
            question = "\n".join(text for text in texts if text)
        return Draft(None, (Turn("user", question), Turn("assistant", _text(fields, answer))))

    def _columns(self, fields: Mapping[str, Any]) -> tuple[tuple[str, ...], str]:
        """Find the columns that the recipe names, or else the usual ones that the row has."""
        named = self._named
        if named and self.answer:
            return named, self.answer
        for question, answer in USUAL:
            if question in fields and answer in fields:
                return named or (question,), self.answer or answer
        return named or ("question",), self.answer or "answer"

    @cached_property
    def _named(self) -> tuple[str, ...]:
        return ((self.question,) if self.question else ()) if isinstance(self.question, str) else self.question

    def write(self, record: Record) -> dict[str, Any]:
        texts = [m.content for m in record.messages if m.role != "system"]
        texts += [""] * (len(texts) % 2)  # a question without an answer
        return {(self._named or ("question",))[0]: texts[-2], self.answer or "answer": texts[-1]}


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    if isinstance(value, str):
        return value
    if value is None and name in fields:
        return ""
    raise UnreadableError("column_is_not_text" if name in fields else "column_missing")

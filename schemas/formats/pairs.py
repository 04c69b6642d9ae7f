"""A table of questions and answers, whose columns the recipe names."""

from collections.abc import Mapping
from typing import Any, ClassVar

from schemas.formats import Draft, Format, Turn, UnreadableError
from schemas.record import Record

USUAL = (("question", "answer"), ("prompt", "response"), ("instruction", "response"), ("ask", "answer"), ("问", "答"),
         ("问题", "答案"), ("问题", "回答"))  # fmt: skip


class Pairs(Format):
    """One question and one answer a row. Several question columns are joined by a line feed, equal ones once."""

    title_zh: ClassVar[str] = "问答表：一列问题，一列答案"

    question: str | tuple[str, ...] = ""
    answer: str = ""

    @classmethod
    def fits(cls, fields: Mapping[str, Any]) -> bool:
        return any(q in fields and a in fields for q, a in USUAL)

    def read(self, fields: Mapping[str, Any]) -> Draft:
        questions, answer = self._columns(fields)
        missing = [name for name in (*questions, answer) if not isinstance(fields.get(name), str)]
        if missing:
            raise UnreadableError("column_missing")
        parts = dict.fromkeys(fields[name].strip() for name in questions)
        question = "\n".join(part for part in parts if part)
        return Draft(None, (Turn("user", question), Turn("assistant", fields[answer])))

    def _columns(self, fields: Mapping[str, Any]) -> tuple[tuple[str, ...], str]:
        if self.question and self.answer:
            return (self.question,) if isinstance(self.question, str) else self.question, self.answer
        usual = next(((q, a) for q, a in USUAL if q in fields and a in fields), None)
        if usual is None:
            raise UnreadableError("column_missing")
        return (usual[0],), usual[1]

    def write(self, record: Record) -> dict[str, Any]:
        question = self.question if isinstance(self.question, str) else self.question[0]
        said = [m.content for m in record.messages if m.role != "system"]
        return {question or "question": said[-2], self.answer or "answer": said[-1]}

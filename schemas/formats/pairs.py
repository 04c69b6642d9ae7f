"""A table of questions and answers, whose columns the recipe names."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar, Self

from pydantic import Field, model_validator

from schemas.bilingual import Bilingual
from schemas.formats import Draft, Turn, UnreadableError
from schemas.formats._beside import (
    BESIDE,
    HISTORY,
    SYSTEM,
    check_marks,
    choices_of,
    chosen,
    history_of,
    marks_in,
    system_of,
    with_choices,
)
from schemas.formats._sessions import InSessions
from schemas.record import Record

USUAL = (("question", "answer"), ("prompt", "response"), ("instruction", "response"), ("ask", "answer"), ("问", "答"),
         ("问题", "答案"), ("问题", "回答"), ("提问", "回答"), ("题目", "答案"), ("query", "response"),
         ("query", "answer"), ("question", "response"), ("prompt", "completion"), ("prompt", "chosen"),
         ("question", "chosen"), ("Question", "Answer"), ("QUESTION", "ANSWER"), ("Prompt", "Response"),
         ("Questions", "Answers"), ("问题", "答复"), ("问题", "回复"), ("提问", "答案"), ("問題", "答案"),
         ("問題", "回答"))  # fmt: skip


class Pairs(InSessions):
    """One question and one answer a row. Several question columns are joined by a line feed, equal ones once; with as
    many answer columns they are a talk: `question: [问1, 问2], answer: [答1, 答2]`.

    Where several rows are one conversation, `session` names the column that says of which, and `time` that of their
    order, where they do not stand in it; both as in `turns`.

    Beside them `history` and `system` are read. So are the choices of a question: a list in `options` or `choices`, or
    columns A, B, C …; the answer is a letter, a text, or a number, for which `first_choice` says with what they begin
    (0 or 1). Rows that somebody marked as bad (`label: false`, `is_good: false`) are left out, unless `keep_marked`.
    """

    title_zh: ClassVar[str] = "问答表：一列问题，一列答案"

    question: str | tuple[str, ...] = ()
    answer: str | tuple[str, ...] = ""
    history: str = "history"
    system: str = "system"
    first_choice: int | None = Field(None, ge=0, le=1)
    keep_marked: bool = False

    @model_validator(mode="after")
    def _alternates(self) -> Self:
        if isinstance(self.answer, tuple) and len(self.answer) != len(self._named):
            raise ValueError(
                Bilingual("name as many `question` as `answer` columns", "question 和 answer 的列数要相同")
            )
        return self

    @classmethod
    def fits(cls, fields: Mapping[str, Any]) -> bool:
        return any(q in fields and a in fields for q, a in USUAL)

    def plain_columns(self) -> tuple[str, str] | None:
        """Name one column of questions and one of answers, so that a row in which both are texts, and which has none of
        the keys BESIDE, says these and nothing else: whoever reads many may take them as they stand. None where `read`
        has to look at each row.
        """
        if self.has_sessions or not {self.history, self.system} <= BESIDE:
            return None
        if not self._named and not self.answer:
            return USUAL[0]
        one = len(self._named) == 1 and isinstance(self.answer, str) and self.answer
        return (self._named[0], one) if one else None

    def columns(self, fields: Mapping[str, Any]) -> Mapping[str, str]:
        if isinstance(self.answer, tuple):
            return {**dict.fromkeys(self._named, "question"), **dict.fromkeys(self.answer, "answer")}
        questions, answer = self._columns(fields)
        return {**dict.fromkeys(questions, "question"), answer: "answer"}

    def reads(self, fields: Mapping[str, Any]) -> frozenset[str]:
        questions, answer = self._columns(fields)
        used = (*questions, *(self.answer if isinstance(self.answer, tuple) else (answer,)))
        named = (*_as_names(self.session), *(self.time.columns if self.time else ()))
        beside = (self.history, self.system, *HISTORY, *SYSTEM)
        return frozenset((*used, *named, *beside)) | marks_in(fields) | choices_of(fields, used)[1]

    def own_columns(self) -> frozenset[str]:
        return frozenset((*_as_names(self.session), *self._named, *_as_names(self.answer)))

    def read(self, fields: Mapping[str, Any]) -> Draft:
        if self.session is None:
            return self._row(fields)
        session = self.session_of(fields, self.session)
        if not session:
            raise UnreadableError("no_session")
        self.times(fields)
        return Draft(session, self._row(fields).turns)

    def _row(self, fields: Mapping[str, Any]) -> Draft:
        """Read a row as a conversation of its own."""
        if isinstance(self.answer, tuple):
            return self._talk(fields, self.answer)
        questions, answer = self._columns(fields)
        if BESIDE.isdisjoint(fields) and {self.history, self.system} <= BESIDE:
            return Draft(None, self._exchange(fields, questions, answer))

        if not self.keep_marked:
            check_marks({key: value for key, value in fields.items() if key not in (*questions, answer)})
        named = {**fields, "system": fields.get(self.system) or fields.get("system")}
        earlier = (*system_of(named), *history_of(fields.get(self.history)))
        choices, _ = choices_of(fields, (*questions, answer))
        if not choices:
            return Draft(None, (*earlier, *self._exchange(fields, questions, answer)))
        question = with_choices(_text(fields, questions[0]), choices)
        return Draft(None, (*earlier, Turn("user", question), self._choice(fields, answer, choices)))

    def _choice(self, fields: Mapping[str, Any], answer: str, choices: Mapping[str, str]) -> Turn:
        """Read the answer that is one of the choices; an empty one is none yet."""
        value = fields.get(answer)
        is_empty = value is None or (isinstance(value, str) and not value.strip())
        return Turn("assistant", "" if is_empty else chosen(value, choices, self.first_choice))

    def _exchange(self, fields: Mapping[str, Any], questions: tuple[str, ...], answer: str) -> tuple[Turn, Turn]:
        """Read the question and the answer as they stand."""
        question = _text(fields, questions[0])
        if len(questions) > 1:
            texts = dict.fromkeys(_text(fields, name).strip() for name in questions)
            question = "\n".join(text for text in texts if text)
        return Turn("user", question), Turn("assistant", _text(fields, answer))

    def _talk(self, fields: Mapping[str, Any], answers: tuple[str, ...]) -> Draft:
        """Read a row of several questions and answers; what is empty is not said."""
        columns = [(role, name) for pair in zip(self._named, answers, strict=True)
                   for role, name in zip(("user", "assistant"), pair, strict=True)]  # fmt: skip
        turns = tuple(Turn(role, text) for role, name in columns if (text := _text(fields, name)).strip())
        return Draft(None, turns)

    def _columns(self, fields: Mapping[str, Any]) -> tuple[tuple[str, ...], str]:
        """Find the columns that the recipe names, or else the usual ones that the row has."""
        named, answer_named = self._named, "" if isinstance(self.answer, tuple) else self.answer
        if named and answer_named:
            return named, answer_named
        for question, answer in USUAL:
            if question in fields and answer in fields:
                return named or (question,), answer_named or answer
        return named or ("question",), answer_named or "answer"

    @cached_property
    def _named(self) -> tuple[str, ...]:
        return _as_names(self.question)

    def write(self, record: Record) -> dict[str, Any]:
        texts = [m.content for m in record.messages if m.role != "system"]
        texts += [""] * (len(texts) % 2)  # a question without an answer
        answer = self.answer[0] if isinstance(self.answer, tuple) else self.answer or "answer"
        return {(self._named or ("question",))[0]: texts[-2], answer: texts[-1]}


def _as_names(columns: str | tuple[str, ...] | None) -> tuple[str, ...]:
    return columns if isinstance(columns, tuple) else (columns,) if columns else ()


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    if isinstance(value, str):
        return value
    if value is None and name in fields:
        return ""
    raise UnreadableError("column_is_not_text" if name in fields else "column_missing")

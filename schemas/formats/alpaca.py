"""Alpaca: `instruction`, `input`, `output`, with `history` and `system` where a data set has them."""

from collections.abc import Mapping
from typing import Any, ClassVar

from schemas.formats import Draft, Format, Turn, UnreadableError
from schemas.formats._beside import HISTORY, SYSTEM, check_marks, history_of, marks_in, system_of
from schemas.record import Record
from schemas.written_nulls import may_be_null


class Alpaca(Format):
    """`instruction` and `input` are joined by a line feed. Seed tasks with `instances` give their first instance.

    Rows that somebody marked as bad (`label: false`, `is_good: false`) are left out, unless `keep_marked`.
    """

    title_zh: ClassVar[str] = "Alpaca：instruction、input、output"

    keep_marked: bool = False

    @classmethod
    def fits(cls, fields: Mapping[str, Any]) -> bool:
        return "instruction" in fields and ("output" in fields or "instances" in fields)

    def reads(self, fields: Mapping[str, Any]) -> frozenset[str]:
        return frozenset(("instruction", "input", "output", "instances", *SYSTEM, *HISTORY)) | marks_in(fields)

    def read(self, fields: Mapping[str, Any]) -> Draft:
        if not self.keep_marked:
            check_marks(fields)
        instances = fields.get("instances")
        if instances is not None:
            if not (isinstance(instances, list) and instances and isinstance(instances[0], Mapping)):
                raise UnreadableError("no_instances")
            fields = {**fields, **instances[0]}

        more = _text(fields, "input")
        more = "" if may_be_null(more) else more  # <noinput>, N/A: the instruction is the question
        question = "\n".join(text for text in (_text(fields, "instruction"), more) if text)
        return Draft(
            None,
            (
                *system_of(fields),
                *history_of(fields.get("history")),
                Turn("user", question),
                Turn("assistant", _text(fields, "output")),
            ),
        )

    def write(self, record: Record) -> dict[str, Any]:
        texts = [m.content for m in record.messages if m.role != "system"]
        texts += [""] * (len(texts) % 2)  # a question without an answer
        return {
            "instruction": texts[-2],
            "input": "",
            "output": texts[-1],
            "history": [[q, a] for q, a in zip(texts[:-2:2], texts[1:-2:2], strict=True)],
            "system": next((m.content for m in record.messages if m.role == "system"), ""),
        }


def _text(fields: Mapping[str, Any], key: str) -> str:
    value = fields.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise UnreadableError(f"{key}_is_not_text")
    return value

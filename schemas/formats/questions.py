"""Questions without answers: what an assistant should decline, or be asked in an exam."""

from collections.abc import Mapping
from typing import Any, ClassVar

from schemas.formats import Draft, Format, Turn, UnreadableError
from schemas.record import Record


class Questions(Format):
    """One question a row, in the column named."""

    title_zh: ClassVar[str] = "只有问题的表"
    writes: ClassVar[bool] = False

    text: str = "text"

    @classmethod
    def fits(cls, fields: Mapping[str, Any]) -> bool:
        return False  # any table has a column of text; the recipe must say that it holds questions

    def read(self, fields: Mapping[str, Any]) -> Draft:
        if self.text not in fields:
            raise UnreadableError("column_missing")
        value = fields[self.text]
        if not isinstance(value, str):
            raise UnreadableError("column_is_not_text")
        return Draft(None, (Turn("user", value),))

    def write(self, record: Record) -> dict[str, Any]:
        raise TypeError("a conversation has answers, this format has none")

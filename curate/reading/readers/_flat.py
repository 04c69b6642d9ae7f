"""Rows that are objects in objects, laid out as columns: `text.content`, `author.role`, `createdAt.$date`."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import Field, model_validator

from curate.reading.readers import RawRow
from curate.reading.readers._talks import flat
from schemas.record import Frozen

RECALLED = "_recalled"
"""The column of a truth: whether another message took this one back."""
CUSTOMER, SIDE = "_customer", "_side"
"""The columns of the party outside the company, and of who speaks: customer, agent, or internal among colleagues."""
EXTERNAL = re.compile(r"w[mo][\w-]{10,}")
"""Ids of persons outside the company, as WeCom writes them."""


class FlatRows(Frozen):
    """`true` lays each row out as columns, the keys of objects in it with dots between them.

    `recalls` marks the messages that others take back, by their ids: `{revoke.pre_msgid: msgid}` gives `_recalled`.
    `external` finds the customer among sender and receivers by an id that begins with wm or wo, as WeCom writes it:
    `{from: tolist}` gives `_customer` and `_side`, which is `internal` among colleagues and in groups.
    """

    recalls: dict[str, str] = Field(default_factory=dict)
    external: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _from_yaml(cls, value: Any) -> Any:
        return {} if value is True else value

    def rows(self, rows: Iterable[RawRow]) -> Iterator[RawRow]:
        """Lay out the rows; those of a file in which messages are taken back are all held first."""
        laid = (row if row.fields is None else row._replace(fields=self.columns(row.fields)) for row in rows)
        return iter(self._recalled([*laid])) if self.recalls else laid

    def columns(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Lay one row out."""
        columns = flat(fields)
        for sender, receivers in self.external.items():
            customer, side = _parties(columns.get(sender), columns.get(receivers))
            columns |= {CUSTOMER: customer, SIDE: side}
        return columns

    def _recalled(self, rows: list[RawRow]) -> list[RawRow]:
        columns = [row.fields for row in rows if row.fields is not None]
        for recall, message in self.recalls.items():
            gone = {row[recall] for row in columns if isinstance(row.get(recall), str)}
            for row in columns:
                row[RECALLED] = str(row.get(RECALLED) == "true" or row.get(message) in gone).lower()
        return rows


def _parties(sender: Any, receivers: Any) -> tuple[str, str]:
    """Find the customer of a message, and the side that says it."""
    named = [str(each) for each in (receivers if isinstance(receivers, list) else [receivers])]
    outside = [each for each in (str(sender), *named) if EXTERNAL.fullmatch(each)]
    if len(named) != 1 or len(outside) != 1:
        return str(sender), "internal"
    return outside[0], "customer" if outside[0] == sender else "agent"

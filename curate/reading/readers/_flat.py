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
OFF_PATH, DEPTH = "_off_path", "_depth"
"""The columns of a truth, whether a message hangs beside the best path of its tree, and of its number on it."""
REFUSED = {"deleted": "true", "review_result": "false"}
"""What columns say of messages that nobody is to see."""
BESIDE = 1_000
"""From where on messages beside the path are numbered: no path is so long."""
EXTERNAL = re.compile(r"w[mo][\w-]{10,}")
"""Ids of persons outside the company, as WeCom writes them."""


class MessageTree(Frozen):
    """The columns that make a tree of messages: `id`, that of the message before, and how good it is among its like."""

    id: str
    parent: str
    rank: str

    def marked(self, rows: list[RawRow]) -> list[RawRow]:
        """Mark in each message whether it is on the best path, and where."""
        columns = [row.fields for row in rows if row.fields is not None]
        children: dict[Any, list[dict[str, Any]]] = {}
        for number, row in enumerate(columns, start=BESIDE):
            row |= {OFF_PATH: "true", DEPTH: str(number)}
            if not any(row.get(key) == word for key, word in REFUSED.items()):
                children.setdefault(row.get(self.parent) or None, []).append(row)
        for root in children.get(None, ()):
            depth, best, following = 0, root, [root]
            while following and best[OFF_PATH] == "true":
                best |= {OFF_PATH: "false", DEPTH: str(depth)}
                following = children.get(best.get(self.id), [])
                depth, best = depth + 1, min(following, key=self._rank, default=best)
        return rows

    def _rank(self, row: Mapping[str, Any]) -> float:
        """Read a rank; a message without one comes last."""
        rank = str(row.get(self.rank))
        return float(rank) if re.fullmatch(r"\d+(?:\.\d+)?", rank) else float("inf")


class FlatRows(Frozen):
    """`true` lays each row out as columns, the keys of objects in it with dots between them.

    `recalls` marks the messages that others take back, by their ids: `{revoke.pre_msgid: msgid}` gives `_recalled`.
    `external` finds the customer among sender and receivers by an id that begins with wm or wo, as WeCom writes it:
    `{from: tolist}` gives `_customer` and `_side`, which is `internal` among colleagues and in groups.
    `best_path` follows in a tree of messages the best one of each parent: `{id: message_id, parent: parent_id, rank:
    rank}` gives `_off_path` and `_depth`; 0 is the best rank, and what is deleted or failed its review is off the path
    with all below it.
    """

    recalls: dict[str, str] = Field(default_factory=dict)
    external: dict[str, str] = Field(default_factory=dict)
    best_path: MessageTree | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_yaml(cls, value: Any) -> Any:
        return {} if value is True else value

    def rows(self, rows: Iterable[RawRow]) -> Iterator[RawRow]:
        """Lay out the rows; those of a file in which messages are taken back are all held first."""
        laid = (row if row.fields is None else row._replace(fields=self.columns(row.fields)) for row in rows)
        if self.best_path is not None:
            return iter(self.best_path.marked([*laid]))
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

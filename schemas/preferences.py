"""Pairs of answers of which people prefer one: what a training on preferences learns from."""

from collections.abc import Iterable
from typing import Literal, get_args

import polars as pl

from schemas.digest import digest
from schemas.frame import SCHEMA
from schemas.record import Frozen, Kind, Message

Origin = Literal["edit", "conflict", "blind"]
"""How people said it: by writing the answer anew; by saying which of several holds; by comparing two without names."""
ORIGINS: tuple[Origin, ...] = get_args(Origin)


class AnswerPair(Frozen):
    """Two answers at one turn of a conversation, of which people prefer `chosen`. Who decided is not in it.

    `record` is the id of the record whose answer is chosen, or that of the question of an exam; `other` is the record
    whose answer is rejected, empty where it is the same one. `turn` is the number of the assistant's turn counted from
    the end, the last being 1. `prompt` is the conversation up to the answer.
    """

    origin: Origin
    record: str
    other: str = ""
    turn: int = 1
    kind: Kind
    lang: str
    prompt: tuple[Message, ...]
    chosen: str
    rejected: str

    @property
    def id(self) -> str:
        """Digest all of it."""
        return digest("preference", self.model_dump(mode="json"))


PREFERENCES = pl.Schema(
    [
        *((name, pl.String()) for name in ("id", "origin", "record", "other")),
        ("turn", pl.Int64()),
        ("kind", pl.String()),
        ("lang", pl.String()),
        ("prompt", SCHEMA["messages"]),
        ("chosen", pl.String()),
        ("rejected", pl.String()),
    ]
)


def preferences_frame(pairs: Iterable[AnswerPair]) -> pl.DataFrame:
    """Build a frame with PREFERENCES, by id."""
    rows = [{"id": pair.id, **pair.model_dump(mode="json")} for pair in pairs]
    return pl.DataFrame(rows, schema=PREFERENCES).sort("id")

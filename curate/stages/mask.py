"""Masks personal data: one value keeps one pseudonym inside a conversation."""

from collections import Counter
from typing import Any, ClassVar, Literal

import polars as pl
from pydantic import field_validator

from curate.stages import Outcome, Stage, Tools
from rules.personal import KINDS, find, plain, suspicious
from schemas.frame import SCHEMA, frame_of
from schemas.ledger import EVENTS, events_of
from schemas.words import Words


class Mask(Stage):
    """Personal data is replaced by its kind and a number: `[手机号1]`, `[PHONE1]`."""

    title_zh: ClassVar[str] = "把个人信息替换成类别加编号"

    kinds: tuple[str, ...] = KINDS.names()
    labels: Literal["auto", "zh", "en"] = "auto"

    @field_validator("kinds")
    @classmethod
    def _known(cls, kinds: tuple[str, ...]) -> tuple[str, ...]:
        unknown = [kind for kind in kinds if kind not in KINDS.names()]
        if unknown:
            known = ", ".join(KINDS.names())
            raise ValueError(Words(f"unknown kind {unknown}; known: {known}", f"未知类别 {unknown}；可用：{known}"))
        return kinds

    def run(self, frame: pl.DataFrame, tools: Tools) -> Outcome:
        numbered = frame.with_row_index("position")
        said = pl.col("messages").list.eval(pl.element().struct.field("content")).list.join("\n")
        doubtful = suspicious(numbered.select(said).to_series(), self.kinds)
        notes: list[dict[str, Any]] = []
        masked: list[dict[str, Any]] = []
        for record in numbered.filter(doubtful).iter_rows(named=True):
            counts = self._mask(record)
            if counts:
                masked.append(record)
                notes += [{"id": record["id"], "reason": k, "score": float(n)} for k, n in sorted(counts.items())]
        if not masked:
            return Outcome(frame)
        return Outcome(_replaced(numbered, masked), _noted(notes))

    def _mask(self, record: dict[str, Any]) -> Counter[str]:
        """Replaces in place; gives how many were found of each kind."""
        chinese = self.labels == "zh" or (self.labels == "auto" and record["lang"] == "zh")
        pseudonyms: dict[tuple[str, str], str] = {}
        used: Counter[str] = Counter()
        counts: Counter[str] = Counter()
        for message in record["messages"]:
            text, pieces, last = message["content"], [], 0
            for found in find(text, self.kinds):
                kind = KINDS.load(found.kind)
                label = kind.label_zh if chinese else kind.label_en
                key = (label, plain(text[found.start : found.end]))
                if key not in pseudonyms:
                    used[label] += 1
                    pseudonyms[key] = f"[{label}{used[label]}]"
                pieces += [text[last : found.start], pseudonyms[key]]
                last = found.end
                counts[found.kind] += 1
            message["content"] = "".join([*pieces, text[last:]])
        return counts


def _replaced(numbered: pl.DataFrame, masked: list[dict[str, Any]]) -> pl.DataFrame:
    positions = [record.pop("position") for record in masked]
    changed = frame_of(masked).with_columns(position=pl.Series(positions, dtype=pl.UInt32))
    rest = numbered.filter(~pl.col("position").is_in(positions))
    return pl.concat([rest.select(changed.columns), changed]).sort("position").select(SCHEMA.names())


def _noted(notes: list[dict[str, Any]]) -> pl.DataFrame:
    columns = {name: EVENTS[name] for name in ("id", "reason", "score")}
    return events_of(pl.DataFrame(notes, schema=columns), "mask", "fixed")

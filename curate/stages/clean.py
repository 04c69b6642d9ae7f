"""Cleans messages step by step, and notes which step changed which record."""

from typing import ClassVar, Literal

import polars as pl
from pydantic import Field, field_validator

import curate.cleaning
from curate.cleaning import CleaningStep, Options
from curate.stages import Outcome, Stage, Tools
from curate.turns import explode, implode
from schemas.catalog import Catalog
from schemas.ledger import EVENTS, events_of
from schemas.words import Words

STEPS = Catalog(curate.cleaning, CleaningStep)


class Clean(Stage):
    """Repairs what exports and platforms do to text. Numbers, units, code and addresses keep every character."""

    title_zh: ClassVar[str] = "清洗文本：乱码、实体、宽度、控制字符、空白、套话、术语"
    by_record: ClassVar[bool] = True

    steps: tuple[str, ...] = STEPS.names()
    terms: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    boilerplate: tuple[str, ...] = ()
    chinese: Literal["keep", "simplified", "traditional"] = "keep"

    @field_validator("steps")
    @classmethod
    def _known(cls, steps: tuple[str, ...]) -> tuple[str, ...]:
        unknown = [step for step in steps if step not in STEPS.names()]
        if unknown:
            known = ", ".join(STEPS.names())
            raise ValueError(Words(f"unknown step {unknown}; known: {known}", f"未知步骤 {unknown}；可用：{known}"))
        return steps

    def run(self, frame: pl.DataFrame, tools: Tools) -> Outcome:
        turns = explode(frame)
        notes = []
        for name, step in self._made():
            turns, changed = _apply(turns, step)
            notes.append(pl.DataFrame({"record": changed.unique(), "reason": name}, schema=_NOTE))
        touched = pl.concat([pl.DataFrame(schema=_NOTE), *notes])
        if touched.is_empty():
            return Outcome(frame)
        cleaned = implode(frame, _trimmed(turns))
        ids = frame.select("id").with_row_index("record")
        fixed = events_of(touched.join(ids, on="record").sort("id", "reason"), "clean", "fixed")
        return _without_the_empty(frame, cleaned, fixed)

    def _made(self) -> list[tuple[str, CleaningStep]]:
        options = Options(self.terms, self.boilerplate, self.chinese)
        steps = [(name, STEPS.load(name)(options)) for name in self.steps]
        return sorted(steps, key=lambda item: item[1].order)


_NOTE = pl.Schema([("record", pl.UInt32()), ("reason", pl.String())])


def _apply(turns: pl.DataFrame, step: CleaningStep) -> tuple[pl.DataFrame, pl.Series]:
    """The turns after the step, and the records that it changed."""
    screen = step.screen()
    if screen is None:
        return turns, turns["record"].head(0)
    doubtful = turns["content"].str.contains(screen)
    if not doubtful.any():
        return turns, turns["record"].head(0)
    before = turns["content"].filter(doubtful)
    after = pl.Series("content", [step.fix(text) for text in before], dtype=pl.String)
    places = doubtful.arg_true()
    content = turns["content"].scatter(places, after)
    return turns.with_columns(content=content), turns["record"].filter(doubtful).filter(before != after)


def _trimmed(turns: pl.DataFrame) -> pl.DataFrame:
    """The turns that are left, again from the user's first to the assistant's last: an emptied opening leaves none."""
    left = turns.filter(pl.col("content") != "")
    begins = pl.col("turn").filter(pl.col("role") == "user").min().over("record")
    ends = pl.col("turn").filter(pl.col("role") == "assistant").max().over("record")
    unanswered = ~(pl.col("role") == "assistant").any().over("record")
    inside = (pl.col("turn") >= begins) & ((pl.col("turn") <= ends) | unanswered)
    return left.filter((pl.col("role") == "system") | inside.fill_null(False))


def _without_the_empty(frame: pl.DataFrame, cleaned: pl.DataFrame, fixed: pl.DataFrame) -> Outcome:
    """Drops records that cleaning left without a side that they had."""
    roles = pl.col("messages").list.eval(pl.element().struct.field("role"))
    had = frame.select(user=roles.list.contains("user"), agent=roles.list.contains("assistant"))
    has = cleaned.select(user=roles.list.contains("user"), agent=roles.list.contains("assistant"))
    whole = (has["user"] | ~had["user"]) & (has["agent"] | ~had["agent"])
    gone = cleaned.filter(~whole).select("id", reason=pl.lit("empty_after_cleaning"))
    noted = fixed.filter(~pl.col("id").is_in(gone["id"].implode()))
    events = pl.concat([pl.DataFrame(schema=EVENTS), noted, events_of(gone, "clean", "dropped")])
    return Outcome(cleaned.filter(whole), events)

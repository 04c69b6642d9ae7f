"""Cleans messages step by step, and notes which step changed which record."""

from typing import ClassVar, Literal, get_args

import polars as pl
from pydantic import Field, field_validator, model_validator

import curate.cleaning
from curate.cleaning import CleaningStep, Emoji, Options, Punctuation
from curate.conversations.messages import contents, explode, with_messages
from curate.stages import Outcome, Stage, Tools
from schemas.bilingual import Words
from schemas.catalog import Catalog
from schemas.ledger import EVENTS, events_of
from schemas.record import KINDS, Role

ROLES = get_args(Role)
STEPS = Catalog(curate.cleaning, CleaningStep)
ROUNDS = 8
"""How often the chain is run over a text that still changes: what one step uncovers, an earlier one may repair."""
FEW = 32
"""So few texts are given to every step as they are: to screen them takes longer."""


class Clean(Stage):
    """Repairs what exports and platforms do to text. Numbers, units, code and addresses keep every character.

    `terms` names the wanted word and its other spellings, `typos` the right spelling of each wrong one. `punctuation`
    in Chinese wording becomes full-width (`full`), in Latin wording half-width (`half`), or each (`both`).
    """

    title_zh: ClassVar[str] = "清洗文本：乱码、实体、宽度、控制字符、空白、掩码、签名、套话、术语"
    by_record: ClassVar[bool] = True

    steps: tuple[str, ...] = STEPS.names()
    terms: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    typos: dict[str, str] = Field(default_factory=dict)
    boilerplate: tuple[str, ...] = ()
    chinese: Literal["keep", "simplified", "traditional"] = "keep"
    punctuation: Punctuation = "keep"
    emoji: Emoji = "keep"

    @field_validator("steps")
    @classmethod
    def _known(cls, steps: tuple[str, ...]) -> tuple[str, ...]:
        unknown = [step for step in steps if step not in STEPS.names()]
        if unknown:
            known = ", ".join(STEPS.names())
            raise ValueError(Words(f"unknown step {unknown}; known: {known}", f"未知步骤 {unknown}；可用：{known}"))
        return steps

    @model_validator(mode="after")
    def _ends(self) -> "Clean":
        """A word that is wanted here and replaced there would change with every run."""
        replaced = {other for term, others in self.terms.items() for other in others if other != term}
        replaced |= {wrong for wrong, right in self.typos.items() if wrong != right}
        both = sorted(replaced & {*self.terms, *self.typos.values()})
        if both or "" in replaced:
            told = ", ".join(both)
            raise ValueError(
                Words(
                    f"terms and typos: a word is empty, or both wanted and replaced: {told}",
                    f"术语和错别字：有空词，或同一个词既要保留又要替换：{told}",
                )
            )
        return self

    def run(self, frame: pl.DataFrame, tools: Tools) -> Outcome:
        chain = self._made()
        doubtful = _doubtful(frame, [step for _, step in chain])
        if doubtful.is_empty():
            return Outcome(frame)
        some = frame.select("id", "messages", "kind", "lang")[doubtful]
        before = explode(some)
        turns, touched = _cleaned(some, before, chain)
        if touched.is_empty():
            return Outcome(frame)
        fixed = events_of(touched.join(_ids(some), on="record").sort("id", "reason"), "clean", "fixed")
        turns = turns.with_columns(doubtful.gather(turns["record"]))
        holed = _trimmed(_of(turns, turns.filter(pl.col("content") == "")))
        gone = _without_a_side(before.with_columns(turns["record"]), turns, holed)
        return _outcome(with_messages(frame, turns, holed, gone), fixed, frame["id"].gather(gone))

    def _made(self) -> list[tuple[str, CleaningStep]]:
        """The steps that have something to do, in order."""
        options = Options(
            terms=self.terms, typos=self.typos, boilerplate=self.boilerplate,
            chinese=self.chinese, punctuation=self.punctuation, emoji=self.emoji,
        )  # fmt: skip
        steps = [(name, STEPS.load(name)(options)) for name in self.steps]
        return sorted(((n, s) for n, s in steps if s.screen() is not None), key=lambda item: item[1].order)


def _doubtful(frame: pl.DataFrame, steps: list[CleaningStep]) -> pl.Series:
    """The places of the records that a step may change: one pass over all texts. No step changes any other."""
    if not steps or frame.is_empty():
        return pl.Series("record", [], dtype=pl.UInt32)
    texts, ends = contents(frame)
    places = _screened(texts, steps).arg_true()
    return ends.search_sorted(places, side="right").unique(maintain_order=True).alias("record")


def _screened(texts: pl.Series, steps: list[CleaningStep]) -> pl.Series:
    """Which texts one of the steps may change."""
    return texts.str.contains("|".join(f"(?:{step.screen()})" for step in steps)).fill_null(False)


_NOTE = pl.Schema([("record", pl.UInt32()), ("reason", pl.String())])


def _cleaned(
    some: pl.DataFrame, turns: pl.DataFrame, chain: list[tuple[str, CleaningStep]]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The turns after the steps, and `record` with `reason` for every step that changed something in it."""
    about = some.select("kind", "lang").with_row_index("record")
    unsettled = turns.with_row_index("place").join(about, on="record", how="left", maintain_order="left")
    unsettled = unsettled.filter(_screened(turns["content"], [step for _, step in chain]))
    unsettled = unsettled.with_columns(content=pl.Series(unsettled["content"].to_list(), dtype=pl.String))
    content = turns["content"]
    notes = [pl.DataFrame(schema=_NOTE)]
    for _ in range(ROUNDS):
        texts = unsettled["content"]
        for name, step in chain:
            fixed, changed = _applied(unsettled, texts, step)
            if len(changed):
                texts = fixed
                notes.append(
                    pl.DataFrame({"record": unsettled["record"].gather(changed), "reason": name}, schema=_NOTE)
                )
        moved = texts != unsettled["content"]
        unsettled = unsettled.with_columns(content=texts).filter(moved)
        content = content.scatter(unsettled["place"], unsettled["content"])
        unsettled = unsettled.filter(_screened(unsettled["content"], [step for _, step in chain]))
        if unsettled.is_empty():
            break
    return turns.with_columns(content=content), pl.concat(notes).unique()


def _applied(turns: pl.DataFrame, texts: pl.Series, step: CleaningStep) -> tuple[pl.Series, list[int]]:
    """The texts after the step, and the places of those that it changed."""
    flags = pl.repeat(True, len(texts), dtype=pl.Boolean, eager=True) if len(texts) <= FEW else _screened(texts, [step])
    for column, concerned, every in (("kind", step.kinds, KINDS), ("role", step.roles, ROLES)):
        if concerned != every:
            flags &= turns[column].is_in(concerned)
    places = flags.arg_true()
    langs, changed, new = turns["lang"].gather(places).to_list(), [], []
    for place, text, lang in zip(places.to_list(), texts.gather(places).to_list(), langs, strict=True):
        fixed = step.fix(text, lang)
        if fixed != text:
            changed.append(place)
            new.append(fixed)
    return texts.scatter(changed, pl.Series(new, dtype=pl.String)) if changed else texts, changed


def _ids(some: pl.DataFrame) -> pl.DataFrame:
    return some.select("id").with_row_index("record")


def _of(turns: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    """All turns of these records."""
    return turns.join(records.select("record").unique(), on="record", how="semi", maintain_order="left")


def _trimmed(turns: pl.DataFrame) -> pl.DataFrame:
    """The turns that are left, again from the user's first to the assistant's last: an emptied opening leaves none."""
    left = turns.filter(pl.col("content") != "")
    begins = pl.col("turn").filter(pl.col("role") == "user").min().over("record")
    ends = pl.col("turn").filter(pl.col("role") == "assistant").max().over("record")
    unanswered = ~(pl.col("role") == "assistant").any().over("record")
    inside = (pl.col("turn") >= begins) & ((pl.col("turn") <= ends) | unanswered)
    return left.filter((pl.col("role") == "system") | inside.fill_null(False))


def _without_a_side(before: pl.DataFrame, turns: pl.DataFrame, holed: pl.DataFrame) -> pl.Series:
    """The places of the records that cleaning left without a side that they had."""
    lost = turns.filter(pl.col("content") == "").select("record").unique(maintain_order=True)
    had = _of(before, lost).select("record", "role").unique(maintain_order=True)
    missing = had.join(holed, on=["record", "role"], how="anti", maintain_order="left")
    silent = lost.join(holed, on="record", how="anti")
    return pl.concat([missing.filter(pl.col("role") != "system")["record"], silent["record"]]).unique().sort()


def _outcome(cleaned: pl.DataFrame, fixed: pl.DataFrame, gone: pl.Series) -> Outcome:
    """Drops the records that cleaning left without a side."""
    if gone.is_empty():
        return Outcome(cleaned, fixed)
    noted = fixed.filter(~pl.col("id").is_in(gone.implode()))
    dropped = pl.DataFrame({"id": gone, "reason": "empty_after_cleaning"})
    return Outcome(cleaned, pl.concat([pl.DataFrame(schema=EVENTS), noted, events_of(dropped, "clean", "dropped")]))

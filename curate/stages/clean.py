"""Cleans messages step by step, and notes which step changed which record."""

from typing import ClassVar, Literal, get_args

import polars as pl
from pydantic import Field, field_validator, model_validator

import curate.cleaning
from curate.cleaning import CleaningStep, Emoji, Options, Punctuation
from curate.conversations.messages import contents, explode, with_messages
from curate.stages import Outcome, Stage, Tools
from schemas.bilingual import Bilingual
from schemas.catalog import Catalog
from schemas.ledger import EVENTS, events_of
from schemas.record import KINDS, Role

ROLES = get_args(Role)
STEPS = Catalog(curate.cleaning, CleaningStep)
ROUNDS = 8
"""How often the chain is run over a text that still changes: what one step uncovers, an earlier one may repair."""
FEW = 32
"""Up to this many texts are given to every step as they are: to screen them takes longer."""


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
            raise ValueError(Bilingual(f"unknown step {unknown}; known: {known}", f"未知步骤 {unknown}；可用：{known}"))
        return steps

    @model_validator(mode="after")
    def _ends(self) -> "Clean":
        """Refuse a word that is both wanted and replaced: it would change with every run."""
        replaced = {spelling for term, spellings in self.terms.items() for spelling in spellings if spelling != term}
        replaced |= {wrong for wrong, right in self.typos.items() if wrong != right}
        both = sorted(replaced & {*self.terms, *self.typos.values()})
        if both or "" in replaced:
            words = ", ".join(both)
            raise ValueError(
                Bilingual(
                    f"terms and typos: a word is empty, or both wanted and replaced: {words}",
                    f"术语和错别字：有空词，或同一个词既要保留又要替换：{words}",
                )
            )
        return self

    def run(self, frame: pl.DataFrame, tools: Tools) -> Outcome:
        # 1. Clean the texts of those records alone that a step may change.
        chain = self._chain()
        doubtful = _doubtful(frame, [step for _, step in chain])
        if doubtful.is_empty():
            return Outcome(frame)
        records = frame.select("id", "messages", "kind", "lang")[doubtful]
        before = explode(records)
        turns, touched = _cleaned(records, before, chain)
        if touched.is_empty():
            return Outcome(frame)
        ids = records.select("id").with_row_index("record")
        fixed = events_of(touched.join(ids, on="record").sort("id", "reason"), "clean", "fixed")

        # 2. From here on `record` is the row in the whole frame. Turns that became empty leave a gap; a record goes
        # where a gap took all that one side said.
        turns = turns.with_columns(doubtful.gather(turns["record"]))
        before = before.with_columns(turns["record"])
        gapped = _trimmed(_of(turns, turns.filter(pl.col("content") == "")))
        dropped = _without_a_side(before, turns, gapped)
        return _outcome(with_messages(frame, turns, gapped, dropped), fixed, frame["id"].gather(dropped))

    def _chain(self) -> list[tuple[str, CleaningStep]]:
        """Configure the steps that have something to do, in order."""
        options = Options(
            terms=self.terms, typos=self.typos, boilerplate=self.boilerplate,
            chinese=self.chinese, punctuation=self.punctuation, emoji=self.emoji,
        )  # fmt: skip
        steps = [(name, STEPS.load(name)(options)) for name in self.steps]
        return sorted(((n, s) for n, s in steps if s.screen() is not None), key=lambda item: item[1].order)


def _doubtful(frame: pl.DataFrame, steps: list[CleaningStep]) -> pl.Series:
    """Find the rows of the records that a step may change, in one pass over all texts. No step changes any other."""
    if not steps or frame.is_empty():
        return pl.Series("record", [], dtype=pl.UInt32)
    texts, ends = contents(frame)
    indices = _screened(texts, steps).arg_true()
    return ends.search_sorted(indices, side="right").unique(maintain_order=True).alias("record")


def _screened(texts: pl.Series, steps: list[CleaningStep]) -> pl.Series:
    """Tell which texts one of the steps may change."""
    return texts.str.contains("|".join(f"(?:{step.screen()})" for step in steps)).fill_null(False)


_NOTE = pl.Schema([("record", pl.UInt32()), ("reason", pl.String())])


def _cleaned(
    records: pl.DataFrame, turns: pl.DataFrame, chain: list[tuple[str, CleaningStep]]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Clean the turns; and note `record` with `reason` for every step that changed something in it."""
    steps = [step for _, step in chain]
    about = records.select("kind", "lang").with_row_index("record")
    unsettled = turns.with_row_index("index").join(about, on="record", how="left", maintain_order="left")
    unsettled = unsettled.filter(_screened(turns["content"], steps))
    # Copied into a column of its own: after the filter the texts lie scattered in the buffers of the whole frame.
    unsettled = unsettled.with_columns(content=pl.Series(unsettled["content"].to_list(), dtype=pl.String))

    # The whole chain again over the texts that still change, until none does.
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
        has_changed = texts != unsettled["content"]
        unsettled = unsettled.with_columns(content=texts).filter(has_changed)
        content = content.scatter(unsettled["index"], unsettled["content"])
        unsettled = unsettled.filter(_screened(unsettled["content"], steps))
        if unsettled.is_empty():
            break
    return turns.with_columns(content=content), pl.concat(notes).unique()


def _applied(turns: pl.DataFrame, texts: pl.Series, step: CleaningStep) -> tuple[pl.Series, list[int]]:
    """Apply the step to the texts that it is for; and list the indices of those that it changed."""
    flags = pl.repeat(True, len(texts), dtype=pl.Boolean, eager=True) if len(texts) <= FEW else _screened(texts, [step])
    for column, concerned, every in (("kind", step.kinds, KINDS), ("role", step.roles, ROLES)):
        if concerned != every:
            flags &= turns[column].is_in(concerned)
    indices = flags.arg_true()
    langs, changed, new = turns["lang"].gather(indices).to_list(), [], []
    for index, text, lang in zip(indices.to_list(), texts.gather(indices).to_list(), langs, strict=True):
        fixed = step.fix(text, lang)
        if fixed != text:
            changed.append(index)
            new.append(fixed)
    return texts.scatter(changed, pl.Series(new, dtype=pl.String)) if changed else texts, changed


def _of(turns: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    """Find all turns of these records."""
    return turns.join(records.select("record").unique(), on="record", how="semi", maintain_order="left")


def _trimmed(turns: pl.DataFrame) -> pl.DataFrame:
    """Drop the empty turns, and cut each record to what is again from the user's first turn to the assistant's last: an
    emptied opening leaves no other one in its stead.
    """
    spoken = turns.filter(pl.col("content") != "")
    begins = pl.col("turn").filter(pl.col("role") == "user").min().over("record")
    ends = pl.col("turn").filter(pl.col("role") == "assistant").max().over("record")
    is_unanswered = ~(pl.col("role") == "assistant").any().over("record")
    is_inside = (pl.col("turn") >= begins) & ((pl.col("turn") <= ends) | is_unanswered)
    return spoken.filter((pl.col("role") == "system") | is_inside.fill_null(False))


def _without_a_side(before: pl.DataFrame, turns: pl.DataFrame, gapped: pl.DataFrame) -> pl.Series:
    """Find the rows of the records that cleaning left without a side that they had."""
    emptied = turns.filter(pl.col("content") == "").select("record").unique(maintain_order=True)
    sides = _of(before, emptied).select("record", "role").unique(maintain_order=True)
    missing = sides.join(gapped, on=["record", "role"], how="anti", maintain_order="left")
    silent = emptied.join(gapped, on="record", how="anti")
    return pl.concat([missing.filter(pl.col("role") != "system")["record"], silent["record"]]).unique().sort()


def _outcome(cleaned: pl.DataFrame, fixed: pl.DataFrame, dropped_ids: pl.Series) -> Outcome:
    """Add the events of the records that cleaning left without a side; nothing else is noted of these."""
    if dropped_ids.is_empty():
        return Outcome(cleaned, fixed)
    fixed = fixed.filter(~pl.col("id").is_in(dropped_ids.implode()))
    dropped = pl.DataFrame({"id": dropped_ids, "reason": "empty_after_cleaning"})
    return Outcome(cleaned, pl.concat([pl.DataFrame(schema=EVENTS), fixed, events_of(dropped, "clean", "dropped")]))

"""The stage that mixes the training set: exact shares in whole records, chosen by hash, without replacement."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

import polars as pl
from pydantic import Discriminator, Field, Tag, field_validator

from curate.conversations.training_shares import apportion, in_training, label_tokens, language_of
from curate.stages import Outcome, Stage, Tools
from curate.stages._apportion import Candidate, apportion_within, draw
from curate.stages._shortage import Need, refuse_shortage
from schemas.bilingual import Bilingual
from schemas.digest import digest
from schemas.input import Input
from schemas.ledger import EVENTS, events_of
from schemas.record import Kind

DEFAULT: dict[Kind, float] = {"general": 0.08}
MixLanguage = Literal["zh", "en", "other"]
BY_LANGUAGE = "dict[language]"
Part = Annotated[float, Field(ge=0, le=0.5)]
Number = Annotated[int, Field(ge=0)]
ALL = ""
"""Stands for all languages together."""
Amounts = dict[str, int]
"""How much is wanted, by language; a language that is not named keeps what it has."""


def _written_as(value: Any) -> str:
    """Tell a mapping of languages from one value for all: what is wrong with one is not said of the other."""
    return BY_LANGUAGE if isinstance(value, dict) else "float"


Share = Annotated[
    Annotated[Part, Tag("float")] | Annotated[dict[MixLanguage, Part], Tag(BY_LANGUAGE)], Discriminator(_written_as)
]
Limit = Annotated[
    Annotated[Number, Tag("float")] | Annotated[dict[MixLanguage, Number], Tag(BY_LANGUAGE)],
    Discriminator(_written_as),
]


def _usual() -> dict[Kind, Share]:
    return {**DEFAULT}


class Mix(Stage):
    """`shares` are shares of the final training set; `limits` are numbers of records. The exam is left alone.

    With all other kinds fixed, a kind of share s gets round(s × others / (1 − sum of shares)) records. A share or limit
    for each language, as `{zh: 0.08, en: 0.05}`, holds among the records of that language alone; a language that is not
    named is left as it is, and `other` is all that is neither Chinese nor English.

    `languages` says how one number for all languages is divided. `nearest`: a share as the languages of the domain
    rows are, by largest remainder, and other languages fill what one lacks. `matched`: what a language lacks is an
    error, and limits are divided so, too. `free`: languages are not looked at.

    With `by: label_tokens` shares are shares of what the assistant says, estimated as by the rule `estimated_tokens`
    and one token for the end of each answer; limits count records all the same. `weights` names inputs, by path or
    file name: the sources of a kind with such an input are drawn in proportion to their weights, 1 where none is
    named; one that has too few gives all, and the others fill.
    """

    title_zh: ClassVar[str] = "按精确比例混合通用数据，按数量限制各类数据；可按语言、按词元、按来源权重"

    shares: dict[Kind, Share] = Field(default_factory=_usual)
    limits: dict[Kind, Limit] = Field(default_factory=dict)
    by: Literal["rows", "label_tokens"] = "rows"
    languages: Literal["nearest", "matched", "free"] = "nearest"
    weights: dict[str, Annotated[float, Field(gt=0, allow_inf_nan=False)]] = Field(default_factory=dict)

    @field_validator("shares")
    @classmethod
    def _leaves_room(cls, shares: dict[Kind, Share]) -> object:
        languages = {lang for share in shares.values() if isinstance(share, dict) for lang in share}
        if any(sum(_shares_in(shares, lang).values()) >= 1 for lang in languages | {ALL}):
            raise ValueError(Bilingual("the shares must leave room for the rest", "各比例之和必须小于 1"))
        return shares

    def run(self, frame: pl.DataFrame, tools: Tools) -> Outcome:
        table = self._table(frame)
        cut = [pl.DataFrame(schema={"id": pl.String, "reason": pl.String})]
        for kind in sorted(self.limits, key=lambda kind: (kind != "domain", kind)):  # the others follow the domain
            rows = table.with_columns(size=pl.lit(1))
            cut.append(self._cut(rows, kind, self._limit(rows, kind), tools).with_columns(reason=pl.lit("over_limit")))
            table = table.join(cut[-1], on="id", how="anti", maintain_order="left")

        for kind in sorted(self.shares):
            wanted = self._share(table, kind)
            cut.append(self._cut(table, kind, wanted, tools).with_columns(reason=pl.lit("over_share")))

        gone = pl.concat(cut)
        events = [events_of(part.sort("id"), "mix", "dropped") for part in cut]
        return Outcome(
            frame.filter(~pl.col("id").is_in(gone["id"].implode())), pl.concat([pl.DataFrame(schema=EVENTS), *events])
        )

    def _table(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Lay out what is trained on: `id`, `kind`, `language`, `source` and `size`."""
        training = frame.filter(in_training())
        size = label_tokens(training) if self.by == "label_tokens" else pl.lit(1)
        file = pl.col("source").struct.field("file")
        return training.select("id", "kind", language=language_of(), source=file, size=size)

    def _limit(self, rows: pl.DataFrame, kind: Kind) -> Amounts:
        """Say how many records of a kind may stay."""
        limit = self.limits[kind]
        if isinstance(limit, dict):
            return {str(lang): number for lang, number in limit.items()}
        business = _sizes(rows, "domain")
        if self.languages != "matched" or not business:
            return {ALL: limit}
        return {**dict.fromkeys(_sizes(rows, kind), 0), **apportion(limit, business)}

    def _share(self, table: pl.DataFrame, kind: Kind) -> Amounts:
        """Say how much of a kind makes its share. Raises GateError where there is less."""
        if any(isinstance(share, dict) for share in self.shares.values()):
            return self._share_by_language(table, kind)

        # A kind of share s among n records of kinds without a share: with S the sum of all shares, the final set has
        # n / (1 − S) records (the kinds without a share fill 1 − S of it), of which s × n / (1 − S) are of this kind.
        shares = _shares_in(self.shares, ALL)
        others = _size(table.filter(~pl.col("kind").is_in(list(shares))))
        wanted = round(shares[kind] * others / (1 - sum(shares.values())))

        there, business = _sizes(table, kind), _sizes(table, "domain")
        total, spare = sum(there.values()), self._spare(table, kind)
        if self.languages == "free" or not business:
            refuse_shortage(kind, [Need(ALL, shares[kind], wanted, total)], self.by, spare)
            return {ALL: min(wanted, total)}
        parts = apportion(wanted, business)
        needs = [Need(lang, shares[kind], part, there.get(lang, 0)) for lang, part in sorted(parts.items())]
        if self.languages == "matched":
            refuse_shortage(kind, needs, self.by, spare)
            return {**dict.fromkeys(there, 0), **parts}
        refuse_shortage(kind, [Need(ALL, shares[kind], wanted, total)], self.by, spare, needs)
        return apportion_within(min(wanted, total), business, there)

    def _share_by_language(self, table: pl.DataFrame, kind: Kind) -> Amounts:
        """Say how much of a kind makes its share in each language; a plain share holds in every language by itself."""
        amounts: Amounts = {}
        needs = []
        for lang in sorted(table["language"].unique()):
            shares = _shares_in(self.shares, lang)
            if kind not in shares:
                continue
            own = table.filter(pl.col("language") == lang)
            others = _size(own.filter(~pl.col("kind").is_in(list(shares))))
            amounts[lang] = round(shares[kind] * others / (1 - sum(shares.values())))
            needs.append(Need(lang, shares[kind], amounts[lang], _size(own.filter(pl.col("kind") == kind))))
        refuse_shortage(kind, needs, self.by, self._spare(table, kind))
        return amounts

    def _spare(self, table: pl.DataFrame, kind: Kind) -> int:
        """Say how much of an amount may be missing: label tokens are met to within half a record, records exactly."""
        longest = table.filter(pl.col("kind") == kind)["size"].max()
        return longest // 2 if self.by == "label_tokens" and isinstance(longest, int) else 0

    def _cut(self, table: pl.DataFrame, kind: Kind, amounts: Mapping[str, int], tools: Tools) -> pl.DataFrame:
        """Find the records of a kind, by `id`, that are left when the first by keyed hash have made the amounts."""
        own = table.filter(pl.col("kind") == kind)
        names = {file: self._source(file) for file in own["source"].unique()} if self.weights else {}
        gone: list[str] = []
        owed = 0
        for lang, amount in sorted(amounts.items()):
            rows = own if lang == ALL else own.filter(pl.col("language") == lang)
            if _size(rows) <= amount:
                continue
            ids = sorted(rows["id"].to_list(), key=lambda id: digest(tools.seed, "mix", id))
            if self.by == "rows" and not self.weights:  # each counts one, and all are of one source
                gone += ids[amount:]
                continue
            facts = {id: (names.get(file, file), size) for id, file, size in rows.select("id", "source", "size").rows()}
            chosen, owed = draw([Candidate(id, *facts[id]) for id in ids], amount, self.weights, owed)
            gone += set(ids).difference(chosen)
        return pl.DataFrame({"id": sorted(gone)}, schema={"id": pl.String})

    def _source(self, file: str) -> str:
        """Find the name by which `weights` knows a file; the file itself where it does not."""
        name = file.rpartition("/")[2]
        return next((key for key in sorted(self.weights) if key == name or Input(path=key).reads(file)), file)


def _shares_in(shares: Mapping[Kind, Share], lang: str) -> dict[Kind, float]:
    """Take the shares that hold in a language; in ALL those that are one number."""
    found: dict[Kind, float] = {}
    for kind, share in shares.items():
        if not isinstance(share, dict):
            found[kind] = share
        elif lang in share:
            found[kind] = next(part for name, part in share.items() if name == lang)
    return found


def _size(table: pl.DataFrame) -> int:
    """Sum the sizes of all records."""
    return int(table["size"].sum())


def _sizes(table: pl.DataFrame, kind: Kind) -> Amounts:
    """Sum the sizes of a kind by language."""
    own = table.filter(pl.col("kind") == kind).group_by("language").agg(pl.col("size").sum()).sort("language")
    return dict(own.rows())

"""Removes duplicates: exact ones first, then near ones that exact similarity confirms."""

from pathlib import Path
from typing import Annotated, ClassVar, NamedTuple

import polars as pl
from pydantic import Field

from curate.duplicates.cluster_table import CLUSTERS, differing, told, with_exact
from curate.duplicates.clusters import SIZES, Limits, clusters
from curate.duplicates.fact_codes import FactCodes
from curate.duplicates.groups import joined
from curate.duplicates.sides import Compare, sides
from curate.duplicates.signature_index import NAME, Index
from curate.duplicates.similarity.batches import by_pieces
from curate.duplicates.survivors import Preference, ranked
from curate.stages import Outcome, Stage, Tools
from curate.system.parallel import every_core
from schemas.ledger import events_of
from schemas.record import Kind

PROTECTED = ("identity", "refusal")
"""Kinds that repeat themselves by design: only exact conversations are thinned."""
ORDER: tuple[Preference, ...] = ("reviewed", "pinned", "newer", "longer", "source")


class Dedup(Stage):
    """Removes what repeats another conversation. `hornbook clusters` shows what was taken for what.

    Two are near where each side is: from `threshold` on by Jaccard similarity of character 2-grams (5-grams in Latin
    words), or from `edit` on by the share of letters that need no edit; a side shorter than `brief` must be equal but
    for politeness and punctuation. A pair that differs in a number, a unit, a date, a negation or a name is a conflict:
    both stay, and the ledger notes it. What is alike but kept shares a group, so that the split does not tear it apart.
    """

    title_zh: ClassVar[str] = "去重：先完全相同，再近似；数字、日期、否定或名称不同的算冲突，都保留"

    compare: Compare = "conversation"
    threshold: float = Field(0.8, gt=0, le=1)
    edit: float = Field(0.9, gt=0, le=1)
    brief: int = Field(16, ge=0)
    """Han characters; of letters three count as one."""
    related: float = Field(0.6, gt=0, le=1)
    """From this similarity on, kept records share a group. It is also where candidates are looked for."""
    survivor: tuple[Preference, ...] = ORDER
    """Who stays: the first difference decides, ties by id."""
    sources: tuple[str, ...] = ()
    """Files in the order of their authority, for `source`."""
    names: tuple[str, ...] = ()
    """Products beside those of the lexicon: texts that name different ones are no duplicates."""
    copies: dict[Kind, Annotated[int, Field(ge=1)]] = Field(default_factory=dict)
    """How many equal conversations of a kind stay, where more than one may."""

    def run(self, frame: pl.DataFrame, tools: Tools) -> Outcome:
        places, exact, spare = _exact(frame, ranked(frame, self.survivor, self.sources), self.copies)
        places = places.filter(~frame["kind"].gather(places).is_in(PROTECTED))
        found, signatures = self._found(frame, places, tools.parent)
        lines = told(found, frame, places)
        gone = lines.filter(pl.col("verdict") == "near_duplicate")
        with_first = spare["twin"].is_in(gone["id"].implode())
        exact, spare = pl.concat([exact, spare.filter(with_first)]).sort("id"), spare.filter(~with_first)
        away = pl.concat([exact["id"], gone["id"]]).alias("id").to_frame()
        kept = frame.join(away, on="id", how="anti", maintain_order="left")
        alike = pl.concat([lines.filter(_close(self.related)).select("id", "twin"), spare])
        kept = _grouped(kept, alike, frame.select("id", "group"))
        exact = _of_survivors(exact, gone)
        repeats = exact.select("id", "twin", reason=pl.lit("exact_duplicate"), score="jaccard")
        near = gone.select("id", "twin", reason="verdict", score="jaccard")
        events = [events_of(repeats, "dedup", "dropped"), events_of(near, "dedup", "dropped"), _noted(lines)]
        tables = {CLUSTERS: with_exact(lines, exact, frame), NAME: signatures}
        return Outcome(kept, pl.concat(events), tables)

    def _found(self, frame: pl.DataFrame, places: pl.Series, parent: Path | None) -> tuple[pl.DataFrame, pl.DataFrame]:
        """What is near another one, with what differs, and the index of signatures."""
        with every_core() as cores:
            index = Index(SIZES, parent, cores)
            facts = FactCodes(frame, places, self.compare, self.names, cores)
            found = clusters(sides(frame, places, self.compare), index.sketches, self._limits(), facts, cores)
            found = _spared(found, frame["tags"].gather(places.gather(found["place"])))
            return found.with_columns(differing(found, facts, self.brief)), index.table

    def _limits(self) -> Limits:
        return Limits(self.threshold, self.edit, min(self.related, self.threshold), self.brief)


class Equal(NamedTuple):
    """The places of the first of each equal conversation, and the ids of the others with that of their first."""

    first: pl.Series
    gone: pl.DataFrame
    spare: pl.DataFrame
    """Those that may stay beside it. They stay or go with it, and are not looked at again."""


def _exact(frame: pl.DataFrame, ranked: pl.Series, copies: dict[Kind, int]) -> Equal:
    """Which conversations are equal to one before.

    What all of it says is not held at once: only that whose hash, which nothing keeps, occurs twice.
    """
    element = pl.element().struct
    turn = pl.concat_str(element.field("role"), element.field("content"), separator="\x1e")
    said = pl.col("messages").list.eval(turn).list.join("\x1f").alias("said")
    hashes = by_pieces(frame, lambda some: some.select(said.hash()))["said"].gather(ranked)
    again = ranked.filter(hashes.is_duplicated())
    keyed = frame.select("id", "kind", "messages")[again].select(again.alias("place"), "id", "kind", said)
    keyed = keyed.with_columns(
        nth=pl.int_range(pl.len()).over("kind", "said"), twin=pl.col("id").first().over("kind", "said")
    )
    goes = pl.col("nth") >= pl.col("kind").replace_strict(copies, default=1, return_dtype=pl.Int64)
    later = keyed.filter(pl.col("nth") > 0).sort("id")
    gone, spare = (later.filter(which).select("id", "twin") for which in (goes, ~goes))
    return Equal(ranked.filter(~ranked.is_in(later["place"].implode())), gone, spare)


def _of_survivors(exact: pl.DataFrame, gone: pl.DataFrame) -> pl.DataFrame:
    """Exact duplicates with who survives for them: where their twin goes itself, its survivor, and that likeness."""
    further = gone.select(twin="id", survivor="twin", jaccard="jaccard", edit="edit")
    led = exact.join(further, on="twin", how="left", maintain_order="left")
    return led.select("id", pl.coalesce("survivor", "twin").alias("twin"), pl.col("jaccard", "edit").fill_null(1.0))


def _spared(found: pl.DataFrame, tags: pl.Series) -> pl.DataFrame:
    """Pinned records stay whatever they repeat."""
    pinned = pl.lit(tags.list.contains("pinned")) & (pl.col("verdict") == "near_duplicate")
    return found.with_columns(verdict=pl.when(pinned).then(pl.lit("alike")).otherwise("verdict"))


def _close(related: float) -> pl.Expr:
    """The lines of records that share the group of their twin."""
    near = pl.col("verdict").is_in(["near_duplicate", "conflict"]) | (pl.col("jaccard") >= related)
    return pl.col("twin").is_not_null() & near


def _grouped(kept: pl.DataFrame, lines: pl.DataFrame, groups: pl.DataFrame) -> pl.DataFrame:
    """The kept records, with one group for what is near or alike."""
    pairs = (
        lines.select("id", "twin")
        .join(groups, on="id", maintain_order="left")
        .join(groups.rename({"id": "twin", "group": "other"}), on="twin", maintain_order="left")
    )
    return joined(kept, pairs["group"], pairs["other"])


def _noted(lines: pl.DataFrame) -> pl.DataFrame:
    """Conflicts, as notes: both records stay."""
    conflicts = lines.filter(pl.col("verdict") == "conflict").sort("id", "twin")
    return events_of(conflicts.select("id", "twin", reason="verdict", score="jaccard"), "dedup", "kept")

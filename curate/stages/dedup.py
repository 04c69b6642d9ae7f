"""Removes duplicates: exact ones first, then near ones that exact similarity confirms."""

from pathlib import Path
from typing import Annotated, ClassVar, NamedTuple

import polars as pl
from pydantic import Field

from curate.duplicates.cluster_table import CLUSTERS, cluster_lines, differences, with_exact
from curate.duplicates.clusters import find_clusters
from curate.duplicates.fact_codes import FactCodes
from curate.duplicates.groups import join_groups
from curate.duplicates.side_comparison import LIMITS, Limits
from curate.duplicates.sides import Compare, compared_sides
from curate.duplicates.signature_index import SIGNATURES, SignatureIndex
from curate.duplicates.similarity.batches import in_batches
from curate.duplicates.similarity.shingles import SIZES
from curate.duplicates.survivors import Preference, ranked
from curate.stages import Outcome, Stage, Tools
from curate.system.parallel import every_core
from schemas.ledger import events_of
from schemas.recipe import Recipe
from schemas.record import Kind
from schemas.tags import PINNED

PROTECTED = ("identity", "refusal")
"""Kinds that repeat themselves by design: only exact conversations are thinned."""
ORDER: tuple[Preference, ...] = ("reviewed", "pinned", "newer", "longer", "source")


class Dedup(Stage):
    """Removes what repeats another conversation. `hornbook clusters` shows what was taken for what.

    Two are near where each side is: from `threshold` on by Jaccard similarity of character 2-grams (5-grams in Latin
    words), or from `edit` on by the share of letters that need no edit; a side shorter than `brief` must be equal
    except for politeness and punctuation. A pair that differs in a number, a unit, a date, a negation or a name is a
    conflict: both stay, and the ledger notes it. What is alike but kept shares a group, so that the split does not tear
    it apart.
    """

    title_zh: ClassVar[str] = "去重：先完全相同，再近似；数字、日期、否定或名称不同的算冲突，都保留"

    compare: Compare = "conversation"
    threshold: float = Field(LIMITS.jaccard, gt=0, le=1)
    edit: float = Field(LIMITS.edit, gt=0, le=1)
    brief: int = Field(LIMITS.min_fuzzy_length, ge=0)
    """Han characters; three letters count as one."""
    related: float = Field(LIMITS.floor, gt=0, le=1)
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
        # 1. equal conversations: all but the first of each go, or are copies that may stay beside it
        order, exact, copies = _exact(frame, ranked(frame, self.survivor, self.sources), self.copies)

        # 2. near ones among what is left; identity and refusals repeat by design
        order = order.filter(~frame["kind"].gather(order).is_in(PROTECTED))
        matches, signatures = self._matches(frame, order, tools.parent)
        lines = cluster_lines(matches, frame, order)
        near = lines.filter(pl.col("verdict") == "near_duplicate")

        # 3. copies go with their first
        first_goes = copies["twin"].is_in(near["id"].implode())
        exact, copies = pl.concat([exact, copies.filter(first_goes)]).sort("id"), copies.filter(~first_goes)
        exact = _of_survivors(exact, near)

        # 4. what stays, in groups that the split must not tear apart
        dropped = pl.concat([exact["id"], near["id"]]).alias("id").to_frame()
        kept = frame.join(dropped, on="id", how="anti", maintain_order="left")
        related = pl.concat([lines.filter(_shares_group(self.related)).select("id", "twin"), copies])
        kept = _grouped(kept, related, frame.select("id", "group"))

        tables = {CLUSTERS: with_exact(lines, exact, frame), SIGNATURES: signatures}
        return Outcome(kept, _events(exact, near, lines), tables)

    def _matches(self, frame: pl.DataFrame, order: pl.Series, parent: Path | None) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Find what is near another one, with what differs, and build the index of signatures."""
        with every_core() as cores:
            index = SignatureIndex(SIZES, parent, cores)
            facts = FactCodes(frame, order, self.compare, self.names, cores)
            compared = compared_sides(frame, order, self.compare)
            matches = find_clusters(compared, index.sketches, self._limits(), facts, cores)
            matches = _without_pinned(matches, frame["tags"].gather(order.gather(matches["index"])))
            return matches.with_columns(differences(matches, facts, self.brief)), index.table

    @property
    def floor(self) -> float:
        """The similarity below which nothing was looked for."""
        return min(self.related, self.threshold)

    def _limits(self) -> Limits:
        return Limits(self.threshold, self.edit, self.floor, self.brief)

    @staticmethod
    def of(recipe: Recipe) -> "Dedup":
        """Read the stage of a recipe that has one; the first, where there are more."""
        chosen = next(choice for choice in recipe.stages if choice.name == "dedup")
        return Dedup.model_validate(dict(chosen.options))


class ExactDuplicates(NamedTuple):
    """What equal conversations leave: `id` is that of a repeat, `twin` that of the first of them."""

    order: pl.Series
    """Where in the frame all that is no repeat stands, in the order of survival."""
    dropped: pl.DataFrame
    copies: pl.DataFrame
    """Repeats that may stay beside their first. They stay or go with it, and are not compared again."""


def _exact(frame: pl.DataFrame, order: pl.Series, copies: dict[Kind, int]) -> ExactDuplicates:
    """Find the conversations that are equal to one before, in the order of survival.

    The texts of all of them are not held at once: only of those whose hash, which nothing keeps, occurs twice.
    """
    element = pl.element().struct
    turn = pl.concat_str(element.field("role"), element.field("content"), separator="\x1e")
    text = pl.col("messages").list.eval(turn).list.join("\x1f").alias("text")
    hashes = in_batches(frame, lambda batch: batch.select(text.hash()))["text"].gather(order)

    # a hash may be shared by chance: the texts decide
    suspects = order.filter(hashes.is_duplicated())
    keyed = frame.select("id", "kind", "messages")[suspects].select(suspects.alias("index"), "id", "kind", text)
    keyed = keyed.with_columns(
        nth=pl.int_range(pl.len()).over("kind", "text"), twin=pl.col("id").first().over("kind", "text")
    )

    too_many = pl.col("nth") >= pl.col("kind").replace_strict(copies, default=1, return_dtype=pl.Int64)
    later = keyed.filter(pl.col("nth") > 0).sort("id")
    dropped, spared = (later.filter(repeats).select("id", "twin") for repeats in (too_many, ~too_many))
    return ExactDuplicates(order.filter(~order.is_in(later["index"].implode())), dropped, spared)


def _of_survivors(exact: pl.DataFrame, near: pl.DataFrame) -> pl.DataFrame:
    """Name for each exact duplicate who survives for it: where its twin goes itself, the survivor of that.

    Its similarity is then that of its twin.
    """
    further = near.select(twin="id", survivor="twin", jaccard="jaccard", edit="edit")
    led = exact.join(further, on="twin", how="left", maintain_order="left")
    return led.select("id", pl.coalesce("survivor", "twin").alias("twin"), pl.col("jaccard", "edit").fill_null(1.0))


def _without_pinned(matches: pl.DataFrame, tags: pl.Series) -> pl.DataFrame:
    """Let pinned records stay whatever they repeat: they are only alike."""
    pinned = pl.lit(tags.list.contains(PINNED)) & (pl.col("verdict") == "near_duplicate")
    return matches.with_columns(verdict=pl.when(pinned).then(pl.lit("alike")).otherwise("verdict"))


def _shares_group(related: float) -> pl.Expr:
    """Whether the record of a line shares the group of its twin."""
    near = pl.col("verdict").is_in(["near_duplicate", "conflict"]) | (pl.col("jaccard") >= related)
    return pl.col("twin").is_not_null() & near


def _grouped(kept: pl.DataFrame, lines: pl.DataFrame, groups: pl.DataFrame) -> pl.DataFrame:
    """Give the kept records one group for what is near or alike."""
    pairs = (
        lines.select("id", "twin")
        .join(groups, on="id", maintain_order="left")
        .join(groups.rename({"id": "twin", "group": "twin_group"}), on="twin", maintain_order="left")
    )
    return join_groups(kept, pairs["group"], pairs["twin_group"])


def _events(exact: pl.DataFrame, near: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """Enter what was dropped into the ledger, and conflicts as notes: of those both records stay."""
    dropped_exact = exact.select("id", "twin", reason=pl.lit("exact_duplicate"), score="jaccard")
    dropped_near = near.select("id", "twin", reason="verdict", score="jaccard")
    conflicts = lines.filter(pl.col("verdict") == "conflict").sort("id", "twin")
    noted = conflicts.select("id", "twin", reason="verdict", score="jaccard")
    return pl.concat(
        [
            events_of(dropped_exact, "dedup", "dropped"),
            events_of(dropped_near, "dedup", "dropped"),
            events_of(noted, "dedup", "kept"),
        ]
    )

"""Removes duplicates: exact ones first, then near ones that exact Jaccard similarity confirms."""

from typing import Any, ClassVar

import polars as pl
from pydantic import Field

from curate.groups import joined
from curate.likeness import differs_in_fact, plain_view
from curate.minhash import Pair, jaccard, near_pairs, shingles
from curate.stages import Outcome, Stage, Tools
from schemas.ledger import EVENTS, events_of

SIZE = 3
"""Characters of a shingle."""
PROTECTED = ("identity", "refusal")
"""Kinds that repeat themselves by design: only exact conversations are thinned."""


class Dedup(Stage):
    """Whole conversations are compared, with their roles. The longest answer survives, then the smallest id.

    A pair that differs in a number, a unit, a negation or a name is a conflict: both stay, and the ledger notes it.
    What is alike but kept shares a group, so that the split does not tear it apart.
    """

    title_zh: ClassVar[str] = "去重：先完全相同，再近似；数字或否定不同的算冲突，都保留"

    threshold: float = Field(0.8, gt=0, le=1)
    related: float = Field(0.6, gt=0, le=1)
    """From this similarity on, kept records share a group."""

    def run(self, frame: pl.DataFrame, tools: Tools) -> Outcome:
        frame = frame.with_columns(order=pl.int_range(pl.len()))
        single, exact = _exact(frame)
        compared = single.filter(~pl.col("kind").is_in(PROTECTED)).sort("size", "id", descending=[True, False])
        texts = compared["messages"].to_list()
        views = ["\x1f".join(f"{m['role'][0]}{plain_view(m['content'])}" for m in talk) for talk in texts]
        pairs = near_pairs(views, min(self.related, self.threshold), SIZE)
        pairs = _alike_on_both_sides(texts, pairs, min(self.related, self.threshold))
        raw = ["\n".join(m["content"] for m in talk) for talk in texts]
        same = [pair for pair in pairs if not differs_in_fact(raw[pair.first], raw[pair.second])]
        gone = _merged(compared, [pair for pair in same if pair.jaccard >= self.threshold])
        conflicts = _conflicts(compared, sorted(set(pairs) - set(same)), self.threshold)
        kept = single.filter(~pl.col("id").is_in(gone["id"].implode())).sort("order")
        groups = compared["group"].to_list()
        kept = joined(kept, ((groups[p.first], groups[p.second]) for p in pairs))
        return Outcome(
            kept.drop("order", "size"),
            pl.concat(
                [events_of(exact, "dedup", "dropped"), events_of(gone, "dedup", "dropped"), _noted(conflicts, kept)]
            ),
        )


def _exact(frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The first of each equal conversation by id, and the others with their twin."""
    said = pl.col("messages").list.eval(
        pl.concat_str(pl.element().struct.field("role"), pl.element().struct.field("content"), separator="\x1e")
    )
    size = pl.col("messages").list.eval(
        pl.element().struct.field("content").filter(pl.element().struct.field("role") == "assistant").str.len_chars()
    )
    keyed = frame.with_columns(said=said.list.join("\x1f"), size=size.list.sum())
    keyed = keyed.with_columns(twin=pl.col("id").min().over("kind", "said")).drop("said")
    repeats = keyed.filter(pl.col("id") != pl.col("twin"))
    return keyed.filter(pl.col("id") == pl.col("twin")).drop("twin"), repeats.select(
        "id", "twin", reason=pl.lit("exact_duplicate"), score=pl.lit(1.0)
    ).sort("id")


def _alike_on_both_sides(talks: list[list[dict[str, str]]], pairs: list[Pair], threshold: float) -> list[Pair]:
    """The pairs whose questions are alike and whose answers are: an answer may serve two questions."""
    needed = sorted({n for pair in pairs for n in (pair.first, pair.second)})
    sides = {
        n: [
            shingles(plain_view("".join(m["content"] for m in talks[n] if m["role"] == role)), SIZE)
            for role in ("user", "assistant")
        ]
        for n in needed
    }
    return [
        pair
        for pair in pairs
        if all(
            one == other or jaccard(one, other) >= threshold
            for one, other in zip(sides[pair.first], sides[pair.second], strict=True)
        )
    ]


def _merged(compared: pl.DataFrame, pairs: list[Pair]) -> pl.DataFrame:
    """Who repeats whom: each dropped record is at least as like its survivor as the threshold says.

    `compared` stands in the order of survival, so that one pass decides.
    """
    above: dict[int, list[Pair]] = {}
    for pair in pairs:
        above.setdefault(pair.second, []).append(pair)
    ids = compared["id"].to_list()
    gone: dict[int, Pair] = {}
    for second in sorted(above):
        survivors = [pair for pair in above[second] if pair.first not in gone]
        if survivors:
            gone[second] = max(survivors, key=lambda pair: (pair.jaccard, -pair.first))
    lines: list[dict[str, Any]] = [
        {"id": ids[n], "twin": ids[p.first], "reason": "near_duplicate", "score": p.jaccard} for n, p in gone.items()
    ]
    return pl.DataFrame(lines, schema=_COLUMNS).sort("id")


def _conflicts(compared: pl.DataFrame, pairs: list[Pair], threshold: float) -> pl.DataFrame:
    ids = compared["id"].to_list()
    lines = [
        {"id": ids[p.second], "twin": ids[p.first], "reason": "conflict", "score": p.jaccard}
        for p in pairs
        if p.jaccard >= threshold
    ]
    return pl.DataFrame(lines, schema=_COLUMNS).sort("id", "twin")


def _noted(conflicts: pl.DataFrame, kept: pl.DataFrame) -> pl.DataFrame:
    """Conflicts between records that both stay, as notes."""
    ids = kept["id"].implode()
    return events_of(conflicts.filter(pl.col("id").is_in(ids) & pl.col("twin").is_in(ids)), "dedup", "kept")


_COLUMNS = {name: EVENTS[name] for name in ("id", "twin", "reason", "score")}

"""Finds near-same questions whose answers contradict each other."""

from collections.abc import Iterator
from typing import Any, ClassVar, Literal

import polars as pl
from pydantic import Field

from curate.cores import every_core
from curate.duplicates.clusters import HAN_BYTES, SIZES, Limits, clusters
from curate.duplicates.compared import Preference, ranked, said, sides, when
from curate.duplicates.contradictions import CONFLICTS, TABLE, Answer, contradicts
from curate.duplicates.index import NAME, Index
from curate.groups import joined
from curate.likeness import Facts, facts_of_each, near_views, what_differs
from curate.stages import Outcome, Stage, Tools
from rules.lexicons import words
from schemas.ledger import events_of

MASK = r"[\[【<{]{1,2}[^\[\]【】<>{}]{1,40}[\]】>}]{1,2}"
"""What stands in brackets for a number, a name or an order: a question of nothing else asks nothing."""
ORDER: tuple[Preference, ...] = ("reviewed", "pinned", "newer", "source", "longer")


class Conflict(Stage):
    """Sends to review what contradicts another answer to the same question. `hornbook conflicts` prints them.

    Two questions are the same as in `dedup`. Answers contradict in a number (duration, amount), in yes and no, or where
    they have next to nothing in common. The first in `winner` order is proposed and stays, the rest waits for a person;
    only with `resolve: newest` it is dropped. Questions that are near but differ in a fact are noted, and all stay.
    """

    title_zh: ClassVar[str] = "冲突：同一问题的回答互相矛盾时，推荐一条，其余送审"

    threshold: float = Field(0.8, gt=0, le=1)
    edit: float = Field(0.9, gt=0, le=1)
    brief: int = Field(16, ge=0)
    wording: float = Field(0.02, ge=0, le=1)
    """Answers less alike than this contradict each other too; 0 for none."""
    winner: tuple[Preference, ...] = ORDER
    sources: tuple[str, ...] = ()
    """Files in the order of their authority, the official one first."""
    names: tuple[str, ...] = ()
    asks: int = Field(6, ge=0)
    """Han characters (or as many times three letters) that a question needs to stand alone; masks do not count."""
    resolve: Literal["review", "newest"] = "review"

    def run(self, frame: pl.DataFrame, tools: Tools) -> Outcome:
        asked = ranked(frame.filter(pl.col("kind") == "domain"), self.winner, self.sources)
        asked = asked.filter(_stands_alone(asked, self.asks))
        spoken = asked.select(
            "id", "group", question=said("question"), answer=said("answer"), date=when(), file=_file(), tags="tags"
        )
        spoken = spoken.with_columns(view=near_views(spoken["answer"]))
        limits = Limits(self.threshold, self.edit, min(0.6, self.threshold), self.brief)
        with every_core() as cores:
            index = Index(SIZES, tools.parent, cores)
            found = clusters(sides(asked, "question"), index.sketches, limits, self._facts, cores)
        rows = list(spoken.iter_rows(named=True))
        lines = pl.DataFrame(list(self._lines(found, rows)), schema=TABLE).sort("cluster", "role", "id")
        waiting = lines.filter(pl.col("role").is_in(["review", "dropped"]))
        kept = frame.join(waiting, on="id", how="anti", maintain_order="left")
        together = found.filter(pl.col("verdict").is_in(["near_duplicate", "conflict"]))
        pairs = ((rows[a]["group"], rows[b]["group"]) for a, b in together.select("place", "twin").iter_rows())
        events = waiting.select("id", "twin", reason=pl.lit("conflict"), score="likeness")
        verdict: Literal["dropped", "review"] = "dropped" if self.resolve == "newest" else "review"
        return Outcome(
            joined(kept, pairs), events_of(events, "conflict", verdict), {CONFLICTS: lines, NAME: index.table}
        )

    def _facts(self, texts: list[str]) -> list[Facts]:
        names = frozenset(name.casefold() for name in self.names)
        return facts_of_each(texts, names)

    def _lines(self, found: pl.DataFrame, rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """The lines of the table, each loser after its winner."""
        told: set[int] = set()
        for place, twin, verdict, likeness in found.select("place", "twin", "verdict", "jaccard").iter_rows():
            if verdict not in ("near_duplicate", "conflict"):
                continue
            row, best = rows[place], rows[twin]
            if verdict == "conflict":
                differs = what_differs(*self._facts([best["question"], row["question"]]))
            else:
                one, other = (Answer(each["answer"], each["view"]) for each in (best, row))
                differs = contradicts(best["question"], one, other, self.wording)
            if not differs:
                continue
            if twin not in told:
                told.add(twin)
                yield {**_told(best), "cluster": best["id"], "role": "winner", "differs": []}
            yield {
                **_told(row),
                "cluster": best["id"],
                "role": self._role(verdict, row),
                "twin": best["id"],
                "differs": list(differs),
                "likeness": likeness,
            }

    def _role(self, verdict: str, row: dict[str, Any]) -> str:
        if verdict == "conflict" or {"pinned", "reviewed"} & set(row["tags"]):
            return "noted"
        return "dropped" if self.resolve == "newest" else "review"


def _told(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("id", "question", "answer", "date")} | {"source": row["file"]}


def _file() -> pl.Expr:
    return pl.col("source").struct.field("file")


def _stands_alone(frame: pl.DataFrame, asks: int) -> pl.Series:
    """Whether a question can be answered by itself: `好的` and `[订单x]` have as many right answers as there are."""
    asked = near_views(frame.select(said("question").str.replace_all(MASK, "")).to_series())
    polite = near_views(pl.Series(words("politeness"))).unique().to_list()
    polite = sorted(polite, key=lambda word: (-len(word), word))
    left = asked.str.replace_many(polite, [""] * len(polite), leftmost=True).str.replace_all(r"\d", "")
    return left.str.strip_chars().str.len_bytes() >= asks * HAN_BYTES

"""Finds near-same questions whose answers contradict each other."""

from collections.abc import Iterator
from typing import Any, ClassVar, Literal

import polars as pl
from pydantic import Field

from curate.cores import every_core
from curate.duplicates.clusters import HAN_BYTES, SIZES, Limits, clusters
from curate.duplicates.compared import Preference, ranked, said, sides, when
from curate.duplicates.contradictions import CONFLICTS, TABLE, Answer, contradicts
from curate.duplicates.fact_codes import FactCodes
from curate.duplicates.index import NAME, Index
from curate.duplicates.pieces import by_pieces
from curate.groups import joined
from curate.likeness import near_views
from curate.stages import Outcome, Stage, Tools
from rules.lexicons import words
from schemas.ledger import events_of

Row = dict[str, Any]
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
        domain = frame.filter(pl.col("kind") == "domain")
        asked = ranked(domain, self.winner, self.sources)
        alone = by_pieces(domain, lambda some: _stands_alone(some, self.asks).alias("alone").to_frame())["alone"]
        asked = asked.filter(alone.gather(asked))
        limits = Limits(self.threshold, self.edit, min(0.6, self.threshold), self.brief)
        with every_core() as cores:
            index = Index(SIZES, tools.parent, cores)
            facts = FactCodes(domain, asked, "question", self.names, cores)
            found = clusters(sides(domain, asked, "question"), index.sketches, limits, facts, cores)
            together = found.filter(pl.col("verdict").is_in(["near_duplicate", "conflict"]))
            rows = _spoken(domain, asked, pl.concat([together["place"], together["twin"]]).unique().sort())
            lines = pl.DataFrame(list(self._lines(together, rows, facts)), schema=TABLE).sort("cluster", "role", "id")
        waiting = lines.filter(pl.col("role").is_in(["review", "dropped"]))
        kept = frame.join(waiting, on="id", how="anti", maintain_order="left")
        groups = domain["group"].gather(asked)
        kept = joined(kept, groups.gather(together["place"]), groups.gather(together["twin"]))
        events = waiting.select("id", "twin", reason=pl.lit("conflict"), score="likeness")
        verdict: Literal["dropped", "review"] = "dropped" if self.resolve == "newest" else "review"
        return Outcome(kept, events_of(events, "conflict", verdict), {CONFLICTS: lines, NAME: index.table})

    def _lines(self, together: pl.DataFrame, rows: dict[int, Row], facts: FactCodes) -> Iterator[Row]:
        """The lines of the table, each loser after its winner."""
        told: set[int] = set()
        differing = facts.differ(together["twin"].to_numpy(), together["place"].to_numpy())
        measured = together.select("place", "twin", "verdict", "jaccard").iter_rows()
        for differs, (place, twin, verdict, likeness) in zip(differing, measured, strict=True):
            row, best = rows[place], rows[twin]
            if verdict == "near_duplicate":
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

    def _role(self, verdict: str, row: Row) -> str:
        if verdict == "conflict" or {"pinned", "reviewed"} & set(row["tags"]):
            return "noted"
        return "dropped" if self.resolve == "newest" else "review"


def _spoken(domain: pl.DataFrame, asked: pl.Series, places: pl.Series) -> dict[int, Row]:
    """What was said at these places of what is asked, when and in which file, and the answers as they are compared."""
    some = domain[asked.gather(places)].select(
        "id", question=said("question"), answer=said("answer"), date=when(), file=_file(), tags="tags"
    )
    some = some.with_columns(view=near_views(some["answer"]))
    return dict(zip(places, some.iter_rows(named=True), strict=True))


def _told(row: Row) -> Row:
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

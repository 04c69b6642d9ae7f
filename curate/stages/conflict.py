"""Finds near-same questions whose answers contradict each other."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar, Literal, NamedTuple

import polars as pl
from pydantic import Field

from curate.duplicates.clusters import HAN_BYTES, SIZES, Limits, clusters
from curate.duplicates.contradictions import CONFLICTS, TABLE, Answer, contradicts
from curate.duplicates.fact_codes import FactCodes
from curate.duplicates.groups import joined
from curate.duplicates.normalize import near_views
from curate.duplicates.sides import said, sides
from curate.duplicates.signature_index import NAME, Index
from curate.duplicates.similarity.batches import by_pieces
from curate.duplicates.survivors import Preference, authority, ranked, when
from curate.stages import Outcome, Stage, Tools
from curate.system.parallel import every_core
from rules.lexicons import words
from schemas.ledger import events_of

Row = dict[str, Any]
Differing = list[tuple[str, ...]]
CHUNK = 1 << 14
"""Pairs that are told of at once: in Python a record takes ten times its room."""
MASK = r"[\[【<{]{1,2}[^\[\]【】<>{}]{1,40}[\]】>}]{1,2}"
"""What stands in brackets for a number, a name or an order: a question of nothing else asks nothing."""
SETTLED = {"pinned", "reviewed"}
"""Tags of what a person has decided."""
ORDER: tuple[Preference, ...] = ("reviewed", "pinned", "newer", "source", "longer")


class Found(NamedTuple):
    """The questions that are near another one, the facts in which they differ, and the index of signatures."""

    together: pl.DataFrame
    differing: Differing
    signatures: pl.DataFrame


class Conflict(Stage):
    """Sends to review what contradicts another answer to the same question. `hornbook conflicts` prints them.

    Two questions are the same as in `dedup`. Answers contradict in a number (duration, amount), in yes and no, or where
    they have next to nothing in common. The first in `winner` order is proposed and stays, the rest waits for a person.
    With `resolve: newest` what is known to be outdated is dropped: where the proposed one is of a later day, stands
    before it in `sources`, or was settled by a person. Questions that are near but differ in a fact are noted, and all
    stay.
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
        asked = self._asked(frame)
        found = self._found(frame, asked, tools.parent)
        together, lines = found.together, self._table(frame, asked, found)
        waiting = lines.filter(pl.col("role").is_in(["review", "dropped"]))
        kept = frame.join(waiting, on="id", how="anti", maintain_order="left")
        groups = frame["group"].gather(asked)
        kept = joined(kept, groups.gather(together["place"]), groups.gather(together["twin"]))
        events = waiting.select("id", "twin", "role", reason=pl.lit("conflict"), score="likeness")
        verdicts: tuple[Literal["dropped", "review"], ...] = ("dropped", "review")
        told = [events_of(events.filter(role=verdict).drop("role"), "conflict", verdict) for verdict in verdicts]
        return Outcome(kept, pl.concat(told), {CONFLICTS: lines, NAME: found.signatures})

    def _asked(self, frame: pl.DataFrame) -> pl.Series:
        """The places of the records whose question stands alone, in the order in which they win."""
        places = ranked(frame, self.winner, self.sources)
        places = places.filter((frame["kind"] == "domain").gather(places))
        said = frame.select("messages")
        alone = by_pieces(places, lambda some: _stands_alone(said[some], self.asks).alias("alone"))
        return places.filter(alone)

    def _found(self, frame: pl.DataFrame, asked: pl.Series, parent: Path | None) -> Found:
        limits = Limits(self.threshold, self.edit, min(0.6, self.threshold), self.brief)
        with every_core() as cores:
            index = Index(SIZES, parent, cores)
            facts = FactCodes(frame, asked, "question", self.names, cores)
            found = clusters(sides(frame, asked, "question"), index.sketches, limits, facts, cores)
            together = found.filter(pl.col("verdict").is_in(["near_duplicate", "conflict"]))
            differing = facts.differ(together["twin"].to_numpy(), together["place"].to_numpy())
            return Found(together, differing, index.table)

    def _table(self, frame: pl.DataFrame, asked: pl.Series, found: Found) -> pl.DataFrame:
        """The table of conflicts, made some pairs at a time."""
        told: set[int] = set()
        made = [pl.DataFrame(schema=TABLE)]
        for start in range(0, found.together.height, CHUNK):
            some = found.together.slice(start, CHUNK)
            rows = self._spoken(frame, asked, pl.concat([some["place"], some["twin"]]).unique().sort())
            lines = self._lines(some, rows, found.differing[start : start + CHUNK], told)
            made.append(pl.DataFrame(list(lines), schema=TABLE))
        return pl.concat(made).sort("cluster", "role", "id")

    def _spoken(self, frame: pl.DataFrame, asked: pl.Series, places: pl.Series) -> dict[int, Row]:
        """What was said at these places of what is asked, when and in which file; the answers as they are compared."""
        some = frame[asked.gather(places)].select(
            "id",
            question=said("question"),
            answer=said("answer"),
            date=when(),
            file=_file(),
            authority=authority(self.sources),
            tags="tags",
        )
        some = some.with_columns(view=near_views(some["answer"]))
        return dict(zip(places, some.iter_rows(named=True), strict=True))

    def _lines(
        self, together: pl.DataFrame, rows: dict[int, Row], differing: Differing, told: set[int]
    ) -> Iterator[Row]:
        """Lines of the table, each loser after its winner; `told` are the winners that have their line."""
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
                "role": self._role(verdict, row, best),
                "twin": best["id"],
                "differs": list(differs),
                "likeness": likeness,
            }

    def _role(self, verdict: str, row: Row, best: Row) -> str:
        if verdict == "conflict" or SETTLED & set(row["tags"]):
            return "noted"
        return "dropped" if self.resolve == "newest" and self._outdated(row, best) else "review"

    def _outdated(self, row: Row, best: Row) -> bool:
        """Whether it is known that the proposed answer holds now: by its day, by its source, or by a person."""
        newer = None not in (row["date"], best["date"]) and best["date"] > row["date"]
        return newer or bool(SETTLED & set(best["tags"])) or best["authority"] < row["authority"]


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

"""Finds questions that are nearly the same, and whose answers contradict each other."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, Literal, NamedTuple

import polars as pl
from pydantic import Field

from curate.augmenters.kit import LANGUAGES, kit
from curate.duplicates.clusters import find_clusters
from curate.duplicates.contradictions import CONFLICT_TABLE, CONFLICTS, ComparedAnswer, contradicts
from curate.duplicates.fact_codes import FactCodes
from curate.duplicates.groups import join_groups
from curate.duplicates.side_comparison import HAN_BYTES, LIMITS, Limits
from curate.duplicates.sides import compared_sides, side_text
from curate.duplicates.signature_index import SIGNATURES, SignatureIndex
from curate.duplicates.similarity.batches import in_batches
from curate.duplicates.similarity.shingles import SIZES
from curate.duplicates.survivors import Preference, authority, ranked, record_date
from curate.duplicates.texts.normalize import alphanumeric, normalize
from curate.stages import Outcome, Stage, Tools
from curate.system.parallel import every_core
from rules.lexicons import lexicon
from schemas.folding import folded
from schemas.identity import Identity
from schemas.introductions.claims import own_names
from schemas.ledger import events_of
from schemas.tags import ASKS, PINNED, REVIEWED

RecordFields = dict[str, Any]
"""What the table says of a record, and what it is compared by."""
Differing = list[tuple[str, ...]]
CHUNK = 1 << 14
"""Pairs whose lines are written at once: in Python a record takes ten times its memory."""
MASK = r"[\[【<{]{1,2}[^\[\]【】<>{}]{1,40}[\]】>}]{1,2}"
"""What stands in brackets for a number, a name or an order: a question of nothing else asks nothing."""
LONGEST_WHO = 60
"""Characters up to which a question is one of who the assistant is."""
SETTLED = {PINNED, REVIEWED}
"""Tags of what a person has decided."""
ORDER: tuple[Preference, ...] = ("reviewed", "pinned", "newer", "source", "longer")


class NearQuestions(NamedTuple):
    """The questions that are near another one, the facts in which they differ, and the index of signatures."""

    matches: pl.DataFrame
    differing: Differing
    signatures: pl.DataFrame


class Conflict(Stage):
    """Sends to review what contradicts another answer to the same question. `hornbook conflicts` prints them.

    Two questions are the same as in `dedup`. Answers contradict in a number (duration, amount), in yes and no, or where
    they have next to nothing in common. The first in `winner` order is proposed and stays, the rest waits for a person.
    With `resolve: newest` what is known to be outdated is dropped: where the proposed one is of a later day, stands
    before it in `sources`, or was settled by a person. Questions that are near but differ in a fact are noted, and all
    stay. So much for kind domain; general and refusal rows go to review where they answer who the assistant is, in the
    words of an identity row or of the kit, without its name.
    """

    title_zh: ClassVar[str] = "冲突：同一问题的回答互相矛盾时，推荐一条，其余送审"

    threshold: float = Field(LIMITS.jaccard, gt=0, le=1)
    edit: float = Field(LIMITS.edit, gt=0, le=1)
    brief: int = Field(LIMITS.min_fuzzy_length, ge=0)
    wording: float = Field(0.02, ge=0, le=1)
    """Answers less alike than this contradict each other too; 0 for none."""
    winner: tuple[Preference, ...] = ORDER
    sources: tuple[str, ...] = ()
    """Files in the order of their authority, the official one first."""
    names: tuple[str, ...] = ()
    asks: int = Field(6, ge=0)
    """Han characters (three letters count as one) that a question needs to stand alone; masks do not count."""
    resolve: Literal["review", "newest"] = "review"

    def run(self, frame: pl.DataFrame, tools: Tools) -> Outcome:
        order = self._questions(frame)
        near = self._near(frame, order, tools.parent)
        second = second_identities(frame, tools.identity)
        lines = pl.concat([self._table(frame, order, near), _lines_of(second, frame)]).sort("cluster", "role", "id")

        # what a person must look at, or what is outdated, leaves; near questions share a group
        leaving = lines.filter(pl.col("role").is_in(["review", "dropped"]))
        gone = pl.concat([leaving.select("id"), second.select("id")])
        kept = frame.join(gone, on="id", how="anti", maintain_order="left")
        groups = frame["group"].gather(order)
        kept = join_groups(kept, groups.gather(near.matches["index"]), groups.gather(near.matches["twin"]))

        entries = leaving.select("id", "twin", "role", reason=pl.lit("conflict"), score="likeness")
        of_kit = second.filter(pl.col("twin").is_null()).select("id", role=pl.lit("review"), reason=pl.lit("conflict"))
        entries = pl.concat([entries, of_kit], how="diagonal").sort("id", maintain_order=True)
        verdicts: tuple[Literal["dropped", "review"], ...] = ("dropped", "review")
        events = [events_of(entries.filter(role=verdict).drop("role"), "conflict", verdict) for verdict in verdicts]
        return Outcome(kept, pl.concat(events), {CONFLICTS: lines, SIGNATURES: near.signatures})

    def _questions(self, frame: pl.DataFrame) -> pl.Series:
        """Find where in the frame the records stand whose question stands alone, in the order in which they win."""
        order = ranked(frame, self.winner, self.sources)
        order = order.filter((frame["kind"] == "domain").gather(order))
        messages = frame.select("messages")
        return order.filter(in_batches(order, lambda batch: _stands_alone(messages[batch], self.asks).alias("alone")))

    def _near(self, frame: pl.DataFrame, order: pl.Series, parent: Path | None) -> NearQuestions:
        """Find the questions that are near another one."""
        limits = Limits(self.threshold, self.edit, min(LIMITS.floor, self.threshold), self.brief)
        with every_core() as cores:
            index = SignatureIndex(SIZES, parent, cores)
            facts = FactCodes(frame, order, "question", self.names, cores)
            compared = compared_sides(frame, order, "question")
            matches = find_clusters(compared, index.sketches, limits, facts, cores)
            matches = matches.filter(pl.col("verdict").is_in(["near_duplicate", "conflict"]))
            differing = facts.differ(matches["twin"].to_numpy(), matches["index"].to_numpy())
            return NearQuestions(matches, differing, index.table)

    def _table(self, frame: pl.DataFrame, order: pl.Series, near: NearQuestions) -> pl.DataFrame:
        """Build the table of conflicts, some pairs at a time."""
        winners: set[int] = set()
        chunks = [pl.DataFrame(schema=CONFLICT_TABLE)]
        for start in range(0, near.matches.height, CHUNK):
            pairs = near.matches.slice(start, CHUNK)
            records = self._records(frame, order, pl.concat([pairs["index"], pairs["twin"]]).unique().sort())
            lines = self._lines(pairs, records, near.differing[start : start + CHUNK], winners)
            chunks.append(pl.DataFrame(list(lines), schema=CONFLICT_TABLE))
        return pl.concat(chunks).sort("cluster", "role", "id")

    def _records(self, frame: pl.DataFrame, order: pl.Series, indices: pl.Series) -> dict[int, RecordFields]:
        """Take the records at these indices of `order`: both sides, when and in which file, the answers normalized."""
        records = frame[order.gather(indices)].select(
            "id",
            question=side_text("question"),
            answer=side_text("answer"),
            date=record_date(),
            file=_file(),
            authority=authority(self.sources),
            tags="tags",
        )
        records = records.with_columns(normalized=normalize(records["answer"]))
        return dict(zip(indices, records.iter_rows(named=True), strict=True))

    def _lines(
        self, pairs: pl.DataFrame, records: dict[int, RecordFields], differing: Differing, winners: set[int]
    ) -> Iterator[RecordFields]:
        """Write the lines of the table, each loser after its winner; `winners` are those that have their line."""
        measured = pairs.select("index", "twin", "verdict", "jaccard").iter_rows()
        for differs, (index, twin, verdict, jaccard) in zip(differing, measured, strict=True):
            record, best = records[index], records[twin]
            if verdict == "near_duplicate":
                first, second = (ComparedAnswer(each["answer"], each["normalized"]) for each in (best, record))
                differs = contradicts(best["question"], first, second, self.wording)
            if not differs:
                continue

            if twin not in winners:
                winners.add(twin)
                yield {**_texts(best), "cluster": best["id"], "role": "winner", "differs": []}
            yield {
                **_texts(record),
                "cluster": best["id"],
                "role": self._role(verdict, record, best),
                "twin": best["id"],
                "differs": list(differs),
                "likeness": jaccard,
            }

    def _role(self, verdict: str, record: RecordFields, best: RecordFields) -> str:
        if verdict == "conflict" or SETTLED & set(record["tags"]):
            return "noted"
        return "dropped" if self.resolve == "newest" and self._outdated(record, best) else "review"

    def _outdated(self, record: RecordFields, best: RecordFields) -> bool:
        """Tell whether it is certain that the proposed answer holds now: by its day, its source, or a person."""
        newer = None not in (record["date"], best["date"]) and best["date"] > record["date"]
        return newer or bool(SETTLED & set(best["tags"])) or best["authority"] < record["authority"]


def second_identities(frame: pl.DataFrame, identity: Identity) -> pl.DataFrame:
    """Find rows outside the identity ones that answer who the assistant is without its name: `id`, and the `twin`.

    The twin is the identity row that asks the same; empty where only the kit asks it.
    """
    found = pl.DataFrame(schema={"id": pl.String, "twin": pl.String})
    ours = [folded(name) for name in own_names(identity)]
    others = frame.filter(pl.col("kind").is_in(["general", "refusal"]))
    if not ours or others.is_empty():
        return found

    asked: dict[str, str | None] = dict.fromkeys(_questions_of_the_kit())
    rows = frame.filter((pl.col("kind") == "identity") & pl.col("tags").list.eval(_asks_who()).list.any()).sort("id")
    asked |= {alphanumeric(question): id for id, question, _, _ in _last_turns(rows)}
    second = [
        (id, asked[key])
        for id, question, answer, tags in _last_turns(others.sort("id"))
        if len(question) <= LONGEST_WHO and (key := alphanumeric(question)) in asked
        if not SETTLED & set(tags) and not any(name in folded(answer) for name in ours)
    ]
    return pl.DataFrame(second, schema=found.schema, orient="row")


def _asks_who() -> pl.Expr:
    return pl.element().str.starts_with(ASKS)


@cache
def _questions_of_the_kit() -> tuple[str, ...]:
    families = (family for lang in LANGUAGES for family in kit(lang).families.values())
    asking = (family.questions for family in families if family.asks != "none" and not family.trap)
    questions = (
        question for asked in asking for question in asked if isinstance(question, str) and "{" not in question
    )
    return tuple(dict.fromkeys(alphanumeric(question) for question in questions))


def _last_turns(records: pl.DataFrame) -> Iterator[tuple[str, str, str, list[str]]]:
    """Give the id, the last question, its answer and the tags of records that end with an answer."""
    for id, messages, tags in records.select("id", "messages", "tags").iter_rows():
        if [message["role"] for message in messages[-2:]] == ["user", "assistant"]:
            yield id, messages[-2]["content"], messages[-1]["content"], tags


def _lines_of(second: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
    """Write the lines of the table for rows that an identity row contradicts."""
    pairs = second.filter(pl.col("twin").is_not_null())
    ids = pl.concat([pairs["id"], pairs["twin"]]).unique().sort()
    records = frame.filter(pl.col("id").is_in(ids.implode())).select(
        "id", question=side_text("question"), answer=side_text("answer"), date=record_date(), source=_file()
    )
    reviewed = pairs.with_columns(
        cluster="twin", role=pl.lit("review"), differs=pl.lit(["identity"]), likeness=pl.lit(1.0)
    )
    winners = pairs.select(id="twin").unique().with_columns(cluster="id", role=pl.lit("winner"))
    lines = pl.concat([reviewed, winners], how="diagonal").join(records, on="id")
    return lines.with_columns(pl.col("differs").fill_null([])).select(CONFLICT_TABLE.names()).cast(CONFLICT_TABLE)


def _texts(record: RecordFields) -> RecordFields:
    """Take what the table shows of a record."""
    return {name: record[name] for name in ("id", "question", "answer", "date")} | {"source": record["file"]}


def _file() -> pl.Expr:
    return pl.col("source").struct.field("file")


def _stands_alone(frame: pl.DataFrame, asks: int) -> pl.Series:
    """Tell whether a question can be answered by itself.

    `好的` and `[订单x]` have as many right answers as there are conversations.
    """
    questions = normalize(frame.select(side_text("question").str.replace_all(MASK, "")).to_series())
    phrases = normalize(pl.Series(lexicon("politeness"))).unique().to_list()
    phrases = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    rest = questions.str.replace_many(phrases, [""] * len(phrases), leftmost=True).str.replace_all(r"\d", "")
    return rest.str.strip_chars().str.len_bytes() >= asks * HAN_BYTES

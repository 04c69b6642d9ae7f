"""The answer that holds, preferred to those that people rejected for the same question."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from curate.duplicates.contradictions import CONFLICTS
from curate.preferences.decided import decided, trained_on
from curate.preferences.found import FoundPairs, LeftOut
from curate.store.read_version import read_manifest
from curate.store.store import Store
from schemas.frame import SCHEMA
from schemas.preferences import AnswerPair
from schemas.version_files import VersionFiles, is_trained_on

BOTH_STAY = "noted"
"""The role of answers to questions that are near, and differ in a fact: both may hold."""


class Weighed(NamedTuple):
    """Two answers to one question, by the ids of their records, and the version in which they contradict each other."""

    holds: str
    rejected: str
    shown: Path


def pairs_of_conflicts(version: Path, store: Store) -> FoundPairs:
    """Pair what people accepted or edited with what they rejected, where a version of the dataset in the store found
    that both answer the same question.
    """
    accepted = [*decided(version, "accept"), *decided(version, "edit")]
    weighed = _weighed(store, read_manifest(version).name, accepted, decided(version, "reject"))
    held = {record["id"]: record for record in trained_on(version, [w.holds for w in weighed]).iter_rows(named=True)}
    texts = _rejected_texts(weighed)

    pairs: list[AnswerPair] = []
    left_out: LeftOut = Counter()
    for each in weighed:
        found = _pair(held.get(each.holds), texts.get((each.shown, each.rejected)), each.rejected)
        if isinstance(found, str):
            left_out["conflict", found] += 1
        else:
            pairs.append(found)
    return FoundPairs(tuple(pairs), left_out)


def _weighed(store: Store, name: str, accepted: list[str], rejected: list[str]) -> list[Weighed]:
    """Find the pairs of records that answer one question, each once, by the tables of conflicts of all versions."""
    found: dict[tuple[str, str], Weighed] = {}
    for id in store.versions(name) if accepted and rejected else ():
        shown = store.version(name, id)
        for pair in _in_one_cluster(shown, accepted, rejected):
            found.setdefault(pair, Weighed(*pair, shown))
    return [found[pair] for pair in sorted(found)]


def _in_one_cluster(shown: Path, accepted: list[str], rejected: list[str]) -> Iterator[tuple[str, str]]:
    table = VersionFiles(shown).table(CONFLICTS)
    if not table.is_file():
        return
    lines = pl.scan_parquet(table).filter(pl.col("role") != BOTH_STAY).select("cluster", "id")
    holding = lines.filter(pl.col("id").is_in(accepted))
    losing = lines.filter(pl.col("id").is_in(rejected)).rename({"id": "rejected"})
    yield from holding.join(losing, on="cluster").select("id", "rejected").collect().iter_rows()


def _rejected_texts(weighed: list[Weighed]) -> dict[tuple[Path, str], list[dict[str, Any]]]:
    """Read the messages of what was rejected, from the version that holds it, in training or in review."""
    texts = {}
    for shown in sorted({each.shown for each in weighed}):
        ids = [each.rejected for each in weighed if each.shown == shown]
        files = [shard.name for shard in read_manifest(shown).shards if shard.rows and _holds(shown, shard.name)]
        for name in files:
            records = pl.read_ndjson(shown / name, schema=SCHEMA).filter(pl.col("id").is_in(ids))
            texts.update({(shown, id): messages for id, messages in records.select("id", "messages").iter_rows()})
    return texts


def _holds(version: Path, name: str) -> bool:
    return is_trained_on(name) or name == VersionFiles(version).review.name


def _pair(record: dict[str, Any] | None, rejected: list[dict[str, Any]] | None, other: str) -> AnswerPair | str:
    """Pair the last answers of both, or say why not."""
    if record is None:
        return "not_trained_on"
    if rejected is None:
        return "text_gone"
    messages = record["messages"]
    if [message["role"] for message in messages] != [message["role"] for message in rejected]:
        return "other_turns"
    if messages[-1]["role"] != "assistant":
        return "no_answer"
    return AnswerPair(
        origin="conflict",
        record=record["id"],
        other=other,
        kind=record["kind"],
        lang=record["lang"],
        prompt=messages[:-1],
        chosen=messages[-1]["content"],
        rejected=rejected[-1]["content"],
    )

"""Makes tasks for reviewers: the text of each record, why it is shown, what was measured, and what is beside it."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from curate.decisions.agreed_reviews import ReviewsById, agree
from curate.history.earlier_texts import rows_of, texts_before
from curate.privacy.release_gate import check_outgoing
from curate.reviewing.candidates import (
    Candidates,
    Reasons,
    active_rules,
    find_candidates,
    limits_of,
    waiting_conflicts,
)
from curate.stages.mask import gate_of
from curate.stages.quality import NAME, SCORES
from curate.store.line_search import find_in_sorted, ids_of
from curate.store.read_version import read_manifest, read_recipe
from rules import Rule
from schemas.identity import Identity
from schemas.ledger import EVENTS
from schemas.record import Message
from schemas.review import Asked, Measured, OtherAnswer, ReviewDecision, ReviewTask, shown_digest
from schemas.tags import DATE, value_of
from schemas.version_files import VersionFiles, is_trained_on

KIND_OF_PROBE = {
    "refusal": "refusal",
    "look_alike": "refusal",
    "in_scope": "domain",
    "hallucination": "domain",
    "general": "general",
    "unrelated": "general",
}
"""The kind of the records that a probe asks; all others are of kind identity."""
CUT = "is_cut"
"""The field of a record that says that the exam asks only its first turn."""
FEW = 100
"""Records up to which each is looked for by itself."""
Fields = dict[str, Any]
"""A record, as a line of a shard holds it."""


class Gathered(NamedTuple):
    """The tasks, sorted by their ids.

    `settled` are those left out, because people have decided already, `textless` the dropped records whose raw rows are
    not there any more. `population` says out of how many records the random ones were drawn, by reason.
    """

    tasks: tuple[ReviewTask, ...]
    settled: int
    textless: int
    population: Mapping[str, int]


def gather_tasks(
    version: Path, folder: Path | None, wanted: Mapping[str, int | None], reviews: Sequence[ReviewDecision]
) -> Gathered:
    """Make the tasks that are wanted (`parse_wanted`).

    `folder` is where the paths of the recipe start, None where that is not known: then no dropped record has a text.
    Raises GateError where a text that would be shown holds personal data.
    """
    found = find_candidates(version, wanted)
    texts = _Texts(version, folder, found)
    tasks = [*_of_records(version, found, texts), *_of_conflicts(version, found, texts)]
    textless = len(found.dropped - set(texts.records))

    by_id = ReviewsById(reviews)
    waiting = [task for task in tasks if not _is_settled(task, by_id)]
    gate = gate_of(read_recipe(version), read_manifest(version).identity or Identity())
    check_outgoing({task.id: list(_shown_texts(task)) for task in waiting}, gate)
    return Gathered(tuple(waiting), len(tasks) - len(waiting), textless, found.population)


def conflict_tasks(version: Path, folder: Path | None, clusters: Collection[str]) -> dict[str, ReviewTask]:
    """Make the tasks about these questions whose answers contradict each other, by cluster, settled or not.

    `folder` and errors are as of `gather_tasks`.
    """
    conflicts = waiting_conflicts(version).filter(pl.col("cluster").is_in(list(clusters)))
    found = Candidates({}, frozenset(), conflicts, pl.DataFrame(schema=EVENTS), {})
    tasks = {task.id: task for task in _of_conflicts(version, found, _Texts(version, folder, found))}
    gate = gate_of(read_recipe(version), read_manifest(version).identity or Identity())
    check_outgoing({task.id: list(_shown_texts(task)) for task in tasks.values()}, gate)
    return {cluster: tasks[id] for cluster, id in conflicts.select("cluster", "id").iter_rows() if id in tasks}


class _Texts:
    """The records that are asked about or shown beside, by id, and the texts of those that rules have changed since."""

    def __init__(self, version: Path, folder: Path | None, found: Candidates) -> None:
        asked = {*found.reasons, *found.conflicts["id"]}
        self.records = _records(version, asked)
        beside = {record["parent"] for record in self.records.values() if record["parent"]}
        beside |= set(found.events.filter(pl.col("id").is_in(list(asked)))["twin"].drop_nulls())
        self.records |= _records(version, beside - asked)
        cut = {id for id, record in self.records.items() if record.get(CUT)}
        changed = found.dropped | cut | _repaired(version, self.records)
        self.before: dict[str, Fields] = {}
        if folder is not None and changed:
            earlier = texts_before(version, folder, rows_of(version, changed), NAME)
            self.before = {record["id"]: record for record in earlier.iter_rows(named=True)}
            self.records |= {id: record for id, record in self.before.items() if id in found.dropped | cut}

    def shown(self, record: Fields) -> tuple[str, ...]:
        """Digest the text of a record as it is shown, and as the stage `review` finds it."""
        digests = [shown_digest(record["messages"])]
        before = self.before.get(record["id"])
        if before is not None and _roles(before) == _roles(record):
            digests.append(shown_digest(before["messages"]))
        return tuple(dict.fromkeys(digests))


def _records(version: Path, ids: Collection[str]) -> dict[str, Fields]:
    """Read these records out of the files of a version; a question of the exam has its reference as the answer."""
    files = VersionFiles(version)
    shards = [version / shard.name for shard in read_manifest(version).trained_on() if shard.rows]
    paths = [path for path in (*shards, files.exam, files.review) if path.is_file()]
    found: dict[str, Fields] = {}
    for path in paths if ids else ():
        for record in map(json.loads, _lines_of(path, ids)):
            found.setdefault(record["id"], _of_question(record) if path == files.exam else record)
    return found


def _lines_of(path: Path, ids: Collection[str]) -> list[bytes]:
    """Find the lines of these records: a few by halving, which only shards that are trained on are sorted for."""
    if is_trained_on(path.name) and len(ids) <= FEW:
        return [line for id in ids if (line := find_in_sorted(path, id)) is not None]
    with path.open("rb") as file:
        return [line for line in file if ids_of(line)[0] in ids]


def _of_question(line: Fields) -> Fields:
    """Make a record of a question of the exam. One that was cut to its first turn is marked: the raw rows have all."""
    answer = [{"role": "assistant", "content": line["reference"]}] if line["reference"] else []
    return {
        "id": line["id"],
        "messages": [*line["messages"], *answer],
        "kind": KIND_OF_PROBE.get(line["probe"], "identity"),
        "lang": line["lang"],
        "source": {"file": "", "rows": []},
        "parent": None,
        "tags": [],
        CUT: line["probe"] == "in_scope",
    }


def _repaired(version: Path, ids: Iterable[str]) -> set[str]:
    """Find the records that rules have repaired."""
    ledger = pl.scan_parquet(VersionFiles(version).ledger).select("id", "stage", "verdict")
    fixed = ledger.filter((pl.col("stage") == NAME) & (pl.col("verdict") == "fixed")).select("id")
    return set(fixed.filter(pl.col("id").is_in(list(ids))).collect()["id"])


def _of_records(version: Path, found: Candidates, texts: _Texts) -> Iterator[ReviewTask]:
    """Make the tasks about single records."""
    measured = _measured(version, found.reasons)
    twins = dict(found.events.filter(pl.col("twin").is_not_null()).select("id", "twin").iter_rows())
    for id in sorted(found.reasons):
        record = texts.records.get(id)
        if record is None:
            continue
        why = tuple(found.reasons[id])
        asked: Asked = "exam" if any(reason.startswith("exam") for reason in why) else "record"
        yield _task(
            version, texts, record,
            asked=asked, why=why, measured=measured.get(id, ()),
            twin=_other(texts, twins.get(id)), parent=_other(texts, record["parent"]),
        )  # fmt: skip


def _of_conflicts(version: Path, found: Candidates, texts: _Texts) -> Iterator[ReviewTask]:
    """Make a task of each question whose answers contradict each other: the proposed one, and beside it the others."""
    for _, lines in found.conflicts.group_by("cluster", maintain_order=True):
        members = [line for line in lines.sort("role", "id", descending=[True, False]).iter_rows(named=True)]
        first = next((line for line in members if line["id"] in texts.records), None)
        if first is None or members[0]["role"] != "winner":
            continue
        others = [
            OtherAnswer(
                id=line["id"],
                question=line["question"],
                answer=line["answer"],
                date=line["date"].isoformat() if line["date"] else "",
                source=line["source"] or "",
                shown=texts.shown(texts.records[line["id"]]) if line["id"] in texts.records else (),
            )
            for line in members
            if line["id"] != first["id"]
        ]
        if others:
            yield _task(
                version, texts, texts.records[first["id"]], asked="conflict", why=("conflict",), others=tuple(others)
            )


def _task(version: Path, texts: _Texts, record: Fields, **more: Any) -> ReviewTask:
    return ReviewTask(
        id=record["id"],
        kind=record["kind"],
        lang=record["lang"],
        messages=tuple(Message(role=m["role"], content=m["content"]) for m in record["messages"]),
        shown=texts.shown(record),
        source=_source(record),
        date=value_of(DATE, record["tags"] or []) or "",
        version=f"{version.parent.name}/{version.name}",
        **more,
    )


def _other(texts: _Texts, id: str | None) -> OtherAnswer | None:
    """Show another record beside the one that is asked about: its last exchange; None where it is in no file."""
    record = texts.records.get(id) if id else None
    if record is None:
        return None
    last = {"user": "", "assistant": ""} | {m["role"]: m["content"] for m in record["messages"]}
    return OtherAnswer(
        id=record["id"],
        question=last["user"],
        answer=last["assistant"],
        date=value_of(DATE, record["tags"] or []) or "",
        source=_source(record),
        shown=texts.shown(record),
    )


def _measured(version: Path, reasons: Reasons) -> dict[str, tuple[Measured, ...]]:
    """Say what the rules that are a reason have measured of each record."""
    path = VersionFiles(version).table(SCORES)
    rules = active_rules(version)
    named = {
        id: [rule for reason in of_record if (rule := reason.partition(":")[2]) in rules]
        for id, of_record in reasons.items()
    }
    wanted = sorted({rule for of_record in named.values() for rule in of_record})
    if not wanted or not path.is_file():
        return {}
    scores = pl.scan_parquet(path)
    columns = [name for name in ("id", "kind", *wanted) if name in scores.collect_schema().names()]
    table = scores.select(columns).filter(pl.col("id").is_in([id for id, of in named.items() if of])).collect()
    return {
        row["id"]: tuple(
            Measured(rule=rule, score=row[rule], limit=_in_words(rules[rule], row["kind"]))
            for rule in named[row["id"]]
            if row.get(rule) is not None
        )
        for row in table.iter_rows(named=True)
    }


def _in_words(rule: Rule, kind: str) -> str:
    return ", ".join(f"{name} {limit:g}" for name, limit in limits_of(rule, kind).items())


def _is_settled(task: ReviewTask, reviews: ReviewsById) -> bool:
    """Tell whether people have decided about all that a task asks."""
    asked = [(task.id, task.shown), *((other.id, other.shown) for other in task.others)]
    return all(_decided(reviews.of(id), shown) for id, shown in asked)


def _decided(decisions: Iterable[ReviewDecision], shown: tuple[str, ...]) -> bool:
    about = [decision for decision in decisions if not decision.shown or set(decision.shown) & set(shown)]
    return bool(about) and agree(about).verdict is not None


def _shown_texts(task: ReviewTask) -> Iterator[str]:
    """List every text that leaves with a task."""
    beside = [*task.others, *(other for other in (task.twin, task.parent) if other)]
    yield from (message.content for message in task.messages)
    yield from chain.from_iterable((other.question, other.answer, other.source) for other in beside)
    yield task.source


def _source(record: Fields) -> str:
    rows = record["source"]["rows"] or ()
    return f"{record['source']['file']}:{rows[0]}" if rows else record["source"]["file"]


def _roles(record: Fields) -> list[str]:
    return [message["role"] for message in record["messages"]]

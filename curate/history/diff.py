"""What differs between two versions: rows matched by where they came from, never by where they stand."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from curate.history.fast_rows import fast_rows, with_texts
from curate.history.row_matching import COMPARED, RowMatches, match_rows
from curate.ledger import final_states
from curate.store.read_version import read_manifest
from schemas.manifest import Manifest, StageCount
from schemas.record import KINDS
from schemas.version_files import VersionFiles

CHANGES = ("added", "removed", "changed")


@dataclass(frozen=True)
class Diff:
    """Two versions compared. `changes` has a line for every row that is not the same, with what became of it in the
    other version.

    `answers` are the questions that both versions answer, each in its own way.
    """

    before: Manifest
    after: Manifest
    kinds: dict[str, dict[str, int]]
    changes: pl.DataFrame
    answers: pl.DataFrame

    @property
    def totals(self) -> dict[str, int]:
        """Rows of all kinds together, by change."""
        return {name: sum(counts[name] for counts in self.kinds.values()) for name in (*CHANGES, "same")}


def diff_versions(before: Path, after: Path) -> Diff:
    """Compare the training rows of two versions. Raises StoreError when one holds no readable manifest."""
    manifests = read_manifest(before), read_manifest(after)
    rows = (_rows(folder, manifest) for folder, manifest in zip((before, after), manifests, strict=True))
    matches = match_rows(*rows)

    changes = pl.concat(
        [
            _lines(matches.added, "added").with_columns(elsewhere=_fates(before, matches.added["id"])),
            _lines(matches.removed, "removed").with_columns(elsewhere=_fates(after, matches.removed["id"])),
            _changed_lines(matches.left, matches.right),
        ]
    ).sort("change", "kind", "file", "row", "id", nulls_last=True)
    return Diff(
        before=manifests[0],
        after=manifests[1],
        kinds=_by_kind(changes, matches.same),
        changes=changes,
        answers=_answers(matches),
    )


def _rows(version: Path, manifest: Manifest) -> Iterator[pl.DataFrame]:
    return (fast_rows(version / s.name) for s in manifest.trained_on() if s.rows)


def _lines(rows: pl.DataFrame, change: str) -> pl.DataFrame:
    empty = pl.lit("", pl.String)
    return rows.select(pl.lit(change).alias("change"), "kind", "lang", "file", "row", "id", was=empty, what=empty)


def _changed_lines(left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    """List the pairs that differ; `was` is the id before, where it is another, `what` the fields that differ."""
    lines = _lines(right, "changed")
    differs = pl.DataFrame({name: left[name] != right[name] for name in COMPARED})
    names = [pl.when(name).then(pl.lit(name)) for name in differs.columns]
    return lines.with_columns(
        was=left["id"].zip_with(left["id"] != right["id"], pl.Series([""], dtype=pl.String)),
        what=differs.select(pl.concat_str(names, separator=",", ignore_nulls=True)).to_series(),
        elsewhere=pl.lit(""),
    )


def _fates(other: Path, ids: pl.Series) -> pl.Series:
    """Find what the other version did with these records: `dropped:near_duplicate`, `exam`, or nothing it knows of."""
    ledger = pl.scan_parquet(VersionFiles(other).ledger).filter(pl.col("id").is_in(ids.implode()))
    ends = final_states(ledger.select("stage", "verdict", "reason", "id").collect())
    fates = ends.select("id", elsewhere=pl.concat_str("verdict", "reason", separator=":", ignore_nulls=True))
    fates = fates.unique("id", keep="first", maintain_order=True)
    return pl.DataFrame({"id": ids}).join(fates, on="id", how="left", maintain_order="left")["elsewhere"].fill_null("")


def _by_kind(changes: pl.DataFrame, same: Counter[str]) -> dict[str, dict[str, int]]:
    """Count the rows by kind and change; every kind that one of the versions has."""
    counted = {(k, c): n for k, c, n in changes.group_by("kind", "change").len().iter_rows()}
    counted |= {(k, "same"): n for k, n in same.items()}
    kinds = {kind for kind, _ in counted}
    return {k: {c: counted.get((k, c), 0) for c in (*CHANGES, "same")} for k in KINDS if k in kinds}


def _answers(matches: RowMatches) -> pl.DataFrame:
    """List the questions that both versions answer, each in its own way, with both answers."""
    columns = ("kind", "asked", "was", "now", "from_id", "to_id", "file", "row")
    answers = pl.concat([_changed_answers(matches).select(columns), _replaced_answers(matches).select(columns)])
    return answers.filter(pl.col("was") != pl.col("now")).sort("kind", "file", "row", "to_id", nulls_last=True)


def _changed_answers(matches: RowMatches) -> pl.DataFrame:
    """Find the pairs of rows that ask the same question."""
    left, right = with_texts(matches.left), with_texts(matches.right)
    pairs = left.select("question", "asked", was="answer", kind="kind", from_id="id").with_columns(
        now=right["answer"], to_id=right["id"], new_question=right["question"], file=right["file"], row=right["row"]
    )
    return pairs.filter(pl.col("question") == pl.col("new_question"))


def _replaced_answers(matches: RowMatches) -> pl.DataFrame:
    """Find the rows that went while another one came that asks the same; either stands alone in its version."""
    once = pl.col("question").is_unique()
    removed, added = with_texts(matches.removed).filter(once), with_texts(matches.added).filter(once)
    return removed.select("question", "asked", "kind", was="answer", from_id="id").join(
        added.select("question", "file", "row", now="answer", to_id="id"), on="question"
    )


def stage_deltas(before: Manifest, after: Manifest) -> list[dict[str, Any]]:
    """List stage by stage, in the order of the newer version, both counts of everything that differs, by its name."""
    old = {s.stage: s for s in before.stages}
    new = {s.stage: s for s in after.stages}
    names = [*new, *(name for name in old if name not in new)]
    lines = [{"stage": name, "deltas": _deltas(old.get(name), new.get(name))} for name in names]
    return [line for line in lines if line["deltas"]]


def _deltas(old: StageCount | None, new: StageCount | None) -> dict[str, tuple[int, int]]:
    was, now = (_numbers(stage) for stage in (old, new))
    names = [*now, *(name for name in was if name not in now)]
    pairs = {name: (was.get(name, 0), now.get(name, 0)) for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _numbers(stage: StageCount | None) -> dict[str, int]:
    if stage is None:
        return {}
    counts = {"in": stage.rows_in, "added": stage.added, "kept": stage.kept, "dropped": stage.dropped}
    return {**counts, "review": stage.review, **stage.reasons}


def share_deltas(before: Manifest, after: Manifest) -> list[dict[str, Any]]:
    """List by kind the rows, their share, and the share of answer characters, before and after."""
    old, new = ({s.kind: s for s in m.shares} for m in (before, after))
    return [
        {
            "kind": kind,
            "rows": tuple(s[kind].rows if kind in s else 0 for s in (old, new)),
            "share": tuple(s[kind].share if kind in s else 0.0 for s in (old, new)),
            "answer_share": tuple(s[kind].answer_share if kind in s else 0.0 for s in (old, new)),
        }
        for kind in KINDS
        if kind in old or kind in new
    ]


def input_deltas(before: Manifest, after: Manifest) -> list[dict[str, Any]]:
    """List the raw files that came, went or changed."""
    old, new = ({f.path: f for f in m.inputs} for m in (before, after))
    lines = []
    for path in [*new, *(p for p in old if p not in new)]:
        was, now = old.get(path), new.get(path)
        if was is None or now is None:
            change = "added" if was is None else "removed"
        elif was.digest != now.digest:
            change = "changed"
        else:
            continue
        lines.append({"file": path, "change": change, "rows": (was.rows if was else 0, now.rows if now else 0)})
    return lines

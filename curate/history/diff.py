"""What differs between two versions: rows matched by where they came from, never by where they stand."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from curate.history.fast_rows import light_rows, with_texts
from curate.history.row_matching import LOOKED_AT, beside
from curate.ledger import final_states
from curate.store.read_version import read_manifest
from schemas.manifest import Manifest, StageCount
from schemas.record import KINDS
from schemas.version_files import VersionFiles

CHANGES = ("added", "removed", "changed")


@dataclass(frozen=True)
class Diff:
    """`changes` has a line for every row that is not the same, with what became of it in the other version.

    `answers` are the questions that both versions answer, each in its own way.
    """

    before: Manifest
    after: Manifest
    kinds: dict[str, dict[str, int]]
    changes: pl.DataFrame
    answers: pl.DataFrame

    @property
    def totals(self) -> dict[str, int]:
        return {name: sum(counts[name] for counts in self.kinds.values()) for name in (*CHANGES, "same")}


def diff_versions(before: Path, after: Path) -> Diff:
    """Compares the training rows of two versions. Raises StoreError when one holds no readable manifest."""
    manifests = read_manifest(before), read_manifest(after)
    pairs = beside(*(_rows(folder, manifest) for folder, manifest in zip((before, after), manifests, strict=True)))
    changes = pl.concat(
        [
            _lines(pairs.come, "added").with_columns(elsewhere=_became(before, pairs.come["id"])),
            _lines(pairs.gone, "removed").with_columns(elsewhere=_became(after, pairs.gone["id"])),
            _changed_lines(pairs.left, pairs.right),
        ]
    ).sort("change", "kind", "file", "row", "id", nulls_last=True)
    return Diff(
        before=manifests[0],
        after=manifests[1],
        kinds=_by_kind(changes, pairs.same),
        changes=changes,
        answers=_answers(*(with_texts(rows) for rows in (pairs.left, pairs.right, pairs.gone, pairs.come))),
    )


def _rows(version: Path, manifest: Manifest) -> Iterator[pl.DataFrame]:
    return (light_rows(version / s.name) for s in manifest.trained_on() if s.rows)


def _lines(rows: pl.DataFrame, change: str) -> pl.DataFrame:
    empty = pl.lit("", pl.String)
    return rows.select(pl.lit(change).alias("change"), "kind", "lang", "file", "row", "id", was=empty, what=empty)


def _changed_lines(left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    """Pairs whose content differs; `was` is the id before where it is another, `what` the fields that differ."""
    lines = _lines(right, "changed")
    differs = pl.DataFrame({name: left[name] != right[name] for name in LOOKED_AT})
    told = [pl.when(name).then(pl.lit(name)) for name in differs.columns]
    return lines.with_columns(
        was=left["id"].zip_with(left["id"] != right["id"], pl.Series([""], dtype=pl.String)),
        what=differs.select(pl.concat_str(told, separator=",", ignore_nulls=True)).to_series(),
        elsewhere=pl.lit(""),
    )


def _became(other: Path, ids: pl.Series) -> pl.Series:
    """What the other version did with these records: `dropped:near_duplicate`, `exam`, or nothing it knows of."""
    ledger = pl.scan_parquet(VersionFiles(other).ledger).filter(pl.col("id").is_in(ids.implode()))
    ends = final_states(ledger.select("stage", "verdict", "reason", "id").collect())
    told = ends.select("id", told=pl.concat_str("verdict", "reason", separator=":", ignore_nulls=True))
    told = told.unique("id", keep="first", maintain_order=True)
    joined = pl.DataFrame({"id": ids}).join(told, on="id", how="left", maintain_order="left")
    return joined["told"].fill_null("").rename("elsewhere")


def _by_kind(changes: pl.DataFrame, same: Counter[str]) -> dict[str, dict[str, int]]:
    """Rows by kind and change; every kind that one of the versions has."""
    counted = {(k, c): n for k, c, n in changes.group_by("kind", "change").len().iter_rows()}
    counted |= {(k, "same"): n for k, n in same.items()}
    here = {kind for kind, _ in counted}
    return {k: {c: counted.get((k, c), 0) for c in (*CHANGES, "same")} for k in KINDS if k in here}


def _answers(left: pl.DataFrame, right: pl.DataFrame, gone: pl.DataFrame, come: pl.DataFrame) -> pl.DataFrame:
    """Side by side: the same question, answered differently by one row, or by a row that went and one that came."""
    kept = left.select("question", "asked", was="answer", kind="kind", from_id="id").with_columns(
        now=right["answer"], to_id=right["id"], still=right["question"], file=right["file"], row=right["row"]
    )
    kept = kept.filter((pl.col("question") == pl.col("still")) & (pl.col("was") != pl.col("now")))
    once = pl.col("question").is_unique()
    replaced = (
        gone.filter(once)
        .select("question", "asked", "kind", was="answer", from_id="id")
        .join(come.filter(once).select("question", "file", "row", now="answer", to_id="id"), on="question")
    )
    columns = ("kind", "asked", "was", "now", "from_id", "to_id", "file", "row")
    both = pl.concat([kept.select(columns), replaced.filter(pl.col("was") != pl.col("now")).select(columns)])
    return both.sort("kind", "file", "row", "to_id", nulls_last=True)


def stage_deltas(before: Manifest, after: Manifest) -> list[dict[str, Any]]:
    """Stage by stage in the order of the newer version: both counts of everything that differs, by its name."""
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
    """By kind: rows, share of rows and share of answer characters, before and after."""
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
    """The raw files that came, went or changed."""
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

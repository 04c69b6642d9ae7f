"""A version once more, without some of its records: every file without them, every row still accounted for."""

import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from curate.ledger import END
from curate.publish.dataset_card import card
from curate.store.line_search import names_of
from curate.store.read_version import read_recipe
from curate.store.tombstones import FORGOTTEN
from curate.store.verify import version_id
from schemas.digest import SIZE, canonical, digest, digest_file
from schemas.ledger import events_of
from schemas.manifest import Manifest, Shard, Share, StageCount
from schemas.version_files import CARD, EXAM, LEDGER, RUN, VersionFiles, holds_records, is_trained_on

STAGE = "forget"


@dataclass
class Removed:
    """What was taken out of the files of records."""

    train: Counter[str] = field(default_factory=Counter)
    """Training rows by kind."""
    chars: Counter[str] = field(default_factory=Counter)
    """Characters that their answers had, by kind."""
    probes: Counter[str] = field(default_factory=Counter)
    left: list[str] = field(default_factory=list)
    """The ids of the training rows that stay."""


def amend(version: Path, manifest: Manifest, gone: list[str], staging: Path) -> Manifest:
    """Writes the version without the records `gone` into `staging`; gives its manifest.

    The ids of what is gone are digests of what was said: a name made of the raw row stands in their place.
    """
    ledger = pl.read_parquet(VersionFiles(version).ledger)
    names = _names(ledger, gone)
    removed, shards = Removed(), []
    content = hashlib.blake2b(digest_size=SIZE)
    for shard in manifest.shards:
        if holds_records(shard.name):
            shards.append(_lines(version / shard.name, staging, names, removed, content))
        elif shard.name == LEDGER:
            shards.append(_table(staging / shard.name, _ledger(ledger, names, removed)))
        elif shard.name.endswith(".parquet"):
            shards.append(_table(staging / shard.name, _cleared(pl.read_parquet(version / shard.name), names)))
        elif shard.name != CARD:
            shutil.copyfile(version / shard.name, staging / shard.name)
            shards.append(shard)
    if (version / RUN).is_file():
        shutil.copyfile(version / RUN, staging / RUN)
    id = version_id(manifest.recipe, manifest.inputs, manifest.reviews, content.hexdigest())
    amended = _recounted(manifest, removed).model_copy(update={"id": id, "shards": tuple(shards)})
    text = card(amended, read_recipe(version)).encode("utf-8")
    (staging / CARD).write_bytes(text)
    paper = Shard(name=CARD, digest=digest_file(staging / CARD), bytes=len(text), rows=0)
    return amended.model_copy(update={"shards": (*shards, paper)})


def _names(ledger: pl.DataFrame, gone: list[str]) -> dict[str, str]:
    """A name without content for each id: the digest of the first raw row of its record, and of its place there."""
    found = ledger.filter((pl.col("stage") == "session") & pl.col("id").is_in(pl.Series(gone).implode()))
    first = {id: (file, row) for id, file, row in found.sort("row", descending=True).select("id", "file", "row").rows()}
    ordered = sorted(gone, key=lambda id: (*first.get(id, ("", 0)), id))
    count: Counter[tuple[str, int]] = Counter()
    names = {}
    for id in ordered:
        place = first.get(id, ("", 0))
        names[id] = digest(FORGOTTEN, *place, count[place])
        count[place] += 1
    return names


def _lines(path: Path, staging: Path, names: dict[str, str], removed: Removed, content: Any) -> Shard:
    """One file of records without those that are gone; the others keep their bytes, but for a group named after one."""
    rows = size = 0
    alone = hashlib.blake2b(digest_size=SIZE)
    with path.open("rb") as source, (staging / path.name).open("wb") as target:
        for line in source:
            id, group = names_of(line)
            if id in names:
                _count(json.loads(line), path.name, removed)
                continue
            if is_trained_on(path.name):
                removed.left.append(id)
            if group in names:
                line = f"{canonical({**json.loads(line), 'group': names[group]})}\n".encode()
            target.write(line)
            alone.update(line)
            content.update(line)
            rows, size = rows + 1, size + len(line)
    return Shard(name=path.name, digest=alone.hexdigest(), bytes=size, rows=rows)


def _count(record: dict[str, Any], file: str, removed: Removed) -> None:
    if file == EXAM:
        removed.probes[record["probe"]] += 1
    elif is_trained_on(file):
        removed.train[record["kind"]] += 1
        removed.chars[record["kind"]] += sum(len(m["content"]) for m in record["messages"] if m["role"] == "assistant")


def _table(path: Path, table: pl.DataFrame) -> Shard:
    table.write_parquet(path)
    return Shard(name=path.name, digest=digest_file(path), bytes=path.stat().st_size, rows=table.height)


def _cleared(table: pl.DataFrame, names: dict[str, str]) -> pl.DataFrame:
    """What a stage measured, without the lines of what is gone."""
    ids = [name for name in ("id", "twin", "parent", "group") if name in table.columns]
    known = pl.Series(list(names), dtype=pl.String).implode()
    return table.filter(~pl.any_horizontal(*(pl.col(n).is_in(known).fill_null(False) for n in ids))) if ids else table


def _ledger(ledger: pl.DataFrame, names: dict[str, str], removed: Removed) -> pl.DataFrame:
    """The ledger in which what is gone is dropped as forgotten, under names that say nothing."""
    ids = list(names)
    is_gone = pl.col("id").is_in(pl.Series(ids, dtype=pl.String).implode()).fill_null(False)
    ends = pl.col("stage") == END
    out = ledger.filter(ends & is_gone & pl.col("verdict").is_in(["train", "exam"])).select("id").unique().sort("id")
    noted = events_of(out.with_columns(reason=pl.lit(FORGOTTEN)), STAGE, "dropped")
    events, states = ledger.filter(~ends), ledger.filter(ends)
    verdict, reason = (pl.when(is_gone).then(pl.lit(word)) for word in ("dropped", FORGOTTEN))
    states = states.with_columns(verdict=verdict.otherwise("verdict"), reason=reason.otherwise("reason"))
    kept = states.filter(pl.col("verdict") == "train").select("id")
    orphans = pl.DataFrame({"id": sorted(removed.left)}, schema={"id": pl.String}).join(kept, on="id", how="anti")
    # What is noted here is about records and has no file, and so no digest of one.
    whole = pl.concat([events, noted, states, events_of(orphans, END, "train")], how="diagonal")
    return whole.with_columns(pl.col("id", "twin").replace(ids, list(names.values())))


def _recounted(manifest: Manifest, removed: Removed) -> Manifest:
    """The manifest with the numbers that have changed, and the books of the forgetting."""
    gone = removed.train.total() + removed.probes.total()
    final = manifest.train_rows + sum(manifest.exam_questions.values())
    stage = StageCount(
        stage=STAGE,
        rows_in=final,
        added=0,
        kept=final - gone,
        dropped=gone,
        review=0,
        reasons={f"dropped:{FORGOTTEN}": gone} if gone else {},
    )
    probes = Counter(manifest.exam_questions) - removed.probes
    return manifest.model_copy(
        update={
            "stages": (*manifest.stages, stage),
            "shares": tuple(_shares(manifest, removed)),
            "train_rows": manifest.train_rows - removed.train.total(),
            "exam_questions": dict(sorted(probes.items())),
        }
    )


def _shares(manifest: Manifest, removed: Removed) -> Iterator[Share]:
    left = {s.kind: (s.rows - removed.train[s.kind], s.answer_chars - removed.chars[s.kind]) for s in manifest.shares}
    rows, chars = (sum(pair[n] for pair in left.values()) for n in (0, 1))
    for kind, (row, char) in left.items():
        if row:
            yield Share(
                kind=kind,
                rows=row,
                share=row / rows,
                answer_chars=char,
                answer_share=char / chars if chars else 0.0,
            )

"""Writes a version once more, without some of its records: every file without them, every row still accounted for."""

import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from curate.conversations.rewordings import read_rewordings
from curate.conversations.scores import read_scores
from curate.ledger import END
from curate.publish.dataset_card import dataset_card
from curate.store.line_search import ids_of
from curate.store.read_version import read_recipe
from curate.store.shards import write_text
from curate.store.tombstones import FORGOTTEN
from curate.store.verify import version_id
from schemas.digest import SIZE, canonical, digest, digest_bytes, digest_file
from schemas.ledger import events_of
from schemas.manifest import Manifest, Shard, Share, StageCount
from schemas.version_files import (
    CARD,
    EXAM_FILE,
    LEDGER,
    MODEL_SCORES,
    REWORDINGS,
    RUN,
    VersionFiles,
    holds_records,
    is_trained_on,
)

STAGE = "forget"


@dataclass
class Removed:
    """What was taken out of the files of records."""

    train: Counter[str] = field(default_factory=Counter)
    """Training rows by kind."""
    chars: Counter[str] = field(default_factory=Counter)
    """Characters that their answers had, by kind."""
    probes: Counter[str] = field(default_factory=Counter)
    remaining: list[str] = field(default_factory=list)
    """The ids of the training rows that stay."""


def rewrite_version(version: Path, manifest: Manifest, ids: list[str], staging: Path) -> Manifest:
    """Write the version without the records `ids` into `staging`, and return its manifest.

    The ids of what is forgotten are digests of what was said: where the ledger names them, a name made of the raw row
    takes their place.
    """
    ledger = pl.read_parquet(VersionFiles(version).ledger)
    names = _blind_names(ledger, ids)
    removed, shards = Removed(), []
    content = hashlib.blake2b(digest_size=SIZE)

    # The files of records come before the ledger: it needs to know which training rows remain.
    for shard in manifest.shards:
        if holds_records(shard.name):
            shards.append(_rewrite_records(version / shard.name, staging, names, removed, content))
        elif shard.name == LEDGER:
            shards.append(_write_table(staging / shard.name, _rewrite_ledger(ledger, names, removed)))
        elif shard.name in OF_MODELS:
            shards.append(_rewrite_lines(version / shard.name, staging, names))
        elif shard.name.endswith(".parquet"):
            shards.append(_write_table(staging / shard.name, _without(pl.read_parquet(version / shard.name), names)))
        elif shard.name != CARD:
            shutil.copyfile(version / shard.name, staging / shard.name)
            shards.append(shard)
    if (version / RUN).is_file():
        shutil.copyfile(version / RUN, staging / RUN)

    # The card shows the numbers of the manifest, and the manifest lists the card: it is written last.
    id = version_id(manifest.recipe, manifest.inputs, manifest.decided_by(), content.hexdigest())
    rewritten = _recounted(manifest, removed).model_copy(update={"id": id, "shards": tuple(shards)})
    card = write_text(staging / CARD, dataset_card(rewritten, read_recipe(version)))
    return rewritten.model_copy(update={"shards": (*shards, card)})


def _blind_names(ledger: pl.DataFrame, ids: list[str]) -> dict[str, str]:
    """Name each id without its content: by the first raw row of its record, and its number among those of that row."""
    formed = ledger.filter((pl.col("stage") == "session") & pl.col("id").is_in(pl.Series(ids).implode()))
    rows = formed.sort("row", descending=True).select("id", "file", "row").rows()
    first = {id: (file, row) for id, file, row in rows}  # the last to be put in is the first row
    counts: Counter[tuple[str, int]] = Counter()
    names = {}
    for id in sorted(ids, key=lambda id: (*first.get(id, ("", 0)), id)):
        origin = first.get(id, ("", 0))
        names[id] = digest(FORGOTTEN, *origin, counts[origin])
        counts[origin] += 1
    return names


def _rewrite_records(path: Path, staging: Path, names: dict[str, str], removed: Removed, content: Any) -> Shard:
    """Write one file of records without those in `names`, and count what is taken out.

    The others keep their bytes, unless their group is named after one that is forgotten. All bytes are added to
    `content`.
    """
    rows = size = 0
    own = hashlib.blake2b(digest_size=SIZE)
    with path.open("rb") as source, (staging / path.name).open("wb") as target:
        for line in source:
            id, group = ids_of(line)
            if id in names:
                _count(json.loads(line), path.name, removed)
                continue
            if is_trained_on(path.name):
                removed.remaining.append(id)
            if group in names:
                line = f"{canonical({**json.loads(line), 'group': names[group]})}\n".encode()
            target.write(line)
            own.update(line)
            content.update(line)
            rows, size = rows + 1, size + len(line)
    return Shard(name=path.name, digest=own.hexdigest(), bytes=size, rows=rows)


def _count(record: dict[str, Any], file: str, removed: Removed) -> None:
    if file == EXAM_FILE:
        removed.probes[record["probe"]] += 1
    elif is_trained_on(file):
        removed.train[record["kind"]] += 1
        removed.chars[record["kind"]] += sum(len(m["content"]) for m in record["messages"] if m["role"] == "assistant")


def _reworded(path: Path) -> dict[int, str]:
    return {number: rewording.parent for number, rewording in read_rewordings(path).items()}


def _scored(path: Path) -> dict[int, str]:
    return {number: score.id for number, score in read_scores(path).items()}


OF_MODELS = {REWORDINGS: _reworded, MODEL_SCORES: _scored}
"""The files of what models wrote or think, and whoever says which record each line is about, by its number."""


def _rewrite_lines(path: Path, staging: Path, names: dict[str, str]) -> Shard:
    """Write such a file without the lines about forgotten records; the others keep their bytes."""
    lines = path.read_bytes().split(b"\n")
    gone = {number for number, id in OF_MODELS[path.name](path).items() if id in names}
    content = b"\n".join(line for number, line in enumerate(lines, start=1) if number not in gone)
    (staging / path.name).write_bytes(content)
    rows = sum(1 for line in content.split(b"\n") if line.strip())
    return Shard(name=path.name, digest=digest_bytes(content), bytes=len(content), rows=rows)


def _write_table(path: Path, table: pl.DataFrame) -> Shard:
    table.write_parquet(path)
    return Shard(name=path.name, digest=digest_file(path), bytes=path.stat().st_size, rows=table.height)


def _without(table: pl.DataFrame, names: dict[str, str]) -> pl.DataFrame:
    """Take out of what a stage measured the lines that name a forgotten record."""
    columns = [name for name in ("id", "twin", "parent", "group") if name in table.columns]
    if not columns:
        return table
    ids = pl.Series(list(names), dtype=pl.String).implode()
    return table.filter(~pl.any_horizontal(*(pl.col(name).is_in(ids).fill_null(False) for name in columns)))


def _rewrite_ledger(ledger: pl.DataFrame, names: dict[str, str], removed: Removed) -> pl.DataFrame:
    """Let what is forgotten end as dropped, for that reason, under names that say nothing."""
    ids = list(names)
    is_forgotten = pl.col("id").is_in(pl.Series(ids, dtype=pl.String).implode()).fill_null(False)
    is_end = pl.col("stage") == END
    events, states = ledger.filter(~is_end), ledger.filter(is_end)

    # 1. an event of this stage for every record that was in training or in the exam
    out = states.filter(is_forgotten & pl.col("verdict").is_in(["train", "exam"])).select("id").unique().sort("id")
    dropped = events_of(out.with_columns(reason=pl.lit(FORGOTTEN)), STAGE, "dropped")

    # 2. their rows end as dropped
    verdict, reason = (pl.when(is_forgotten).then(pl.lit(word)) for word in ("dropped", FORGOTTEN))
    states = states.with_columns(verdict=verdict.otherwise("verdict"), reason=reason.otherwise("reason"))

    # 3. a record that stays, but shared its only rows with one that is forgotten, has a final state of its own
    in_training = states.filter(pl.col("verdict") == "train").select("id")
    remaining = pl.DataFrame({"id": sorted(removed.remaining)}, schema={"id": pl.String})
    orphans = events_of(remaining.join(in_training, on="id", how="anti"), END, "train")

    # The new events are about records and have no file, and so no digest of one: hence diagonal.
    whole = pl.concat([events, dropped, states, orphans], how="diagonal")
    return whole.with_columns(pl.col("id", "twin").replace(ids, list(names.values())))


def _recounted(manifest: Manifest, removed: Removed) -> Manifest:
    """Change the numbers of the manifest, and enter the stage of the forgetting."""
    dropped = removed.train.total() + removed.probes.total()
    rows_in = manifest.train_rows + sum(manifest.exam_questions.values())
    probes = Counter(manifest.exam_questions) - removed.probes
    stage = StageCount(
        stage=STAGE,
        rows_in=rows_in,
        added=0,
        kept=rows_in - dropped,
        dropped=dropped,
        review=0,
        reasons={f"dropped:{FORGOTTEN}": dropped} if dropped else {},
    )

    return manifest.model_copy(
        update={
            "stages": (*manifest.stages, stage),
            "shares": tuple(_shares(manifest, removed)),
            "train_rows": manifest.train_rows - removed.train.total(),
            "exam_questions": dict(sorted(probes.items())),
        }
    )


def _shares(manifest: Manifest, removed: Removed) -> Iterator[Share]:
    """Compute the shares of the training set anew: rows and answer characters by kind, of those that remain."""
    remaining = {
        share.kind: (share.rows - removed.train[share.kind], share.answer_chars - removed.chars[share.kind])
        for share in manifest.shares
    }
    all_rows = sum(rows for rows, _ in remaining.values())
    all_chars = sum(chars for _, chars in remaining.values())

    for kind, (rows, chars) in remaining.items():
        if rows:
            yield Share(
                kind=kind,
                rows=rows,
                share=rows / all_rows,
                answer_chars=chars,
                answer_share=chars / all_chars if all_chars else 0.0,
            )

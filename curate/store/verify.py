"""Proves that a version is what was written: every digest, the id itself, and the sums of every row."""

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import polars as pl

from curate.ledger import END, unbalanced
from curate.store.read_version import read_manifest, read_recipe
from schemas.digest import SIZE, digest, digest_file
from schemas.errors import StoreError
from schemas.manifest import InputFile, Manifest, Shard, sealed
from schemas.review import ReviewFile
from schemas.version_files import MANIFEST, RUN, VersionFiles, holds_records


def verify(version: Path, progress: Callable[[str], None] = lambda _: None) -> Manifest:
    """Recomputes the digest of every file, the id, and the sums. Raises StoreError naming the first file that is not
    what was written.
    """
    manifest = read_manifest(version)
    if sealed(manifest) != manifest or manifest.to_json() != (version / MANIFEST).read_bytes():
        raise _damaged(version / MANIFEST)
    known = {MANIFEST, RUN, *(shard.name for shard in manifest.shards)}
    for path in sorted(version.glob("[!.]*")):
        if path.name not in known:
            raise StoreError(f"{path} is no part of the version", f"{path} 不属于这个版本")
    content = hashlib.blake2b(digest_size=SIZE)
    for shard in manifest.shards:
        progress(shard.name)
        _check(version / shard.name, shard, content)
    files = VersionFiles(version)
    if files.run.is_file():
        _check_circumstances(files.run)
    if files.recipe.is_file():
        _check_id(version, manifest, content.hexdigest())
    if wrong := unbalanced(manifest.stages):
        raise StoreError(f"the sums of {', '.join(wrong)} do not add up", f"{'、'.join(wrong)} 的账目不平")
    if files.ledger.is_file():
        progress("sums")
        _check_sums(files.ledger, manifest)
    return manifest


def _damaged(path: Path) -> StoreError:
    return StoreError(
        f"{path} is damaged: its bytes are not those that were written", f"{path} 已损坏：内容与写入时不符"
    )


def _check(path: Path, shard: Shard, content: "hashlib.blake2b") -> None:
    """The bytes of one file; those of records go into `content` too."""
    if not path.is_file():
        raise StoreError(f"{path} is missing", f"缺少 {path}")
    if not holds_records(path.name):
        if digest_file(path) != shard.digest:
            raise _damaged(path)
        return
    alone = hashlib.blake2b(digest_size=SIZE)
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            alone.update(piece)
            content.update(piece)
    if alone.hexdigest() != shard.digest:
        raise _damaged(path)


def circumstances(facts: dict[str, object]) -> bytes:
    """The bytes of run.json: facts that are no part of the version's content, with a digest of them."""
    return (json.dumps({**facts, "check": digest("run", facts)}, indent=1, ensure_ascii=False) + "\n").encode()


def _check_circumstances(path: Path) -> None:
    written = path.read_bytes()
    try:
        facts = json.loads(written)
        facts.pop("check")
        if circumstances(facts) != written:
            raise _damaged(path)
    except (ValueError, AttributeError, KeyError):
        raise _damaged(path) from None


def version_id(recipe: str, inputs: Sequence[InputFile], reviews: Sequence[ReviewFile], content: str) -> str:
    """The id of a version: its recipe, what went in, what people decided, and what came out."""
    decided = [[file.digest for file in reviews]] if reviews else []
    return digest("version", recipe, [file.digest for file in inputs], *decided, content)


def _check_id(version: Path, manifest: Manifest, content: str) -> None:
    book = read_recipe(version).book_digest()
    made = version_id(book, manifest.inputs, manifest.reviews, content)
    if (book, made) != (manifest.recipe, manifest.id):
        raise _damaged(version / MANIFEST)


def _check_sums(path: Path, manifest: Manifest) -> None:
    """Every raw row of every input ends in exactly one state, and the manifest counts what the ledger holds."""
    ledger = pl.scan_parquet(path)
    ends = ledger.filter(pl.col("stage") == END)
    by_file = (
        ends.filter(pl.col("row").is_not_null())
        .group_by("file")
        .agg(rows=pl.len(), single=pl.col("row").n_unique(), last=pl.col("row").max())
        .collect()
    )
    found = {file: (rows, single) for file, rows, single, _ in by_file.iter_rows()}
    wanted = {file.path: (file.rows, file.rows) for file in manifest.inputs if file.rows}
    trained = ends.filter(pl.col("verdict") == "train").select(pl.col("id").n_unique()).collect().item()
    counted = ledger.filter(pl.col("stage") != END, pl.col("reason").is_not_null()).group_by(
        "stage", "verdict", "reason"
    )  # fmt: skip
    reasons: dict[str, dict[str, int]] = {}
    for stage, verdict, reason, number in counted.len().collect().iter_rows():
        reasons.setdefault(stage, {})[f"{verdict}:{reason}"] = number
    told: dict[str, dict[str, int]] = {}
    for count in manifest.stages:
        sums = told.setdefault(count.stage, {})
        for reason, number in count.reasons.items():
            sums[reason] = sums.get(reason, 0) + number
    wrong = [
        name
        for name, ok in (
            ("raw rows", found == wanted),
            ("training", trained == manifest.train_rows),
            *((stage, reasons.get(stage, {}) == sums) for stage, sums in told.items()),
        )
        if not ok
    ]
    if wrong:
        raise StoreError(f"the sums of {', '.join(wrong)} do not add up", f"{'、'.join(wrong)} 的账目不平")

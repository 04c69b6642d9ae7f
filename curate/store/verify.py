"""Proves that a version is what was written: every digest, the id itself, and the sums of every row."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import polars as pl

from curate.ledger import END, final_states, unbalanced
from curate.store.read_version import read_manifest, read_recipe
from curate.system.disk import read_chunks
from schemas.digest import SIZE, digest, digest_file
from schemas.errors import StoreError
from schemas.manifest import Decisions, InputFile, Manifest, Shard, sealed
from schemas.version_files import MANIFEST, RUN, VersionFiles, holds_records


def verify(version: Path, on_file: Callable[[str], None] = lambda _: None) -> Manifest:
    """Recompute the digest of every file, the id, and the sums. Raises StoreError naming the first file that is not
    what was written. `on_file` is called with the name of each file before it is read.
    """
    manifest = read_manifest(version)
    if sealed(manifest) != manifest or manifest.to_json() != (version / MANIFEST).read_bytes():
        raise _damaged(version / MANIFEST)
    _check_strangers(version, manifest)

    # The id is made of the bytes of all files of records, in the order of the manifest: they are digested on the way.
    content = hashlib.blake2b(digest_size=SIZE)
    for shard in manifest.shards:
        on_file(shard.name)
        _check_file(version / shard.name, shard, content)

    files = VersionFiles(version)
    if files.run.is_file():
        _check_circumstances(files.run)
    if files.recipe.is_file():
        _check_id(version, manifest, content.hexdigest())

    if wrong := unbalanced(manifest.stages):
        raise StoreError(f"the sums of {', '.join(wrong)} do not add up", f"{'、'.join(wrong)} 的账目不平")
    if files.ledger.is_file():
        on_file("sums")
        _check_sums(files.ledger, manifest)
    return manifest


def _check_strangers(version: Path, manifest: Manifest) -> None:
    """Raise StoreError when a file lies in the folder of which the manifest does not know."""
    expected = {MANIFEST, RUN, *(shard.name for shard in manifest.shards)}
    for path in sorted(version.glob("[!.]*")):
        if path.name not in expected:
            raise StoreError(f"{path} is no part of the version", f"{path} 不属于这个版本")


def _damaged(path: Path) -> StoreError:
    return StoreError(
        f"{path} is damaged: its bytes are not those that were written", f"{path} 已损坏：内容与写入时不符"
    )


def _check_file(path: Path, shard: Shard, content: "hashlib.blake2b") -> None:
    """Compare the bytes of one file with its digest; those of records are added to `content`, too."""
    if not path.is_file():
        raise StoreError(f"{path} is missing", f"缺少 {path}")
    if not holds_records(path.name):
        if digest_file(path) != shard.digest:
            raise _damaged(path)
        return
    own = hashlib.blake2b(digest_size=SIZE)
    with path.open("rb") as file:
        for chunk in read_chunks(file):
            own.update(chunk)
            content.update(chunk)
    if own.hexdigest() != shard.digest:
        raise _damaged(path)


def circumstances(facts: dict[str, object]) -> bytes:
    """Write run.json: facts that are no part of the version's content, with a digest of them."""
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


def version_id(recipe: str, inputs: Sequence[InputFile], decisions: Decisions, content: str) -> str:
    """Make the id of a version: of its recipe, what went in, what was decided by record, and what came out."""
    decided = [[file.digest for file in decisions]] if decisions else []
    return digest("version", recipe, [file.digest for file in inputs], *decided, content)


def _check_id(version: Path, manifest: Manifest, content: str) -> None:
    recipe = read_recipe(version).canonical_digest()
    id = version_id(recipe, manifest.inputs, manifest.decided_by(), content)
    if (recipe, id) != (manifest.recipe, manifest.id):
        raise _damaged(version / MANIFEST)


def _check_sums(path: Path, manifest: Manifest) -> None:
    """Check that every raw row of every input ends in exactly one state, and that the manifest counts what the ledger
    holds. Raises StoreError naming the sums that do not add up.
    """
    ledger = pl.scan_parquet(path)
    counted, stated = _counted_reasons(ledger), _stated_reasons(manifest)
    trained = final_states(ledger).filter(pl.col("verdict") == "train").select(pl.col("id").n_unique()).collect().item()
    sums = {
        "raw rows": _end_in_one_state(ledger, manifest),
        "training": trained == manifest.train_rows,
        **{stage: counted.get(stage, {}) == reasons for stage, reasons in stated.items()},
    }
    if wrong := [name for name, is_right in sums.items() if not is_right]:
        raise StoreError(f"the sums of {', '.join(wrong)} do not add up", f"{'、'.join(wrong)} 的账目不平")


def _end_in_one_state(ledger: pl.LazyFrame, manifest: Manifest) -> bool:
    """Tell whether each input has as many final states as raw rows, and as many different rows among them."""
    by_file = (
        final_states(ledger)
        .filter(pl.col("row").is_not_null())
        .group_by("file")
        .agg(states=pl.len(), rows=pl.col("row").n_unique())
        .collect()
    )
    found = {file: (states, rows) for file, states, rows in by_file.iter_rows()}
    return found == {file.path: (file.rows, file.rows) for file in manifest.inputs if file.rows}


def _counted_reasons(ledger: pl.LazyFrame) -> dict[str, dict[str, int]]:
    """Count the events of each stage by `verdict:reason`."""
    events = ledger.filter(pl.col("stage") != END, pl.col("reason").is_not_null())
    reasons: dict[str, dict[str, int]] = {}
    for stage, verdict, reason, number in events.group_by("stage", "verdict", "reason").len().collect().iter_rows():
        reasons.setdefault(stage, {})[f"{verdict}:{reason}"] = number
    return reasons


def _stated_reasons(manifest: Manifest) -> dict[str, dict[str, int]]:
    """Add up what the manifest says of each stage: one that ran twice is counted twice."""
    reasons: dict[str, Counter[str]] = {}
    for count in manifest.stages:
        reasons.setdefault(count.stage, Counter()).update(count.reasons)
    return {stage: dict(counts) for stage, counts in reasons.items()}

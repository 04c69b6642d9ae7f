"""What only all rows of a version can tell, counted once and kept: doses, parts of the kit, what changed by kind.

    <root>/cache/<name>/page/counts-<format>-<id>.json

A version never changes, so that a count holds for good; `hornbook gc` may take it away. A small version is counted when
its page is first opened, a large one when somebody waits for it.
"""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from threading import Lock

import polars as pl
from pydantic import ValidationError

from curate.history.diff import diff_versions
from curate.planning.kit_plan import part_of
from curate.planning.version_plan import version_doses
from curate.store.read_version import read_manifest
from curate.store.shards import read_fields
from curate.store.store import Store
from curate.system.disk import replace_durably
from schemas.frame import SCHEMA
from schemas.manifest import Manifest
from schemas.record import Frozen
from schemas.training_plan import Dose
from schemas.version_files import MANIFEST

FORMAT = 1
"""Another one where what is counted changes."""
FEW = 5_000
"""Training rows of a version that is counted while its page is made: a fifth of a second."""
OF_KIT = ("identity", "refusal")
FIELDS = pl.Schema({name: SCHEMA[name] for name in ("kind", "lang", "tags")})

_counting = Lock()


class PartCount(Frozen):
    """The training rows of a part of the kit in a language."""

    part: str
    lang: str
    rows: int


class VersionCounts(Frozen):
    """What was counted. `changed` has by kind the rows that were added, removed, changed and stayed since the version
    before; nothing where there is none, or where the two are too large to be compared by the way.
    """

    doses: tuple[Dose, ...]
    parts: tuple[PartCount, ...]
    changed: Mapping[str, Mapping[str, int]] = {}


def known_counts(store: Store, manifest: Manifest) -> VersionCounts | None:
    """Give the counts of a version: those that were kept, or new ones where it is small; None for a large version."""
    kept = _kept(store, manifest)
    if kept is None and manifest.train_rows <= FEW:
        return counts(store, manifest)
    return kept


def counts(store: Store, manifest: Manifest) -> VersionCounts:
    """Count a version, where that is not done yet: a million rows take most of a minute."""
    with _counting:
        kept = _kept(store, manifest)
        if kept is not None:
            return kept
        version = store.version(manifest.name, manifest.id)
        counted = VersionCounts(
            doses=version_doses(version), parts=_parts(version, manifest), changed=_changed(store, manifest)
        )
        path = _path(store, manifest)
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_durably(path, counted.model_dump_json(indent=1).encode())
        return counted


def _path(store: Store, manifest: Manifest) -> Path:
    return store.cache(manifest.name) / "page" / f"counts-{FORMAT}-{manifest.id}.json"


def _kept(store: Store, manifest: Manifest) -> VersionCounts | None:
    try:
        return VersionCounts.model_validate_json(_path(store, manifest).read_bytes())
    except (OSError, ValidationError):  # never counted, or by another release
        return None


def _parts(version: Path, manifest: Manifest) -> tuple[PartCount, ...]:
    """Count what of the kit a version holds."""
    found: Counter[tuple[str, str]] = Counter()
    for shard in manifest.trained_on():
        for frame in read_fields(version / shard.name, FIELDS):
            own = frame.filter(pl.col("kind").is_in(OF_KIT))
            found.update((part_of(kind, tags), lang) for kind, lang, tags in own.iter_rows())
    return tuple(PartCount(part=part, lang=lang, rows=rows) for (part, lang), rows in sorted(found.items()))


def _changed(store: Store, manifest: Manifest) -> dict[str, dict[str, int]]:
    before = next((store.version(manifest.name, id) for id in manifest.parents), None)
    if before is None or not (before / MANIFEST).is_file():
        return {}
    if max(manifest.train_rows, read_manifest(before).train_rows) > FEW:
        return {}
    return diff_versions(before, store.version(manifest.name, manifest.id)).kinds

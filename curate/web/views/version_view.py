"""What the page of one version shows beside its manifest: who and when, what changed, licences, quality, runs."""

import json
import re
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from curate.decisions.quality_estimate import records_needed
from curate.history.diff import input_deltas, share_deltas, stage_deltas
from curate.publish.licences import allowed_together, duties_in_words, terms_of
from curate.store.read_version import read_manifest, read_recipe
from curate.store.store import Store
from curate.store.version_log import logged_version
from curate.web.views.version_counts import VersionCounts
from schemas.bilingual import Bilingual
from schemas.errors import StoreError
from schemas.identity import Names
from schemas.manifest import Manifest
from schemas.record import KINDS
from schemas.run_files import RunFiles
from schemas.training_plan import LANGUAGES

RUN_NAME = re.compile(r"[0-9a-f]{12}")
"""How the folders of training runs are called."""
ERROR, CONFIDENCE = 0.05, 0.95
"""What is asked of an estimate that nobody has made yet."""


class VersionHead(NamedTuple):
    """How a version is named: its tags, when it was written, and whose assistant it teaches."""

    id: str
    tags: tuple[str, ...]
    written: str
    is_newest: bool
    names: tuple[Names, ...]


class LicenceView(NamedTuple):
    """A licence, the raw files under it, what it is called, and what whoever passes the data on has to mind."""

    name: str
    title: str
    files: tuple[str, ...]
    duties: tuple[Bilingual, ...]


class RunView(NamedTuple):
    """A training run on the version; `model` and `steps` are empty before it has ended."""

    name: str
    model: str
    steps: int | None
    is_examined: bool
    has_report: bool


class TokenShare(NamedTuple):
    """What a kind or a language is of the training set, by rows and by label tokens."""

    name: str
    rows: int
    share: float
    tokens: int
    token_share: float


class ChangeView(NamedTuple):
    """What the manifests of a version and of the one before say that differs."""

    before: Manifest
    stages: list[dict[str, Any]]
    shares: list[dict[str, Any]]
    inputs: list[dict[str, Any]]

    @property
    def is_none(self) -> bool:
        return not (self.stages or self.inputs or any(line["rows"][0] != line["rows"][1] for line in self.shares))


def version_head(store: Store, manifest: Manifest) -> VersionHead:
    """Say how a version is named."""
    line, identity = logged_version(store, manifest.name, manifest.id), manifest.identity
    return VersionHead(
        id=manifest.id,
        tags=line.tags,
        written=line.written,
        is_newest=line.head,
        names=tuple(names for names in (identity.zh, identity.en) if names) if identity else (),
    )


def changes_since(store: Store, manifest: Manifest) -> ChangeView | None:
    """Compare the manifest with that of the version before; None for the first, and where that one is gone."""
    for parent in manifest.parents:
        with suppress(StoreError):
            before = read_manifest(store.version(manifest.name, parent))
            stages, shares = stage_deltas(before, manifest), share_deltas(before, manifest)
            return ChangeView(before, stages, shares, input_deltas(before, manifest))
    return None


@lru_cache(maxsize=16)
def licences_of(version: Path) -> tuple[tuple[LicenceView, ...], tuple[Bilingual, ...]]:
    """List the licences of a version, and say what they allow together."""
    recipe = read_recipe(version)
    names = dict.fromkeys(spec.licence for spec in recipe.inputs)
    views = tuple(
        LicenceView(
            name=name,
            title=terms.title if (terms := terms_of(name)) else "",
            files=tuple(spec.path for spec in recipe.inputs if spec.licence == name),
            duties=tuple(duties_in_words(name)),
        )
        for name in names
    )
    return views, tuple(allowed_together(recipe))


def quality_of(manifest: Manifest) -> tuple[tuple[Bilingual, ...], int]:
    """Say what reviewers found of the data, and how many rows drawn at random would tell it where nobody has looked."""
    found = tuple(file.bad.sentence() for file in manifest.reviews if file.bad)
    return found, records_needed(manifest.train_rows, ERROR, CONFIDENCE)


def runs_of(store: Store, manifest: Manifest) -> tuple[RunView, ...]:
    """List the training runs on a version."""
    folders = [path for path in store.runs(manifest.name) if path.parent.name == manifest.id]
    return tuple(_run(path) for path in folders if RUN_NAME.fullmatch(path.name))


def _run(folder: Path) -> RunView:
    files = RunFiles(folder)
    training: dict[str, Any] = {}
    with suppress(OSError, ValueError):
        training = json.loads(files.training.read_bytes())
    return RunView(
        name=folder.name,
        model=str(training.get("model", "")),
        steps=training.get("steps_taken"),
        is_examined=files.exam.is_file(),
        has_report=files.report.is_file(),
    )


def token_shares(counts: VersionCounts) -> tuple[list[TokenShare], list[TokenShare]]:
    """Sum the doses by kind and by language, as shares of the whole."""
    rows = sum(dose.rows for dose in counts.doses) or 1
    tokens = sum(dose.label_tokens for dose in counts.doses) or 1

    def share(name: str, own: list[tuple[int, int]]) -> TokenShare:
        of_rows, of_tokens = (sum(column) for column in zip(*own, strict=True))
        return TokenShare(name, of_rows, of_rows / rows, of_tokens, of_tokens / tokens)

    by_kind = {k: [(d.rows, d.label_tokens) for d in counts.doses if d.kind == k] for k in KINDS}
    by_lang = {lang: [(d.rows, d.label_tokens) for d in counts.doses if d.lang == lang] for lang in LANGUAGES}
    return [share(k, own) for k, own in by_kind.items() if own], [share(k, own) for k, own in by_lang.items() if own]

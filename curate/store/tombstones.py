"""Tombstones on disk: where forgotten rows stood, and keyed digests of the ids of their records."""

import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import Field

from curate.store.store import Store
from curate.system.disk import replace_durably, replace_privately
from schemas.errors import StoreError
from schemas.record import Frozen

FORGOTTEN = "forgotten"
"""The reason in the ledger, and the folder of the tombstones."""
KEY_LENGTH = 32
"""Bytes of a key."""


class ForgottenRows(Frozen):
    """Raw rows of one file: its path in the recipe, the digest of its bytes, and the row numbers."""

    file: str
    digest: str
    rows: tuple[int, ...]


class Tombstone(Frozen):
    """One request. `records` are keyed digests of record ids. `versions` leads from each version that was removed to
    its replacement; `adapters` were trained on those that were removed.
    """

    state: Literal["begun", "done"]
    rows: tuple[ForgottenRows, ...]
    records: tuple[str, ...]
    head: str | None = None
    """The newest version when it began."""
    versions: dict[str, str] = Field(default_factory=dict)
    adapters: tuple[str, ...] = ()


def tombstones(store: Store, name: str) -> list[tuple[Path, Tombstone]]:
    """Read the tombstones of a dataset, with their files, oldest first. Raises StoreError when one cannot be read."""
    folder = tombstone_folder(store, name)
    paths = sorted(folder.glob("[0-9]*.json")) if folder.is_dir() else []
    try:
        return [(path, Tombstone.model_validate_json(path.read_bytes())) for path in paths]
    except ValueError:
        raise StoreError(f"{folder} holds a damaged tombstone", f"{folder} 中有损坏的遗忘记录") from None


def replacements(store: Store, name: str) -> dict[str, str]:
    """Find what replaces each version that was removed: the last one, where a replacement was replaced in its turn."""
    steps = {old: new for _, stone in tombstones(store, name) for old, new in stone.versions.items()}
    return {old: last_replacement(steps, old) for old in steps}


def last_replacement(steps: Mapping[str, str], id: str) -> str:
    """Follow the steps from a version to where they end."""
    while id in steps:
        id = steps[id]
    return id


def save_tombstone(path: Path, stone: Tombstone) -> None:
    """Write a tombstone; one that is there already is replaced, never half written."""
    replace_durably(path, f"{stone.model_dump_json(indent=1)}\n".encode())


def tombstone_folder(store: Store, name: str) -> Path:
    return store.root / FORGOTTEN / name


def key_of(store: Store, name: str) -> bytes:
    """Read the key of a dataset, which is made when it is first needed.

    It is the one random thing that we write: without it, who can guess a record could recognise its digest.
    """
    path = tombstone_folder(store, name) / "key"
    if not path.is_file():
        replace_privately(path, secrets.token_bytes(KEY_LENGTH))
    key = path.read_bytes()
    if len(key) != KEY_LENGTH:
        raise StoreError(f"{path} is damaged", f"{path} 已损坏")
    return key

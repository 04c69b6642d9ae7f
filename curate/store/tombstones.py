"""Tombstones on disk: where forgotten rows stood, and keyed digests of the ids of their records."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import Field

from curate.store.store import Store
from curate.system.disk import replace_durably
from schemas.errors import StoreError
from schemas.record import Frozen

FORGOTTEN = "forgotten"
"""The reason in the ledger, and the folder of the tombstones."""
KEY = 32
"""Bytes of a key."""


class ForgottenRows(Frozen):
    """Raw rows of one file: its path in the recipe, the digest of its bytes, and the row numbers."""

    file: str
    digest: str
    rows: tuple[int, ...]


class Tombstone(Frozen):
    """One request. `records` are keyed digests of record ids. `versions` leads from each version that is gone to the
    one in its place; `adapters` were trained on those that are gone.
    """

    state: Literal["begun", "done"]
    rows: tuple[ForgottenRows, ...]
    records: tuple[str, ...]
    head: str | None = None
    """The newest version when it began."""
    versions: dict[str, str] = Field(default_factory=dict)
    adapters: tuple[str, ...] = ()


def tombstones(store: Store, name: str) -> list[tuple[Path, Tombstone]]:
    """The tombstones of a book with their files, oldest first. Raises StoreError when one cannot be read."""
    folder = tombstone_folder(store, name)
    paths = sorted(folder.glob("[0-9]*.json")) if folder.is_dir() else []
    try:
        return [(path, Tombstone.model_validate_json(path.read_bytes())) for path in paths]
    except ValueError:
        raise StoreError(f"{folder} holds a damaged tombstone", f"{folder} 中有损坏的遗忘记录") from None


def replaced(store: Store, name: str) -> dict[str, str]:
    """What stands in the place of each version that is gone, and was not forgotten in its turn."""
    steps = {old: new for _, stone in tombstones(store, name) for old, new in stone.versions.items()}
    return {old: latest(steps, old) for old in steps}


def latest(steps: Mapping[str, str], id: str) -> str:
    """Where the steps lead from a version on."""
    while id in steps:
        id = steps[id]
    return id


def save(path: Path, stone: Tombstone) -> None:
    replace_durably(path, f"{stone.model_dump_json(indent=1)}\n".encode())


def tombstone_folder(store: Store, name: str) -> Path:
    return store.root / FORGOTTEN / name


def key_of(store: Store, name: str) -> bytes:
    """The key of the book, made once. The one thing written by chance: what is digested with it can be guessed."""
    path = tombstone_folder(store, name) / "key"
    if not path.is_file():
        mask = os.umask(0o077)
        try:
            replace_durably(path, secrets.token_bytes(KEY))
        finally:
            os.umask(mask)
    key = path.read_bytes()
    if len(key) != KEY:
        raise StoreError(f"{path} is damaged", f"{path} 已损坏")
    return key

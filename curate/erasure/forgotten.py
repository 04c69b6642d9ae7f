"""What is left of forgotten rows: where they stood and keyed digests of their ids, so that no build brings them back.

<root>/forgotten/<name>/0001.json   a tombstone; it holds no content
<root>/forgotten/<name>/key         32 random bytes, private: without them the digests tell nothing
"""

import hashlib
import os
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import polars as pl
from pydantic import Field

from curate.conversations.sessions import Sessions
from curate.store.store import Store, replace_durably
from schemas.digest import SIZE
from schemas.errors import GateError, StoreError
from schemas.ledger import EVENTS, events_of
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


@dataclass(frozen=True)
class Forgotten:
    """All tombstones of a book."""

    key: bytes
    records: frozenset[str]

    @classmethod
    def of(cls, store: Store, name: str) -> "Forgotten":
        """Raises GateError while one is open: what a cache still holds would come back."""
        stones = [stone for _, stone in tombstones(store, name)]
        if any(stone.state == "begun" for stone in stones):
            raise GateError(
                f"an erasure in {name} was interrupted; finish it with: hornbook forget",
                f"{name} 的一次遗忘操作被中断；请先用 hornbook forget 做完",
            )
        return cls(key_of(store, name), frozenset(r for stone in stones for r in stone.records)) if stones else NOTHING

    def keyed(self, id: str) -> str:
        return hashlib.blake2b(id.encode(), key=self.key, digest_size=SIZE).hexdigest()

    def among(self, ids: Iterable[str]) -> list[str]:
        """Those of the ids that are forgotten, in their order."""
        return [id for id in ids if self.keyed(id) in self.records] if self.records else []

    def without(self, sessions: Sessions) -> Sessions:
        """The conversations that are left. The raw rows of the others end as dropped, and name no record."""
        gone = self.among(sessions.records["id"])
        if not gone:
            return sessions
        is_gone = pl.col("id").is_in(pl.Series(gone, dtype=pl.String).implode())
        lost = sessions.events.filter(is_gone.fill_null(False)).select("file", "row", reason=pl.lit(FORGOTTEN))
        events = [sessions.events.filter(~is_gone.fill_null(False)), events_of(lost, "session", "dropped")]
        return Sessions(
            sessions.records.filter(~is_gone), pl.concat(events).cast(EVENTS).sort("row", maintain_order=True)
        )


NOTHING = Forgotten(b"", frozenset())


def tombstones(store: Store, name: str) -> list[tuple[Path, Tombstone]]:
    """The tombstones of a book with their files, oldest first. Raises StoreError when one cannot be read."""
    folder = _folder(store, name)
    paths = sorted(folder.glob("[0-9]*.json")) if folder.is_dir() else []
    try:
        return [(path, Tombstone.model_validate_json(path.read_bytes())) for path in paths]
    except ValueError:
        raise StoreError(f"{folder} holds a damaged tombstone", f"{folder} 中有损坏的遗忘记录") from None


def begin(store: Store, name: str, rows: tuple[ForgottenRows, ...], ids: Iterable[str]) -> tuple[Path, Tombstone]:
    """Writes a new tombstone: from now on no build of the book holds these records."""
    folder = _folder(store, name)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    keyed = Forgotten(key_of(store, name), frozenset()).keyed
    records = tuple(sorted({keyed(id) for id in ids}))
    stone = Tombstone(state="begun", rows=rows, records=records, head=store.head(name))
    path = folder / f"{len(tombstones(store, name)) + 1:04d}.json"
    save(path, stone)
    return path, stone


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


def _folder(store: Store, name: str) -> Path:
    return store.root / FORGOTTEN / name


def key_of(store: Store, name: str) -> bytes:
    """The key of the book, made once. The one thing written by chance: what is digested with it can be guessed."""
    path = _folder(store, name) / "key"
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

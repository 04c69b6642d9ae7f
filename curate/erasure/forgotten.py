"""What is left of forgotten rows: where they stood and keyed digests of their ids, so that no build brings them back.

<root>/forgotten/<name>/0001.json   a tombstone; it holds no content
<root>/forgotten/<name>/key         32 random bytes, private: without them the digests say nothing
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from curate.conversations.sessions import Sessions
from curate.store.store import Store
from curate.store.tombstones import (
    FORGOTTEN,
    ForgottenRows,
    Tombstone,
    key_of,
    save_tombstone,
    tombstone_folder,
    tombstones,
)
from schemas.digest import SIZE
from schemas.errors import GateError
from schemas.ledger import EVENTS, events_of


@dataclass(frozen=True)
class Forgotten:
    """All tombstones of a dataset."""

    key: bytes
    records: frozenset[str]

    @classmethod
    def of(cls, store: Store, name: str) -> "Forgotten":
        """Read the tombstones. Raises GateError while one is open: what a cache still holds would come back."""
        stones = [stone for _, stone in tombstones(store, name)]
        if any(stone.state == "begun" for stone in stones):
            raise GateError(
                f"an erasure in {name} was interrupted; finish it with: hornbook forget",
                f"{name} 的一次遗忘操作被中断；请先用 hornbook forget 做完",
            )
        return cls(key_of(store, name), frozenset(r for stone in stones for r in stone.records)) if stones else NOTHING

    def keyed_digest(self, id: str) -> str:
        """Digest an id under the key of the dataset."""
        return hashlib.blake2b(id.encode(), key=self.key, digest_size=SIZE).hexdigest()

    def among(self, ids: Iterable[str]) -> list[str]:
        """Select the ids that are forgotten, in their order."""
        return [id for id in ids if self.keyed_digest(id) in self.records] if self.records else []

    def without(self, sessions: Sessions) -> Sessions:
        """Take the forgotten conversations out. Their raw rows end as dropped, and name no record."""
        forgotten = self.among(sessions.records["id"])
        if not forgotten:
            return sessions
        is_forgotten = pl.col("id").is_in(pl.Series(forgotten, dtype=pl.String).implode())
        of_them = is_forgotten.fill_null(False)
        rows = sessions.events.filter(of_them).select("file", "row", reason=pl.lit(FORGOTTEN))
        events = [sessions.events.filter(~of_them), events_of(rows, "session", "dropped")]
        return Sessions(
            sessions.records.filter(~is_forgotten), pl.concat(events).cast(EVENTS).sort("row", maintain_order=True)
        )


NOTHING = Forgotten(b"", frozenset())


def begin(store: Store, name: str, rows: tuple[ForgottenRows, ...], ids: Iterable[str]) -> tuple[Path, Tombstone]:
    """Write a new tombstone: from now on no build of the dataset holds these records."""
    folder = tombstone_folder(store, name)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    keyed_digest = Forgotten(key_of(store, name), frozenset()).keyed_digest
    records = tuple(sorted({keyed_digest(id) for id in ids}))
    stone = Tombstone(state="begun", rows=rows, records=records, head=store.head(name))
    path = folder / f"{len(tombstones(store, name)) + 1:04d}.json"
    save_tombstone(path, stone)
    return path, stone

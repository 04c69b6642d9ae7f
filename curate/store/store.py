"""The store: versions on disk that never change and are never half there.

    <root>/datasets/<name>/<id>/        a version; its manifest.json came last
    <root>/datasets/<name>/HEAD         the id of the newest version
    <root>/datasets/<name>/tags/<tag>   the id of a version that a person named
    <root>/datasets/<name>/.lock        who writes, or wrote last
    <root>/runs/<name>/<id>/<run>/      what was trained on a version, and its report
    <root>/quarantine/<name>.jsonl      the raw rows that the newest build could not read; private, never published
    <root>/cache/<name>/                what stages made, to be used again; private, never published

A version is written into a hidden folder, every file and the folder synced, and then renamed to its place, with the
manifest still hidden. The manifest gets its name last, by a link, which cannot be half done and cannot replace
another. Whoever dies before leaves what the next writer sweeps away; whoever dies after has published.
"""

import json
import os
import platform
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from curate.store.read_version import read_manifest
from curate.system.disk import DISK, Disk, replace_durably
from schemas.errors import InputError, LockedError, StoreError
from schemas.manifest import Manifest, Shard, sealed
from schemas.version_files import MANIFEST

LOCK = ".lock"
UNFINISHED = ".manifest.json"
"""The manifest before it got its name: where only this one stands, the version never was."""
PLAN = "plan.json"
"""In the cache of a book: what its newest build depended on."""
STAGING = ".building-"
SPILL = ".spill"
TAGS = "tags"
TAG = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
LIKE_AN_ID = re.compile(r"[0-9a-f]{4,32}")


class Store:
    """The versions and runs under one folder."""

    def __init__(self, root: Path, disk: Disk = DISK) -> None:
        self.root = root
        self.disk = disk

    def books(self) -> list[str]:
        """The names of all books, in alphabetical order."""
        folder = self.root / "datasets"
        return sorted(p.name for p in folder.glob("[!.]*") if p.is_dir()) if folder.is_dir() else []

    def versions(self, name: str) -> list[str]:
        """The ids of the versions of a book, in alphabetical order."""
        folder = self.book(name)
        if not folder.is_dir():
            return []
        # A hidden folder is being written, even where its manifest is already there.
        return sorted(p.name for p in folder.glob("[!.]*") if (p / MANIFEST).is_file())

    def book(self, name: str) -> Path:
        return self.root / "datasets" / name

    def version(self, name: str, id: str) -> Path:
        return self.book(name) / id

    def run(self, name: str, id: str, run: str) -> Path:
        return self.root / "runs" / name / id / run

    def quarantine(self, name: str) -> Path:
        """Where the rows are kept that the newest build of a book could not read."""
        return self.root / "quarantine" / f"{name}.jsonl"

    def cache(self, name: str) -> Path:
        """Where the outputs of a book's stages are kept."""
        return self.root / "cache" / name

    def head(self, name: str) -> str | None:
        """The id of the newest version, or None before the first."""
        path = self.book(name) / "HEAD"
        return path.read_text(encoding="ascii").strip() if path.is_file() else None

    def tags(self, name: str) -> dict[str, str]:
        """The tags of a book, in alphabetical order, with the ids they stand for."""
        folder = self.book(name) / TAGS
        paths = sorted(folder.glob("[!.]*")) if folder.is_dir() else []
        return {path.name: path.read_text(encoding="ascii").strip() for path in paths}

    def newest(self, name: str) -> Path | None:
        """The folder of the newest version, or None before the first."""
        head = self.head(name)
        return self.version(name, head) if head else None

    def find(self, wanted: str) -> Path:
        """The folder of a version given as a path, as `name`, `name/tag`, `name/id` or with the first letters of an id.

        Raises InputError when there is none, or more than one.
        """
        if (Path(wanted) / MANIFEST).is_file():
            return Path(wanted)
        name, _, start = wanted.partition("/")
        start = self.tags(name).get(start, start)
        ids = [self.head(name)] if not start and self.head(name) else self.versions(name)
        found = [id for id in ids if id and id.startswith(start)]
        if len(found) == 1 and (self.version(name, found[0]) / MANIFEST).is_file():
            return self.version(name, found[0])
        raise InputError(
            f"{len(found) or 'no'} versions are called '{wanted}' under {self.root / 'datasets'}; "
            "'hornbook log' lists them",
            f"{self.root / 'datasets'} 下有 {len(found)} 个版本叫“{wanted}”；用 hornbook log 查看",
        )

    def tag(self, version: Path, tag: str) -> None:
        """Names a version, or moves the name to it. Raises InputError for a tag that could be an id."""
        if not TAG.fullmatch(tag) or LIKE_AN_ID.fullmatch(tag):
            raise InputError(
                f"'{tag}' cannot be a tag: small letters, digits, '.', '-' and '_', and nothing that could be an id",
                f"“{tag}”不能作标签：只能用小写字母、数字、.、- 和 _，且不能像版本编号",
            )
        with self.locked(version.parent.name) as book:
            self.disk.folder(book / TAGS)
            replace_durably(book / TAGS / tag, f"{version.name}\n".encode("ascii"), self.disk)

    def untag(self, name: str, tag: str) -> None:
        """Takes a name away; the version stays. Raises InputError where there is no such tag."""
        if tag not in self.tags(name):
            raise InputError(f"{name} has no tag '{tag}'", f"{name} 没有标签“{tag}”")
        with self.locked(name) as book:
            self.disk.unlink(book / TAGS / tag)
            self.disk.sync(book / TAGS)

    @contextmanager
    def locked(self, name: str) -> Iterator[Path]:
        """Holds the write lock of a book and gives its folder. Raises LockedError at once where another holds it."""
        book = self.book(name)
        self.disk.folder(book)
        with (book / LOCK).open("a+b") as lock:
            try:
                self.disk.lock(lock)
            except BlockingIOError:
                raise _locked(book, lock) from None
            if not os.fstat(lock.fileno()).st_nlink:  # its owner has just taken the folder away
                raise _locked(book, lock)
            lock.truncate(0)
            lock.write(json.dumps(_owner()).encode("ascii"))
            lock.flush()
            yield book

    @contextmanager
    def writing(self, name: str) -> Iterator[Path]:
        """Holds the write lock of a book and gives an empty folder to write a version into.

        Raises LockedError at once when another process holds the lock. The lock ends with the process.
        """
        with self.locked(name) as book:
            self.sweep(name)
            staging = book / f"{STAGING}{os.getpid()}"
            self.disk.folder(staging)
            try:
                yield staging
            finally:
                with suppress(OSError):
                    self.disk.remove(staging)

    @contextmanager
    def spilling(self, staging: Path) -> Iterator[Path]:
        """A folder for what a build puts aside while it runs: private, because it may lie there unmasked."""
        folder = staging.with_name(f"{staging.name}{SPILL}")
        self.disk.folder(folder)
        folder.chmod(0o700)
        try:
            yield folder
        finally:
            with suppress(OSError):
                self.disk.remove(folder)

    def stale(self, name: str) -> list[Path]:
        """What dead writers left. Without the lock, what a living one is writing is among it."""
        book = self.book(name)
        halves = [path.parent for path in book.glob(f"[!.]*/{UNFINISHED}") if not (path.parent / MANIFEST).exists()]
        return sorted([*book.glob(f"{STAGING}*"), *halves])

    def sweep(self, name: str) -> None:
        """Takes away what dead writers left. Only under the lock."""
        book = self.book(name)
        for path in self.stale(name):
            self.disk.remove(path)
        for path in [*book.glob(f"[!.]*/{UNFINISHED}"), *book.glob(".HEAD-*"), *book.glob(f"{TAGS}/.*")]:
            self.disk.unlink(path)

    def publish(self, staging: Path, manifest: Manifest) -> Path:
        """Makes the folder a version in one step, and the newest one. A version that is already there stays."""
        target = self.version(manifest.name, manifest.id)
        head = self.head(manifest.name)
        if not (target / MANIFEST).is_file():
            parents = (head,) if head else ()
            manifest = sealed(manifest.model_copy(update={"parents": parents}))
            if head:
                self._share(staging, manifest, self.version(manifest.name, head))
            self.disk.write(staging / UNFINISHED, manifest.to_json())
            for path in sorted(staging.iterdir()):
                self.disk.sync(path)
            self.disk.sync(staging)
            self.disk.replace(staging, target)
            self.disk.sync(target.parent)
            self.disk.link(target / UNFINISHED, target / MANIFEST)
            self.disk.sync(target)
            with suppress(OSError):
                self.disk.unlink(target / UNFINISHED)
        replace_durably(self.book(manifest.name) / "HEAD", f"{manifest.id}\n".encode("ascii"), self.disk)
        return target

    def _share(self, staging: Path, manifest: Manifest, parent: Path) -> None:
        """Gives files that the parent has too a second name in place of a copy, where the file system can."""
        with suppress(StoreError):
            known = {shard.digest: shard for shard in read_manifest(parent).shards}
            for shard in manifest.shards:
                twin = known.get(shard.digest)
                if twin is not None and _whole(parent, twin):
                    with suppress(OSError):
                        self.disk.link(parent / twin.name, staging / f".{shard.name}")
                        self.disk.replace(staging / f".{shard.name}", staging / shard.name)


def _whole(version: Path, shard: Shard) -> bool:
    path = version / shard.name
    return path.is_file() and path.stat().st_size == shard.bytes


def _owner() -> dict[str, object]:
    return {"pid": os.getpid(), "host": platform.node(), "since": datetime.now(UTC).isoformat(timespec="seconds")}


def _locked(book: Path, lock: IO[bytes]) -> LockedError:
    lock.seek(0)
    with suppress(ValueError, KeyError, TypeError):
        owner = json.loads(lock.read())
        age = int((datetime.now(UTC) - datetime.fromisoformat(owner["since"])).total_seconds())
        who = f"process {int(owner['pid'])} on {owner['host']}"
        return LockedError(
            f"{who} has been writing to {book} for {age} seconds; try again when it is done",
            f"进程 {int(owner['pid'])}（{owner['host']}）正在写 {book}，已有 {age} 秒；请等它结束后再试",
        )
    return LockedError(
        f"another process is writing to {book}; try again when it is done",
        f"另一个进程正在写 {book}；请等它结束后再试",
    )

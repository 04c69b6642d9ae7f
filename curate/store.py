"""The store: versions on disk that never change and are never half there.

    <root>/datasets/<name>/<id>/        a version; its manifest.json was written last
    <root>/datasets/<name>/HEAD         the id of the newest version
    <root>/runs/<name>/<id>/<run>/      what was trained on a version, and its report
    <root>/quarantine/<name>.jsonl      the raw rows that the newest build could not read; private, never published

A version is written into a hidden folder beside its place, every file and the folder synced, and then renamed in
one step. Whoever dies before the rename leaves a hidden folder that the next writer sweeps away.
"""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from schemas.digest import digest_file
from schemas.errors import InputError, LockedError, StoreError
from schemas.manifest import Manifest

MANIFEST = "manifest.json"
STAGING = ".building-"


class Store:
    """The versions and runs under one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

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

    def head(self, name: str) -> str | None:
        """The id of the newest version, or None before the first."""
        path = self.book(name) / "HEAD"
        return path.read_text(encoding="ascii").strip() if path.is_file() else None

    def newest(self, name: str) -> Path | None:
        """The folder of the newest version, or None before the first."""
        head = self.head(name)
        return self.version(name, head) if head else None

    def find(self, wanted: str) -> Path:
        """The folder of a version given as a path, as `name`, as `name/id` or with the first letters of the id.

        Raises InputError when there is none, or more than one.
        """
        if (Path(wanted) / MANIFEST).is_file():
            return Path(wanted)
        name, _, start = wanted.partition("/")
        ids = [self.head(name)] if not start and self.head(name) else self.versions(name)
        found = [id for id in ids if id and id.startswith(start)]
        if len(found) == 1 and (self.version(name, found[0]) / MANIFEST).is_file():
            return self.version(name, found[0])
        raise InputError(
            f"{len(found) or 'no'} versions are called '{wanted}' under {self.root / 'datasets'}; "
            "'hornbook log' lists them",
            f"{self.root / 'datasets'} 下有 {len(found)} 个版本叫“{wanted}”；用 hornbook log 查看",
        )

    @contextmanager
    def writing(self, name: str) -> Iterator[Path]:
        """Holds the write lock of a book and gives an empty folder to write a version into.

        Raises LockedError at once when another process holds the lock. The lock ends with the process.
        """
        book = self.book(name)
        book.mkdir(parents=True, exist_ok=True)
        with (book / ".lock").open("a+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise LockedError(
                    f"another process is writing to {book}; try again when it is done",
                    f"另一个进程正在写 {book}；请等它结束后再试",
                ) from None
            for stale in book.glob(f"{STAGING}*"):
                shutil.rmtree(stale)
            staging = book / f"{STAGING}{os.getpid()}"
            staging.mkdir()
            try:
                yield staging
            finally:
                shutil.rmtree(staging, ignore_errors=True)

    def publish(self, staging: Path, manifest: Manifest) -> Path:
        """Makes the folder a version in one step, and the newest one. A version that is already there stays."""
        target = self.version(manifest.name, manifest.id)
        if not (target / MANIFEST).is_file():
            write_durably(staging / MANIFEST, manifest.model_dump_json(indent=1).encode())
            for path in sorted(staging.iterdir()):
                sync(path)
            sync(staging)
            staging.rename(target)
            sync(target.parent)
        replace_durably(self.book(manifest.name) / "HEAD", f"{manifest.id}\n".encode("ascii"))
        return target


def read_manifest(version: Path) -> Manifest:
    """The manifest of a version. Raises StoreError when it cannot be read."""
    try:
        return Manifest.model_validate_json((version / MANIFEST).read_bytes())
    except (OSError, ValueError):
        raise StoreError(f"{version} holds no readable {MANIFEST}", f"{version} 中没有可读的 {MANIFEST}") from None


def verify(version: Path, progress: Callable[[str], None] = lambda _: None) -> Manifest:
    """Recomputes the digest of every file. Raises StoreError naming the first file that is not what was written."""
    manifest = read_manifest(version)
    for shard in manifest.shards:
        progress(shard.name)
        path = version / shard.name
        if not path.is_file():
            raise StoreError(f"{path} is missing", f"缺少 {path}")
        if digest_file(path) != shard.digest:
            raise StoreError(
                f"{path} is damaged: its bytes are not those of the manifest", f"{path} 已损坏：内容与清单不符"
            )
    return manifest


def write_durably(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def replace_durably(path: Path, content: bytes) -> None:
    """The file has the old content or the new one, never half of it."""
    temporary = path.with_name(f".{path.name}-{os.getpid()}")
    write_durably(temporary, content)
    temporary.replace(path)
    sync(path.parent)


def sync(path: Path) -> None:
    """Flushes a file or a folder to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

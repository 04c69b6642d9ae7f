"""Every operation on the disk fails once, and then for good; and the power goes at every moment."""

import itertools
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import pytest

from curate.store.store import STAGING, Store
from curate.store.verify import verify
from curate.system.disk import DISK, Disk
from schemas.digest import digest_bytes
from schemas.manifest import Manifest, Shard
from schemas.version_files import MANIFEST
from tests.curate.store.test_store import manifest, put

OPERATIONS = ("write", "sync", "replace", "link", "unlink", "folder", "remove", "lock")


class Failing(Disk):
    """Fails at the n-th operation: once, or from then on."""

    def __init__(self, at: int, *, for_good: bool) -> None:
        self.at = at
        self.for_good = for_good
        self.count = 0
        self.failed: list[str] = []

    def _tick(self, name: str) -> None:
        self.count += 1
        if self.count == self.at or (self.for_good and self.count > self.at):
            self.failed.append(name)
            raise OSError(5, "Input/output error")

    def write(self, path: Path, content: bytes) -> None:
        with suppress(OSError):
            DISK.write(path, content[: len(content) // 2])  # a failed write may leave half
        self._tick("write")
        super().write(path, content)

    def sync(self, path: Path) -> None:
        self._tick("sync")
        super().sync(path)

    def replace(self, old: Path, new: Path) -> None:
        self._tick("replace")
        super().replace(old, new)

    def link(self, old: Path, new: Path) -> None:
        self._tick("link")
        super().link(old, new)

    def unlink(self, path: Path) -> None:
        self._tick("unlink")
        super().unlink(path)

    def folder(self, path: Path) -> None:
        self._tick("folder")
        super().folder(path)

    def remove(self, path: Path) -> None:
        self._tick("remove")
        super().remove(path)

    def lock(self, file: IO[bytes]) -> None:
        self._tick("lock")
        super().lock(file)


def life(root: Path, disk: Disk) -> Iterator[str]:
    """A short life of a book; every id that is given was acknowledged."""
    store = Store(root, disk)
    for id in ("aa11", "bb22", "cc33", "aa11"):
        with suppress(OSError):
            put(store, id, b"same\n" if id != "cc33" else b"other\n")
            yield id
        with suppress(OSError):
            store.tag(store.version("book", "aa11"), "good")


def operations(tmp_path: Path) -> int:
    counting = Failing(0, for_good=False)
    assert list(life(tmp_path / "whole", counting)) == ["aa11", "bb22", "cc33", "aa11"]
    return counting.count


@pytest.mark.parametrize("for_good", [False, True])
def test_any_failing_operation_harms_no_version(tmp_path: Path, for_good: bool) -> None:
    failed: set[str] = set()
    for at in range(1, operations(tmp_path) + 1):
        root = tmp_path / f"{at}-{for_good}"
        disk = Failing(at, for_good=for_good)
        acknowledged = set(life(root, disk))
        failed |= set(disk.failed)
        check(root, acknowledged)
        put(Store(root), "dd44", b"the next one\n")
        check(root, acknowledged | {"dd44"})
        assert not Store(root).stale("book")
    assert failed == set(OPERATIONS)


def check(root: Path, acknowledged: set[str]) -> None:
    """Every acknowledged version is whole, every visible one too, and every name leads to one."""
    store = Store(root)
    there = set(store.versions("book"))
    assert acknowledged <= there
    for id in there:
        assert verify(store.version("book", id)).id == id
    assert {store.head("book"), *store.tags("book").values()} - {None} <= there


@dataclass
class Recording(Disk):
    """Does nothing but note what is asked, on a disk that is a dictionary."""

    root: Path
    noted: list[tuple[Any, ...]] = field(default_factory=list)

    def write(self, path: Path, content: bytes) -> None:
        super().write(path, content)
        self.noted += [("write", path, content), ("sync", path)]

    def sync(self, path: Path) -> None:
        super().sync(path)
        self.noted.append(("sync", path))

    def replace(self, old: Path, new: Path) -> None:
        super().replace(old, new)
        self.noted.append(("replace", old, new))

    def link(self, old: Path, new: Path) -> None:
        super().link(old, new)
        self.noted.append(("link", old, new))

    def unlink(self, path: Path) -> None:
        super().unlink(path)
        self.noted.append(("unlink", path))

    def folder(self, path: Path) -> None:
        super().folder(path)
        self.noted.append(("folder", path))

    def remove(self, path: Path) -> None:
        super().remove(path)
        self.noted.append(("remove", path))


class Power:
    """Files and names after a power cut.

    A file has the content that was last synced, or nothing; a name is what its folder held when it was last synced,
    unless chance saved later changes too: `lucky` says which kinds of unsynced changes happened to be saved.
    """

    def __init__(self, *, lucky_names: bool, lucky_content: bool) -> None:
        self.lucky_names = lucky_names
        self.lucky_content = lucky_content
        self.names: dict[Path, int] = {}
        self.saved_names: dict[Path, int] = {}
        self.content: dict[int, bytes] = {}
        self.saved: dict[int, bytes] = {}
        self.moved: list[tuple[Path, Path]] = []
        """Folders that were renamed; where nothing was lucky they are found under the old name."""
        self.numbers = itertools.count(1)

    def apply(self, operation: tuple[Any, ...]) -> None:
        getattr(self, f"_{operation[0]}")(*operation[1:])

    def _write(self, path: Path, content: bytes) -> None:
        number = self.names.get(path) or next(self.numbers)
        self.names[path] = number
        self.content[number] = content

    def _sync(self, path: Path) -> None:
        if path in self.names:
            self.saved[self.names[path]] = self.content[self.names[path]]
            return
        self.moved = [(old, new) for old, new in self.moved if new.parent != path]
        self.saved_names = {p: n for p, n in self.saved_names.items() if p.parent != path or p in self.names}
        self.saved_names |= {p: n for p, n in self.names.items() if p.parent == path}

    def _replace(self, old: Path, new: Path) -> None:
        if old in self.names:
            self.names[new] = self.names.pop(old)
            return
        self.moved.append((old, new))
        for names in (self.names, self.saved_names):
            for path in [p for p in names if p.parent == old]:
                names[new / path.name] = names.pop(path)

    def _link(self, old: Path, new: Path) -> None:
        self.names[new] = self.names[old]

    def _unlink(self, path: Path) -> None:
        self.names.pop(path, None)

    def _folder(self, path: Path) -> None:
        pass

    def _remove(self, path: Path) -> None:
        self.names = {p: n for p, n in self.names.items() if path not in p.parents}

    def cut(self) -> dict[Path, bytes]:
        """What stands on the disk when the power is back."""
        names = self.names if self.lucky_names else {self._found(p): n for p, n in self.saved_names.items()}
        content = self.content if self.lucky_content else self.saved
        return {path: content.get(number, b"") for path, number in names.items()}

    def _found(self, path: Path) -> Path:
        return next((old / path.name for old, new in self.moved if new == path.parent), path)


def recorded(root: Path) -> tuple[list[tuple[Any, ...]], list[tuple[int, str]]]:
    """The operations of a life, and after how many of them which version was acknowledged."""
    disk = Recording(root)
    store = Store(root, disk)
    acknowledged = []
    for id, content in (("aa11", b"1\n"), ("bb22", b"1\n"), ("cc33", b"3\n")):
        with store.writing("book") as folder:
            (folder / "train-00000.jsonl").write_bytes(content)
            disk.noted.append(("write", folder / "train-00000.jsonl", content))
            shard = Shard(name="train-00000.jsonl", digest=digest_bytes(content), bytes=len(content), rows=1)
            store.publish(folder, manifest(id, (shard,)))
        acknowledged.append((len(disk.noted), id))
    return disk.noted, acknowledged


def broken_after(
    noted: list[tuple[Any, ...]], acknowledged: list[tuple[int, str]], lucky: tuple[bool, bool]
) -> list[str]:
    """The moments at which a power cut breaks a version, or loses one that was acknowledged."""
    power = Power(lucky_names=lucky[0], lucky_content=lucky[1])
    broken = []
    for moment, operation in enumerate(noted, start=1):
        power.apply(operation)
        disk = power.cut()
        visible = {path.parent for path in disk if path.name == MANIFEST and not path.parent.name.startswith(STAGING)}
        for version in visible:
            try:
                shards = Manifest.model_validate_json(disk[version / MANIFEST]).shards
                whole = all(digest_bytes(disk.get(version / s.name, b"")) == s.digest for s in shards)
            except ValueError:
                whole = False
            if not whole:
                broken.append(f"{moment}: {version.name} is half there")
        lost = {id for after, id in acknowledged if after <= moment} - {version.name for version in visible}
        broken += [f"{moment}: {id} is lost" for id in lost]
    return broken


@pytest.mark.parametrize("lucky", list(itertools.product([False, True], repeat=2)))
def test_no_power_cut_breaks_or_loses_a_version(tmp_path: Path, lucky: tuple[bool, bool]) -> None:
    noted, acknowledged = recorded(tmp_path)
    assert len(noted) > 30
    assert broken_after(noted, acknowledged, lucky) == []


FORGOTTEN = {
    "files": lambda path, files: path in files,
    "folders": lambda path, files: path not in files,
    "the book's folder": lambda path, files: path.name == "book",
    "the version's folder": lambda path, files: path not in files and path.name in ("aa11", "bb22", "cc33"),
}


@pytest.mark.parametrize("forgotten", FORGOTTEN)
def test_the_model_notices_a_missing_sync(tmp_path: Path, forgotten: str) -> None:
    noted, acknowledged = recorded(tmp_path)
    files = {operation[1] for operation in noted if operation[0] == "write"}
    kept = [o for o in noted if o[0] != "sync" or not FORGOTTEN[forgotten](o[1], files)]
    after = [(len(kept), id) for _, id in acknowledged]
    assert [b for lucky in itertools.product([False, True], repeat=2) for b in broken_after(kept, after, lucky)]

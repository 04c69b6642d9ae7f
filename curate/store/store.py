"""The store: versions on disk that never change and are never half there.

    <root>/datasets/<name>/<id>/        a version; its manifest.json came last
    <root>/datasets/<name>/HEAD         the id of the newest version
    <root>/datasets/<name>/tags/<tag>   the id of a version that a person named
    <root>/datasets/<name>/.lock        who writes, or wrote last
    <root>/runs/<name>/<id>/<run>/      what was trained on a version, and its report
    <root>/runs/<name>/base_answers/    what the base model has answered so far, for `hornbook distill`
    <root>/runs/<name>/answers_read/    what the local model has read so far, for `hornbook score`
    <root>/model_answers/<name>/        what a language model behind an endpoint has answered; private, never published
    <root>/reviews/<name>/              what reviewers were shown, and where; private, never published
    <root>/quarantine/<name>.jsonl      the raw rows that the newest build could not read; private, never published
    <root>/cache/<name>/                the outputs of stages, to be used again; private, never published

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
from schemas.bilingual import Bilingual
from schemas.errors import InputError, LockedError, StoreError
from schemas.manifest import Manifest, Shard, sealed
from schemas.version_files import MANIFEST

LOCK = ".lock"
UNFINISHED = ".manifest.json"
"""The manifest before it got its name: where only this one stands, the version never was."""
PLAN = "plan.json"
"""In the cache of a dataset: what its newest build depended on."""
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

    def datasets(self) -> list[str]:
        """List the names of all datasets, in alphabetical order."""
        folder = self.root / "datasets"
        return sorted(p.name for p in folder.glob("[!.]*") if p.is_dir()) if folder.is_dir() else []

    def versions(self, name: str) -> list[str]:
        """List the ids of the versions of a dataset, in alphabetical order."""
        folder = self.dataset(name)
        if not folder.is_dir():
            return []
        # A hidden folder is being written, even where its manifest is already there.
        return sorted(p.name for p in folder.glob("[!.]*") if (p / MANIFEST).is_file())

    def dataset(self, name: str) -> Path:
        return self.root / "datasets" / name

    def version(self, name: str, id: str) -> Path:
        return self.dataset(name) / id

    def run(self, name: str, id: str, run: str) -> Path:
        return self.root / "runs" / name / id / run

    def runs(self, name: str) -> list[Path]:
        """List the folders of all training runs on the versions of a dataset."""
        folder = self.root / "runs" / name
        return sorted(path for path in folder.glob("*/*") if path.is_dir()) if folder.is_dir() else []

    def base_answers(self, name: str) -> Path:
        """Name the folder in which the base model answers general records of a dataset, of any version."""
        return self.root / "runs" / name / "base_answers"

    def answers_read(self, name: str) -> Path:
        """Name the folder in which the local model reads answers of a dataset, of any version."""
        return self.root / "runs" / name / "answers_read"

    def model_answers(self, name: str) -> Path:
        """Name the folder in which answers of a language model are kept: what was paid for is not paid again."""
        return self.root / "model_answers" / name

    def quarantine(self, name: str) -> Path:
        """Name the file of the rows that the newest build of a dataset could not read."""
        return self.root / "quarantine" / f"{name}.jsonl"

    def cache(self, name: str) -> Path:
        """Name the folder of the outputs of a dataset's stages."""
        return self.root / "cache" / name

    def recipe_folder(self, name: str) -> Path | None:
        """Find the folder from which the newest build read its raw files; None where that is not known."""
        with suppress(OSError, ValueError, KeyError):
            return Path(json.loads((self.cache(name) / PLAN).read_bytes())["folder"])
        return None

    def head(self, name: str) -> str | None:
        """Read the id of the newest version; None before the first."""
        path = self.dataset(name) / "HEAD"
        return path.read_text(encoding="ascii").strip() if path.is_file() else None

    def tags(self, name: str) -> dict[str, str]:
        """Read the tags of a dataset, in alphabetical order, with the ids they stand for."""
        folder = self.dataset(name) / TAGS
        paths = sorted(folder.glob("[!.]*")) if folder.is_dir() else []
        return {path.name: path.read_text(encoding="ascii").strip() for path in paths}

    def newest(self, name: str) -> Path | None:
        """Find the folder of the newest version; None before the first."""
        head = self.head(name)
        return self.version(name, head) if head else None

    def find(self, wanted: str) -> Path:
        """Find the folder of a version from a path, `name`, `name/tag`, `name/id` or the first letters of an id.

        Raises InputError when there is none, or more than one.
        """
        if (Path(wanted) / MANIFEST).is_file():
            return Path(wanted)
        name, _, start = wanted.partition("/")
        start = self.tags(name).get(start, start)
        ids = [self.head(name)] if not start and self.head(name) else self.versions(name)
        matches = [id for id in ids if id and id.startswith(start)]
        if len(matches) == 1 and (self.version(name, matches[0]) / MANIFEST).is_file():
            return self.version(name, matches[0])
        raise InputError(
            f"{len(matches) or 'no'} versions are called '{wanted}' under {self.root / 'datasets'}; "
            "'hornbook log' lists them",
            f"{self.root / 'datasets'} 下{f'有 {len(matches)} 个' if matches else '没有'}版本叫“{wanted}”；"
            "用 hornbook log 查看",
        )

    def tag(self, version: Path, tag: str) -> None:
        """Name a version, or move the name to it. Raises InputError for a tag that could be an id."""
        if not TAG.fullmatch(tag) or LIKE_AN_ID.fullmatch(tag):
            raise InputError(
                f"'{tag}' cannot be a tag: lowercase letters, digits, '.', '-' and '_', "
                "and nothing that could be an id",
                f"“{tag}”不能作标签：只能用小写字母、数字、.、- 和 _，且不能像版本编号",
            )
        with self.locked(version.parent.name) as dataset:
            self.disk.folder(dataset / TAGS)
            replace_durably(dataset / TAGS / tag, f"{version.name}\n".encode("ascii"), self.disk)

    def untag(self, name: str, tag: str) -> None:
        """Take a name away; the version stays. Raises InputError where there is no such tag."""
        if tag not in self.tags(name):
            raise InputError(f"{name} has no tag '{tag}'", f"{name} 没有标签“{tag}”")
        with self.locked(name) as dataset:
            self.disk.unlink(dataset / TAGS / tag)
            self.disk.sync(dataset / TAGS)

    def make_newest(self, name: str, id: str) -> None:
        """Make a version the newest one of its dataset, where another one is."""
        with self.locked(name) as dataset:
            if self.head(name) != id:
                replace_durably(dataset / "HEAD", f"{id}\n".encode("ascii"), self.disk)

    @contextmanager
    def locked(self, name: str) -> Iterator[Path]:
        """Hold the write lock of a dataset and yield its folder. Raises LockedError at once where another holds it."""
        dataset = self.dataset(name)
        self.disk.folder(dataset)
        with (dataset / LOCK).open("a+b") as lock:
            try:
                self.disk.lock(lock)
            except BlockingIOError:
                raise _locked(dataset, lock) from None
            if not os.fstat(lock.fileno()).st_nlink:  # its owner has just taken the folder away
                raise _locked(dataset, lock)
            lock.truncate(0)
            lock.write(json.dumps(_owner()).encode("ascii"))
            lock.flush()
            yield dataset

    @contextmanager
    def writing(self, name: str) -> Iterator[Path]:
        """Hold the write lock of a dataset and yield an empty folder to write a version into.

        Raises LockedError at once when another process holds the lock. The lock ends with the process.
        """
        with self.locked(name) as dataset:
            self.sweep(name)
            staging = dataset / f"{STAGING}{os.getpid()}"
            self.disk.folder(staging)
            try:
                yield staging
            finally:
                with suppress(OSError):
                    self.disk.remove(staging)

    @contextmanager
    def spilling(self, staging: Path) -> Iterator[Path]:
        """Yield a folder for what a build puts aside while it runs: private, because it may lie there unmasked."""
        folder = staging.with_name(f"{staging.name}{SPILL}")
        self.disk.folder(folder)
        folder.chmod(0o700)
        try:
            yield folder
        finally:
            with suppress(OSError):
                self.disk.remove(folder)

    def stale(self, name: str) -> list[Path]:
        """Find what dead writers left. Without the lock, what a living one is writing is among it."""
        dataset = self.dataset(name)
        halves = [p.parent for p in dataset.glob(f"[!.]*/{UNFINISHED}") if not (p.parent / MANIFEST).exists()]
        return sorted([*dataset.glob(f"{STAGING}*"), *halves])

    def sweep(self, name: str) -> None:
        """Take away what dead writers left. Only under the lock."""
        dataset = self.dataset(name)
        for path in self.stale(name):
            self.disk.remove(path)
        for path in [*dataset.glob(f"[!.]*/{UNFINISHED}"), *dataset.glob(".HEAD-*"), *dataset.glob(f"{TAGS}/.*")]:
            self.disk.unlink(path)

    def publish(self, staging: Path, manifest: Manifest) -> Path:
        """Make the folder a version in one step, and the newest one. A version that is already there stays."""
        target = self.version(manifest.name, manifest.id)
        head = self.head(manifest.name)
        if not (target / MANIFEST).is_file():
            parents = (head,) if head else ()
            manifest = sealed(manifest.model_copy(update={"parents": parents}))
            if head:
                self._share(staging, manifest, self.version(manifest.name, head))

            # All bytes and all names are on the disk before the folder gets its place …
            self.disk.write(staging / UNFINISHED, manifest.to_json())
            for path in sorted(staging.iterdir()):
                self.disk.sync(path)
            self.disk.sync(staging)
            self.disk.replace(staging, target)
            self.disk.sync(target.parent)

            # … and the manifest gets its name last: from now on the folder is a version.
            self.disk.link(target / UNFINISHED, target / MANIFEST)
            self.disk.sync(target)
            with suppress(OSError):
                self.disk.unlink(target / UNFINISHED)
        replace_durably(self.dataset(manifest.name) / "HEAD", f"{manifest.id}\n".encode("ascii"), self.disk)
        return target

    def _share(self, staging: Path, manifest: Manifest, parent: Path) -> None:
        """Give files that the parent has too a second name in place of a copy, where the file system can."""
        with suppress(StoreError):
            of_parent = {shard.digest: shard for shard in read_manifest(parent).shards}
            for shard in manifest.shards:
                twin = of_parent.get(shard.digest)
                if twin is not None and _is_whole(parent, twin):
                    with suppress(OSError):
                        self.disk.link(parent / twin.name, staging / f".{shard.name}")
                        self.disk.replace(staging / f".{shard.name}", staging / shard.name)


def named(version: Path) -> Bilingual:
    """Name a version in a sentence, by its dataset and the first letters of its id."""
    name = f"{version.parent.name}/{version.name[:12]}"
    return Bilingual(f"the version {name}", f"版本 {name}")


def _is_whole(version: Path, shard: Shard) -> bool:
    path = version / shard.name
    return path.is_file() and path.stat().st_size == shard.bytes


def _owner() -> dict[str, object]:
    return {"pid": os.getpid(), "host": platform.node(), "since": datetime.now(UTC).isoformat(timespec="seconds")}


def _locked(dataset: Path, lock: IO[bytes]) -> LockedError:
    """Say who holds the lock and for how long, where the file tells."""
    lock.seek(0)
    with suppress(ValueError, KeyError, TypeError):
        owner = json.loads(lock.read())
        age = int((datetime.now(UTC) - datetime.fromisoformat(owner["since"])).total_seconds())
        who = f"process {int(owner['pid'])} on {owner['host']}"
        return LockedError(
            f"{who} has been writing to {dataset} for {age} seconds; try again when it is done",
            f"进程 {int(owner['pid'])}（{owner['host']}）正在写 {dataset}，已有 {age} 秒；请等它结束后再试",
        )
    return LockedError(
        f"another process is writing to {dataset}; try again when it is done",
        f"另一个进程正在写 {dataset}；请等它结束后再试",
    )

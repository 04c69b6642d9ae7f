"""Copies of versions elsewhere: a folder, or any place that fsspec knows by its URL.

    <url>/<name>/<id>/…    the files of a version; manifest.json was written last, and only where there was none

Files are put under their own names, read back and compared with the manifest, and only then the manifest is created:
a copy without one is no version. Creating it is one operation that cannot replace another's: a hard link in a
folder, a conditional put (If-None-Match) in S3.
"""

import hashlib
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol

from curate.store.store import Store
from curate.store.verify import verify
from schemas.digest import SIZE
from schemas.errors import HornbookError, InputError, ServiceError, StoreError
from schemas.manifest import Manifest, Shard
from schemas.version_files import MANIFEST, RUN

try:
    import fsspec
except ImportError:  # the extra `remote` is not installed; folders work without it
    fsspec = None
try:
    from botocore.exceptions import BotoCoreError
except ImportError:

    class BotoCoreError(Exception):  # type: ignore[no-redef]
        """Stands for what cannot be raised where S3 is not installed."""


PIECE = 1 << 20
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
SCHEME = re.compile(r"([a-z0-9+]+)(?:://|::)")
Tell = Callable[[str], None]


class Place(Protocol):
    """A folder somewhere. Paths are relative to it, with slashes."""

    def put(self, source: Path, path: str) -> None: ...

    def open(self, path: str) -> IO[bytes]: ...

    def create(self, path: str, content: bytes) -> None:
        """Raises FileExistsError where there is such a file, in one step with looking."""

    def exists(self, path: str) -> bool: ...

    def names(self, path: str) -> list[str]:
        """The names in a folder, in alphabetical order; none where there is no such folder."""


class LocalPlace:
    """A folder of this machine, or one that is mounted."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, source: Path, path: str) -> None:
        """The whole file or the one before, on the disk when it returns."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = target.with_name(f".{target.name}-{os.getpid()}")
        with source.open("rb") as file, temporary.open("wb") as copy:
            shutil.copyfileobj(file, copy, PIECE)
            copy.flush()
            os.fsync(copy.fileno())
        temporary.replace(target)
        _sync(target.parent)

    def open(self, path: str) -> IO[bytes]:
        return (self.root / path).open("rb")

    def create(self, path: str, content: bytes) -> None:
        target = self.root / path
        temporary = target.with_name(f".{target.name}-{os.getpid()}")
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(temporary, target)
        finally:
            temporary.unlink()
        for folder in (target.parent, target.parent.parent, self.root):
            _sync(folder)

    def exists(self, path: str) -> bool:
        return (self.root / path).is_file()

    def names(self, path: str) -> list[str]:
        folder = self.root / path
        return sorted(p.name for p in folder.iterdir()) if folder.is_dir() else []


class UrlPlace:
    """A place that fsspec opens: S3 and what speaks its language, and others without a promise about races."""

    def __init__(self, url: str) -> None:
        if fsspec is None:
            raise _missing("fsspec")
        try:
            self.files, self.root = fsspec.core.url_to_fs(url, use_listings_cache=False)
        except (ImportError, ValueError) as error:
            raise _missing(SCHEME.match(url)[1] if SCHEME.match(url) else url) from error  # type: ignore[index]

    def _at(self, path: str) -> str:
        return f"{self.root.rstrip('/')}/{path}"

    def put(self, source: Path, path: str) -> None:
        self.files.put_file(str(source), self._at(path))

    def open(self, path: str) -> IO[bytes]:
        return self.files.open(self._at(path), "rb")

    def create(self, path: str, content: bytes) -> None:
        self.files.pipe_file(self._at(path), content, mode="create")

    def exists(self, path: str) -> bool:
        return bool(self.files.isfile(self._at(path)))

    def names(self, path: str) -> list[str]:
        try:
            found = self.files.ls(self._at(path), detail=False)
        except FileNotFoundError:
            return []
        return sorted(str(name).rstrip("/").rpartition("/")[2] for name in found)


def place_of(url: str) -> Place:
    """The place that a URL or a path names. Raises InputError when nothing here can open it."""
    if url.startswith("file://"):
        return LocalPlace(Path(url.removeprefix("file://")))
    return UrlPlace(url) if SCHEME.match(url) else LocalPlace(Path(url))


def push(version: Path, url: str, tell: Tell = lambda _: None, place: Place | None = None) -> bool:
    """Copies a version to `<url>/<name>/<id>/`. False when it was there already.

    Raises StoreError when the version here is damaged, when what arrived is not what was sent, or when another
    version stands there under the same id; ServiceError when the place fails: a second push continues.
    """
    manifest = verify(version)
    folder = f"{manifest.name}/{manifest.id}"
    with _service(url):
        place = place or place_of(url)
        if place.exists(f"{folder}/{MANIFEST}"):
            _check_same(manifest, _manifest_at(place, folder), url)
            return False
        for shard in manifest.shards:
            tell(shard.name)
            if not _is_there(place, folder, shard):
                place.put(version / shard.name, f"{folder}/{shard.name}")
                _check_arrived(place, folder, shard, url)
        if (version / RUN).is_file():
            place.put(version / RUN, f"{folder}/{RUN}")
        try:
            place.create(f"{folder}/{MANIFEST}", (version / MANIFEST).read_bytes())
        except OSError as error:
            if not (isinstance(error, FileExistsError) or place.exists(f"{folder}/{MANIFEST}")):
                raise
            _check_same(manifest, _manifest_at(place, folder), url)
            return False
    return True


def pull(wanted: str, url: str, store: Store, tell: Tell = lambda _: None) -> Path:
    """Brings a version into the store: `name` where the place has one of it, or `name/id`, or the start of the id.

    Raises InputError when there is none or more than one, StoreError when what arrived is not what the manifest
    says; then nothing has changed here. ServiceError when the place fails.
    """
    name, _, start = wanted.partition("/")
    with _service(url):
        place = place_of(url)
        ids = [id for id in place.names(name) if id.startswith(start) and place.exists(f"{name}/{id}/{MANIFEST}")]
        if len(ids) != 1:
            there = ", ".join(f"{name}/{id[:12]}" for id in ids)
            raise InputError(
                f"{len(ids) or 'no'} versions are called '{wanted}' at {url}{': ' if there else ''}{there}",
                f"{url} 中有 {len(ids)} 个版本叫“{wanted}”{'：' if there else ''}{there}",
            )
        here = store.version(name, ids[0])
        if (here / MANIFEST).is_file():
            return here
        manifest = _manifest_at(place, f"{name}/{ids[0]}")
        if (manifest.name, manifest.id) != (name, ids[0]):
            raise _damaged(url, f"{name}/{ids[0]}/{MANIFEST}")
        with store.writing(name) as staging:
            for shard in manifest.shards:
                tell(shard.name)
                _fetch(place, f"{name}/{ids[0]}", shard, staging / shard.name, url)
            if place.exists(f"{name}/{ids[0]}/{RUN}"):
                with place.open(f"{name}/{ids[0]}/{RUN}") as file:
                    (staging / RUN).write_bytes(file.read())
            return store.publish(staging, manifest)


def _manifest_at(place: Place, folder: str) -> Manifest:
    """The manifest of a copy. Its file names lead nowhere else."""
    with place.open(f"{folder}/{MANIFEST}") as file:
        content = file.read()
    try:
        manifest = Manifest.model_validate_json(content)
    except ValueError:
        manifest = None
    names = [shard.name for shard in manifest.shards] if manifest else []
    if manifest is None or not all(map(NAME.fullmatch, names)) or len(set(names)) < len(names) or MANIFEST in names:
        raise _damaged("", f"{folder}/{MANIFEST}")
    return manifest


def _is_there(place: Place, folder: str, shard: Shard) -> bool:
    """Whether an earlier push brought the file; it is read whole."""
    path = f"{folder}/{shard.name}"
    return place.exists(path) and _digest(place, path) == (shard.digest, shard.bytes)


def _check_arrived(place: Place, folder: str, shard: Shard, url: str) -> None:
    if _digest(place, f"{folder}/{shard.name}") != (shard.digest, shard.bytes):
        raise _damaged(url, f"{folder}/{shard.name}")


def _digest(place: Place, path: str) -> tuple[str, int]:
    state, size = hashlib.blake2b(digest_size=SIZE), 0
    with place.open(path) as file:
        for piece in _pieces(file):
            state.update(piece)
            size += len(piece)
    return state.hexdigest(), size


def _fetch(place: Place, folder: str, shard: Shard, target: Path, url: str) -> None:
    state, size = hashlib.blake2b(digest_size=SIZE), 0
    if not place.exists(f"{folder}/{shard.name}"):
        raise _damaged(url, f"{folder}/{shard.name}")
    with place.open(f"{folder}/{shard.name}") as file, target.open("wb") as copy:
        for piece in _pieces(file):
            copy.write(piece)
            state.update(piece)
            size += len(piece)
            if size > shard.bytes:
                break
    if (state.hexdigest(), size) != (shard.digest, shard.bytes):
        raise _damaged(url, f"{folder}/{shard.name}")


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(PIECE):
        yield piece


def _check_same(manifest: Manifest, there: Manifest, url: str) -> None:
    """Raises StoreError when the copy under this id is another one."""
    if (there.name, there.id, there.shards) != (manifest.name, manifest.id, manifest.shards):
        raise _damaged(url, f"{manifest.name}/{manifest.id}/{MANIFEST}")


def _damaged(url: str, path: str) -> StoreError:
    place = f"{url.rstrip('/')}/{path}" if url else path
    return StoreError(
        f"{place} is damaged: it is not what the manifest says; nothing was published",
        f"{place} 已损坏：与清单不符；没有发布任何内容",
    )


def _missing(what: str) -> InputError:
    return InputError(
        f"nothing here opens '{what}'; install it with: pip install 'hornbook[remote]'",
        f"这里打不开“{what}”；安装命令：pip install 'hornbook[remote]'",
    )


@contextmanager
def _service(url: str) -> Iterator[None]:
    """What the place says when it fails becomes one sentence; a damaged store at home stays what it is."""
    try:
        yield
    except HornbookError:
        raise
    except (OSError, BotoCoreError) as error:
        reason = type(error).__name__  # its text may hold keys or signed addresses
        raise ServiceError(
            f"{url} failed ({reason}); nothing was published, and trying again continues",
            f"{url} 出错（{reason}）；没有发布任何内容，重试会从断点继续",
        ) from error


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

"""Copies of versions elsewhere: in a folder, or wherever fsspec can write by a URL.

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

from curate.store.store import Store, named
from curate.store.verify import verify
from curate.system import interrupts
from curate.system.disk import CHUNK, DISK, read_chunks
from schemas.bilingual import Bilingual
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


NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
"""What a file of a copy may be called: nothing that leads to another folder."""
SCHEME = re.compile(r"([a-z0-9+]+)(?:://|::)")
OnFile = Callable[[str], None]
"""Called with the name of each file before it is copied."""


class RemoteFolder(Protocol):
    """A folder somewhere. Paths are relative to it, with slashes."""

    def put(self, source: Path, path: str) -> None: ...

    def open(self, path: str) -> IO[bytes]: ...

    def create(self, path: str, content: bytes) -> None:
        """Write a new file. Raises FileExistsError where there is such a file, in one step with looking."""

    def exists(self, path: str) -> bool: ...

    def names(self, path: str) -> list[str]:
        """List the names in a folder, in alphabetical order; none where there is no such folder."""


class LocalFolder:
    """A folder of this machine, or one that is mounted."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, source: Path, path: str) -> None:
        """Copy a file: the whole of it or the one before stands there, on the disk when this returns."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = target.with_name(f".{target.name}-{os.getpid()}")
        try:
            with source.open("rb") as file, temporary.open("wb") as copy:
                shutil.copyfileobj(file, copy, CHUNK)
                copy.flush()
                os.fsync(copy.fileno())
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)  # half a copy, where it failed or was interrupted
        DISK.sync(target.parent)

    def open(self, path: str) -> IO[bytes]:
        return (self.root / path).open("rb")

    def create(self, path: str, content: bytes) -> None:
        target = self.root / path
        temporary = target.with_name(f".{target.name}-{os.getpid()}")
        DISK.write(temporary, content)
        try:
            DISK.link(temporary, target)
        finally:
            temporary.unlink()
        for folder in (target.parent, target.parent.parent, self.root):
            DISK.sync(folder)

    def exists(self, path: str) -> bool:
        return (self.root / path).is_file()

    def names(self, path: str) -> list[str]:
        folder = self.root / path
        return sorted(p.name for p in folder.iterdir()) if folder.is_dir() else []


class UrlFolder:
    """A folder that fsspec opens: S3 and what speaks its language, and others without a promise about races."""

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
            paths = self.files.ls(self._at(path), detail=False)
        except FileNotFoundError:
            return []
        return sorted(str(name).rstrip("/").rpartition("/")[2] for name in paths)


def remote_folder(url: str) -> RemoteFolder:
    """Find the folder that a URL or a path names. Raises InputError when nothing here can open it."""
    if url.startswith("file://"):
        return LocalFolder(Path(url.removeprefix("file://")))
    return UrlFolder(url) if SCHEME.match(url) else LocalFolder(Path(url))


def push(version: Path, url: str, on_file: OnFile = lambda _: None, remote: RemoteFolder | None = None) -> bool:
    """Copy a version to `<url>/<name>/<id>/`; False when it was there already. `remote` stands in for the URL's folder.

    Raises StoreError when the version here is damaged, when what arrived is not what was sent, or when another
    version stands there under the same id; ServiceError when the other side fails: a second push continues.
    """
    manifest = verify(version)
    folder = f"{manifest.name}/{manifest.id}"
    with _service(url):
        remote = remote or remote_folder(url)
        if remote.exists(f"{folder}/{MANIFEST}"):
            _check_same(manifest, _remote_manifest(remote, folder), url)
            return False

        with interrupts.explained(lambda: _half_pushed(url)):
            _send(version, manifest, remote, url, on_file)

        # Creating the manifest publishes the copy. Where it fails, somebody else may have been quicker.
        try:
            remote.create(f"{folder}/{MANIFEST}", (version / MANIFEST).read_bytes())
        except OSError as error:
            if not (isinstance(error, FileExistsError) or remote.exists(f"{folder}/{MANIFEST}")):
                raise
            _check_same(manifest, _remote_manifest(remote, folder), url)
            return False
    return True


def _send(version: Path, manifest: Manifest, remote: RemoteFolder, url: str, on_file: OnFile) -> None:
    """Copy the files that are not there yet, all but the manifest, and read them back."""
    folder = f"{manifest.name}/{manifest.id}"
    for shard in manifest.shards:
        on_file(shard.name)
        if not _has_arrived(remote, folder, shard):
            remote.put(version / shard.name, f"{folder}/{shard.name}")
            _check_arrived(remote, folder, shard, url)
    if (version / RUN).is_file():
        remote.put(version / RUN, f"{folder}/{RUN}")


def _half_pushed(url: str) -> Bilingual:
    return Bilingual(
        f"interrupted while pushing; the copy at {url} counts as no version yet; a second push sends what is missing",
        f"推送被中断；{url} 中的副本还不算一个版本；再次推送会补齐其余文件",
    )


def pull(wanted: str, url: str, store: Store, on_file: OnFile = lambda _: None) -> Path:
    """Bring a version into the store: `name` where the URL has one of it, or `name/id`, or the start of the id.

    Raises InputError when there is none or more than one, StoreError when what arrived is not what the manifest
    says; then nothing has changed here. ServiceError when the other side fails.
    """
    with _service(url):
        remote = remote_folder(url)
        name, id = _find_remote(remote, wanted, url)
        version = store.version(name, id)
        if (version / MANIFEST).is_file():
            return version

        folder = f"{name}/{id}"
        manifest = _remote_manifest(remote, folder)
        if (manifest.name, manifest.id) != (name, id):
            raise _damaged(url, f"{folder}/{MANIFEST}")

        with interrupts.explained(lambda: _half_pulled(version)), store.writing(name) as staging:
            for shard in manifest.shards:
                on_file(shard.name)
                _fetch(remote, folder, shard, staging / shard.name, url)
            if remote.exists(f"{folder}/{RUN}"):
                with remote.open(f"{folder}/{RUN}") as file:
                    (staging / RUN).write_bytes(file.read())
            with interrupts.held_back():
                interrupts.remember_finished(named(store.publish(staging, manifest)))
            return version


def _half_pulled(version: Path) -> Bilingual | None:
    """Say what an interrupt has left of a pull; None where the version is in the store."""
    if (version / MANIFEST).is_file():
        return None
    return Bilingual("interrupted while pulling; no version was brought into the store", "拉取被中断；存储中没有新版本")


def _find_remote(remote: RemoteFolder, wanted: str, url: str) -> tuple[str, str]:
    """Find the name and id of the one version that is wanted. Raises InputError for none, or several."""
    name, _, start = wanted.partition("/")
    ids = [id for id in remote.names(name) if id.startswith(start) and remote.exists(f"{name}/{id}/{MANIFEST}")]
    if len(ids) == 1:
        return name, ids[0]
    listed = ", ".join(f"{name}/{id[:12]}" for id in ids)
    raise InputError(
        f"{len(ids) or 'no'} versions are called '{wanted}' at {url}{': ' if listed else ''}{listed}",
        f"{url} 中有 {len(ids)} 个版本叫“{wanted}”{'：' if listed else ''}{listed}",
    )


def _remote_manifest(remote: RemoteFolder, folder: str) -> Manifest:
    """Read the manifest of a copy. Raises StoreError when one of its file names would lead elsewhere."""
    with remote.open(f"{folder}/{MANIFEST}") as file:
        content = file.read()
    try:
        manifest = Manifest.model_validate_json(content)
    except ValueError:
        manifest = None
    names = [shard.name for shard in manifest.shards] if manifest else []
    if manifest is None or not all(map(NAME.fullmatch, names)) or len(set(names)) < len(names) or MANIFEST in names:
        raise _damaged("", f"{folder}/{MANIFEST}")
    return manifest


def _has_arrived(remote: RemoteFolder, folder: str, shard: Shard) -> bool:
    """Tell whether an earlier push brought the file; it is read whole."""
    path = f"{folder}/{shard.name}"
    return remote.exists(path) and _digest(remote, path) == (shard.digest, shard.bytes)


def _check_arrived(remote: RemoteFolder, folder: str, shard: Shard, url: str) -> None:
    if _digest(remote, f"{folder}/{shard.name}") != (shard.digest, shard.bytes):
        raise _damaged(url, f"{folder}/{shard.name}")


def _digest(remote: RemoteFolder, path: str) -> tuple[str, int]:
    """Compute the digest and the size of a remote file."""
    state, size = hashlib.blake2b(digest_size=SIZE), 0
    with remote.open(path) as file:
        for chunk in read_chunks(file):
            state.update(chunk)
            size += len(chunk)
    return state.hexdigest(), size


def _fetch(remote: RemoteFolder, folder: str, shard: Shard, target: Path, url: str) -> None:
    """Copy a remote file to `target`. Raises StoreError when it is not the one that the manifest names."""
    state, size = hashlib.blake2b(digest_size=SIZE), 0
    if not remote.exists(f"{folder}/{shard.name}"):
        raise _damaged(url, f"{folder}/{shard.name}")
    with remote.open(f"{folder}/{shard.name}") as file, target.open("wb") as copy:
        for chunk in read_chunks(file):
            copy.write(chunk)
            state.update(chunk)
            size += len(chunk)
            if size > shard.bytes:  # it is wrong, and nobody knows how large it may become
                break
    if (state.hexdigest(), size) != (shard.digest, shard.bytes):
        raise _damaged(url, f"{folder}/{shard.name}")


def _check_same(manifest: Manifest, copy: Manifest, url: str) -> None:
    """Raise StoreError when the copy under this id is of another version."""
    if (copy.name, copy.id, copy.shards) != (manifest.name, manifest.id, manifest.shards):
        raise _damaged(url, f"{manifest.name}/{manifest.id}/{MANIFEST}")


def _damaged(url: str, path: str) -> StoreError:
    where = f"{url.rstrip('/')}/{path}" if url else path
    return StoreError(
        f"{where} is damaged: it is not what the manifest says; nothing was published",
        f"{where} 已损坏：与清单不符；没有发布任何内容",
    )


def _missing(what: str) -> InputError:
    return InputError(
        f"nothing here opens '{what}'; install it with: pip install 'hornbook[remote]'",
        f"这里打不开“{what}”；安装命令：pip install 'hornbook[remote]'",
    )


@contextmanager
def _service(url: str) -> Iterator[None]:
    """Turn an error of the other side into one sentence; a damaged store at home stays what it is."""
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

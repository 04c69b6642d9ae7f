"""Opens a raw file as a stream of bytes: plain, gzip, zstandard, or a member of a zip or a tar; never more than logs
unpack to.
"""

import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path, PurePosixPath
from typing import IO

import zstandard

from curate.reading.decoding.tar_entries import SUFFIXES, EntryBytes, TarEntry, tar_entries
from schemas.errors import InputError

RATIO = 300
"""How many times its packed size a file may unpack to, beyond the first MiB: logs reach 20, bombs 1,000."""
READ_SIZE = 1 << 20
"""Bytes that are read at once."""
LONGEST = 64 << 20
"""Bytes that one line may have: more is no conversation, and would fill the memory."""
PACKED = 4 << 10
"""Bytes that zstandard unpacks at once: they may become 30,000 times as many."""
NAMED_IN_ERRORS = 5
"""Members of an archive that an error names."""
HELD = 256 << 20
"""Bytes up to which a packed tar is held in memory: it can be unpacked from its beginning only."""
MANY = 50
"""Files in a packed tar that is not held, after which unpacking it for each takes too long."""
LITTER = frozenset(("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini"))
"""What systems put into archives beside the data."""
UTF8_NAMES = 0x800
"""The flag of a zip member whose name is UTF-8; without it Windows in Chinese writes GBK."""
UNREADABLE = (
    OSError,
    EOFError,
    zlib.error,
    lzma.LZMAError,
    zstandard.ZstdError,
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    tarfile.TarError,
    RuntimeError,  # what zipfile raises for a password
    NotImplementedError,  # and for a compression that it does not know
    ValueError,  # and for offsets before the start of the file, and names in no encoding
    struct.error,  # and for fields cut short
)
"""What the unpacking of damaged files raises."""


@dataclass(frozen=True)
class Raw:
    """A raw file that can be read from its beginning any number of times.

    `name` is without compression endings, `longest` the bytes that one of its lines may have.
    """

    name: str
    opened: Callable[[], IO[bytes]]
    longest: int = LONGEST

    @contextmanager
    def stream(self) -> Iterator[IO[bytes]]:
        """Open the bytes. Raises InputError for what cannot be unpacked, or unpacks to too much, while it is read."""
        with _unpacking_errors():
            stream = self.opened()
        with stream:
            yield stream

    def content(self, limit: int) -> bytes:
        """Read all bytes. Raises InputError when there are more than `limit`."""
        with self.stream() as stream:
            content = stream.read(limit + 1)
        if len(content) > limit:
            raise too_large(limit)
        return content


def too_large(limit: int) -> InputError:
    return InputError(
        f"larger than {limit >> 20} MiB, up to which a file of this kind is read; cut it into several, or export it "
        "as CSV or JSON Lines, which have no limit",
        f"超过 {limit >> 20} MiB，这类文件最大读到此；请拆成多个文件，或导出成没有大小限制的 CSV 或 JSON Lines",
    )


@contextmanager
def _unpacking_errors() -> Iterator[None]:
    """Turn whatever damaged files raise into one sentence."""
    try:
        yield
    except UNREADABLE:
        raise InputError(
            "cannot be read or unpacked: cut off, locked or of an unknown compression",
            "无法读取或解压：文件不完整、有密码或压缩方式未知",
        ) from None


def is_archive(name: str) -> bool:
    """Tell whether a file of this name holds several files."""
    return name.lower().endswith((".zip", *SUFFIXES))


def _is_tar(archive: Path) -> bool:
    return archive.name.lower().endswith(SUFFIXES)


def open_raw(path: Path) -> Raw:
    """Find a raw file; `export.zip/chats/may.csv` is a member of an archive. Raises InputError, which does not name the
    file itself: who reads several says which.
    """
    if path.is_file():
        if is_archive(path.name):
            with _unpacking_errors():
                names = members(path)
            if len(names) != 1:
                raise InputError(*_several(path, names))
            return _unpacked(names[0], partial(_member, path, names[0]), path)
        return _unpacked(path.name, lambda: path.open("rb"), path)

    # Not a file: a folder, nothing, or a path that goes on inside of an archive.
    if path.is_dir():
        raise InputError("this is a folder; name the files in it", "这是一个文件夹；请写明其中的文件")
    archive = next((p for p in path.parents if is_archive(p.name) and p.is_file()), None)
    if archive is None:
        raise InputError("there is no such file", "没有这个文件")
    member = path.relative_to(archive).as_posix()
    with _unpacking_errors():
        names = members(archive)
    if names.count(member) != 1:
        raise InputError(*_several(archive, names))
    return _unpacked(member, partial(_member, archive, member), archive)


def members(archive: Path) -> list[str]:
    """List the names of the files in a zip or a tar, without what systems add. Raises what zipfile and tarfile raise,
    and InputError.
    """
    if _is_tar(archive):
        return [entry.name for entry in _entries(archive, _stamp(archive)) if not _is_litter(entry.name)]
    with zipfile.ZipFile(archive) as file:
        entries = file.infolist()
        if not all(member.filename for member in entries):
            raise zipfile.BadZipFile("a member without a name")
        return [_name(m) for m in entries if not m.is_dir() and not _is_litter(m.filename)]


def _several(archive: Path, names: list[str]) -> tuple[str, str]:
    """Ask which member is to be read; of two with one name neither can be named."""
    if twice := next((name for name in names if names.count(name) > 1), None):
        n = names.count(twice)
        return (
            f"the archive holds {n} members named {twice}; unpack it and give each a name of its own",
            f"压缩包中有 {n} 个文件都叫 {twice}；请解压并改成不同的名字",
        )
    shown = [f"{archive.name}/{name}" for name in names[:NAMED_IN_ERRORS]] + ["…"] * (len(names) > NAMED_IN_ERRORS)
    return (
        f"the archive holds {len(names)} files; name the one to read ({', '.join(shown)})",
        f"压缩包中有 {len(names)} 个文件；请指明要读哪一个（{'、'.join(shown)}）",
    )


def _name(member: zipfile.ZipInfo) -> str:
    """Read the name as it was meant: without the flag it is not UTF-8 but, on a Chinese Windows, GBK."""
    if member.flag_bits & UTF8_NAMES or member.filename.isascii():
        return member.filename
    try:
        return member.filename.encode("cp437").decode("gbk")
    except UnicodeError:
        return member.filename


def _member(archive: Path, name: str) -> IO[bytes]:
    if _is_tar(archive):
        entries = _entries(archive, _stamp(archive))
        entry = next(entry for entry in entries if entry.name == name)
        return io.BufferedReader(EntryBytes(_tar_stream(archive, len(entries)), entry), READ_SIZE)
    file = zipfile.ZipFile(archive)
    return file.open(next(m for m in file.infolist() if _name(m) == name))


def _stamp(archive: Path) -> tuple[int, int]:
    """Tell one state of a file from another."""
    state = archive.stat()
    return state.st_mtime_ns, state.st_size


@lru_cache(maxsize=4)
def _entries(archive: Path, _: tuple[int, int]) -> tuple[TarEntry, ...]:
    """List the files of a tar; a list of thousands is read once, not for each of them."""
    with _tar_stream(archive) as stream:
        return tuple(tar_entries(stream))


def _tar_stream(archive: Path, count: int = 0) -> IO[bytes]:
    """Open a tar without its packing. Raises InputError where `count` files are read that take too long to unpack."""
    if UNPACK.get(_packing(archive.name)) is None:
        return archive.open("rb")
    content = _held(archive, _stamp(archive))
    if content is not None:
        return io.BytesIO(content)
    if count > MANY:
        raise InputError(
            f"the archive holds {count} files and unpacks to more than {HELD >> 20} MiB; unpack it and name its folder",
            f"压缩包内有 {count} 个文件，解压后超过 {HELD >> 20} MiB；请解压后指明文件夹",
        )
    return _guarded(lambda: archive.open("rb"), _packing(archive.name), archive)


@lru_cache(maxsize=1)
def _held(archive: Path, _: tuple[int, int]) -> bytes | None:
    """Unpack a tar into memory; None where it is too large for that."""
    with _guarded(lambda: archive.open("rb"), _packing(archive.name), archive) as stream:
        content = stream.read(HELD + 1)
    return content if len(content) <= HELD else None


def _packing(name: str) -> str:
    """Find the ending by which a file is packed: `.tgz` is packed as `.gz`."""
    suffix = PurePosixPath(name).suffix.lower()
    return {".tgz": ".gz", ".tzst": ".zst"}.get(suffix, suffix)


def _is_litter(name: str) -> bool:
    pure = PurePosixPath(name)
    return not LITTER.isdisjoint(pure.parts) or pure.name.startswith("._")


def _unpacked(name: str, opened: Callable[[], IO[bytes]], path: Path) -> Raw:
    """Take off the compression that the name shows: that of the file itself, or of a member of an archive."""
    suffix = PurePosixPath(name).suffix.lower()
    inner = name[: -len(suffix)] if suffix in UNPACK else name
    return Raw(PurePosixPath(inner).name, partial(_guarded, opened, suffix, path))


def _guarded(opened: Callable[[], IO[bytes]], suffix: str, path: Path) -> IO[bytes]:
    """Open a stream that is unpacked by its ending, and gives no more than a file such as `path` may unpack to."""
    unpack = UNPACK.get(suffix)
    packed = unpack is not None or is_archive(path.name)
    allowed = (1 << 20) + RATIO * path.stat().st_size if packed else None
    source = opened()
    return io.BufferedReader(_Guarded(source, unpack(source) if unpack else source, allowed), READ_SIZE)


class _Guarded(io.RawIOBase):
    """A stream whose failures are sentences, and which refuses to give more than `allowed` bytes.

    `source` is what `stream` unpacks; it is closed with it.
    """

    def __init__(self, source: IO[bytes], stream: IO[bytes], allowed: int | None) -> None:
        self.source = source
        self.stream = stream
        self.allowed = allowed
        self.count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview[int]") -> int:  # type: ignore[override]
        with _unpacking_errors():
            read: int = self.stream.readinto(buffer)  # type: ignore[attr-defined]  # all four kinds have it
        self.count += read
        if self.allowed is not None and self.count > self.allowed:
            raise InputError(
                f"unpacks to more than {self.allowed} bytes, which no log does; it was not read",
                f"解压后超过 {self.allowed} 字节，不像日志文件，未读取",
            )
        return read

    def close(self) -> None:
        self.stream.close()
        self.source.close()
        super().close()


def _gunzip(stream: IO[bytes]) -> IO[bytes]:
    return gzip.GzipFile(fileobj=stream)  # type: ignore[return-value]  # reading is all that it is used for


class _Unzstd(io.RawIOBase):
    """A zstandard stream of any number of frames; unlike the library's own reader it notices a missing end."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream
        self.frame = zstandard.ZstdDecompressor().decompressobj()
        self.ready = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview[int]") -> int:  # type: ignore[override]
        while not self.ready and (packed := self.frame.unused_data or self.stream.read(PACKED)):
            if self.frame.eof:
                self.frame = zstandard.ZstdDecompressor().decompressobj()
            self.ready = self.frame.decompress(packed)
        if not self.ready and not self.frame.eof:
            raise EOFError
        chunk, self.ready = self.ready[: len(buffer)], self.ready[len(buffer) :]
        buffer[: len(chunk)] = chunk
        return len(chunk)


UNPACK: dict[str, Callable[[IO[bytes]], IO[bytes]]] = {
    ".gz": _gunzip,
    ".zst": lambda stream: io.BufferedReader(_Unzstd(stream), READ_SIZE),
}

"""Opens a raw file as a stream of bytes: plain, gzip, zstandard, or a zip member; never more than logs unpack to."""

import gzip
import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO

import zstandard

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


def open_raw(path: Path) -> Raw:
    """Find a raw file; `export.zip/chats/may.csv` is a member of a zip. Raises InputError, which does not name the file
    itself: who reads several says which.
    """
    if path.is_file():
        if path.suffix.lower() == ".zip":
            with _unpacking_errors():
                names = members(path)
            if len(names) != 1:
                raise InputError(*_several(path, names))
            return _unpacked(names[0], partial(_member, path, names[0]), path)
        return _unpacked(path.name, lambda: path.open("rb"), path)

    # Not a file: a folder, nothing, or a path that goes on inside of a zip.
    if path.is_dir():
        raise InputError("this is a folder; name the files in it", "这是一个文件夹；请写明其中的文件")
    archive = next((p for p in path.parents if p.suffix.lower() == ".zip" and p.is_file()), None)
    if archive is None:
        raise InputError("there is no such file", "没有这个文件")
    member = path.relative_to(archive).as_posix()
    with _unpacking_errors():
        names = members(archive)
    if names.count(member) != 1:
        raise InputError(*_several(archive, names))
    return _unpacked(member, partial(_member, archive, member), archive)


def members(archive: Path) -> list[str]:
    """List the names of the files in a zip, without what systems add. Raises what zipfile raises."""
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
    file = zipfile.ZipFile(archive)
    return file.open(next(m for m in file.infolist() if _name(m) == name))


def _is_litter(name: str) -> bool:
    return not LITTER.isdisjoint(PurePosixPath(name).parts)


def _unpacked(name: str, opened: Callable[[], IO[bytes]], path: Path) -> Raw:
    """Take off the compression that the name shows: that of the file itself, or of a member of a zip."""
    suffix = PurePosixPath(name).suffix.lower()
    unpack = UNPACK.get(suffix)
    packed = unpack is not None or path.suffix.lower() == ".zip"
    allowed = (1 << 20) + RATIO * path.stat().st_size if packed else None
    inner = name[: -len(suffix)] if unpack else name

    def guarded() -> IO[bytes]:
        source = opened()
        return io.BufferedReader(_Guarded(source, unpack(source) if unpack else source, allowed), READ_SIZE)

    return Raw(PurePosixPath(inner).name, guarded)


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

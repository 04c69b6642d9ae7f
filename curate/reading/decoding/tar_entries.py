"""The files in a tar archive: where each lies in the stream. Nothing is written to disk, and no link is followed."""

import io
import tarfile
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import IO, Any, NamedTuple

from schemas.errors import InputError

SUFFIXES = (".tar", ".tar.gz", ".tgz", ".tar.zst", ".tzst")
"""What the names of such archives end in."""


END = 8
"""Reads behind the end of a stream after which what a header promises does not come."""


class TarEntry(NamedTuple):
    """One file: its name, and where its bytes lie in the unpacked archive."""

    name: str
    offset: int
    size: int


def tar_entries(stream: IO[bytes]) -> Iterator[TarEntry]:
    """List the files of an unpacked archive, read from front to back; folders, links and devices are none.

    Raises what tarfile raises, and InputError for a name that leads out of the archive, or a file with holes, which may
    be of any size.
    """
    ending: Any = _Ending(stream)
    with tarfile.open(fileobj=ending, mode="r|", errors="surrogateescape") as archive:
        for member in archive:
            if not member.isreg():
                continue
            pure = PurePosixPath(_name(member.name))
            if pure.is_absolute() or ".." in pure.parts or not pure.parts:
                raise InputError(
                    "a file in the archive has a name that leads out of it; unpack it where that does no harm",
                    "压缩包里有文件的名字指向包外；请在安全的地方解压后再读",
                )
            if member.issparse():
                raise InputError(
                    "a file in the archive has holes; unpack it, and name the folder",
                    "压缩包里有稀疏文件；请解压后指明文件夹",
                )
            yield TarEntry(pure.as_posix(), member.offset_data, member.size)


class _Ending:
    """A stream that tarfile cannot skip behind its end for ever. Raises EOFError."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._empty = 0

    def read(self, size: int) -> bytes:
        chunk = self._stream.read(size)
        self._empty += not chunk
        if self._empty > END:
            raise EOFError
        return chunk


def _name(name: str) -> str:
    """Read a name that is no UTF-8 as a Chinese Windows wrote it."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return name.encode(errors="surrogateescape").decode("gbk", "backslashreplace")
    return name


class EntryBytes(io.RawIOBase):
    """The bytes of one file of an archive. Raises EOFError where the archive ends before it."""

    def __init__(self, stream: IO[bytes], entry: TarEntry) -> None:
        self._stream = stream
        self._left = entry.size
        if stream.seekable():
            stream.seek(entry.offset)
            return
        ahead = entry.offset
        while ahead and (skipped := len(stream.read(min(ahead, 1 << 20)))):
            ahead -= skipped

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview[int]") -> int:  # type: ignore[override]
        chunk = self._stream.read(min(len(buffer), self._left))
        if self._left and not chunk:
            raise EOFError
        buffer[: len(chunk)] = chunk
        self._left -= len(chunk)
        return len(chunk)

    def close(self) -> None:
        self._stream.close()
        super().close()

"""Opens a raw file: plain, gzip, or a zip with one member; never more than memory is meant to hold."""

import gzip
import io
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import IO, NamedTuple

from schemas.errors import InputError

LIMIT = 2 << 30
"""Bytes that one file may hold when unpacked."""
RATIO = 300
"""How many times its packed size a file may unpack to, beyond the first MiB: logs reach 20, bombs 1,000."""
NAMED = 5
"""Members of an archive that an error names."""
LITTER = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")
"""What systems put into archives beside the data."""
UNREADABLE = (
    OSError,
    EOFError,
    zlib.error,
    zipfile.BadZipFile,
    RuntimeError,  # what zipfile raises for a password
    NotImplementedError,  # and for a compression that it does not know
)


class Opening(NamedTuple):
    """The name without the ending of its compression, and the bytes."""

    name: str
    content: bytes


def open_raw(path: Path) -> Opening:
    """The content of a raw file. Raises InputError for what cannot be read or unpacks to too much.

    The error does not name the file itself: who reads several says which.
    """
    if not path.is_file():
        raise InputError("there is no such file", "没有这个文件")
    suffix = path.suffix.lower()
    try:
        if suffix == ".gz":
            with gzip.open(path) as stream:
                return Opening(path.stem, _bounded(stream, path))
        if suffix == ".zip":
            return _member(path)
        if path.stat().st_size > LIMIT:
            raise InputError(f"larger than {LIMIT} bytes; cut it into several", f"超过 {LIMIT} 字节；请拆成多个文件")
        return Opening(path.name, path.read_bytes())
    except UNREADABLE:
        raise InputError(
            "cannot be read or unpacked: cut off, locked or of an unknown compression",
            "无法读取或解压：文件不完整、有密码或压缩方式未知",
        ) from None


def _member(path: Path) -> Opening:
    with zipfile.ZipFile(path) as archive:
        members = [m for m in archive.infolist() if not m.is_dir() and not _is_litter(m.filename)]
        if len(members) != 1:
            names = [member.filename for member in members[:NAMED]] + ["…"] * (len(members) > NAMED)
            raise InputError(
                f"the archive holds {len(members)} files ({', '.join(names)}); unpack it and name the one to read",
                f"压缩包中有 {len(members)} 个文件（{'、'.join(names)}）；请解压后指明要读哪一个",
            )
        with archive.open(members[0]) as stream:
            return Opening(PurePosixPath(members[0].filename).name, _bounded(stream, path))


def _is_litter(name: str) -> bool:
    return any(part in LITTER for part in PurePosixPath(name).parts)


def _bounded(stream: IO[bytes] | gzip.GzipFile, path: Path) -> bytes:
    allowed = min(LIMIT, (1 << 20) + RATIO * path.stat().st_size)
    pieces = io.BytesIO()
    while piece := stream.read(1 << 20):
        if pieces.tell() + len(piece) > allowed:
            raise InputError(
                f"unpacks to more than {allowed} bytes, which no log does; it was not read",
                f"解压后超过 {allowed} 字节，不像日志文件，未读取",
            )
        pieces.write(piece)
    return pieces.getvalue()

"""Opens a raw file: plain, gzip, or a zip with one member; never more than memory is meant to hold."""

import gzip
import io
import zipfile
import zlib
from pathlib import Path
from typing import IO, NamedTuple

from schemas.errors import InputError

LIMIT = 2 << 30
"""Bytes that one file may hold when unpacked."""
RATIO = 300
"""How many times its packed size a file may unpack to, beyond the first MiB: logs reach 20, bombs 1,000."""


class Opening(NamedTuple):
    """The name without the ending of its compression, and the bytes."""

    name: str
    content: bytes


def open_raw(path: Path) -> Opening:
    """The content of a raw file. Raises InputError for what cannot be read or unpacks to too much."""
    try:
        if path.suffix == ".gz":
            with gzip.open(path) as stream:
                return Opening(path.stem, _bounded(stream, path))
        if path.suffix == ".zip":
            return _member(path)
        return Opening(path.name, path.read_bytes())
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile):
        raise InputError(f"{path} cannot be read or unpacked", f"无法读取或解压 {path}") from None


def _member(path: Path) -> Opening:
    with zipfile.ZipFile(path) as archive:
        members = [m for m in archive.infolist() if not m.is_dir() and not m.filename.startswith("__MACOSX")]
        if len(members) != 1:
            raise InputError(
                f"{path} holds {len(members)} files; unpack it and name the one to read",
                f"{path} 中有 {len(members)} 个文件；请解压后指明要读哪一个",
            )
        with archive.open(members[0]) as stream:
            return Opening(Path(members[0].filename).name, _bounded(stream, path))


def _bounded(stream: IO[bytes], path: Path) -> bytes:
    allowed = min(LIMIT, (1 << 20) + RATIO * path.stat().st_size)
    pieces = io.BytesIO()
    while piece := stream.read(1 << 20):
        if pieces.tell() + len(piece) > allowed:
            raise InputError(
                f"{path} unpacks to more than {allowed} bytes, which no log does; it was not read",
                f"{path} 解压后超过 {allowed} 字节，不像日志文件，未读取",
            )
        pieces.write(piece)
    return pieces.getvalue()

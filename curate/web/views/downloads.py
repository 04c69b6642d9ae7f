"""What was exported from pages: a folder or a page below `<root>/exports/<dataset>/`, to be listed, fetched, removed.

    <root>/exports/<dataset>/<id12>-<format>[-n]/    an export, which appears whole or not at all
    <root>/exports/<dataset>/<id12>-diff[-n].html    a page of `hornbook diff`

No text that a person typed is in the name of one.
"""

import shutil
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from re import Match
from re import compile as pattern
from typing import NamedTuple

from curate.publish.export import EXPORT_FORMATS
from curate.system.disk import read_chunks

FOLDER = "exports"
DIFF = "diff"
"""What stands in the place of a format in the name of a difference."""
ID = pattern(r"(?P<version>[0-9a-f]{12})-(?P<format>[a-z]{1,16})(?:-(?P<n>[1-9][0-9]{0,3}))?")
"""The name of an export: no other name is looked for."""
PAGE = ".html"
UNITS = ((10**9, "GB"), (10**6, "MB"), (10**3, "kB"))
REMOVING = ".removing-"
SHORT = 12
"""Letters of an id that stand in a name."""
EARLIEST = (1980, 1, 1, 0, 0, 0)
"""When each file of a zip was written: the same export gives the same bytes."""


class Download(NamedTuple):
    """One export as it lies there. `file` is the name under which it is fetched."""

    id: str
    version: str
    format: str
    path: Path
    bytes: int
    written: str
    file: str

    @property
    def size(self) -> str:
        """Write how large it is, in the unit that suits it."""
        size, unit = next(((self.bytes / n, unit) for n, unit in UNITS if self.bytes >= n), (0.0, "kB"))
        return f"{size:.1f} {unit}" if size else f"{self.bytes} B"


class Downloads:
    """The exports of one dataset."""

    def __init__(self, root: Path, name: str) -> None:
        self._name = name
        self._folder = root.resolve() / FOLDER / name

    def listed(self) -> list[Download]:
        """List the finished exports, newest first."""
        paths = self._folder.iterdir() if self._folder.is_dir() else ()
        found = (self.find(id) for id in sorted({path.name.removesuffix(PAGE) for path in paths}))
        return sorted(filter(None, found), key=lambda each: (each.written, each.id), reverse=True)

    def find(self, id: str) -> Download | None:
        """Find an export by its id; None where there is none."""
        match = ID.fullmatch(id)
        path = self._path(id) if match else None
        if match is None or path is None:
            return None
        with suppress(FileNotFoundError):  # somebody else is just taking it away
            return self._described(match, path)
        return None

    def _described(self, match: Match[str], path: Path) -> Download:
        files = _files(path)
        written = datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat(timespec="seconds")
        suffix = files[0].suffix if len(files) == 1 else ".zip"
        return Download(
            id=match[0],
            version=match["version"],
            format=match["format"],
            path=path,
            bytes=sum(file.stat().st_size for file in files),
            written=written,
            file=f"{self._name}-{_without_twice(match, suffix)}{suffix}",
        )

    def _path(self, id: str) -> Path | None:
        """Find where an export lies: no link is followed out of the folder."""
        folder, page = self._folder / id, self._folder / f"{id}{PAGE}"
        if page.is_file() and not page.is_symlink():
            return page
        return folder if folder.is_dir() and not folder.is_symlink() else None

    def new_folder(self, version: str, format_name: str) -> Path:
        """Name a folder for an export that is to be written: one that is not there."""
        return self._new(version, format_name, "")

    def new_page(self, version: str) -> Path:
        """Name a page for a difference that is to be written, in a folder that is there."""
        self._folder.mkdir(parents=True, exist_ok=True)
        return self._new(version, DIFF, PAGE)

    def _new(self, version: str, format_name: str, suffix: str) -> Path:
        stem = f"{version[:SHORT]}-{format_name}"
        names = (stem if n == 1 else f"{stem}-{n}" for n in count(1))
        paths = (self._folder / f"{name}{suffix}" for name in names)
        return next(path for path in paths if not path.exists() and not path.is_symlink())

    def remove(self, download: Download) -> None:
        """Take an export away: from one moment to the next it is not listed any more."""
        if download.path.is_file():
            download.path.unlink()
            return
        aside = self._folder / f"{REMOVING}{download.id}"
        shutil.rmtree(aside, ignore_errors=True)  # of a removal that was killed
        download.path.rename(aside)
        shutil.rmtree(aside)


def content(download: Download) -> Iterator[bytes]:
    """Read an export as one file: its only file as it is, or a zip of all."""
    files = _files(download.path)
    if len(files) == 1:
        with files[0].open("rb") as file:
            yield from read_chunks(file)
        return
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in files:
            entry = zipfile.ZipInfo(f"{Path(download.file).stem}/{path.name}", EARLIEST)
            entry.compress_type = zipfile.ZIP_STORED if path.suffix in (".parquet", ".xlsx") else zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            with path.open("rb") as file, archive.open(entry, "w", force_zip64=True) as target:
                for chunk in read_chunks(file):
                    target.write(chunk)
                    yield sink.taken()
    yield sink.taken()


def _without_twice(match: Match[str], suffix: str) -> str:
    """Write the id of an export without its format, where the suffix says it already."""
    n = f"-{match['n']}" if match["n"] else ""
    return f"{match['version']}{n}" if suffix == f".{match['format']}" else match[0]


class _Sink:
    """What a zip is written into that nobody has a place for: each piece is handed on."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes, /) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Do nothing: all that was written is there."""

    def close(self) -> None:
        """Do nothing: there is nothing to let go of."""

    def taken(self) -> bytes:
        """Give what was written since the last time."""
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


def _files(path: Path) -> list[Path]:
    """List the files of an export: of one whose data file stands alone, that file."""
    if path.is_file():
        return [path]
    files = sorted(each for each in path.iterdir() if each.is_file() and not each.is_symlink())
    match = ID.fullmatch(path.name)
    kind = EXPORT_FORMATS.load(match["format"]) if match and match["format"] in EXPORT_FORMATS else None
    alone = [each for each in files if kind and kind.stands_alone and each.suffix == kind.suffix]
    return alone or files

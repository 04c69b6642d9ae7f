"""The exports that pages made: folders of their own below the store, which can be fetched and removed.

    <root>/exports/<dataset>/<12 letters of the version>-<format>[-2]/

Their names hold nothing that a person typed.
"""

import re
import shutil
import tempfile
import zipfile
from pathlib import Path
from typing import IO, NamedTuple

from curate.publish.export import EXPORT_FORMATS, EXPORTING
from schemas.version_files import shard_names

FOLDER = "exports"
EXPORT_ID = re.compile(r"[0-9a-f]{12}-[a-z]{2,12}(-[1-9][0-9]{0,3})?")
FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The date of every file in a zip: the same export gives the same bytes."""


class FinishedExport(NamedTuple):
    """An export: its id, its format, the version it is of by 12 letters, how many files and bytes."""

    id: str
    format: str
    version: str
    files: int
    bytes: int


class Exports:
    """The exports of one dataset."""

    def __init__(self, root: Path, dataset: str) -> None:
        self._folder = root / FOLDER / dataset

    def free(self, version: str, name: str) -> Path:
        """Name a folder that is not there yet for an export of a version in a format."""
        start = f"{version[:12]}-{name}"
        taken = {path.name.lstrip(".").partition(EXPORTING)[0] for path in self._paths()}
        number = next(n for n in range(1, 10_000) if (start if n == 1 else f"{start}-{n}") not in taken)
        return self._folder / (start if number == 1 else f"{start}-{number}")

    def finished(self) -> list[FinishedExport]:
        """List the exports that are whole, by their ids."""
        return [self._described(path) for path in self._paths() if EXPORT_ID.fullmatch(path.name) and path.is_dir()]

    def folder(self, id: str) -> Path | None:
        """Find the folder of an export; None where there is none of that id."""
        path = self._folder / id
        return path if EXPORT_ID.fullmatch(id) and path.is_dir() else None

    def remove(self, id: str) -> bool:
        """Remove an export; False where there is none of that id."""
        folder = self.folder(id)
        if folder is None:
            return False
        shutil.rmtree(folder)
        return True

    def _paths(self) -> list[Path]:
        return sorted(self._folder.iterdir()) if self._folder.is_dir() else []

    def _described(self, path: Path) -> FinishedExport:
        version, _, rest = path.name.partition("-")
        files = [file for file in path.iterdir() if file.is_file()]
        size = sum(file.stat().st_size for file in files)
        return FinishedExport(path.name, rest.partition("-")[0], version, len(files), size)


def only_file(folder: Path) -> Path | None:
    """Find the file that a person wants of an export for people: the workbook, where there is one; else None."""
    books = sorted(folder.glob(shard_names(".xlsx")))
    return books[0] if len(books) == 1 else None


def zipped(folder: Path) -> IO[bytes]:
    """Pack the files of an export into a zip that is gone when it is closed; give it opened at its start."""
    packed = tempfile.TemporaryFile()  # noqa: SIM115 - who sends it closes it
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(file for file in folder.iterdir() if file.is_file()):
            entry = zipfile.ZipInfo(f"{folder.name}/{path.name}", FIRST_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(entry, "w", force_zip64=True) as target, path.open("rb") as source:
                shutil.copyfileobj(source, target, 1 << 20)
    packed.seek(0)
    return packed


def formats() -> list[tuple[str, str, str]]:
    """List the export formats: name, and for whom it is in English and in Chinese."""
    return [(name, _first_sentence(name), EXPORT_FORMATS.load(name).title_zh) for name in EXPORT_FORMATS.names()]


def _first_sentence(name: str) -> str:
    words = " ".join((EXPORT_FORMATS.load(name).__doc__ or "").split())
    return words.partition(". ")[0].rstrip(".").replace("`", "")

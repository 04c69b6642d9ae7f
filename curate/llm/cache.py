"""Every answer that was paid for, by digest of what was asked, from the moment it came."""

import os
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from curate.llm.manners import Manners
from curate.llm.reply import RawReply
from curate.system.disk import DISK, Disk

M = TypeVar("M", bound=BaseModel)


class ReplyCache:
    """One file a reply, in a folder that only its owner may read. Threads and processes may write at one time."""

    def __init__(self, folder: Path, disk: Disk = DISK) -> None:
        self.folder = folder
        self.disk = disk

    def read(self, key: str) -> RawReply | None:
        """Read the reply with this key; None where there is none that is whole."""
        return _read(self._path(key), RawReply)

    def write(self, key: str, reply: RawReply) -> None:
        """Keep a reply: it is on the disk when this returns, whole, whatever happens then."""
        self._write(self._path(key), reply)

    def manners(self, endpoint: str) -> Manners | None:
        """Read what an endpoint was found to take; None where it was never asked."""
        return _read(self.folder / f"manners-{endpoint}.json", Manners)

    def remember(self, endpoint: str, manners: Manners) -> None:
        """Keep what an endpoint was found to take, so that it is not found out again."""
        self._write(self.folder / f"manners-{endpoint}.json", manners)

    def open(self) -> None:
        """Make the folder where it is missing."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def sweep(self) -> None:
        """Remove what a killed process has left half written. Nobody else may be writing."""
        for half in self.folder.glob("??/.*"):
            self.disk.unlink(half)

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key}.json"

    def _write(self, path: Path, model: BaseModel) -> None:
        if not path.parent.is_dir():
            path.parent.mkdir(mode=0o700, exist_ok=True)
            self.disk.sync(self.folder)
        temporary = path.with_name(f".{path.name}-{os.getpid()}")
        self.disk.write(temporary, model.model_dump_json().encode("utf-8"))
        self.disk.replace(temporary, path)
        self.disk.sync(path.parent)


def _read(path: Path, kind: type[M]) -> M | None:
    try:
        return kind.model_validate_json(path.read_bytes())
    except (FileNotFoundError, ValidationError):  # what cannot be read any more is asked again
        return None

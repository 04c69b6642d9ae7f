"""What the store needs of the disk: few operations, so that tests can let each of them fail."""

import fcntl
import glob
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from curate.system.interrupts import held_back

CHUNK = 1 << 20
"""Bytes that are read of a large file at a time."""


class Disk:
    """The real one. Every operation may raise OSError and then has changed nothing, or what it says."""

    def write(self, path: Path, content: bytes) -> None:
        """Write a file and flush it to the disk; what stood there before may be lost with a failure."""
        with path.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())

    def sync(self, path: Path) -> None:
        """Flush a file or a folder to the disk."""
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def replace(self, old: Path, new: Path) -> None:
        """Give a file or folder a new name, in one step; a file that stood under that name is gone."""
        old.replace(new)

    def link(self, old: Path, new: Path) -> None:
        """Give a file a second name. Raises FileExistsError where the name is taken: a create without races."""
        os.link(old, new)

    def unlink(self, path: Path) -> None:
        path.unlink(missing_ok=True)

    def folder(self, path: Path) -> None:
        """Make a folder and those above it, where they are missing."""
        path.mkdir(parents=True, exist_ok=True)

    def remove(self, path: Path) -> None:
        """Remove a folder with all that is in it."""
        shutil.rmtree(path)

    def lock(self, file: IO[bytes]) -> None:
        """Lock a file until the process ends. Raises BlockingIOError at once where another process holds the lock."""
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


DISK = Disk()


def lock_folder(folder: Path) -> int | None:
    """Lock a folder until the handle that is returned is closed, or the process ends; None where another holds it."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle


def read_chunks(file: IO[bytes]) -> Iterator[bytes]:
    """Read a file from where it stands to its end, CHUNK bytes at a time."""
    while chunk := file.read(CHUNK):
        yield chunk


def replace_durably(path: Path, content: bytes, disk: Disk = DISK) -> None:
    """Write a file so that it holds the old content or the new one, never half of it."""
    temporary = path.with_name(f".{path.name}-{os.getpid()}")
    with held_back():
        disk.write(temporary, content)
        disk.replace(temporary, path)
        disk.sync(path.parent)


def sweep_unfinished(path: Path) -> None:
    """Remove what a killed `replace_durably` of this file has left beside it; nobody else may be writing it now."""
    for unfinished in path.parent.glob(f".{glob.escape(path.name)}-*"):
        if unfinished.name.rpartition("-")[2].isdigit():
            unfinished.unlink(missing_ok=True)


def replace_privately(path: Path, content: bytes) -> None:
    """Do the same to a file that only its owner may read, from the first byte on."""
    mask = os.umask(0o077)
    try:
        replace_durably(path, content)
    finally:
        os.umask(mask)

"""What the store asks of the disk: few operations, so that tests can let each of them fail."""

import fcntl
import os
import shutil
from pathlib import Path
from typing import IO


class Disk:
    """The real one. Every operation may raise OSError and then has changed nothing, or what it says."""

    def write(self, path: Path, content: bytes) -> None:
        """Writes a file and flushes it to the disk; what stood there before may be lost with a failure."""
        with path.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())

    def sync(self, path: Path) -> None:
        """Flushes a file or a folder to the disk."""
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def replace(self, old: Path, new: Path) -> None:
        """The new name holds the old file or folder at once; a file that stood there is gone."""
        old.replace(new)

    def link(self, old: Path, new: Path) -> None:
        """A second name. Raises FileExistsError where there is such a file: the one create that is no race."""
        os.link(old, new)

    def unlink(self, path: Path) -> None:
        path.unlink(missing_ok=True)

    def folder(self, path: Path) -> None:
        path.mkdir(parents=True, exist_ok=True)

    def remove(self, path: Path) -> None:
        """Takes a folder away with all that is in it."""
        shutil.rmtree(path)

    def lock(self, file: IO[bytes]) -> None:
        """Raises BlockingIOError at once where another process holds the lock. It ends with the process."""
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


DISK = Disk()


def held(folder: Path) -> int | None:
    """A handle that holds a folder until it is closed or the process ends; None where another one holds it."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle


def replace_durably(path: Path, content: bytes, disk: Disk = DISK) -> None:
    """The file has the old content or the new one, never half of it."""
    temporary = path.with_name(f".{path.name}-{os.getpid()}")
    disk.write(temporary, content)
    disk.replace(temporary, path)
    disk.sync(path.parent)

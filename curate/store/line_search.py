"""Finds lines in files that are too large to be read: shards are sorted by id, raw files have a line for every row."""

import json
import mmap
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

NAMES = re.compile(rb'"group":"([^"\\]*)","id":"([^"\\]*)"')
"""How a line that `canonical` wrote names its record; inside a text no quotation mark is bare."""
PIECE = 4 << 20
FIRST = 400
"""Bytes of a line in which its id stands: `group` and `id` are the first keys of a record."""


@contextmanager
def _mapped(path: Path) -> Iterator[bytes | mmap.mmap]:
    with path.open("rb") as file:
        if not path.stat().st_size:
            yield b""
            return
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
            yield mapped


def names_of(line: bytes) -> tuple[str, str]:
    """The id and the group of the record on a line, in a tenth of the time that reading all of it takes."""
    if found := NAMES.search(line):
        return found[2].decode(), found[1].decode()
    record = json.loads(line)
    return record["id"], record["group"]


def record_of(files: Iterable[Path], id: str) -> tuple[Path, dict[str, Any]] | None:
    """The record of that id and the file it stands in. `files` are sorted by id, one after the other."""
    wanted = f'"id":"{id}"'.encode()
    for path in files:
        with _mapped(path) as content:
            place = content.find(wanted)
            if place >= 0:
                return path, json.loads(_line(content, place))
    return None


def lines_with(files: Iterable[Path], text: bytes, most: int) -> Iterator[tuple[Path, bytes]]:
    """The first lines that hold the text."""
    for path in files:
        with _mapped(path) as content:
            place = content.find(text)
            while place >= 0 and most:
                line = _line(content, place)
                yield path, line
                most -= 1
                end = content.find(b"\n", place)
                place = content.find(text, end) if end >= 0 else -1


def shard_with(files: list[Path], id: str) -> list[Path]:
    """The one shard that may hold the id: each begins where the one before ends."""
    starts = []
    for path in files:
        with path.open("rb") as file:
            line = file.readline()
        starts.append(json.loads(line)["id"] if line else "~")
    before = [path for path, start in zip(files, starts, strict=True) if start <= id]
    return before[-1:]


def _line(content: bytes | mmap.mmap, place: int) -> bytes:
    start = content.rfind(b"\n", 0, place) + 1
    end = content.find(b"\n", place)
    return content[start : end if end >= 0 else len(content)]


def raw_lines(path: Path, numbers: set[int], more: int = 0) -> bytes:
    """The lines of these numbers, counted from 1, and so many after each; line 1 is never left out."""
    wanted = {1} | {number + extra for number in numbers for extra in range(more + 1)}
    found: list[bytes] = []
    done, last = 0, max(wanted)
    with path.open("rb") as file:
        while done < last and (piece := file.read(PIECE)):
            piece += file.readline()
            count = piece.count(b"\n")
            if any(done < number <= done + count + 1 for number in wanted):
                lines = piece.split(b"\n")
                found += [lines[n - done - 1] for n in sorted(wanted) if 0 <= n - done - 1 < len(lines)]
                wanted = {n for n in wanted if n > done + count}
            done += count
    return b"\n".join(found) + b"\n"


def row_with(path: Path, text: bytes) -> int | None:
    """The number of the first line that holds the text."""
    with _mapped(path) as content:
        place = content.find(text)
        if place < 0:
            return None
        return 1 + sum(content[start : min(start + PIECE, place)].count(b"\n") for start in range(0, place, PIECE))

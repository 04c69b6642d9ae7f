"""Finds lines in files that are too large to be read: shards are sorted by id, raw files have a line for every row."""

import json
import mmap
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

GROUP_AND_ID = re.compile(rb'"group":"([^"\\]*)","id":"([^"\\]*)"')
"""How a line that `canonical` wrote names its record; inside a text no quotation mark is bare."""
CHUNK = 4 << 20
"""Bytes that are looked at at once."""


@contextmanager
def mapped(path: Path) -> Iterator[bytes | mmap.mmap]:
    """Map a file into memory, so that only what is looked at is read."""
    with path.open("rb") as file:
        if not path.stat().st_size:  # an empty file cannot be mapped
            yield b""
            return
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
            yield mapped


def ids_of(line: bytes) -> tuple[str, str]:
    """Find the id and the group of the record on a line, in a tenth of the time that reading all of it takes."""
    if match := GROUP_AND_ID.search(line):
        return match[2].decode(), match[1].decode()
    record = json.loads(line)
    return record["id"], record["group"]


def find_record(files: Iterable[Path], id: str) -> tuple[Path, dict[str, Any]] | None:
    """Find the record of that id and the file it stands in. `files` are sorted by id, one after the other."""
    wanted = f'"id":"{id}"'.encode()
    for path in files:
        with mapped(path) as content:
            offset = content.find(wanted)
            if offset >= 0:
                return path, json.loads(_line_at(content, offset))
    return None


def find_lines(files: Iterable[Path], text: bytes, most: int) -> Iterator[tuple[Path, bytes]]:
    """Find the first lines that hold the text, `most` of them at most, each with its file."""
    for path in files:
        with mapped(path) as content:
            offset = content.find(text)
            while offset >= 0 and most:
                yield path, _line_at(content, offset)
                most -= 1
                end = content.find(b"\n", offset)
                offset = content.find(text, end) if end >= 0 else -1


def shard_with(files: list[Path], id: str) -> list[Path]:
    """Find the one shard that may hold the id: each begins where the one before ends. Empty where none may."""
    starts = []
    for path in files:
        with path.open("rb") as file:
            line = file.readline()
        starts.append(json.loads(line)["id"] if line else "~")
    before = [path for path, start in zip(files, starts, strict=True) if start <= id]
    return before[-1:]


def _line_at(content: bytes | mmap.mmap, offset: int) -> bytes:
    start = content.rfind(b"\n", 0, offset) + 1
    end = content.find(b"\n", offset)
    return content[start : end if end >= 0 else len(content)]


def raw_lines(path: Path, numbers: set[int], following: int = 0) -> bytes:
    """Read the lines of these numbers, counted from 1, and `following` lines after each; line 1 always comes too."""
    wanted = {1} | {number + extra for number in numbers for extra in range(following + 1)}
    lines: list[bytes] = []
    passed, last = 0, max(wanted)
    with path.open("rb") as file:
        while passed < last and (chunk := file.read(CHUNK)):
            chunk += file.readline()
            count = chunk.count(b"\n")

            # The last line of a file may end without a line feed: hence the one number more.
            if any(passed < number <= passed + count + 1 for number in wanted):
                chunk_lines = chunk.split(b"\n")
                lines += [chunk_lines[n - passed - 1] for n in sorted(wanted) if 0 <= n - passed - 1 < len(chunk_lines)]
                wanted = {n for n in wanted if n > passed + count}
            passed += count
    return b"\n".join(lines) + b"\n"


def row_with(path: Path, text: bytes) -> int | None:
    """Find the number, counted from 1, of the first line that holds the text."""
    with mapped(path) as content:
        offset = content.find(text)
        if offset < 0:
            return None
        chunks = ((start, min(start + CHUNK, offset)) for start in range(0, offset, CHUNK))
        return 1 + sum(content[start:end].count(b"\n") for start, end in chunks)


def find_in_sorted(path: Path, id: str) -> bytes | None:
    """Find the line of a record in a shard, which is sorted by id, by halving: a few lines of it are read."""
    with mapped(path) as content:
        low, high = 0, len(content)
        while low < high:
            start = content.rfind(b"\n", low, (low + high) // 2) + 1 or low
            line = _line_at(content, start)
            found = ids_of(line)[0]
            if found == id:
                return line
            if found < id:
                low = start + len(line) + 1
            else:
                high = start
    return None

"""Reads a version from disk, or one row of it: every file that is read is what its manifest says."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from schemas.digest import SIZE, digest_file
from schemas.errors import InputError, StoreError
from schemas.exam import Question
from schemas.manifest import Manifest, Shard
from schemas.record import Record
from schemas.version_files import VersionFiles


@dataclass(frozen=True)
class TrainingVersion:
    """A version as the trainer reads it: every line checked, every shard as its manifest says."""

    manifest: Manifest
    records: tuple[Record, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class TrainingRow:
    """One training row: its number, from 1, in the order of the shards, how many there are, and what it says."""

    number: int
    of: int
    record: Record


NUMBER = re.compile(r"[0-9]{1,9}")
ID = re.compile(r'[^\s"\\]+')


def read_version(version: Path) -> TrainingVersion:
    """Read a version. Raises StoreError when the manifest is missing or a file is not what was written."""
    manifest = _manifest(version)
    for shard in manifest.shards:
        path = version / shard.name
        if not path.is_file() or digest_file(path) != shard.digest:
            raise _damaged(path)

    names = [shard.name for shard in manifest.trained_on()]
    records = tuple(Record.model_validate_json(line) for name in names for line in _lines(version / name))
    questions = tuple(Question.model_validate_json(line) for line in _lines(VersionFiles(version).exam))
    return TrainingVersion(manifest, records, questions)


def read_row(version: Path, wanted: str) -> TrainingRow:
    """Read the training row of that number, or else the one whose id begins so.

    No other row is parsed, and for a number no other shard is read. Raises InputError where there is no such row, or
    more than one, and StoreError as `read_version` does.
    """
    shards = _manifest(version).trained_on()
    total = sum(shard.rows for shard in shards)
    if NUMBER.fullmatch(wanted) and 1 <= int(wanted) <= total:
        number, line = int(wanted), _line_of(version, shards, int(wanted))
    else:
        number, line = _line_called(version, shards, wanted)
    try:
        return TrainingRow(number, total, Record.model_validate_json(line))
    except ValidationError:  # it would quote the row
        raise _damaged(version) from None


def _line_of(version: Path, shards: Sequence[Shard], number: int) -> bytes:
    """Read the line of a row by its number, which is not beyond the last."""
    rest = number
    for shard in shards:
        if rest <= shard.rows:
            found = [line for n, line in enumerate(_proven_lines(version / shard.name, shard), start=1) if n == rest]
            if found:
                return found[0]
            raise _damaged(version / shard.name)
        rest -= shard.rows
    raise _no_row(str(number), shards)


def _line_called(version: Path, shards: Sequence[Shard], wanted: str) -> tuple[int, bytes]:
    """Read the line of the row with that id, or of the only one whose id begins so, and its number."""
    if not ID.fullmatch(wanted):
        raise _no_row(wanted, shards)
    pattern = re.compile(rb'"id": ?"' + re.escape(wanted.encode()))  # inside a text no quotation mark is bare
    lines = (line for shard in shards for line in _proven_lines(version / shard.name, shard))
    whole: list[tuple[int, bytes]] = []
    longer: list[tuple[int, bytes]] = []
    for number, line in enumerate(lines, start=1):
        if match := pattern.search(line):
            (whole if line.startswith(b'"', match.end()) else longer).append((number, line))
            del longer[2:]  # two are enough to know that there is more than one

    found = whole or longer
    if len(found) == 1:
        return found[0]
    if not found:
        raise _no_row(wanted, shards)
    raise InputError(
        f"more than one training row has an id that begins with '{wanted}'", f"编号以“{wanted}”开头的训练行不止一行"
    )


def _no_row(wanted: str, shards: Sequence[Shard]) -> InputError:
    total = sum(shard.rows for shard in shards)
    if not total:
        return InputError("the version has no training rows", "这个版本没有训练行")
    return InputError(
        f"there is no training row '{wanted}': neither a number from 1 to {total} nor the beginning of an id",
        f"没有训练行“{wanted}”：既不是 1 到 {total} 的序号，也不是某个编号的开头",
    )


def _manifest(version: Path) -> Manifest:
    try:
        return Manifest.model_validate_json(VersionFiles(version).manifest.read_bytes())
    except (OSError, ValidationError):
        raise StoreError(f"{version} is no version: no readable manifest.json", f"{version} 不是一个版本") from None


def _proven_lines(path: Path, shard: Shard) -> Iterator[bytes]:
    """Read the lines of a shard one by one. Raises StoreError at its end where it is not what was written."""
    state = hashlib.blake2b(digest_size=SIZE)
    try:
        with path.open("rb") as file:
            for line in file:
                state.update(line)
                if line != b"\n":
                    yield line
    except OSError:
        raise _damaged(path) from None
    if state.hexdigest() != shard.digest:
        raise _damaged(path)


def _lines(path: Path) -> list[bytes]:
    return [line for line in path.read_bytes().split(b"\n") if line]


def _damaged(path: Path) -> StoreError:
    return StoreError(f"{path} is damaged or missing", f"{path} 已损坏或缺失")

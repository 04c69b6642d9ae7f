"""Reads a version from disk: every file is what its manifest says."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from schemas.digest import digest_file
from schemas.errors import StoreError
from schemas.exam import Question
from schemas.manifest import Manifest
from schemas.record import Record
from schemas.version_files import VersionFiles


@dataclass(frozen=True)
class TrainingVersion:
    """A version as the trainer reads it: every line checked, every shard as its manifest says."""

    manifest: Manifest
    records: tuple[Record, ...]
    questions: tuple[Question, ...]


def read_version(version: Path) -> TrainingVersion:
    """Read a version. Raises StoreError when the manifest is missing or a file is not what was written."""
    try:
        manifest = Manifest.model_validate_json(VersionFiles(version).manifest.read_bytes())
    except (OSError, ValidationError):
        raise StoreError(f"{version} is no version: no readable manifest.json", f"{version} 不是一个版本") from None

    for shard in manifest.shards:
        path = version / shard.name
        if not path.is_file() or digest_file(path) != shard.digest:
            raise StoreError(f"{path} is damaged or missing", f"{path} 已损坏或缺失")

    names = [shard.name for shard in manifest.trained_on()]
    records = tuple(Record.model_validate_json(line) for name in names for line in _lines(version / name))
    questions = tuple(Question.model_validate_json(line) for line in _lines(VersionFiles(version).exam))
    return TrainingVersion(manifest, records, questions)


def _lines(path: Path) -> list[bytes]:
    return [line for line in path.read_bytes().split(b"\n") if line]

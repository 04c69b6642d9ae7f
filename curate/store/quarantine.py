"""Rows that could not be read, kept byte by byte for the person who repairs them: never part of a version."""

import base64
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from schemas.errors import GateError, InputError

PRIVATE = 0o600


@dataclass(frozen=True)
class MaxBad:
    """How many rows may be unreadable before a build stops: a number, or a share of all rows."""

    number: int | None = None
    share: float = 0.01

    @classmethod
    def of(cls, text: str) -> "MaxBad":
        """Read what a user wrote: `20` is twenty rows, `2%` two of a hundred. Raises InputError for anything else."""
        written = text.strip().replace("％", "%")
        try:
            if written.endswith("%"):
                share = float(written[:-1]) / 100
                if 0 <= share <= 1:
                    return cls(share=share)
            elif int(written) >= 0:
                return cls(number=int(written))
        except ValueError:
            pass
        raise InputError(
            "--max-bad is a number of rows, like 20, or a share of all, like 2%",
            "--max-bad 是行数（如 20）或占比（如 2%）",
        )

    def check(self, bad: int, rows: int, where: Path) -> None:
        """Raise GateError when more rows than that are bad. `where` is the quarantine."""
        allowed = self.number if self.number is not None else int(self.share * rows)
        if bad > allowed:
            raise GateError(
                f"{bad} of {rows} rows could not be read, {allowed} may be; they are in {where} with the reasons. "
                f"Repair them, or allow them: --max-bad {bad}",
                f"{rows} 行中有 {bad} 行无法读取，最多允许 {allowed} 行；这些行及原因在 {where}。"
                f"请修复，或用 --max-bad {bad} 放行",
            )


DEFAULT_MAX_BAD = MaxBad()
"""One row in a hundred."""


class Quarantine:
    """One JSON Lines file: `file`, `row`, `reason`, `encoding`, `text` where it is text, and `bytes` in base64.

    It holds raw content with whatever personal data is in it: only its owner can read it, and it is never published.
    The file takes the place of an older one when all inputs are read; where reading fails the older one stays.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._begun = path.with_name(f".{path.name}.begun")
        self._file: IO[str] | None = None

    def __enter__(self) -> "Quarantine":
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if self._file is not None:
            self._file.close()
        if kind is not None:
            self._begun.unlink(missing_ok=True)
        elif self._file is not None:
            self._begun.replace(self.path)
        else:
            self.path.unlink(missing_ok=True)

    def keep(self, file: str, row: int, reason: str, content: bytes, encoding: str) -> None:
        """Write one row, as the bytes that its file holds."""
        if self._file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = os.fdopen(
                os.open(self._begun, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, PRIVATE), "w", encoding="utf-8"
            )
        line = {"file": file, "row": row, "reason": reason, "encoding": encoding, **_content_fields(content, encoding)}
        self._file.write(json.dumps(line, ensure_ascii=False) + "\n")

    def rows(self) -> Iterator[dict[str, str]]:
        """Read what is in quarantine."""
        if self.path.is_file():
            with self.path.open(encoding="utf-8") as lines:
                yield from map(json.loads, lines)


def _content_fields(content: bytes, encoding: str) -> dict[str, str]:
    raw = {"bytes": base64.b64encode(content).decode("ascii")}
    try:
        return {"text": content.decode(encoding), **raw}
    except (UnicodeDecodeError, LookupError):
        return raw

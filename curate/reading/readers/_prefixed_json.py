"""Lines of a program's log that end in one JSON object: `2026-03-05 10:00:00 INFO gateway {"text": "…"}`."""

from collections.abc import Iterator, Sequence
from typing import Any

from curate.reading.readers import OnNote, RawRow, lines_of
from curate.reading.readers._json import InvalidJsonError, parse
from schemas.bilingual import Bilingual

TRIES = 4
"""Brackets of a line at which an object may begin: one may stand in the prefix."""
LONGEST = 400
"""Characters that a prefix may have."""
NO_JSON = "log_line"
"""The fault of a line without an object: what else the program wrote."""


def is_behind_prefix(lines: Sequence[str]) -> bool:
    """Tell whether more than half of the lines end in an object that stands behind something else."""
    return 2 * sum(not line.lstrip().startswith("{") and object_in(line) is not None for line in lines) > len(lines)


def object_in(line: str) -> dict[str, Any] | None:
    """Read the object with which a line ends; None where there is none."""
    at = line.find("{", 0, LONGEST)
    for _ in range(TRIES):
        if at < 0 or not line.endswith("}"):
            return None
        try:
            value = parse(line[at:])
        except InvalidJsonError:
            at = line.find("{", at + 1, LONGEST)
            continue
        return value if isinstance(value, dict) else None
    return None


def behind_prefix(blocks: Iterator[str], note: OnNote) -> Iterator[RawRow]:
    """Read the object of each line, and note that what stands before it is not read."""
    dropped = without = 0
    for number, line in lines_of(blocks):
        if not line.strip():
            continue
        fields = object_in(line.rstrip())
        if fields is not None:
            dropped += not line.startswith("{")
            yield RawRow(number, fields, None, line)
        elif "{" in line:
            yield RawRow(number, None, "invalid_json", line)
        else:
            without += 1
            yield RawRow(number, None, NO_JSON, line)
    if dropped or without:
        note(_left_out(dropped, without))


def _left_out(dropped: int, without: int) -> Bilingual:
    return Bilingual(
        f"a log of a program: what stands before the JSON of {dropped:,} lines is not read, and {without:,} lines "
        "without JSON are no rows",
        f"程序日志：{dropped:,} 行 JSON 前面的内容未读取，另有 {without:,} 行没有 JSON，不算数据",
    )

"""A record as one row a message, and one again: for formats of rows and cells."""

import json
from collections.abc import Iterator
from typing import Any

from schemas.digest import canonical

COLUMNS = ("id", "turn", "role", "content", "kind", "lang", "file", "rows", "digest", "parent", "group", "tags")


def message_rows(record: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """Write a record as a row of cells for each of its messages, in the order of COLUMNS."""
    source = record["source"]
    for number, message in enumerate(record["messages"], start=1):
        yield (
            record["id"],
            str(number),
            message["role"],
            message["content"],
            record["kind"],
            record["lang"],
            source["file"],
            " ".join(map(str, source["rows"])),
            source["digest"],
            record["parent"] or "",
            record["group"],
            canonical(record["tags"]),
        )


def record_of(turns: list[dict[str, str]]) -> dict[str, Any]:
    """Make the record of its rows, each by the names of COLUMNS."""
    first = turns[0]
    return {
        **{name: first[name] for name in ("id", "kind", "lang", "group")},
        "messages": [{"role": turn["role"], "content": turn["content"]} for turn in turns],
        "source": {
            "file": first["file"],
            "digest": first["digest"],
            "rows": [int(number) for number in first["rows"].split()],
        },
        "parent": first["parent"] or None,
        "tags": json.loads(first["tags"]),
    }

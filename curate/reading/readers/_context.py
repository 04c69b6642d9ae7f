"""Columns that say where a row stands, for tables in which nothing else says of which conversation it is."""

from collections.abc import Iterable, Iterator

from curate.reading.readers import RawRow, is_empty

FILE = "_file"
"""The file of a row: where each file is one conversation."""
BLOCK = "_block"
"""The number of the block of a row: where empty rows part conversations."""

CONTEXT = frozenset((FILE, BLOCK))


def with_context(rows: Iterable[RawRow], names: frozenset[str], file: str) -> Iterator[RawRow]:
    """Add the columns among `names` that say where a row stands in its file; others are left alone."""
    if names.isdisjoint(CONTEXT):
        yield from rows
        return
    block, expected = 1, None
    for row in rows:
        if row.fields is None or is_empty(row.fields):
            yield row
            continue
        block += expected is not None and row.number > expected
        expected = row.number + row.raw.rstrip("\r\n").count("\n") + 1
        context = {FILE: file, BLOCK: str(block)}
        yield row._replace(fields={**row.fields, **{name: context[name] for name in context if name in names}})

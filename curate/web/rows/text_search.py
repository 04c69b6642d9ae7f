"""Which records hold a text: over the mapped bytes of the files, as `canonical` writes texts, and exact.

The bytes that are found may stand beside the texts (an id, a file name, the word `role`) or begin in the middle of an
escape: a find counts where a text itself holds it.
"""

import json
import mmap
import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from curate.store.line_search import mapped
from curate.web.rows.loaded_index import Flags, Numbers, RowIndex, ShardLines
from schemas.digest import canonical
from schemas.version_files import EXAM_FILE, is_trained_on

MOST = 100_000
"""Records that are found at most: the page says of more that there are more."""
ENDS, BEGINS = b'","role":"', b'{"content":"'
"""What stands behind and before a text: a quotation mark is bare in each, as in no text."""
NOTATION = (
    b'[{"content":"',
    b'},{"content":"',
    *(f'","role":"{role}"}}]'.encode() for role in ("user", "assistant", "system")),
)
"""What stands between the texts of a line."""
ESCAPE = 5
"""Bytes before the last one of the longest escape, `\\u0000`."""
UNICODE = re.compile(rb"u[0-9a-f]{0,3}")
SAMPLED = 100
"""Lines of a file that say whether most of them hold the bytes."""
BACKSLASH = 0x5C
Bytes = bytes | mmap.mmap


class Finds(NamedTuple):
    """The numbers of the lines of the index that hold a text, and whether these are all."""

    numbers: Numbers
    are_all: bool


def lines_with(index: RowIndex, text: str, chosen: Flags | None = None, most: int = MOST) -> Finds:
    """Find the records that hold a text, of all or of those that are chosen, in the order of the index; not many more
    than `most`.
    """
    parts: list[Numbers] = []
    count, last = 0, -1
    for every in index.shards:
        if count >= most and last >= 0:
            found = np.sort(np.concatenate(parts))
            return Finds(found[found <= last], are_all=False)
        shard = every if chosen is None else every.only(chosen[every.numbers])
        if len(shard.numbers):
            with mapped(shard.path) as content:
                lines = np.fromiter(_lines_with(content, shard, text), np.int64)
            parts.append(shard.numbers[lines])
            count += len(lines)
        if is_trained_on(every.path.name):
            last = int(every.numbers[-1])  # up to here all files have been looked at
    return Finds(np.sort(np.concatenate(parts)) if parts else np.zeros(0, np.int64), are_all=True)


def _lines_with(content: Bytes, shard: ShardLines, text: str) -> Iterator[int]:
    """Find the lines of one file whose texts hold the text, in their order."""
    wanted = canonical(text)[1:-1].encode("utf-8", "surrogatepass")
    starts, ats, ends = (column.tolist() for column in (shard.starts, shard.texts_at, shard.texts_end))
    may_be_notation = any(wanted in token for token in NOTATION)
    candidates = (
        _line_by_line(content, wanted, ats, ends)
        if _is_frequent(content, wanted, starts, ends)
        else _leaping(content, wanted, (starts, ats, ends))
    )
    if shard.path.name == EXAM_FILE:  # there is more beside the texts of a question; there are few, and each is read
        yield from (line for line, _ in candidates if _question_holds(content, shard, line, text))
        return
    for line, offset in candidates:
        is_certain = not may_be_notation and b"\\" not in content[offset - ESCAPE : offset]
        if is_certain or _texts_hold(content, wanted, ats[line], ends[line]):
            yield line


def _is_frequent(content: Bytes, wanted: bytes, starts: list[int], ends: list[int]) -> bool:
    """Tell whether every other line may hold the bytes: then to leap from one to the next is slower than to walk."""
    lines = range(0, len(starts), max(1, len(starts) // SAMPLED))
    return 2 * sum(content.find(wanted, starts[line], ends[line]) >= 0 for line in lines) > len(lines)


def _line_by_line(content: Bytes, wanted: bytes, starts: list[int], ends: list[int]) -> Iterator[tuple[int, int]]:
    """Look between these offsets of each line, and give the lines with the offset of the first find."""
    for line, (start, end) in enumerate(zip(starts, ends, strict=True)):
        offset = content.find(wanted, start, end)
        if offset >= 0:
            yield line, offset


def _leaping(content: Bytes, wanted: bytes, columns: tuple[list[int], ...]) -> Iterator[tuple[int, int]]:
    """Do the same over all of the file at once, from find to find; lines that are left out are leapt over."""
    starts, texts_at, texts_end = columns
    offset = content.find(wanted, starts[0])
    while offset >= 0:
        line = bisect_right(starts, offset) - 1
        if offset < texts_at[line]:
            offset = content.find(wanted, texts_at[line], texts_end[line])
        if 0 <= offset <= texts_end[line] - len(wanted):
            yield line, offset
        if line + 1 == len(starts):
            return
        offset = content.find(wanted, starts[line + 1])


def _texts_hold(content: Bytes, wanted: bytes, at: int, end: int) -> bool:
    """Tell whether a text among the messages that stand between two offsets holds the bytes, and no half of an escape
    is taken for them.
    """
    start = content.find(BEGINS, at, end)
    while start >= 0:
        stop = content.find(ENDS, start, end)
        offset = content.find(wanted, start + len(BEGINS), stop)
        while offset >= 0:
            if not _is_in_escape(content, offset):
                return True
            offset = content.find(wanted, offset + 1, stop)
        start = content.find(BEGINS, stop, end)
    return False


def _is_in_escape(content: Bytes, offset: int) -> bool:
    """Tell whether an offset in a text lies within an escape, behind its backslash."""
    before = content[offset - ESCAPE : offset]
    last = before.rfind(b"\\")
    if last < 0 or (last + 1 < len(before) and not UNICODE.fullmatch(before, last + 1)):
        return False
    start = end = offset - len(before) + last + 1
    while content[start - 1] == BACKSLASH:
        start -= 1
    return (end - start) % 2 == 1  # two backslashes are one that is escaped


def _question_holds(content: Bytes, shard: ShardLines, line: int, text: str) -> bool:
    """Tell whether a text of a question of the exam holds the text, by reading its line."""
    end = content.find(b"\n", shard.texts_end[line])
    record = json.loads(content[shard.starts[line] : end if end >= 0 else len(content)])
    texts = [message["content"] for message in record["messages"]]
    return any(text in own for own in (*texts, record["reference"]))

"""JSON: a list of objects, or an object of objects whose keys are kept as `_key`."""

import json
from collections.abc import Iterator
from typing import Any, ClassVar

from curate.reading.readers import RawRow, Reader
from curate.reading.readers._json import InvalidJsonError, parse, rows_of_lines
from schemas.errors import InputError

LOOK = 100
"""Lines looked at to see whether the file is JSON Lines."""


class Json(Reader):
    """Rows are counted as items of the list. A file that is really JSON Lines is read as such."""

    title_zh: ClassVar[str] = "按列表的元素计行。其实是 JSON Lines 的文件也照样读取"
    suffixes: ClassVar[tuple[str, ...]] = (".json",)
    takes: ClassVar[Any] = "text"

    columns: tuple[str, ...] = ()
    """The names of the columns, where an item is a list of values and not an object (or, with one name, a value)."""
    splits: bool = False
    """True where the file is an object of lists, say `train` and `test`; the key is kept as `_key`."""

    def rows(self, content: Any) -> Iterator[RawRow]:
        try:
            value = parse(content)
        except InvalidJsonError as error:
            if not _is_json_lines(content):
                raise InputError(
                    f"not valid JSON: line {error.line}, column {error.column}",
                    f"不是有效的 JSON：第 {error.line} 行第 {error.column} 列",
                ) from None
            yield from rows_of_lines(iter((content,)))
            return

        for number, (key, item) in enumerate(self._items(value), start=1):
            fields = self._fields(item)
            if fields is None:
                yield RawRow(number, None, "not_an_object", json.dumps(item, ensure_ascii=False))
            else:
                yield RawRow(number, fields if key is None else {"_key": key, **fields})

    def _items(self, value: Any) -> Iterator[tuple[str | None, Any]]:
        """List the items of the file, each with its key if it has one."""
        if isinstance(value, dict) and self.splits:
            if not all(isinstance(items, list) for items in value.values()):
                raise InputError(
                    "`splits: true`, but the JSON is not an object of lists",
                    "`splits: true`，但 JSON 不是由列表组成的对象",
                )
            yield from ((key, item) for key, items in value.items() for item in items)
        elif isinstance(value, dict) and value and all(isinstance(item, dict) for item in value.values()):
            yield from value.items()
        elif isinstance(value, dict):
            yield None, value
        elif isinstance(value, list):
            yield from ((None, item) for item in value)
        else:
            raise InputError("the JSON is neither a list nor an object", "JSON 既不是列表也不是对象")

    def _fields(self, item: Any) -> dict[str, Any] | None:
        if isinstance(item, dict):
            return item
        if isinstance(item, list) and len(item) == len(self.columns) > 0:
            return dict(zip(self.columns, item, strict=True))
        if len(self.columns) == 1 and not isinstance(item, list):
            return {self.columns[0]: item}
        return None


def _is_json_lines(content: str) -> bool:
    """Tell whether at least half of the first lines, of two or more, are objects of their own."""
    lines = [line for line in content.split("\n", LOOK)[:LOOK] if line.strip()]
    return len(lines) > 1 and 2 * sum(map(_is_object, lines)) >= len(lines)


def _is_object(line: str) -> bool:
    try:
        return isinstance(parse(line), dict)
    except InvalidJsonError:
        return False

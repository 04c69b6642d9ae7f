"""JSON: a list of objects, or an object of objects whose keys are kept as `_key`."""

from collections.abc import Iterator
from typing import Any, ClassVar

from curate.readers import Reader, Row
from curate.strict_json import InvalidJsonError, parse, rows_of_lines
from schemas.errors import InputError


class Json(Reader):
    """Rows are counted as items of the list. A file that is really JSON Lines is read as such."""

    suffixes: ClassVar[tuple[str, ...]] = (".json",)

    def rows(self, content: Any) -> Iterator[Row]:
        try:
            value = parse(content)
        except InvalidJsonError as error:
            if not _is_json_lines(content):
                raise InputError(
                    f"not valid JSON: line {error.line}, column {error.column}",
                    f"不是有效的 JSON：第 {error.line} 行第 {error.column} 列",
                ) from None
            yield from rows_of_lines(content)
            return
        if isinstance(value, dict) and value and all(isinstance(v, dict) for v in value.values()):
            value = [{"_key": key, **item} for key, item in value.items()]
        if isinstance(value, dict):
            value = [value]
        if not isinstance(value, list):
            raise InputError("the JSON is neither a list nor an object", "JSON 既不是列表也不是对象")
        for number, item in enumerate(value, start=1):
            yield Row(number, item) if isinstance(item, dict) else Row(number, None, "not_an_object")


def _is_json_lines(content: str) -> bool:
    """Whether the first line is an object of its own and others follow."""
    lines = [line for line in content.split("\n", 100) if line.strip()]
    try:
        return len(lines) > 1 and isinstance(parse(lines[0]), dict)
    except InvalidJsonError:
        return False

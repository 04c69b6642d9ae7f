"""Strict JSON in which a number is the string that stood in the file: no leading digit and no precision is lost."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson

from curate.reading.readers import RawRow, lines_of
from curate.reading.readers._loose_json import loosened, printed

SURROGATE = re.compile(r"[\ud800-\udfff]")
NUMBER = re.compile(r"(?:^|[:\[,])\s*-?[0-9]")
"""What every number outside of a string matches, and many a string too."""


class InvalidJsonError(ValueError):
    """Not JSON. `line` and `column` count from 1; the content is not quoted."""

    def __init__(self, line: int, column: int) -> None:
        super().__init__(f"line {line}, column {column}")
        self.line = line
        self.column = column


class NotedObject(dict[str, Any]):
    """An object that was read in another way than it stands there: `how` is `doubled` (a key stands twice in it, or in
    an object in it), `loose` (comments, or commas before brackets) or `printed` (as Python prints it).

    `pairs` are its own keys with their values, all of them, where one stands twice.
    """

    def __init__(self, value: Mapping[str, Any], how: str, pairs: Sequence[tuple[str, Any]] = ()) -> None:
        super().__init__(value)
        self.how = how
        self.pairs = pairs


def _refuse(constant: str) -> Any:
    raise InvalidJsonError(1, 1)


DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=_refuse)


def parse(text: str) -> Any:
    """Parse a JSON text. Raises InvalidJsonError, also for NaN, half surrogates and absurd depth.

    Of a key that stands twice in an object the last value counts, and the object, or that around it, is a NotedObject.
    """
    try:
        value = orjson.loads(text)  # three times as fast and as strict, but it makes numbers of numbers
    except ValueError:
        value = _parse(text)
        return value if _colons(text) <= _keys(value) else _with_doubled(text, value)
    if type(value) is dict:
        for field in value.values():
            if type(field) is not str:
                break
        else:
            return value if _colons(text) <= len(value) else _with_doubled(text, value)
    if NUMBER.search(text):
        value = _parse(text)
    return value if _colons(text) <= _keys(value) else _with_doubled(text, value)


def _colons(text: str) -> int:
    """Count what every key of a text in one of the usual styles has behind it, and some strings have inside."""
    return text.count('":') + text.count('" :')


def _keys(value: Any) -> int:
    """Count the same in the text that says the value without any key twice: quicker than to walk through it."""
    try:
        return _colons(orjson.dumps(value).decode())
    except (TypeError, ValueError):  # absurd depth
        return 1 << 60


def _with_doubled(text: str, value: Any) -> Any:
    """Parse once more, and note the objects in which a key stands twice; the value as it is where there are none."""
    if type(value) not in (dict, list):
        return value
    doubled: list[int] = []

    def noted(pairs: list[tuple[str, Any]]) -> Any:
        found = dict(pairs)
        if len(found) == len(pairs) and not any(map(_holds_noted, found.values())):
            return found
        doubled.append(1)
        return NotedObject(found, "doubled", pairs if len(found) < len(pairs) else ())

    decoder = json.JSONDecoder(parse_int=str, parse_float=str, object_pairs_hook=noted)
    found = decoder.decode(text.removeprefix("\ufeff"))
    return found if doubled else value


def _holds_noted(value: Any) -> bool:
    return isinstance(value, NotedObject) or (isinstance(value, list) and any(map(_holds_noted, value)))


def _parse(text: str) -> Any:
    try:
        value = DECODER.decode(text.removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        raise InvalidJsonError(error.lineno, error.colno) from None
    except RecursionError:
        raise InvalidJsonError(1, 1) from None
    if "\\ud" in text or "\\uD" in text:
        _check_surrogates(text, value)
    return value


def _check_surrogates(text: str, value: Any) -> None:
    if SURROGATE.search(json.dumps(value, ensure_ascii=False)):
        offset = text.lower().index("\\ud")
        raise InvalidJsonError(text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))


def rows_of_lines(blocks: Iterator[str]) -> Iterator[RawRow]:
    """Read JSON Lines: one object a line, split at line feeds only; empty lines are no rows."""
    for number, line in lines_of(blocks):
        if line and not line.isspace():
            yield row_of_line(number, line)


def row_of_line(number: int, line: str) -> RawRow:
    """Read one line of JSON Lines, or what is nearly JSON; what is no object has a fault."""
    try:
        value = parse(line)
    except InvalidJsonError:
        value = nearly(line)
        if value is None:
            return RawRow(number, None, "invalid_json", line)
    if isinstance(value, dict):
        return RawRow(number, value, None, line)
    return RawRow(number, None, "not_an_object", line)


def nearly(text: str) -> Any:
    """Read an object, or a list, that is nearly JSON; None where it is not. Objects are noted as such."""
    try:
        return noted_as("loose", parse(loosened(text)))
    except InvalidJsonError:
        value = printed(text)
        is_text = value is not None and not SURROGATE.search(json.dumps(value, ensure_ascii=False))
        return noted_as("printed", value) if is_text else None


def noted_as(how: str, value: Any) -> Any:
    """Note an object, or each object of a list, as read in another way."""
    if isinstance(value, list):
        return [noted_as(how, item) for item in value]
    return NotedObject(value, how) if type(value) is dict else value

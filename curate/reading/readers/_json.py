"""Strict JSON in which a number is the string that stood in the file: no leading digit and no precision is lost."""

import json
import re
from collections.abc import Iterator
from typing import Any

import orjson

from curate.reading.readers import RawRow, lines_of

SURROGATE = re.compile(r"[\ud800-\udfff]")
NUMBER = re.compile(r"(?:^|[:\[,])\s*-?[0-9]")
"""What every number outside of a string matches, and many a string too."""


class InvalidJsonError(ValueError):
    """Not JSON. `line` and `column` count from 1; the content is not quoted."""

    def __init__(self, line: int, column: int) -> None:
        super().__init__(f"line {line}, column {column}")
        self.line = line
        self.column = column


def _refuse(constant: str) -> Any:
    raise InvalidJsonError(1, 1)


_DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=_refuse)


def parse(text: str) -> Any:
    """Parse a JSON text. Raises InvalidJsonError, also for NaN, half surrogates and absurd depth."""
    try:
        value = orjson.loads(text)  # three times as fast and as strict, but it makes numbers of numbers
    except ValueError:
        return _parse(text)
    if type(value) is dict:
        for field in value.values():
            if type(field) is not str:
                break
        else:
            return value
    return _parse(text) if NUMBER.search(text) else value


def _parse(text: str) -> Any:
    try:
        value = _DECODER.decode(text.removeprefix("\ufeff"))
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
    """Read one line of JSON Lines; what is no object has a fault."""
    try:
        value = parse(line)
    except InvalidJsonError:
        return RawRow(number, None, "invalid_json", line)
    if type(value) is dict:
        return RawRow(number, value, None, line)
    return RawRow(number, None, "not_an_object", line)

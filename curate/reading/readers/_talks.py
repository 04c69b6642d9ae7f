"""Objects that each hold a list of messages, laid out as a table of turns: tickets with comments, chats with events."""

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any

from pydantic import Field, model_validator

from curate.reading.readers import RawRow
from schemas.record import Frozen

TALK = "_talk"
"""The column of the number of the object, which is the session; `_talk.KEY` is what else stands in the object."""
IS_CUSTOMER = "is_customer"
PAIR = ("speaker", "text")
"""What the parts of a message are called that is a list of two texts."""
DEEPEST = 4
FILES = frozenset(("image", "image_url", "input_image", "audio", "input_audio", "video", "video_url", "file", "voice"))
"""Kinds of pieces of a message that are no text."""
PREFIX = re.compile(r"\A[a-z]+(?=\d+\Z)")
"""What a program writes before the number of a person."""
"""Objects in objects whose keys become columns."""


class Talks(Frozen):
    """`list` is the path of the list, its keys with dots between them. `opening` makes a first message of the object's
    own keys, `closing` a last one; a value without a dot that is no key of it stands for itself. `people` joins a list
    of persons by their id: `{author_id: users}` gives `author_id.type`. `customer` compares two ids:
    `{author_id: requester_id}` gives `author_id.is_customer`.
    """

    list: str
    opening: dict[str, str | bool] = Field(default_factory=dict)
    closing: dict[str, str | bool] = Field(default_factory=dict)
    people: dict[str, str] = Field(default_factory=dict)
    customer: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _from_yaml(cls, value: Any) -> Any:
        return {"list": value} if isinstance(value, str) else value


def at_path(value: Any, path: str) -> Any:
    """Find what stands at a path of keys with dots between them, a number for an item of a list; None where there is
    nothing.
    """
    if isinstance(value, Mapping) and path in value:
        return value[path]
    for key in path.split("."):
        if isinstance(value, list):
            value = value[int(key)] if key.isdecimal() and int(key) < len(value) else None
        else:
            value = value.get(key) if isinstance(value, Mapping) else None
    return value


def flat(value: Mapping[str, Any], before: str = "", depth: int = 0) -> dict[str, Any]:
    """Lay an object out as columns: keys of objects in it with a dot between them, truths as words."""
    columns: dict[str, Any] = {}
    for key, item in value.items():
        if isinstance(item, Mapping) and depth < DEEPEST:
            columns |= flat(item, f"{before}{key}.", depth + 1)
        elif isinstance(item, list) and (text := text_of_pieces(item)) is not None:
            columns[before + key] = text
        else:
            columns[before + key] = str(item).lower() if isinstance(item, bool) else item
    return columns


def text_of_pieces(pieces: list[Any]) -> str | None:
    """Join a text that is written in pieces, `["Yes, ", {"type": "bold", "text": "today"}]`, blocks on lines of their
    own; None for other lists, and for pieces of images and files.
    """
    kinds = {piece.get("type") for piece in pieces if isinstance(piece, Mapping)}
    if not kinds or None in kinds or kinds & FILES or not all(isinstance(piece, (str, Mapping)) for piece in pieces):
        return None
    texts = [piece if isinstance(piece, str) else piece.get("text") for piece in pieces]
    found = [text for text in texts if isinstance(text, str)]
    return ("\n" if kinds >= {"text"} else "").join(found) if found else None


def id_of(person: Mapping[str, Any], key: str) -> Any:
    """Find by what a person is named in messages that name it under this key: its `id`, or the same key."""
    return person.get("id", person.get(key))


def is_same_id(first: Any, second: Any) -> bool:
    """Tell whether two ids are the same, but for a word before one of them: `user50` and `50`."""
    if first == second:
        return True
    return isinstance(first, str) and isinstance(second, str) and PREFIX.sub("", first) == second != ""


def as_message(value: Any) -> Any:
    """Name the two parts of a message that is a list, `["agent", "Hi!"]`; whatever else stays as it is."""
    if isinstance(value, list) and len(value) == len(PAIR) and all(isinstance(part, str) for part in value):
        return dict(zip(PAIR, value, strict=True))
    return value


def turn_rows(rows: Iterable[RawRow], talks: Talks, whole: Any = None) -> Iterator[RawRow]:
    """Give a row for each message, numbered in their order; an object without the list is a row with a fault.

    `whole` is the whole file, in which a list of persons may stand beside the objects.
    """
    number = 0
    seen: set[str] = set()
    for row in rows:
        messages = at_path(row.fields, talks.list)
        if row.fields is None or not isinstance(messages, list):
            number += 1
            yield RawRow(number, None, row.fault or "no_messages", row.raw)
            continue
        beside = {f"{TALK}.{key}": value for key, value in row.fields.items() if key != talks.list.partition(".")[0]}
        seen.update(row.fields)
        opening, closing = (_of_object(row.fields, paths, seen) for paths in (talks.opening, talks.closing))
        for spoken in (*opening, *messages, *closing):
            number += 1
            message = as_message(spoken)
            if not isinstance(message, Mapping):
                yield RawRow(number, None, "turn_is_not_an_object", str(message))
                continue
            columns = flat(message)
            columns |= _persons(columns, row.fields, whole, talks)
            yield RawRow(number, {TALK: str(row.number), **columns, **beside})


def _of_object(
    fields: Mapping[str, Any], paths: Mapping[str, str | bool], seen: Container[str]
) -> tuple[dict[str, Any], ...]:
    """Make a message that stands in the object itself; none where nothing does. `seen` are the keys so far."""
    message, found = {}, False
    for column, path in paths.items():
        value = at_path(fields, path) if isinstance(path, str) else None
        is_word = not isinstance(path, str) or ("." not in path and path not in seen)
        message[column] = path if value is None and is_word else value
        found = found or value is not None
    return (message,) if found else ()


def _persons(columns: Mapping[str, Any], fields: Mapping[str, Any], whole: Any, talks: Talks) -> dict[str, Any]:
    """Say more of whoever a message names by an id."""
    found: dict[str, Any] = {}
    for key, path in talks.customer.items():
        found[f"{key}.{IS_CUSTOMER}"] = str(is_same_id(columns.get(key), at_path(fields, path))).lower()
    for key, path in talks.people.items():
        persons = at_path(fields, path) or at_path(whole, path)
        for person in persons if isinstance(persons, list) else ():
            if isinstance(person, Mapping) and id_of(person, key) == columns.get(key):
                found |= flat(person, f"{key}.")
    return found

"""Formats: a conversation as other tools write it, to be read and to be written.

One format a file, found by its file name: a new file is a new format. Formats do not import each other. Imports the
rest of `schemas`. Start with `Format` below, then `pairs.py`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar, NamedTuple

from schemas.record import Frozen, Record


class Turn(NamedTuple):
    """One message of a log. `role` is `user`, `assistant`, `system`, or `note` for a line that nobody said."""

    role: str
    text: str


class Draft(NamedTuple):
    """What one raw row says: some turns, and the session that they belong to (None: the row is a session itself)."""

    session: str | None
    turns: tuple[Turn, ...]


class UnreadableError(Exception):
    """The row does not have this format. The message is a reason in snake_case, never the content of the row."""


class NothingToLearnError(UnreadableError):
    """The row is as it should be, but holds no conversation to learn from: an empty one, or one with a program."""


class Format(Frozen):
    """Reads and writes conversations in one format. The fields are its settings in the recipe."""

    title_zh: ClassVar[str]
    writes: ClassVar[bool] = True

    @classmethod
    def fits(cls, fields: Mapping[str, Any]) -> bool:
        """Tell whether a row with these fields looks like this format, by its keys."""
        raise NotImplementedError

    def columns(self, fields: Mapping[str, Any]) -> Mapping[str, str]:
        """Say what the columns of a row hold: `session`, `role`, `text`, `question`, `answer`. Nothing for a format of
        objects whose keys say it.
        """
        return {}

    def reads(self, fields: Mapping[str, Any]) -> frozenset[str]:
        """Name the keys of a row that are read: what else is filled is told. Those that the settings name, where a
        format does not say more.
        """
        return frozenset(_texts(self.model_dump(exclude={"roles"}).values()))

    def unread_of_turns(self, fields: Mapping[str, Any]) -> Counter[str]:
        """Count what is filled in the messages of a row and not read, by key; nothing where a row is one message."""
        return Counter()

    def read(self, fields: Mapping[str, Any]) -> Draft:
        """Read the turns of one row. Raises UnreadableError."""
        raise NotImplementedError

    def write(self, record: Record) -> dict[str, Any]:
        """Write the row for one record; what the format cannot hold is left out."""
        raise NotImplementedError


def is_filled(value: Any) -> bool:
    """Tell whether something stands there: no empty text, list or object, and not null. `false` is something."""
    return bool(value) or value is False


def _texts(values: Iterable[Any]) -> Iterator[str]:
    """List the texts among these values, and in the lists and objects among them: a name of a column is one."""
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, Mapping):
            yield from _texts(value.values())
        elif isinstance(value, (list, tuple)):
            yield from _texts(value)

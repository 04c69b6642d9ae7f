"""Counts what rows hold beside what is read of them: columns and keys that would vanish without a word."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from curate.reading.detect_format import shown_name
from schemas.formats import Format

MOST = 1_000
"""Different keys that are counted, and layouts of keys that are remembered: a file with more has keys that are data."""
OF_TURNS = "messages."
"""What a key of a message is called by, before its own name."""


class UnreadKeys:
    """Counts, for each key that a format does not read, in how many rows it is filled."""

    def __init__(self, layout: Format) -> None:
        self._layout = layout
        self._unread: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._filled: Counter[str] = Counter()
        self._order: dict[str, int] = {}

    def see(self, fields: Mapping[str, Any]) -> None:
        """Count what is filled in a row."""
        keys = tuple(fields)
        unread = self._unread.get(keys)
        if unread is None:
            unread = self._unread_keys(keys, fields)
        for key in unread:
            value = fields[key]
            if value or value is False:
                self._filled[key] += 1
        if of_turns := self._layout.unread_of_turns(fields):
            self._filled.update({OF_TURNS + key: 1 for key in of_turns})

    def add(self, filled: Mapping[str, int]) -> None:
        """Count what was found to be filled in many rows at once."""
        self._filled.update(filled)

    def _unread_keys(self, keys: tuple[str, ...], fields: Mapping[str, Any]) -> tuple[str, ...]:
        """Find the keys of such rows that are not read; it is remembered, but not for ever more layouts."""
        read = self._layout.reads(fields)
        for key in keys[:MOST]:
            self._order.setdefault(key, len(self._order) + 1)
        unread = tuple(key for key in keys[:MOST] if key not in read)
        if len(self._unread) < MOST:
            self._unread[keys] = unread
        return unread

    def counts(self) -> dict[str, int]:
        """Give the keys by how many rows they are filled in, the most first. A key that looks like content is called by
        its number: it stands in the manifest.
        """
        shown: Counter[str] = Counter()
        for key, number in self._filled.items():
            shown[shown_name(key, self._order.get(key, len(self._order) + 1))] += number
        return dict(sorted(shown.items(), key=lambda item: (-item[1], item[0]))[:MOST])

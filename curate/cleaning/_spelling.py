"""Words that are written otherwise than wanted, found as whole words and replaced outside code and addresses."""

import re
from collections.abc import Mapping
from functools import cached_property

from curate.cleaning._protected import outside


class Spelling:
    """`wanted` has for every spelling the word that it becomes. The longest spelling is looked for first."""

    def __init__(self, wanted: Mapping[str, str]) -> None:
        pairs = [(spelling, word) for spelling, word in wanted.items() if spelling and spelling != word]
        self._wanted = dict(sorted(pairs, key=lambda pair: (-len(pair[0]), pair[0])))

    def screen(self) -> str | None:
        """Give a pattern without look-around that every text with such a spelling matches; None when there is none."""
        return "|".join(re.escape(word) for word in self._wanted) or None

    def fix(self, text: str) -> str:
        """Replace every spelling by its word."""
        return outside(text, lambda segment: self._pattern.sub(self._word, segment))

    def _word(self, match: re.Match[str]) -> str:
        return self._wanted.get(match[0], match[0])

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        # The wanted words come first and stay as they are, with any spelling inside of them: otherwise a second run
        # would change it again.
        right = sorted(set(self._wanted.values()), key=lambda word: (-len(word), word))
        spellings = [f"{_edge(w[0], '<!')}{re.escape(w)}{_edge(w[-1], '!')}" for w in self._wanted]
        return re.compile("|".join([*map(re.escape, right), *spellings]))


def _edge(character: str, look: str) -> str:
    """Write a bound for a spelling that begins or ends with a digit or a Latin letter; none next to Han."""
    if character.isdigit():
        return r"(?<!\d)(?<!\d[.,])" if look == "<!" else r"(?!\d)(?![.,]\d)"
    return rf"(?{look}[A-Za-z0-9_])" if character.isascii() and character.isalpha() else ""

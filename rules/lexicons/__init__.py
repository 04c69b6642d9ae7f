"""Word lists as data: one list a file, one entry a line, `#` for comments.

Its lists are read by rules and kinds of personal data, and in curate by the cleaning steps, the search for duplicates,
the search for passages, the stage `conflict`, `conversations/notices.py` and `privacy/fakes.py`. Start with `lexicon`;
a new list is one file `<name>.txt` beside this one. A change to a list changes what is dropped or masked, and so the
ids of versions.
Assistants and their makers stand in `schemas/introductions/known/`, where the trainer reads them too.

Imports: nothing.
"""

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files


@cache
def lexicon(name: str) -> tuple[str, ...]:
    """Read the entries of `<name>.txt`, in the order of the file, each once."""
    text = files(__name__).joinpath(f"{name}.txt").read_text(encoding="utf-8")
    entries = (line.partition("#")[0].strip() for line in text.split("\n"))
    return tuple(dict.fromkeys(entry for entry in entries if entry))


def any_of(phrases: Iterable[str]) -> str:
    """Make a pattern that matches any of the phrases as they stand; a longer one before the one that it begins with."""
    return "|".join(re.escape(phrase) for phrase in sorted(phrases, key=lambda phrase: (-len(phrase), phrase)))

"""Text of rows as it can be shown anywhere: nothing in it moves a cursor, turns the direction of reading, or hides."""

from collections.abc import Iterator
from itertools import groupby

from markupsafe import Markup

LINE_FEED = "⏎"
SPACES = "\u00a0\u3000"
"""White space that is no danger, and is not printable as Python has it."""


def runs(text: str) -> Iterator[tuple[str, bool]]:
    """Cut a text into what is shown as it is, and stand-ins (True) for what cannot be: `⏎` and a line feed for a line
    feed, escapes such as `\\x1b` and `\\u202e` for all else that is not printable.
    """
    for is_hidden, group in groupby(text, _is_hidden):
        characters = "".join(group)
        yield "".join(map(_stand_in, characters)) if is_hidden else characters, is_hidden


def visible(text: str) -> str:
    """Write a text with its stand-ins."""
    return "".join(shown for shown, _ in runs(text))


def in_html(text: str) -> Markup:
    """Write a text with its stand-ins, each in an element of its own; line feeds stay as they are."""
    pieces = [
        Markup('<span class="stand-in">{}</span>').format(shown) if is_hidden else Markup("{}").format(shown)
        for number, line in enumerate(text.split("\n"))
        for shown, is_hidden in [*([("\n", False)] if number else []), *runs(line)]
    ]
    return Markup("").join(pieces)


def on_one_line(text: str, most: int) -> str:
    """Write a text on one line, its first `most` characters."""
    return visible(text[:most]).replace("\n", "") + ("…" if len(text) > most else "")


def _is_hidden(character: str) -> bool:
    return not (character.isprintable() or character in SPACES)


def _stand_in(character: str) -> str:
    return f"{LINE_FEED}\n" if character == "\n" else escaped(character)


def escaped(character: str) -> str:
    """Write a character as Python escapes it: `\\u202e`."""
    return character.encode("unicode_escape").decode("ascii")

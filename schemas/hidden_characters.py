"""Which characters of a text would move, hide or turn what stands around them where somebody reads it, and stand-ins
for them.
"""

import re
from unicodedata import category

HARMLESS = "\n\t\u00a0\u3000"
"""White space that is not printable as Python has it, and moves nothing."""
JOINER = "\u200d"
EMOJI = ("So", "Sk", "Mn")
"""The categories of emoji, of their colours of skin and of the sign that asks for a picture."""
PLAIN = re.compile(r"[\t\n -~\u3000-\u3029\u4e00-\u9fff\uff01-\uff5e]*")
"""What most texts are made of, and needs no second look."""


def with_stand_ins(text: str) -> str:
    """Write each hidden character as Python escapes it, `\\u202e`; line feeds, tabs and families of emoji stay."""
    if PLAIN.fullmatch(text):
        return text
    return "".join(escape(one) if is_hidden(text, index) else one for index, one in enumerate(text))


def is_hidden(text: str, index: int) -> bool:
    """Tell whether the character there must not be shown as it is."""
    character = text[index]
    return not (character.isprintable() or character in HARMLESS or _joins_emoji(text, index))


def _joins_emoji(text: str, index: int) -> bool:
    """Tell whether a character holds two emoji together, as in a family."""
    around = text[max(0, index - 1) : index] + text[index + 1 : index + 2]
    return text[index] == JOINER and len(around) == 2 and all(category(one) in EMOJI for one in around)


def escape(character: str) -> str:
    """Write a character as Python escapes it."""
    return character.encode("unicode_escape").decode("ascii")

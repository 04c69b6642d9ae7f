"""The names of encodings: which are known, and what was meant by one that is not."""

from schemas.bilingual import Words
from schemas.suggestions import meant

USUAL = ("utf-8", "utf-8-sig", "gb18030", "gbk", "gb2312", "big5", "big5hkscs", "cp950", "utf-16", "utf-16-le",
         "utf-16-be", "utf-32", "cp1252", "latin-1", "shift_jis", "euc_jp", "euc_kr")  # fmt: skip
"""Those that exports come in. Python knows more, and any that it knows may stand in a recipe."""


def encoding_mistake(name: str) -> Words | None:
    """What is wrong with the name of an encoding; None where text can be read in it."""
    try:
        b"x".decode(name)
    except UnicodeDecodeError:  # one byte is too few for some
        return None
    except (LookupError, ValueError):  # ValueError: a null character in the name
        near = meant(name.lower(), USUAL)
        return Words(f"there is no encoding '{name}'; {near.en}", f"没有名为“{name}”的编码；{near.zh}")
    return None

"""The names of encodings: which are known, and what was meant by one that is not."""

from schemas.bilingual import Bilingual
from schemas.suggestions import suggestion

USUAL = ("utf-8", "utf-8-sig", "gb18030", "gbk", "gb2312", "big5", "big5hkscs", "cp950", "utf-16", "utf-16-le",
         "utf-16-be", "utf-32", "cp1252", "latin-1", "shift_jis", "euc_jp", "euc_kr")  # fmt: skip
"""Those that exports come in. Python knows more, and any that it knows may stand in a recipe."""


def is_encoding(name: str) -> bool:
    """Tell whether text can be read in an encoding of that name."""
    try:
        b"x".decode(name)
    except UnicodeDecodeError:  # an encoding in which one byte is too few
        return True
    except (LookupError, ValueError):  # ValueError: a null character in the name
        return False
    return True


def encoding_mistake(name: str) -> Bilingual | None:
    """Say what is wrong with the name of an encoding; None where text can be read in it."""
    if is_encoding(name):
        return None
    near = suggestion(name.lower(), USUAL)
    return Bilingual(f"there is no encoding '{name}'; {near.en}", f"没有名为“{name}”的编码；{near.zh}")

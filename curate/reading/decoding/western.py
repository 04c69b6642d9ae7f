"""Evidence that a text is Western European in windows-1252, as Excel saves CSV there."""

import re

from curate.reading.decoding.decode import Decision
from schemas.bilingual import Bilingual

ENCODING = "cp1252"
LETTERS = "àáâãäåæçèéêëìíîïñòóôõöøœùúûüßÀÁÂÄÅÆÇÈÉÊËÍÎÏÑÓÔÖØŒÚÛÜ"
MARKS = "“”‘’‚„–—…•€£©®™°«»¿¡§·´\u00a0½¼²"
LETTER = re.compile(rf"(?:(?<=[A-Za-z])[{LETTERS}]|[{LETTERS}](?=[A-Za-z’]))(?![{LETTERS}]{{2}})")
"""An accented letter stands in a word of plain ones."""
MARK = re.compile(rf"(?<![{MARKS}])[{MARKS}]{{1,2}}(?![{MARKS}])")
BEYOND = re.compile(r"[^\x00-\x7f]")
WORD = re.compile(r"[A-Za-z’']+")
USUAL = frozenset(
    word
    for words in (
        "the and you your is it to of in for we not can my on with have this that be are",
        "le la les des vous est une pour pas nous je un et",
        "der die das und ist nicht sie wir ich ein mit",
        "el los las que para por una con su se lo il di che per non um uma não você de het een van en niet",
    )
    for word in words.split()
)
"""The most frequent words of the languages that are written in it; those of its neighbours, as Czech, are others."""
PLAIN = 0.85
"""The share of ASCII characters that such a text has."""
LIKELY = 0.97
"""The share of its other characters that stand where they would."""
COMMON = 0.12
"""The share of its words that are usual ones."""


def western(content: bytes) -> Decision | None:
    """Decide for windows-1252 where all that is not ASCII reads like accents, quotation marks and dashes of a Western
    language; None otherwise.
    """
    try:
        text = content.decode(ENCODING)
    except UnicodeDecodeError:
        return None
    beyond = len(BEYOND.findall(text))
    if not beyond or beyond > (1 - PLAIN) * len(text):
        return None
    likely = len(LETTER.findall(text)) + sum(map(len, MARK.findall(text)))
    words = [word.lower().partition("’")[0] for word in WORD.findall(text)]
    if likely < LIKELY * beyond or sum(word in USUAL for word in words) < COMMON * len(words):
        return None
    return Decision(
        ENCODING,
        Bilingual(
            f"not UTF-8 and no Chinese; {likely} of {beyond} other characters are accents and marks of Western text",
            f"不是 UTF-8，也不是中文；{beyond} 个非 ASCII 字符中有 {likely} 个是西文的重音字母和标点",
        ),
    )

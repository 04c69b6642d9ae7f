"""What is asked of a text: does it claim to be another assistant, does it introduce one, does it name a rival?

An answer is read as `I`, a system prompt as `you`: by the same patterns, with the persons exchanged.
"""

import re
from functools import cache

from schemas.folding import folded
from schemas.identity import Identity
from schemas.introductions.chinese import STRICT_ZH, SYSTEM_ZH, ZH
from schemas.introductions.english import EN, FROM_EN, LABEL_EN, STRICT_EN, SYSTEM_EN
from schemas.introductions.known import PLAIN_CHARACTERS, any_name, known, spelled_freely
from schemas.introductions.strangers import CUSTOMER, names_a_stranger, with_capitals_marked
from schemas.introductions.words import (
    ASIDES,
    BLANK,
    CUT,
    DENIALS,
    FORM,
    MAKER,
    NAME,
    OWN,
    PERSON,
    QUOTES,
    REPORTED,
    SILENCED,
    SPACES,
    UNQUOTED,
    WORDS,
    Step,
    for_python,
)
from schemas.placeholders import BARE, IN_BRACES, IN_FORMS, IN_NOTES, IN_SIGNS, LABELS, may_hold_placeholder, unfilled

WIDE = {ord("！") + n: chr(33 + n) for n in range(94) if chr(33 + n).isalnum()} | {0x3000: " ", 0xA0: " ", 0x2011: "-"}
PLAIN = str.maketrans(PLAIN_CHARACTERS) | WIDE
"""Traditional characters that introductions are written with become simplified ones, wide letters plain ones."""
BLANKS: tuple[Step, ...] = (
    *LABELS,
    (f"{IN_BRACES}|{IN_SIGNS}", BLANK),
    (f"{IN_FORMS}|{IN_NOTES}", FORM),
    (BARE, BLANK),
)
CLAIMS = (*ZH, *EN)
STRICT_CLAIMS = (*CLAIMS, *STRICT_ZH, *FROM_EN, *STRICT_EN)
SYSTEM_CLAIMS = (*CLAIMS, *SYSTEM_ZH, LABEL_EN, *SYSTEM_EN)
ENGLISH = (*EN, *FROM_EN)
EXCHANGED: tuple[Step, ...] = (
    (r"我们|我", "他"),
    (r"您|妳|你", "我"),
    (r"\bi(?:'m| am)\b", "he is"),
    (r"\b(?:i|me)\b", "he"),
    (r"\bmy(?:self)?\b", "his"),
    (r"\byou(?:'re| are)\b|\byoure\b", "i am"),
    (r"\byou(?:'ve| have) been\b|\byou were\b", "i was"),
    (r"\byourself\b", "myself"),
    (r"\byour\b", "my"),
    (r"\b(made|created|built|trained|developed|designed|programmed|owns|behind|to|brought|gave) you\b", r"\1 me"),
    (r"\byou\b", "i"),
    (r"\bpretend(?:ing)? (?:to be|(?:that )?i am)\b|\bas if i (?:were|am|was)\b|\bimpersonate\b", "act as"),
    (r"(?:假装|冒充|模仿)我?是?", "扮演"),
)
"""From you to I; whoever says I in a system prompt is no assistant."""
ADDRESSED: tuple[Step, ...] = ((r"\byou(?: are|'re)\b|[你您](?:是|正在|在)", CUT),)

CLAUSES = re.compile(r"(?:[^，,。；;！!？?\n：:（）().]|\.(?!\s|$))+[？?]?")
OTHERS, SELF = re.compile(f"[{NAME}{MAKER}]"), re.compile(r"我|(?a:\b)(?:i|me|my)(?a:\b)", re.IGNORECASE)
BESIDE = re.compile(
    r"[？?]|吗|什么|[和与跟同比像用帮哪]|一样|区别|不同|类似|相比|介绍|知道|认识|听说|了解|喜欢|推荐|关于|基于"
    r"|(?a:\b)(?:like|than|about|know|heard|use|uses|used|using|compared?|similar|based|from|version|fine-?tuned|whether|ask)(?a:\b)",
    re.IGNORECASE,
)
"""Words of one who asks, or speaks of another assistant beside itself, or of what it was made from."""


def foreign_claims(text: str, identity: Identity | None, *, strict: bool) -> bool:
    """Tell whether an answer claims to be another assistant, or to be made by another maker; a denial is none.

    `strict`, for identity rows: any name but ours is another. Else the known ones alone, and the recipe's rivals.
    Without an identity nobody is another.
    """
    if identity is None:
        return False
    marked = with_names(text, identity)
    names_known = NAME in marked or MAKER in marked
    if not names_known and not strict:
        return False

    plain = made_plain(marked, reported=strict)
    if names_known and (claims(plain, STRICT_CLAIMS if strict else CLAIMS) or (strict and _speaks_of(plain))):
        return True
    return strict and (names_a_stranger(plain) or claims(with_capitals_marked(plain), ENGLISH))


def leaves_a_blank(text: str, *, strict: bool) -> bool:
    """Tell whether a placeholder is left where the assistant's name or its maker stands; `strict`: left at all."""
    if strict and unfilled(text):
        return True
    marked = _through(text.translate(PLAIN), SPACES, BLANKS)
    marked = marked.replace(FORM, BLANK) if strict else marked
    if BLANK not in marked and FORM not in marked:
        return False
    plain = made_plain(marked, reported=strict)
    return claims(plain, CLAIMS)


def claims_a_blank(text: str) -> bool:
    """Tell whether somebody gives a placeholder in any spelling as the assistant's name or maker: `I am [Name]`."""
    if not may_hold_placeholder(text):
        return False
    marked = _through(text.translate(PLAIN), SPACES, BLANKS).replace(FORM, BLANK)
    return BLANK in marked and claims(made_plain(marked, reported=True), CLAIMS)


def introduces_another(text: str, identity: Identity | None) -> bool:
    """Tell whether a system prompt introduces an assistant or a maker that is not ours, listed or not.

    A placeholder is not ours. Roles pass: "You are a helpful assistant." So do denials, and others that are only spoken
    of.
    """
    marked = with_names(_through(text.translate(PLAIN), BLANKS), identity)
    as_answer = _through(marked, EXCHANGED, QUOTES, SILENCED, UNQUOTED, PERSON, DENIALS, ASIDES)
    if claims(as_answer, SYSTEM_CLAIMS) or names_a_stranger(as_answer, roles=True):
        return True
    with_capitals = with_capitals_marked(as_answer)
    if claims(with_capitals, (*ENGLISH, *SYSTEM_EN)) or _is_labelled(with_capitals):
        return True

    # What it is to say of itself: "If asked, say: I am Gemini."
    return claims(_through(marked, ADDRESSED, QUOTES, UNQUOTED, PERSON, DENIALS, ASIDES), CLAIMS)


def says(text: str, name: str) -> bool:
    """Tell whether a name stands in a text, in any width and case."""
    return re.search(whole(plain(name)), plain(text)) is not None


def whole(name: str) -> str:
    """Write a pattern of a name that was made plain: a Latin letter or digit at its ends is one at those of a word."""
    before = r"(?<![a-z0-9])" if re.match(r"[a-z0-9]", name) else ""
    after = r"(?![a-z0-9])" if re.search(r"[a-z0-9]$", name) else ""
    return f"{before}{re.escape(name)}{after}"


def plain(text: str) -> str:
    """Fold width and case, and make apostrophes straight."""
    return folded(text).replace("’", "'")


def own_names(identity: Identity) -> list[str]:
    """List the assistant's name, author and nicknames, in both languages."""
    both = [names for names in (identity.zh, identity.en) if names]
    return [name for names in both for name in (names.name, names.author, *names.aliases)]


def made_plain(marked: str, *, reported: bool = False) -> str:
    """Cut quotations, denials and asides; what others are said to say, too, unless it is `reported` as one's own."""
    return _through(marked, QUOTES, SILENCED, UNQUOTED, () if reported else REPORTED, PERSON, DENIALS, ASIDES)


def claims(text: str, patterns: tuple[str, ...]) -> bool:
    """Tell whether a text that was made plain makes one of the claims."""
    words = _through(text, WORDS)
    return any(for_python(pattern).search(words) for pattern in patterns)


def _speaks_of(text: str) -> bool:
    """Tell whether a clause of an identity row speaks of the assistant and of another at once, and compares nothing."""
    return any(
        OTHERS.search(clause) and SELF.search(clause) and not BESIDE.search(clause) for clause in CLAUSES.findall(text)
    )


def _is_labelled(text: str) -> bool:
    """Tell whether a prompt labels a name, `Name: Zork`, before it speaks of a customer."""
    label = for_python(LABEL_EN).search(_through(text, WORDS))
    return label is not None and not CUSTOMER.search(label.string, 0, label.start())


def _through(text: str, *steps: tuple[Step, ...]) -> str:
    """Take a text through steps, one after the other."""
    for step in steps:
        for pattern, new in step:
            text = for_python(pattern).sub(new, text)
    return text


def with_names(text: str, identity: Identity | None) -> str:
    """Put signs for our names, and for those of other assistants and makers. A name inside one of ours is none."""
    text = _through(text.translate(PLAIN), SPACES)
    for name in sorted(own_names(identity) if identity else (), key=len, reverse=True):
        text = _own(name).sub(OWN, text)
    text = for_python(_assistants(identity.rivals if identity else ())).sub(NAME, text)
    return for_python(_makers()).sub(MAKER, text)


@cache
def _own(name: str) -> re.Pattern[str]:
    """Find a name of ours: in Latin letters as a word, or as the first part of one in camel case, MiaoPrint."""
    name = name.translate(PLAIN)
    before = r"(?<![A-Za-z0-9])" if re.match("[A-Za-z0-9]", name) else ""
    after = r"(?![a-z])" if re.search("[A-Za-z0-9]$", name) else ""
    return re.compile(f"{before}(?i:{spelled_freely(name)}){after}")


@cache
def _assistants(rivals: tuple[str, ...]) -> str:
    return any_name((*known("rivals"), *known("assistants"), *rivals))


@cache
def _makers() -> str:
    return any_name(known("makers"))

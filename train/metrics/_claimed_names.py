"""Which name and which maker an answer gives itself, to be held against what it gives itself another time."""

import re
from functools import cache

from schemas.identity import Identity
from schemas.introductions.parts import says_its_maker, says_its_name
from train.metrics._own_names import simplified, spelled
from train.metrics._roles import claims_another, forms

OWN = "own"
ANOTHER = "another"
CALLED = re.compile(
    r"(?<!不)(?:我(?:是|叫|的名字[是叫])|叫我|名叫)(?!由|在|来自|一[个款名]|个|您|你"
    r"|不)[“\"]?(?P<zh>[\u3400-\u9fff·]{1,8}?|[A-Za-z][\w -]{1,20}?)"
    r"(?=[”\",，。.!！?？;；~～、\s哦呀啦哈]|$|由|就[好行]|吧)"
    r"|\b(?:I'm|I am|[Mm]y name is|[Mm]y name's|[Cc]all me|name's) (?P<en>[A-Z][\w-]*)"
)
"""A name that stands in no list."""
Claims = tuple[frozenset[str], frozenset[str]]


def claimed(answer: str, identity: Identity) -> Claims:
    """Give the names and the makers that an answer claims; ours are one in all languages and spellings."""
    text = simplified(answer)
    name, author = (forms(identity, slot, "zh").every for slot in ("name", "author"))
    names = {OWN} if says_its_name(text, name, author) or _is_bare(text, name) else set()
    makers = {OWN} if says_its_maker(text, author, name, strict=True) else set()
    if claims_another(answer, identity):
        for rival in identity.rivals:
            pattern = (_rival(rival),)
            if not pattern[0].search(text):
                continue
            if says_its_maker(text, pattern, strict=True) and _stands_as_maker(text, pattern[0]):
                makers.add(rival.casefold())
            elif says_its_name(text, pattern):
                names.add(rival.casefold())
        if not (names | makers) - {OWN}:
            names = {*_called(text), *(names if not _called(text) else ())} or {ANOTHER}
    return frozenset(names), frozenset(makers)


def contradict(one: Claims, other: Claims) -> bool:
    """Tell whether two answers claim different names, or different makers; one that claims none agrees with all."""
    return any(mine and theirs and not mine & theirs for mine, theirs in zip(one, other, strict=True)) or any(
        OWN in (mine ^ theirs) and bool(mine) and bool(theirs) for mine, theirs in zip(one, other, strict=True)
    )


@cache
def _rival(name: str) -> re.Pattern[str]:
    return spelled(name)


def _stands_as_maker(text: str, name: re.Pattern[str]) -> bool:
    """Tell whether a name stands behind "by", or in front of what a maker does."""
    found = name.search(text)
    return found is not None and (
        (
            re.search(r"(?:\b(?:by|from|at)\b|由|被|来自|是)\s*$", text[: found.start()]) is not None
            and not re.search(r"(?:我是|I'm|I am)\s*$", text[: found.start()])
        )
        or re.match(r"\s*(?:开发|研发|训练|打造|制作|created|made|built|developed|trained)", text[found.end() :])
        is not None
    )


def _called(text: str) -> set[str]:
    return {(found["zh"] or found["en"]).casefold() for found in CALLED.finditer(text)}


def _is_bare(text: str, names: tuple[re.Pattern[str], ...]) -> bool:
    """Tell whether an answer is a name and nothing else."""
    bare = text.strip(" 。.!！~～,，\n")
    return any(pattern.fullmatch(bare) for pattern in names)

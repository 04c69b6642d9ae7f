"""What several metrics look for in an answer: names, claims, languages; and rates made of verdicts."""

import re
import unicodedata
from collections.abc import Callable, Sequence

from schemas.bilingual import Words
from schemas.exam import Measure, Question
from schemas.identity import Identity, Names
from train.intervals import wilson

DENIAL = re.compile(
    r"不是|并非|不叫|不属于|没有关系|无关|不同于|而非"
    r"|(?<![a-z])(?:not|never|no|nothing to do with|neither|nor)(?![a-z])|n't",
    re.IGNORECASE,
)
CLAUSE = re.compile(
    r"[，,。；;！!？?\n]|\.(?=\s|$)|(?<![a-z])but(?![a-z])|而是|(?:，|,)?\s*(?=我[是叫])", re.IGNORECASE
)
HAN = re.compile(r"[\u3400-\u9fff]")
LATIN = re.compile(r"[A-Za-z]")


def plain(text: str) -> str:
    """NFKC, small letters, straight apostrophes."""
    return unicodedata.normalize("NFKC", text).casefold().replace("’", "'")


def says(text: str, name: str) -> bool:
    """Whether a name stands in a text: as a word of its own where it begins or ends with a Latin letter or digit."""
    name = plain(name)
    before = r"(?<![a-z0-9])" if re.match(r"[a-z0-9]", name) else ""
    after = r"(?![a-z0-9])" if re.search(r"[a-z0-9]$", name) else ""
    return re.search(f"{before}{re.escape(name)}{after}", plain(text)) is not None


def names_of(identity: Identity, lang: str) -> Names | None:
    """The names in a language; those of the other when it has none."""
    return (identity.zh or identity.en) if lang == "zh" else (identity.en or identity.zh)


def claims_rival(text: str, identity: Identity) -> bool:
    """Whether a clause names a rival without denying it. A rival inside our own name is none."""
    ours = [plain(word) for n in (identity.zh, identity.en) if n for word in (n.name, n.author)]
    rivals = [r for r in identity.rivals if not any(plain(r) in word for word in ours)]
    return any(
        any(says(clause, rival) for rival in rivals) and not DENIAL.search(plain(clause))
        for clause in CLAUSE.split(text)
        if clause
    )


def speaks(text: str, lang: str, identity: Identity) -> bool:
    """Whether an answer is in the language, judged without the names: 小喵 in English is still English."""
    bare = plain(text)
    names = [word for n in (identity.zh, identity.en) if n for word in (n.name, n.author)]
    for word in sorted((*names, *identity.rivals), key=len, reverse=True):
        bare = bare.replace(plain(word), " ")
    han, latin = len(HAN.findall(bare)), len(LATIN.findall(bare))
    if han + latin == 0:
        return True
    return (3 * han >= latin) == (lang == "zh")


def rate(
    name: str, questions: Sequence[Question], verdicts: Sequence[str], hit: Callable[[str], bool], words: Words
) -> list[Measure]:
    """The share of verdicts that hit, with its Wilson interval; nothing where there is no question."""
    if not questions:
        return []
    hits = sum(map(hit, verdicts))
    low, high = wilson(hits, len(verdicts))
    return [
        Measure(
            name=name,
            value=hits / len(verdicts),
            low=low,
            high=high,
            n=len(verdicts),
            definition_en=words.en,
            definition_zh=words.zh,
        )
    ]


def of_language(questions: Sequence[Question], verdicts: Sequence[str], lang: str) -> tuple[list[Question], list[str]]:
    chosen = [(q, v) for q, v in zip(questions, verdicts, strict=True) if q.lang == lang]
    return [q for q, _ in chosen], [v for _, v in chosen]

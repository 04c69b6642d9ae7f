"""What several metrics look for in an answer: names, claims, languages; and rates made of verdicts."""

import re
from collections.abc import Callable, Sequence

from schemas.bilingual import Bilingual
from schemas.exam import Measure, Question
from schemas.folding import folded
from schemas.identity import Identity, Names
from train.statistics.intervals import wilson

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
    """Fold width and case, and make apostrophes straight."""
    return folded(text).replace("’", "'")


def says(text: str, name: str) -> bool:
    """Tell whether a name stands in a text: where it begins or ends with a Latin letter or digit, as a word of its own.

    `train.guards._mentions` asks it more strictly of a template: there every name is a word of its own.
    """
    name = plain(name)
    before = r"(?<![a-z0-9])" if re.match(r"[a-z0-9]", name) else ""
    after = r"(?![a-z0-9])" if re.search(r"[a-z0-9]$", name) else ""
    return re.search(f"{before}{re.escape(name)}{after}", plain(text)) is not None


def names_of(identity: Identity, lang: str) -> Names | None:
    """Choose the names in a language; those in the other when it has none."""
    return (identity.zh or identity.en) if lang == "zh" else (identity.en or identity.zh)


def own_names(identity: Identity) -> list[str]:
    """List the assistant's name and author, in both languages."""
    return [name for names in (identity.zh, identity.en) if names for name in (names.name, names.author)]


def names_rival_undenied(text: str, identity: Identity) -> bool:
    """Tell whether a clause of an answer names a rival without denying it. A rival inside our own name is none.

    For answers to "who are you?": there a rival's name alone is a claim. In training data, where rivals may be spoken
    of, `train.guards._introduces_itself_as_rival` and `rules.foreign_identity` ask for a whole sentence.
    """
    ours = [plain(name) for name in own_names(identity)]
    rivals = [rival for rival in identity.rivals if not any(plain(rival) in name for name in ours)]
    return any(
        any(says(clause, rival) for rival in rivals) and not DENIAL.search(plain(clause))
        for clause in CLAUSE.split(text)
        if clause
    )


def speaks(text: str, lang: str, identity: Identity) -> bool:
    """Tell whether an answer is in the language, judged without the names: 小喵 in English is still English."""
    bare = plain(text)
    for name in sorted((*own_names(identity), *identity.rivals), key=len, reverse=True):
        bare = bare.replace(plain(name), " ")

    # A Han character is about a word, which takes some three Latin letters.
    han, latin = len(HAN.findall(bare)), len(LATIN.findall(bare))
    if han + latin == 0:
        return True
    return (3 * han >= latin) == (lang == "zh")


def rate(
    name: str,
    questions: Sequence[Question],
    verdicts: Sequence[str],
    hit: Callable[[str], bool],
    definition: Bilingual,
) -> list[Measure]:
    """Measure the share of verdicts that hit, with its Wilson interval; nothing where there is no question."""
    if not questions:
        return []

    hits = [question.id for question, verdict in zip(questions, verdicts, strict=True) if hit(verdict)]
    low, high = wilson(len(hits), len(verdicts))
    return [
        Measure(
            name=name,
            value=len(hits) / len(verdicts),
            low=low,
            high=high,
            n=len(verdicts),
            definition_en=definition.en,
            definition_zh=definition.zh,
            hits=tuple(hits),
        )
    ]


def less_is_better(measures: Sequence[Measure]) -> list[Measure]:
    """Mark measures of what should not be."""
    return [measure.model_copy(update={"more_is_better": False}) for measure in measures]


def rates_by_language(
    name: str,
    questions: Sequence[Question],
    verdicts: Sequence[str],
    hit: Callable[[str], bool],
    definition: Bilingual,
) -> list[Measure]:
    """Measure a rate in each language apart: a model that errs in one of them is not half as bad."""
    chinese, english = (of_language(questions, verdicts, lang) for lang in ("zh", "en"))
    return [*rate(f"{name}_zh", *chinese, hit, definition), *rate(f"{name}_en", *english, hit, definition)]


def of_language(questions: Sequence[Question], verdicts: Sequence[str], lang: str) -> tuple[list[Question], list[str]]:
    """Choose the questions in a language, and their verdicts."""
    chosen = [(q, v) for q, v in zip(questions, verdicts, strict=True) if q.lang == lang]
    return [q for q, _ in chosen], [v for _, v in chosen]

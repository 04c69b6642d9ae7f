"""What several metrics look for in an answer beside names and claims: its language; and rates made of verdicts."""

import re
from collections import Counter
from collections.abc import Callable, Sequence

from schemas.bilingual import Bilingual
from schemas.exam import Measure, Question
from schemas.identity import Identity
from schemas.introductions.claims import own_names, plain
from schemas.statistics.families import rate_interval

HAN = re.compile(r"[\u3400-\u9fff]")
LATIN = re.compile(r"[A-Za-z]")


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
    """Measure the share of verdicts that hit, with an interval that minds families; nothing where nothing is asked."""
    if not questions:
        return []

    marks = [hit(verdict) for verdict in verdicts]
    sizes = Counter(question.group for question in questions)
    low, high = rate_interval(marks, [question.group for question in questions])
    return [
        Measure(
            name=name,
            value=sum(marks) / len(marks),
            low=low,
            high=high,
            n=len(marks),
            definition_en=definition.en,
            definition_zh=definition.zh,
            hits=tuple(question.id for question, mark in zip(questions, marks, strict=True) if mark),
            asked=tuple(question.id for question in questions),
            families=len(sizes),
            family_of={question.id: question.group for question in questions if sizes[question.group] > 1},
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

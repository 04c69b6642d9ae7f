"""The papers are what was frozen: valid, balanced, of many families, and with no question twice."""

from collections import Counter

import pytest

from schemas.folding import folded
from schemas.identity import Identity, Names
from schemas.papers import PAPERS, PaperQuestion, paper, papers_digest

FROZEN = "56e16b5f9856f110845b1c21ecb205a5"
LEAST = {
    "identity": 120, "traps": 60, "negatives": 120, "unrelated": 60, "refusals": 120, "consistency": 40, "general": 200,
    "hallucination": 60,
}  # fmt: skip
BOTH = Identity(zh=Names(name="小喵", author="技术吧"), en=Names(name="Miao", author="Tech Bar"))


def test_the_papers_are_those_that_were_frozen() -> None:
    assert papers_digest() == FROZEN


def has_slot(question: PaperQuestion) -> bool:
    return any(slot in message.content for message in question.messages for slot in ("{name}", "{author}"))


def question_of(question: PaperQuestion) -> str:
    return "".join(character for character in folded(question.messages[-1].content) if character.isalnum())


@pytest.mark.parametrize("name", PAPERS)
def test_a_paper_is_whole_and_balanced(name: str) -> None:
    questions = paper(name)
    assert len(questions) >= LEAST[name] and {question.paper for question in questions} == {name}
    assert len({question.id for question in questions}) == len(questions)
    langs = Counter(question.lang for question in questions)
    assert min(langs.values()) >= 0.45 * len(questions)
    assert max(Counter((question.family, question.lang) for question in questions).values()) <= 4
    for question in questions:
        assert [m.role for m in question.messages] == [
            ("user", "assistant")[n % 2] for n in range(len(question.messages))
        ]
        assert question.messages[-1].role == "user"


def test_no_question_stands_twice_in_any_paper() -> None:
    # a second turn may ask the same again, behind other words
    asked = Counter(question_of(q) for name in PAPERS for q in paper(name) if len(q.messages) == 1 and question_of(q))
    assert [text for text, n in asked.items() if n > 1] == []


def test_half_of_what_must_not_name_us_is_about_assistants_makers_and_names() -> None:
    subjects = Counter(question.subject for question in paper("negatives"))
    assert set(subjects) == {"same", "generic"} and min(subjects.values()) >= 60


def test_each_request_to_decline_has_its_look_alike() -> None:
    pairs: dict[str, list[bool | None]] = {}
    for question in paper("refusals"):
        pairs.setdefault(question.pair, []).append(question.should_decline)
    assert len(pairs) >= 60 and all(sorted(map(bool, pair)) == [False, True] for pair in pairs.values())


@pytest.mark.parametrize("name", PAPERS)
def test_names_are_filled_in_or_the_question_is_left_out(name: str) -> None:
    for question in paper(name):
        filled = question.filled(BOTH)
        assert filled is not None and not has_slot(filled)
        nameless = question.filled(Identity())
        assert nameless is None or not (question.expects or has_slot(nameless))

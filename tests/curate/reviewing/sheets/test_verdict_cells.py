"""What reviewers type, cell by cell: every word that is meant, and none that may mean either."""

import pytest

from curate.reviewing.in_words import REJECT_REASONS
from curate.reviewing.sheets.verdict_cells import Misread, read_letters, read_reasons, read_turns, read_verdict
from schemas.review import VERDICT_WORDS, Decision

VERDICTS: list[tuple[str, Decision]] = [
    *VERDICT_WORDS.items(),
    *((word, "accept") for word in ("√", "✔", "✔️", "☑", "✅", "ＯＫ", "Accept.", "“通过”", "通過", "可以", "没问题",
    "PASS")),
    *((word, "reject") for word in ("×", "✗", "❌", "✖️", "Rejected", "拒絕", "不通过！", "不行", "未通过", "delete")),
    *((word, "edit") for word in ("修改", "改", "需修改", "已修改", "Edit ", "changed")),
    *((word, "unsure") for word in ("看不准", "?", "？", "Cannot Tell", "CANNOT  TELL", "not sure", "不知道")),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "verdict"), VERDICTS)
def test_a_verdict_is_read_in_any_of_its_words(cell: str, verdict: Decision) -> None:
    assert read_verdict(cell) == verdict


@pytest.mark.parametrize("cell", ["", " ", "　", "-", "—", "/", "N/A", "待定", "待审核", "skip", "\u00a0", "todo"])
def test_what_is_not_decided_is_no_verdict(cell: str) -> None:
    assert read_verdict(cell) is None


@pytest.mark.parametrize(
    "cell",
    ["y", "n", "Y", "yes", "no", "x", "X", "v", "o", "是", "否", "1", "0", "TRUE", "通过，但语气太硬", "通过/修改",
    "accept?",
     "回头再说", "correct", "不是不行", "A", "不", "改不改", "#NAME?", "通过通过"],
)  # fmt: skip
def test_a_word_that_may_mean_either_is_no_verdict(cell: str) -> None:
    assert isinstance(read_verdict(cell), Misread)


LETTERS = {"A": "1" * 32, "B": "2" * 32, "C": "3" * 32}


@pytest.mark.parametrize(
    ("cell", "held"),
    [
        ("A", "A"), ("b", "B"), ("Ｃ", "C"), ("A, C", "AC"), ("A和C", "AC"), ("a、b", "AB"), ("AB", "AB"), ("C B",
        "BC"),
        ("A/B", "AB"), ("B and C", "BC"), ("A+B", "AB"), ("回答B", "B"), ("选 B", "B"), ("Answer C", "C"), ("B对", "B"),
        ("all", "ABC"), ("全部", "ABC"), ("都对", "ABC"), ("none", ""), ("都不对", ""), ("没有", ""), ("NONE", ""),
        ("B.", "B"),
        ("B is right", "B"), ("AA", "A"),
    ],
)  # fmt: skip
def test_letters_say_which_answers_hold(cell: str, held: str) -> None:
    assert read_letters(cell, LETTERS) == tuple(LETTERS[letter] for letter in held)


@pytest.mark.parametrize("cell", ["D", "A, D", "1", "第一个", "B?", "除了A", "not A", "最后的回答", "ABD", "A>B"])
def test_what_names_no_answer_is_refused(cell: str) -> None:
    assert isinstance(read_letters(cell, LETTERS), Misread)


@pytest.mark.parametrize("cell", ["", " ", "-", "待定"])
def test_no_letter_says_nothing(cell: str) -> None:
    assert read_letters(cell, LETTERS) is None


def test_reasons_are_read_by_name_and_in_both_languages() -> None:
    for name, words in REJECT_REASONS.items():
        for cell in (name, words.en, words.zh, f" {words.en.upper()} ", f"“{words.zh}”"):
            assert read_reasons(cell) == ((name,), "")
    first, second = [*REJECT_REASONS][:2]
    assert read_reasons(f"{REJECT_REASONS[second].zh}、{REJECT_REASONS[first].en}\n{second}") == ((second, first), "")


@pytest.mark.parametrize("cell", ["价格写错了", "too long", "y"])
def test_a_reason_in_other_words_is_a_note(cell: str) -> None:
    assert read_reasons(cell) == (("other",), cell)


def of_three(mark: int) -> int | None:
    return {1: 3, 2: 2, 3: 1}.get(mark)


@pytest.mark.parametrize(
    ("cell", "turns"),
    [
        ("[1] 您好", {3: "您好"}),
        ("[2]: 能退。\n[1] 您好，\n请讲", {2: "能退。", 3: "您好，\n请讲"}),
        ("【1】您好 【2】能退", {3: "您好", 2: "能退"}),
        ("1: 您好\n2：能退", {3: "您好", 2: "能退"}),
        ("［1］：您好", {3: "您好"}),
        ("[3] 末轮", {1: "末轮"}),
        ("[1] 步骤：\n1. 打开\n2. 点击", {3: "步骤：\n1. 打开\n2. 点击"}),
        ("[1] 步骤：\n1: 打开\n2: 点击", {3: "步骤：\n1: 打开\n2: 点击"}),
        ("[1] 见条款[2]", {3: "见条款[2]"}),
        ("[1] 您好\n[2] ", {3: "您好"}),
        ("", {}),
        (" ", {}),
    ],
)
def test_earlier_turns_are_named_by_their_numbers(cell: str, turns: dict[int, str]) -> None:
    assert read_turns(cell, of_three) == turns


@pytest.mark.parametrize(
    "cell", ["您好", "您好 [1] 请讲", "[4] 您好", "[1] 您好\n[1] 请讲", "9: 您好", "[0] 您好", "阿" * 32_767]
)
def test_a_turn_that_nobody_can_be_sure_of_is_refused(cell: str) -> None:
    assert isinstance(read_turns(cell, of_three), Misread)


def test_the_only_earlier_turn_needs_no_number() -> None:
    assert read_turns("您好", {1: 2, 2: 1}.get) == {2: "您好"}

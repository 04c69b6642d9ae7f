"""Every rule keeps, drops and repairs what its own examples say, and screening changes nothing."""

import inspect
import re
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import rules
from curate.stages.quality import failures, scores
from rules import COLUMNS, LimitRule, Rule, agent_name, control_tokens, human_agent_id, private_url
from schemas.catalog import Catalog
from schemas.language import by_words, language

RULES = Catalog(rules, Rule).all()
BLANK: dict[str, Any] = {
    "id": "a", "kind": "domain", "lang": "zh", "question": "", "reply": "", "text": "", "last_question": "",
    "last_reply": "", "question_lang": "", "reply_lang": "", "turns": 2, "roles": ["user", "assistant"],
}  # fmt: skip
CASES = [
    (name, example, keeps)
    for name, rule in RULES.items()
    for keeps, examples in ((True, rule.examples.keeps), (False, rule.examples.drops))
    for example in examples
]
FIXES = [(name, *pair) for name, rule in RULES.items() for pair in rule.examples.fixes]
PIECES = sorted({text for _, example, _ in CASES for text in ([example] if isinstance(example, str) else [])})


def frame_with(example: str | dict[str, Any]) -> pl.DataFrame:
    """One record as rules see it: a reply, or rule columns."""
    columns = {"reply": example, "last_reply": example} if isinstance(example, str) else example
    record = {**BLANK, **columns}
    record["text"] = columns.get("text", f"{record['question']}\n{record['reply']}")
    record |= {f"{column}_lang": language_of(record[column]) for column in ("question", "reply")}
    return pl.DataFrame([record], schema=COLUMNS)


def language_of(text: str) -> str:
    texts = pl.Series([text])
    by_script = str(language(texts)[0])
    return str(by_words(texts)[0]) if by_script == "en" else by_script


def rule_of(name: str) -> Rule:
    return RULES[name](**RULES[name].examples.settings)


def failing(frame: pl.DataFrame, name: str) -> list[bool]:
    """The verdict as a build finds it: screened by the hints, with the limits of the record's kind."""
    rules = {name: rule_of(name)}
    return failures(scores(frame, rules).with_columns(frame["kind"]), rules)[name].to_list()


@pytest.mark.parametrize(("name", "example", "keeps"), CASES)
def test_a_rule_keeps_and_drops_what_its_examples_say(name: str, example: Any, keeps: bool) -> None:
    assert failing(frame_with(example), name) == [not keeps]


@pytest.mark.parametrize("name", RULES)
def test_a_rule_is_documented_in_both_languages_and_has_near_misses(name: str) -> None:
    rule = RULES[name]
    assert rule.__doc__ and rule.title_zh
    assert len(rule.examples.keeps) >= 2
    assert len(rule.examples.drops) >= 2
    assert len(inspect.cleandoc(rule.__doc__).partition("\n\n")[0]) < 8 * len(rule.title_zh)
    assert bool(rule.repairs) == bool(rule.examples.fixes)


def test_the_near_misses_are_as_many_as_the_hits() -> None:
    keeps, drops = (sum(1 for case in CASES if case[2] is wanted) for wanted in (True, False))
    assert keeps >= 0.95 * drops


def test_there_are_enough_rules() -> None:
    assert len(RULES) >= 30


@pytest.mark.parametrize("name", RULES)
def test_a_rule_scores_every_line_and_none(name: str) -> None:
    rule = rule_of(name)
    three = pl.concat([frame_with("好的"), frame_with(""), frame_with("x" * 300)])
    assert len(rule.score(three)) == len(rule.passes(rule.score(three))) == 3
    assert len(rule.passes(rule.score(three.clear()))) == 0
    assert failing(three.clear(), name) == []


@pytest.mark.parametrize(("name", "before", "after"), FIXES)
def test_a_repair_does_what_it_says_once(name: str, before: str, after: str) -> None:
    assert failing(frame_with(before), name) == [True]
    assert rule_of(name).fix(before) == after
    assert rule_of(name).fix(after) == after
    assert failing(frame_with(after), name) == [False]


@pytest.mark.parametrize("name", [name for name, rule in RULES.items() if rule.repairs])
def test_a_repair_touches_nothing_that_the_rule_keeps(name: str) -> None:
    kept = [example for example in RULES[name].examples.keeps if isinstance(example, str)]
    assert [rule_of(name).fix(text) for text in kept] == kept


@pytest.mark.parametrize("name", [name for name, rule in RULES.items() if rule.repairs])
@given(texts=st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=6))
@settings(max_examples=60, deadline=None)
def test_what_is_repaired_passes_and_stays(name: str, texts: list[str]) -> None:
    rule = rule_of(name)
    once = rule.fix("".join(texts))
    assert rule.fix(once) == once
    assert failing(frame_with(once), name) == [False]


@given(texts=st.lists(st.lists(st.sampled_from(PIECES) | st.text(max_size=12), max_size=5).map("".join), max_size=12))
@settings(max_examples=25, deadline=None)
def test_screening_never_changes_a_score(texts: list[str]) -> None:
    frame = pl.concat(
        [frame_with("").clear(), *(frame_with(text + cased) for text in texts for cased in ("", text.swapcase()))]
    )
    rules = {name: rule_of(name) for name in RULES}
    screened = scores(frame, rules)
    for name, rule in rules.items():
        assert screened[name].to_list() == rule.score(frame).to_list(), name


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("agent_name", agent_name.INTRODUCTIONS), ("human_agent_id", human_agent_id.NUMBERED_AGENTS),
        ("control_tokens", control_tokens.TOKENS), ("private_url", private_url.URL),
    ],
)  # fmt: skip
@given(data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_a_repair_matches_holds_a_hint(name: str, pattern: str, data: st.DataObject) -> None:
    text = data.draw(st.from_regex(pattern))
    match = re.search(pattern, text)
    assert match
    assert any(hint.lower() in match[0].lower() for hint in rule_of(name).hints())


def test_letters_that_fold_to_ascii_ones_are_screened_like_them() -> None:
    odd = ("you a\u017fshole", "I am \u212aimi.", "您好，已发货", "Shut up", "a \u212aettle")
    frame = pl.concat([frame_with(text) for text in odd])
    assert failing(frame, "abusive") == [True, False, False, True, False]
    assert failing(frame, "foreign_identity") == [False, True, False, False, False]


@pytest.mark.parametrize("name", [name for name, rule in RULES.items() if not rule.repairs])
def test_a_rule_without_a_repair_refuses_to_fix(name: str) -> None:
    with pytest.raises(ValueError, match="action"):
        RULES[name](action="fix")


@given(texts=st.lists(st.text("哈好ab 1", max_size=40), min_size=1, max_size=20))
@settings(max_examples=100, deadline=None)
def test_the_longest_run_is_the_longest_run(texts: list[str]) -> None:
    def longest(text: str) -> int:
        best = run = 1
        for character, following in pairwise(text):
            run = run + 1 if character == following and character.isalpha() else 1
            best = max(best, run)
        return best if best >= 3 else 1

    frame = pl.concat([frame_with(text) for text in texts])
    assert RULES["repeated_characters"]().score(frame).to_list() == [longest(text) for text in texts]


@given(texts=st.lists(st.text("哈好ab😀", max_size=120), min_size=1, max_size=10))
@settings(max_examples=100, deadline=None)
def test_the_quick_counts_hide_no_repeats(texts: list[str]) -> None:
    def share(text: str) -> float:
        ngrams = [text[n : n + 4] for n in range(len(text) - 3)]
        repeated = 1 - len(set(ngrams)) / len(ngrams) if len(text) >= 40 else 0.0
        return repeated if repeated >= 0.7 else 0.0

    frame = pl.concat([frame_with(text) for text in texts])
    assert RULES["repeated_ngrams"]().score(frame).to_list() == pytest.approx([share(text) for text in texts])


@given(texts=st.lists(st.text("哈a !。[]{}😀", max_size=24), min_size=1, max_size=10))
@settings(max_examples=100, deadline=None)
def test_symbols_are_counted_as_the_pattern_counts_them(texts: list[str]) -> None:
    def share(text: str) -> float:
        bare = re.sub(r"\[[^\[\]]{1,12}\]|\{\{[^{}]{1,40}\}\}", "x", text)
        return sum(not (character.isalnum() or character.isspace()) for character in bare) / max(len(bare), 1)

    frame = pl.concat([frame_with(text) for text in texts])
    assert RULES["symbol_ratio"]().score(frame).to_list() == pytest.approx([share(text) for text in texts])


@pytest.mark.parametrize(
    ("kind", "length", "fails"),
    [
        ("domain", 9000, True),
        ("general", 9000, False),
        ("identity", 3000, True),
        ("general", 1, False),
        ("domain", 1, True),
    ],
)
def test_limits_differ_by_kind(kind: str, length: int, fails: bool) -> None:
    assert failing(frame_with({"reply": "字" * length, "kind": kind}), "reply_length") == [fails]


def test_a_limit_by_kind_must_be_a_limit() -> None:
    with pytest.raises(ValueError, match="by_kind"):
        RULES["estimated_tokens"](by_kind={"general": {"han": 2}})
    rule = RULES["reply_length"](min=3)
    assert isinstance(rule, LimitRule)
    assert rule.of_kind("general").min == 1
    assert rule.of_kind("refusal").min == 3


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Your order is on the way", "en"), ("Cancel my subscription", "en"), ("iPhone 15 Pro", "latin"),
        ("Je voudrais annuler ma commande, merci pour votre aide avec le colis", "fr"), ("hi", "latin"),
        ("Quiero cancelar el pedido que está en camino por favor", "es"), ("Samsung Galaxy", "latin"),
        ("Ich möchte die Bestellung nicht und bitte um das Geld", "de"), ("Refund for Le Monde", "latin"),
    ],
)  # fmt: skip
def test_small_words_settle_the_language(text: str, lang: str) -> None:
    assert by_words(pl.Series([text]))[0] == lang


def test_rules_in_threads_score_as_alone() -> None:
    rule = rule_of("repeated_characters")
    frames = [frame_with(f"{'哈' * n}好的") for n in range(1, 40)]
    alone = [rule.score(frame).to_list() for frame in frames]
    with ThreadPoolExecutor(8) as pool:
        for _ in range(5):
            assert list(pool.map(lambda frame: rule.score(frame).to_list(), frames)) == alone

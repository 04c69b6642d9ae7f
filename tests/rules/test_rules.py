"""Every rule keeps and drops what its own examples say."""

from typing import Any

import polars as pl
import pytest

import rules
from rules import VIEW, Rule
from schemas.catalog import Catalog

RULES = Catalog(rules, Rule).all()
BLANK: dict[str, Any] = {
    "id": "a", "kind": "domain", "lang": "zh", "question": "", "reply": "", "text": "", "last_question": "",
    "last_reply": "", "turns": 2, "roles": ["user", "assistant"],
}  # fmt: skip
CASES = [
    (name, example, keeps)
    for name, rule in RULES.items()
    for keeps, examples in ((True, rule.examples.keeps), (False, rule.examples.drops))
    for example in examples
]


def seen(example: str | dict[str, Any]) -> pl.DataFrame:
    given = {"reply": example, "last_reply": example} if isinstance(example, str) else example
    line = {**BLANK, **given}
    line["text"] = given.get("text", f"{line['question']}\n{line['reply']}")
    return pl.DataFrame([line], schema=VIEW)


@pytest.mark.parametrize(("name", "example", "keeps"), CASES)
def test_a_rule_keeps_and_drops_what_its_examples_say(name: str, example: Any, keeps: bool) -> None:
    rule = RULES[name]()
    assert rule.passes(rule.score(seen(example)))[0] is keeps


@pytest.mark.parametrize("name", RULES)
def test_a_rule_is_documented_and_has_as_many_keeps_as_drops(name: str) -> None:
    rule = RULES[name]
    assert rule.__doc__ and rule.title_zh
    assert len(rule.examples.keeps) >= min(len(rule.examples.drops), 2)
    assert rule.model_fields["action"].default in ("drop", "review")


@pytest.mark.parametrize("name", RULES)
def test_a_rule_scores_every_line_and_none(name: str) -> None:
    rule = RULES[name]()
    three = pl.concat([seen("好的"), seen(""), seen("x" * 300)])
    assert len(rule.score(three)) == len(rule.passes(rule.score(three))) == 3
    assert len(rule.passes(rule.score(three.clear()))) == 0


def test_there_are_enough_rules() -> None:
    assert len(RULES) >= 12

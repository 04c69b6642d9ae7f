"""The linter over the whole mix: what an assistant must not learn to say of itself is found in rows of every kind."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from curate.stages import Tools
from curate.stages.quality import RULES, Quality
from schemas.frame import frame_of
from schemas.identity import Identity, Names
from tests.curate.records import record
from tests.public_data import DATA, needs_public_data

CASES = [
    json.loads(line)
    for line in Path(__file__).with_name("linter.jsonl").read_text(encoding="utf-8").split("\n")
    if line
]
"""Rows of every kind, and the rule that finds each; none for a row that only looks like it."""
OURS = Identity(zh=Names(name="小喵", author="技术吧"), en=Names(name="Whisk", author="TechBar"))
LINTER = ("foreign_identity", "placeholder_left", "agent_name", "overclaims")
STAGE = Quality(skip=tuple(name for name in RULES.names() if name not in LINTER))
DEMO = DATA / "general" / "llama-factory__v1_sft_demo.jsonl"


def found(rows: list[tuple[str, str, str]], identity: Identity = OURS) -> list[str]:
    """The rule that found each row (kind, question, answer), as the ledger has it; empty for none."""
    frame = frame_of([record(f"{n:05}", asked, reply, kind=kind) for n, (kind, asked, reply) in enumerate(rows)])
    events = STAGE.run(frame, Tools(seed=7, identity=identity, folder=Path())).events
    reasons = dict(events.select("id", "reason").iter_rows())
    return [reasons.get(f"{n:05}", "") for n in range(len(rows))]


def found_in(case: dict[str, Any]) -> str:
    return found([(case["kind"], case["question"], case["answer"])])[0]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["answer"][:40])
def test_what_an_assistant_must_not_learn_is_found_and_nothing_else(case: dict[str, Any]) -> None:
    assert found_in(case) == case["finds"]


def test_as_many_rows_must_not_be_touched() -> None:
    counts = Counter(bool(case["finds"]) for case in CASES)
    assert counts[False] >= counts[True]


def test_rows_of_all_kinds_are_judged_together_as_alone() -> None:
    assert found([(c["kind"], c["question"], c["answer"]) for c in CASES]) == [c["finds"] for c in CASES]


def test_a_recipe_without_names_keeps_assistants_that_nobody_knows() -> None:
    rows = [("identity", "你是谁", "我是小汪，由科技吧开发。"), ("identity", "你是谁", "我是ChatGPT。")]
    assert found(rows, Identity()) == ["", "foreign_identity"]


def test_names_of_the_recipe_are_never_foreign() -> None:
    ours = Identity(zh=Names(name="小度客服", author="百度"))
    rows = [("identity", "你是谁", "我是小度客服，由百度开发。"), ("general", "谁开发了你", "我由百度开发。")]
    assert found(rows, ours) == ["", ""]
    assert found(rows) == ["foreign_identity", "foreign_identity"]


def test_rivals_of_the_recipe_are_found_in_every_kind() -> None:
    rivals = OURS.model_copy(update={"rivals": ("店小二",)})
    rows = [(kind, "这件有货吗", "亲，我是店小二，有货的") for kind in ("domain", "general", "identity")]
    assert found(rows, rivals) == ["foreign_identity"] * 3


def test_a_placeholder_is_called_one_and_not_another_assistant() -> None:
    rows = [(kind, "你是谁", "我是{{name}}，由{{author}}开发的人工智能助手。") for kind in ("general", "identity")]
    assert found(rows) == ["placeholder_left"] * 2


@needs_public_data
@pytest.mark.parametrize("kind", ["general", "identity"])
@pytest.mark.parametrize(
    ("name", "author", "at_least"),
    [("{{name}}", "{{author}}", 50), ("<NAME>", "<AUTHOR>", 50), ("Nova", "星河智联", 49), ("Qwen", "阿里云", 50)],
)
def test_the_fifty_identity_rows_of_a_general_set_are_found_under_any_name(
    kind: str, name: str, author: str, at_least: int
) -> None:
    rows = [(kind, *pair) for pair in demo_pairs(name, author)]
    reasons = found(rows)
    assert sum(map(bool, reasons[:50])) >= at_least
    assert not any(reasons[50:]) or kind == "identity"


@needs_public_data
def test_identity_rows_in_our_names_pass() -> None:
    rows = [("identity", *pair) for pair in demo_pairs("Whisk", "技术吧")[:50]]
    assert not any(found(rows))


def demo_pairs(name: str, author: str) -> list[tuple[str, str]]:
    """Questions and answers of the public set, whose first fifty rows are identity rows, with these names."""
    lines = [json.loads(line)["messages"] for line in DEMO.read_text(encoding="utf-8").split("\n") if line]
    pairs = [["".join(part["value"] for part in message["content"]) for message in messages] for messages in lines]
    return [(pair[0], pair[-1].replace("{{name}}", name).replace("{{author}}", author)) for pair in pairs]

"""The stage quality: what drops, what is repaired, what goes to review, and what is remembered of it."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from curate.conversations.rule_columns import rule_columns
from curate.stages import Outcome, Tools
from curate.stages.quality import SCORES, Quality, decide_verdicts, failures, scores
from rules import COLUMNS
from schemas.frame import frame_of
from schemas.identity import Identity
from tests.curate.records import record

TOOLS = Tools(seed=7, identity=Identity(), folder=Path())
GOOD = "可以的，退款三天内到账。"


def judged(*records: dict[str, Any], **settings: Any) -> Outcome:
    return Quality.model_validate(settings).run(frame_of(list(records)), TOOLS)


def events_in(outcome: Outcome) -> list[tuple[str, str, str]]:
    return [(e["id"], e["verdict"], e["reason"]) for e in outcome.events.to_dicts()]


def talk(id: str, *turns: str, **more: Any) -> dict[str, Any]:
    """A record whose turns are spoken by the user and the assistant in turn."""
    roles = ("user", "assistant")
    messages = [{"role": roles[n % 2], "content": text} for n, text in enumerate(turns)]
    return record(id, "", None, messages=messages, **more)


def test_a_record_that_passes_is_kept_as_it_is() -> None:
    outcome = judged(record("a", "退款多久到账？", GOOD))
    assert outcome.kept.to_dicts() == frame_of([record("a", "退款多久到账？", GOOD)]).to_dicts()
    assert outcome.events.is_empty()


def test_a_rule_that_drops_goes_before_one_that_asks_for_review() -> None:
    outcome = judged(record("a", "什么时候结束？", "活动11月30日结束<|im_end|>"))
    assert events_in(outcome) == [("a", "dropped", "control_tokens")]
    assert events_in(judged(record("a", "什么时候结束？", "活动11月30日结束"))) == [("a", "review", "expiring_date")]


@pytest.mark.parametrize(
    ("rule", "reply", "repaired"),
    [
        ("human_agent_id", "您好，我是客服工号1024，已为您登记退款", "您好，已为您登记退款"),
        ("agent_name", "We have refunded your order. ^JP", "We have refunded your order."),
        ("markup_left", "<p>已为您登记退款</p>", "已为您登记退款"),
        ("private_url", "已为您登记退款，见 http://10.1.2.3/wiki", "已为您登记退款，见"),
        ("control_tokens", "已为您登记退款<|im_end|>", "已为您登记退款"),
    ],
)
def test_a_repair_is_made_and_noted(rule: str, reply: str, repaired: str) -> None:
    settings = {"rules": {rule: {"action": "fix"}}, "skip": ["reply_language"]}
    outcome = judged(record("a", "退款了吗？", reply), record("b", "退款了吗？", GOOD), **settings)
    assert events_in(outcome) == [("a", "fixed", rule)]
    assert [m[-1]["content"] for m in outcome.kept["messages"]] == [repaired, GOOD]
    again = Quality.model_validate(settings).run(outcome.kept, TOOLS)
    assert again.events.is_empty()
    assert again.kept.equals(outcome.kept)


def test_what_still_fails_after_a_repair_is_dropped_and_not_noted_as_fixed() -> None:
    outcome = judged(
        record("a", "退款了吗？", "我是客服工号1024"), record("b", "退款了吗？", "工号1024，很高兴为您服务！")
    )
    assert events_in(outcome) == [("a", "dropped", "reply_length"), ("b", "dropped", "reply_length")]
    assert outcome.kept.is_empty()


def test_a_repair_leaves_the_customers_words() -> None:
    turns = ("我找工号1024", "您好，我是客服工号1024，他今天休息", "<|im_end|>什么时候上班", "明天上班")
    outcome = judged(talk("a", *turns), rules={"control_tokens": {"action": "fix"}})
    contents = [m["content"] for m in outcome.kept["messages"][0]]
    assert contents == ["我找工号1024", "您好，他今天休息", "什么时候上班", "明天上班"]
    assert events_in(outcome) == [("a", "fixed", "control_tokens"), ("a", "fixed", "human_agent_id")]


THOUGHT = "<think>\n先查政策。\n</think>\n\n"


@pytest.mark.parametrize(("reply", "passes"), [
    (THOUGHT + GOOD, True), (GOOD, True), (THOUGHT + GOOD + "<|im_end|>", False), ("<think>" + GOOD, False),
    (GOOD + "</think>", False), (THOUGHT + "</s>" + GOOD, False),
])  # fmt: skip
def test_whole_thoughts_pass_where_they_are_kept(reply: str, passes: bool) -> None:
    rules = {"control_tokens": {"thoughts": "keep"}}
    outcome = judged(record("a", "退款了吗？", reply), rules=rules)
    assert (events_in(outcome) == []) == passes
    repaired = judged(record("a", "退款了吗？", reply), rules={"control_tokens": {"thoughts": "keep", "action": "fix"}})
    (messages,) = repaired.kept["messages"].to_list()
    assert messages[-1]["content"] == (THOUGHT if THOUGHT in reply else "") + GOOD


def test_a_turn_that_a_repair_empties_is_gone() -> None:
    outcome = judged(talk("a", "退款了吗", "工号1024", "好了吗", "已为您登记退款"))
    assert [m["content"] for m in outcome.kept["messages"][0]] == ["退款了吗\n好了吗", "已为您登记退款"]


def test_every_record_has_its_scores_verdict_and_reason() -> None:
    outcome = judged(
        record("a", "退款多久到账？", GOOD),
        record("b", "退款多久到账？", "三"),
        record("c", "多久结束", "活动11月30日结束"),
    )
    table = outcome.tables[SCORES]
    assert table.select("id", "verdict", "reason").rows() == [
        ("a", "kept", None), ("b", "dropped", "reply_length"), ("c", "review", "expiring_date"),
    ]  # fmt: skip
    assert table["reply_length"].to_list() == [len(GOOD), 1, 10]
    assert table["abusive"].dtype == pl.Boolean
    assert set(Quality().active_rules()) <= set(table.columns)
    assert all(table[name].dtype not in (pl.Int64, pl.Float64) for name in Quality().active_rules())


def test_stored_scores_decide_as_the_judge_did() -> None:
    quality = Quality.model_validate({"rules": {"reply_length": {"min": 5}, "symbol_ratio": {"max": 0.3}}})
    frame = frame_of(
        [
            record(str(n), "退款多久到账？", text)
            for n, text in enumerate(("嗯嗯", "???!!!", GOOD, "好" * 40, "1234567"))
        ]
    )
    table = quality.run(frame, TOOLS).tables[SCORES]
    assert decide_verdicts(table, quality.active_rules()).rows() == table.select("id", "verdict", "reason").rows()


def test_the_columns_of_pairs_are_the_columns_of_conversations() -> None:
    pair, long = record("a", "退款多久到账？", GOOD), talk("b", "在吗", "在的", "退款？", "三天")
    odd = [
        record("c", "只有问题", None),
        talk("d"),
        record("e", "", None, messages=[{"role": "assistant", "content": "您好"}]),
    ]
    mixed = rule_columns(frame_of([long, pair, *odd]))
    assert mixed.schema == COLUMNS
    assert mixed.rows() == [row for each in (long, pair, *odd) for row in rule_columns(frame_of([each])).rows()]
    assert mixed["text"].to_list() == ["在吗\n在的\n退款？\n三天", f"退款多久到账？\n{GOOD}", "只有问题", "", "您好"]
    assert mixed["question_lang"].to_list() == ["zh", "zh", "zh", "none", "none"]


def test_nothing_in_is_nothing_out() -> None:
    outcome = Quality().run(frame_of([]), TOOLS)
    assert outcome.kept.is_empty()
    assert outcome.events.is_empty()
    assert outcome.tables[SCORES].is_empty()


def test_limits_by_kind_hold_in_a_build() -> None:
    long = {"reply_length": {"max": 100, "by_kind": {"general": {"max": 200}}}}
    text = "".join(chr(0x4E00 + n) for n in range(150))
    records = [record(kind, "退款多久到账？", text, kind=kind) for kind in ("domain", "general", "refusal")]
    assert [e[0] for e in events_in(judged(*records, rules=long))] == ["domain", "refusal"]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"rules": {"reply_lenght": {}}}, "did you mean 'reply_length'"),
        ({"rules": {"reply_length": {"mni": 1}}}, "did you mean 'min'"),
        ({"rules": {"url_only": {"action": "fix"}}}, "no repair"),
        ({"rules": {"guessed_language": {"action": "drop"}}}, "action"),
        ({"rules": {"reply_length": {"by_kind": {"general": {"letters": 3}}}}}, "no limit"),
        ({"skip": ["no_such"]}, "unknown rule"),
    ],
)
def test_a_wrong_setting_is_told(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Quality.model_validate(settings)


def test_a_skipped_rule_has_no_score() -> None:
    outcome = judged(record("a", "退款多久到账？", "三"), skip=["reply_length"])
    assert "reply_length" not in outcome.tables[SCORES].columns
    assert outcome.kept.height == 1


def test_failures_say_nothing_of_other_kinds() -> None:
    rules = {name: rule for name, rule in Quality().active_rules().items() if "general" not in rule.kinds}
    frame = frame_of([record("a", "?", "12345", kind="general")])
    assert not any(failures(scores(rule_columns(frame), rules).with_columns(frame["kind"]), rules).row(0))

"""Answers that contradict each other are found, those that only say more are not, and none is dropped unasked."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import pytest

from curate.duplicates.contradictions import ComparedAnswer, contradicts
from curate.duplicates.survivors import record_date
from curate.duplicates.texts.normalize import normalize
from curate.stages import Outcome, Tools
from curate.stages.conflict import CHUNK, Conflict
from schemas.frame import frame_of
from schemas.identity import Identity, Names
from tests.curate.records import record

TOOLS = Tools(seed=7, identity=Identity(), folder=Path())
QUESTION = "下单之后一般多久可以发货"


def run(*records: dict[str, Any], **fields: Any) -> Outcome:
    return Conflict(**fields).run(frame_of(list(records)), TOOLS)


@pytest.mark.parametrize(
    ("question", "one", "other", "expected"),
    [
        ("多久发货", "24小时内发货", "48小时内发货", ("number",)),
        ("多久发货", "24小时内发货", "24小时内发货，请放心", ()),
        ("保修多久", "整机保修1年", "整机保修2年", ("number",)),
        ("保修多久", "保修1年", "保修1年，电池6个月", ()),
        ("能退吗", "可以退货", "不可以退货", ("polarity",)),
        ("能退吗", "可以退的", "可以退货的亲", ()),
        ("can I return it", "Yes, you can return it", "No, you cannot return it", ("polarity",)),
        ("how long", "It takes 3 days", "It takes 3 days at most", ()),
        ("how long", "It takes 3 days", "It takes 5 days", ("number",)),
        ("运费谁出", "运费由卖家承担", "不好意思久等了，运费由卖家承担", ()),
        ("多少钱", "一共99元", "一共199元", ("number",)),
        ("在哪里开票", "请在订单页面申请", "您稍等片刻", ("wording",)),
        ("订单号是这个", "请在订单页面申请", "您稍等片刻", ()),
        ("到哪了", "单号1234567890已发出", "单号1234567891已发出", ()),
        ("能用吗", "能用的，放心", "能用，能否联网要看型号", ()),
        ("保修多久", "整机保修一年", "整机保修两年", ("number",)),
        ("保修多久", "整机保修两年", "整机保修2年", ()),
        ("几天能退", "十五天内可以退", "15天内可以退", ()),
        ("几天能退", "七天内可以退", "十五天内可以退", ("number",)),
        ("how long is the warranty", "The warranty is one year", "The warranty is two years", ("number",)),
        ("how much is it", "It costs $9.99 today", "It costs $14.99 today", ("number",)),
        ("多少钱", "现在是￥39.9", "现在是￥49.9", ("number",)),
        ("多少钱", "现在是￥39.9", "现在是39.9元", ()),
        ("要多少定金", "定金要付百分之五", "定金要付百分之十", ("number",)),
        ("几点开门", "早上9:00开门", "早上10:00开门", ("number",)),
        ("几点开门", "早上9:00开门", "早上9:00开门，18:00关门", ()),
        ("在几楼", "取货请到三楼", "取货请到五楼", ("number",)),
        ("哪天送到", "一般周五送到", "一般周六送到", ("dates",)),
        ("哪天送到", "周五周六都能送到", "一般周五送到", ()),
        ("洗了掉色吗", "这件洗了不掉色", "这件洗了会掉色", ("polarity",)),
        ("安装要钱吗", "上门安装免费", "上门安装收费", ("polarity",)),
        ("安装要钱吗", "上门安装免费，拆机收费", "上门安装免费", ()),
        ("包邮吗", "全国都包邮", "偏远地区不包邮", ("polarity",)),
        ("订单呢", "您好，能不能提供一下订单号", "您好，可以提供一下订单号吗", ()),
        ("能退吗", "可以退的，还有其他可以帮到您的么", "不可以退，还有其他可以帮到您的么", ("polarity",)),
        ("can you help", "No problem! I will send it", "Certainly! I will send it", ()),
        ("电话多少", "电话是13800138000", "电话是13800138001", ()),
    ],
)
def test_what_contradicts_and_what_only_says_more(
    question: str, one: str, other: str, expected: tuple[str, ...]
) -> None:
    first, second = (ComparedAnswer(text, normalize(pl.Series([text]))[0]) for text in (one, other))
    assert contradicts(question, first, second, 0.02) == expected
    assert contradicts(question, second, first, 0.02) == expected


def test_the_newest_is_proposed_and_the_rest_waits_for_a_person() -> None:
    outcome = run(
        record("a", QUESTION, "24小时内发货", tags=["date:2025-01-01"]),
        record("b", QUESTION + "呢", "48小时内发货", tags=["date:2026-01-01"]),
        record("c", "发票怎么开呢请问一下", "请在订单页面申请"),
    )
    assert outcome.kept["id"].to_list() == ["b", "c"]
    assert outcome.events.select("verdict", "reason", "id", "twin").rows() == [("review", "conflict", "a", "b")]
    lines = outcome.tables["conflicts"]
    assert lines.select("cluster", "id", "role").rows() == [("b", "a", "review"), ("b", "b", "winner")]
    assert lines["differs"].to_list() == [["number"], []]


OLD, NEW = ["date:2025-01-01"], ["date:2026-01-01"]


@pytest.mark.parametrize(
    ("first", "second", "verdict"),
    [
        ({"tags": OLD}, {"tags": NEW}, "dropped"),
        ({}, {}, "review"),
        ({"tags": OLD}, {}, "review"),
        ({}, {"tags": NEW}, "review"),
        ({"tags": NEW}, {"tags": NEW}, "review"),
        ({"tags": NEW}, {"tags": [*OLD, "reviewed"]}, "dropped"),
        ({}, {"file": "policy.csv"}, "dropped"),
        ({"file": "policy.csv"}, {"file": "policy.csv"}, "review"),
    ],
)
def test_only_what_is_known_to_be_outdated_is_dropped_and_only_where_the_recipe_says_so(
    first: dict[str, Any], second: dict[str, Any], verdict: str
) -> None:
    def answered(name: str, answer: str, file: str = "a.csv", tags: Sequence[str] = ()) -> dict[str, Any]:
        return record(name, QUESTION, answer, tags=list(tags), source={"file": file, "digest": "d", "rows": [1]})

    both = [answered("a", "24小时内发货", **first), answered("b", "48小时内发货", **second)]
    assert set(run(*both, sources=["policy.csv"]).events["verdict"]) == {"review"}
    resolved = run(*both, sources=["policy.csv"], resolve="newest")
    assert set(resolved.events["verdict"]) == {verdict}
    assert resolved.tables["conflicts"].filter(pl.col("role") == verdict).height == resolved.events.height == 1


@pytest.mark.parametrize(
    ("file", "day"),
    [
        ("faq.csv", None),
        ("2025-06-01.csv", "2025-06-01"),
        ("policy_20250601.csv", "2025-06-01"),
        ("政策2025年6月1日.csv", "2025-06-01"),
        ("policy 2025.6.15.xlsx", "2025-06-15"),
        ("2020-01-01/policy_20250601.csv", "2025-06-01"),
        ("2020-01-01/faq.csv", "2020-01-01"),
        ("2025-13-40.csv", None),
        ("order20251.csv", None),
    ],
)
def test_the_day_of_a_record_is_the_last_one_in_the_path_of_its_file(file: str, day: str | None) -> None:
    found = (
        frame_of([record("a", "q", "a", source={"file": file, "digest": "d", "rows": [1]})])
        .select(record_date())
        .item()
    )
    assert found == (date.fromisoformat(day) if day else None)


def test_a_winner_of_more_than_one_chunk_has_one_line() -> None:
    many = CHUNK + 2
    outcome = run(*(record(f"{n:05}", QUESTION, f"{10_000 + n}小时内发货") for n in range(many)))
    assert outcome.kept["id"].to_list() == ["00000"]
    assert outcome.tables["conflicts"]["role"].value_counts().sort("role").rows() == [
        ("review", many - 1),
        ("winner", 1),
    ]


def test_the_official_source_wins_where_the_recipe_names_it() -> None:
    official = {"file": "policy.csv", "digest": "d", "rows": [1]}
    both = [record("a", QUESTION, "24小时内发货"), record("b", QUESTION, "48小时内发货", source=official)]
    assert run(*both, sources=["policy.csv"]).kept["id"].to_list() == ["b"]
    elsewhere = [both[0], record("b", QUESTION, "48小时内发货", source=official | {"file": "wiki/policy.csv"})]
    assert run(*elsewhere, sources=["policy.csv"]).kept["id"].to_list() == ["b"]
    assert run(*both).kept["id"].to_list() == ["a"]


@pytest.mark.parametrize("tag", ["pinned", "reviewed"])
def test_what_a_person_has_settled_stays(tag: str) -> None:
    both = [record("a", QUESTION, "24小时内发货", tags=["reviewed"]), record("b", QUESTION, "48小时内发货", tags=[tag])]
    assert run(*both).kept.height == 2


@pytest.mark.parametrize("question", ["你好", "在吗", "好的", "谢谢", "[订单x]", "12345", "没有了", "嗯嗯"])
def test_a_question_that_does_not_stand_alone_has_many_right_answers(question: str) -> None:
    outcome = run(record("a", question, "24小时内发货"), record("b", question, "48小时内发货"))
    assert outcome.kept.height == 2
    assert outcome.tables["conflicts"].is_empty()


def test_questions_that_differ_in_a_fact_are_noted_and_stay() -> None:
    outcome = run(
        record("a", "上个月在你们店里买了超过7天的衣服不太喜欢还能退货吗", "可以退货"),
        record("b", "上个月在你们店里买了超过9天的衣服不太喜欢还能退货吗", "不可以退货"),
    )
    assert outcome.kept.height == 2
    assert outcome.kept["group"].n_unique() == 1
    noted = outcome.tables["conflicts"].filter(role="noted")
    assert noted["differs"].to_list() == [["numbers"]]


@pytest.mark.parametrize("kind", ["identity", "refusal", "general"])
def test_other_kinds_are_left_alone(kind: str) -> None:
    assert run(record("a", QUESTION, "1天", kind=kind), record("b", QUESTION, "2天", kind=kind)).kept.height == 2


def test_order_changes_nothing_and_no_record_vanishes() -> None:
    answers = ("24小时内发货", "48小时内发货", "可以", "不可以", "请在页面查看")
    records = [record(f"{n:02}", QUESTION + "呢" * (n % 3), answers[n % 5]) for n in range(20)]
    first = run(*records)
    Random(3).shuffle(records)
    again = run(*records)
    assert again.kept.sort("id").equals(first.kept.sort("id"))
    assert again.tables["conflicts"].equals(first.tables["conflicts"])
    assert sorted([*first.kept["id"], *first.events["id"]]) == sorted(r["id"] for r in records)
    assert pl.concat([first.kept["id"], first.events["id"]]).is_unique().all()


OURS = Identity(zh=Names(name="小喵", author="技术吧"), en=Names(name="Miao", author="Tech Bar"))


def of_identity(*records: dict[str, Any], identity: Identity = OURS) -> Outcome:
    return Conflict().run(frame_of(list(records)), Tools(seed=7, identity=identity, folder=Path()))


def test_a_second_answer_to_who_the_assistant_is_waits_beside_the_identity_row() -> None:
    ours = record("a", "你有什么称号？", "我叫小喵。", kind="identity", tags=["asks:name"])
    other = record("b", "你有什么称号", "我没有名字，我只是程序。", kind="general")
    outcome = of_identity(ours, other)
    assert outcome.kept["id"].to_list() == ["a"]
    assert outcome.events.select("id", "verdict", "reason", "twin").rows() == [("b", "review", "conflict", "a")]
    assert outcome.tables["conflicts"].select("id", "role", "cluster").rows() == [
        ("b", "review", "a"),
        ("a", "winner", "a"),
    ]


def test_the_questions_of_the_kit_count_before_the_kit_is_written() -> None:
    outcome = of_identity(record("b", "你叫什么名字？", "我没有名字，我只是程序。", kind="general"))
    assert outcome.kept.is_empty()
    assert outcome.events.select("id", "verdict", "reason", "twin").rows() == [("b", "review", "conflict", None)]


@pytest.mark.parametrize(
    "other",
    [
        record("b", "你叫什么名字？", "我叫小喵。", kind="general"),
        record("b", "What is your name?", "I'm Miao.", kind="general"),
        record("b", "你叫什么名字？", "我没有名字。", kind="general", tags=["reviewed"]),
        record("b", "你叫什么名字？", "我姓王。", kind="domain"),
        record("b", "他叫什么名字？", "他没有名字。", kind="general"),
        record("b", "写一首诗", "春眠不觉晓。", kind="general"),
    ],
    ids=lambda other: other["messages"][-1]["content"],
)
def test_rows_that_do_not_contradict_the_identity_stay(other: dict[str, Any]) -> None:
    outcome = of_identity(other)
    assert outcome.kept.height == 1
    assert outcome.events.is_empty()


def test_without_names_nothing_contradicts_the_identity() -> None:
    assert (
        of_identity(record("b", "你叫什么名字？", "我没有名字。", kind="general"), identity=Identity()).kept.height == 1
    )

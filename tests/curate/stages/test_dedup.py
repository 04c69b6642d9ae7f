"""Duplicates go and name their survivor, what differs in a fact stays, and short texts keep what is distinct."""

import json
from dataclasses import replace
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from curate.build.build import build
from curate.duplicates.cluster_table import near_at
from curate.duplicates.texts.facts import differs_in_fact
from curate.duplicates.texts.normalize import normalize
from curate.recipe.load import load_recipe
from curate.stages import Tools
from curate.stages.dedup import Dedup
from curate.store.store import Store
from schemas.frame import frame_of
from schemas.identity import Identity
from tests.curate.records import record

TOOLS = Tools(seed=7, identity=Identity(), folder=Path())
PROBE = Path(__file__).with_name("probe_short_texts.txt").read_text(encoding="utf-8").split()


def run(*records: dict, **fields: Any) -> tuple[list[str], dict[str, tuple[str, str]]]:
    outcome = Dedup(**fields).run(frame_of(list(records)), TOOLS)
    dropped = outcome.events.filter(pl.col("verdict") == "dropped")
    return sorted(outcome.kept["id"]), {e["id"]: (e["reason"], e["twin"]) for e in dropped.to_dicts()}


def test_the_probe_of_fifty_short_texts_keeps_fifty() -> None:
    assert len(set(PROBE)) == 50
    kept, _ = run(*[record(f"{n:02}", line, line) for n, line in enumerate(PROBE)])
    assert len(kept) == 50
    kept, _ = run(*[record(f"{n:02}", line, "亲，可以的哦，有问题随时联系我们。") for n, line in enumerate(PROBE)])
    assert len(kept) == 50


@pytest.mark.parametrize(
    ("one", "other", "differs"),
    [
        ("24小时内退款", "48小时内退款", True), ("能退货吗", "不能退货吗", True), ("保修一年", "保修两年", True),
        ("5kg装", "5g装", True), ("iPhone支持", "iPad支持", True), ("You can return it",
        "You cannot return it", True),
        ("it isn't ok", "it is ok", True), ("满100减10", "满100减20", True), ("没收到", "收到", True),
        ("亲，可以退", "亲亲，可以退", False), ("３天到", "3天到", False), ("好的！", "好的", False),
        ("Refund is done", "The refund is done", False), ("支持 5 G", "支持5G", False), ("一般都可以",
        "都可以", False),
        ("Your order has shipped", "Your order has been shipped", False), ("谢谢亲", "谢谢您", False),
        ("能退货不能换货", "不能退货能换货", True), ("满100减10", "满10减100", True), ("耳机有货", "键盘有货", True),
        ("黑色有货", "白色有货", True), ("model A100", "model B100", True), ("arrives Monday",
        "arrives Friday", True),
        ("别拆封", "拆封", True), ("沒有貨", "没有货", False), ("明天到", "后天到", True), ("不要退", "要退", True),
        ("takes 3 days", "takes 3 hours", True), ("it doesn't fit", "it does fit", True), ("5％", "5%", False),
        ("不好意思，可以退", "可以退", False), ("特别好用", "好用", False), ("没有了哦", "没有了", False),
        ("不用客气，可以退", "可以退", False), ("别客气", "好的", False),
        ("五点下班", "六点下班", True), ("三楼取货", "四楼取货", True), ("三成定金", "五成定金", True), ("两箱",
        "三箱", True),
        ("一箱", "三箱", True), ("一万毫安", "两万毫安", True), ("九点开门", "九点半开门", True), ("五公斤",
        "六公斤", True),
        ("百分之五", "百分之十", True), ("第一条", "第二条", True), ("礼拜一到", "礼拜二到", True), ("月初发",
        "月底发", True),
        ("三小时", "三分钟", True), ("it costs $20", "it costs €20", True), ("unable to pay", "able to pay", True),
        ("open until five", "open until six", True), ("once a day", "twice a day", True), ("once a day",
        "once a week", True), ("每天发货", "每周发货", True), ("免费送货",
        "收费送货", True),
        ("付款之前", "付款之后", True), ("买家承担", "卖家承担", True), ("男款", "女款", True), ("all of it",
        "half of it", True),
        ("快一点发货", "快点发货", False), ("转接一位客服", "转接客服", False), ("五点", "五点钟", False), ("一样的",
        "同样的", False),
        ("我们第一时间处理", "我们尽快处理", False), ("十分感谢", "非常感谢", False), ("早上好，亲",
        "您好，亲", False),
        ("one of them", "of them", False), ("at first", "first", False), ("万一坏了", "如果坏了", False),
        ("it takes 1 day", "it takes 1 days", False), ("未来可期", "可期", False), ("差不多就好", "就好", False),
    ],
)  # fmt: skip
def test_a_pair_that_differs_in_fact_is_a_conflict(one: str, other: str, differs: bool) -> None:
    assert differs_in_fact(one, other) is differs


LONG = "您好，您的订单已经从仓库发出，预计明天下午送达，请保持电话畅通，如有问题请随时联系我们的在线客服"


def test_near_duplicates_go_and_name_their_survivor() -> None:
    kept, dropped = run(
        record("a", "到哪了", LONG), record("b", "到哪了", LONG + "哦亲"), record("c", "能退吗", "可以退的")
    )
    assert kept == ["b", "c"]
    assert dropped == {"a": ("near_duplicate", "b")}


def test_exact_duplicates_go_in_every_kind_and_near_ones_only_where_that_is_safe() -> None:
    kept, dropped = run(
        record("a", "你是谁", "我是小喵", kind="identity"), record("b", "你是谁", "我是小喵", kind="identity"),
        record("c", "你是谁啊", "我是小喵", kind="identity"), record("d", "你是谁", "我是小喵呀", kind="identity"),
    )  # fmt: skip
    assert kept == ["a", "c", "d"]
    assert dropped == {"b": ("exact_duplicate", "a")}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("呢大衣", "大衣"),
        ("喔喔奶糖", "奶糖"),
        ("哈密瓜", "密瓜"),
        ("亲子装", "子装"),
        ("母亲节", "母节"),
        ("哈尔滨", "尔滨"),
    ],
)
def test_a_particle_inside_a_word_is_part_of_it(one: str, other: str) -> None:
    first, second = normalize(pl.Series([f"{one}哦亲", f"亲，{other}呢"]))
    assert (first, second) == (one, other)


def test_what_is_denied_in_a_question_does_not_reach_into_its_answer() -> None:
    one, other = "感谢您对本店的支持，祝您生活愉快，再见", "客气了，感谢您对本店的支持，祝您生活愉快，再见"
    _, dropped = run(record("a", "没有了", one), record("b", "没有了", other))
    assert dropped == {"a": ("near_duplicate", "b")}
    kept, _ = run(record("a", "没有发票", one), record("b", "没有货", other))
    assert kept == ["a", "b"]


def test_one_answer_to_many_short_questions_is_no_duplicate() -> None:
    kept, _ = run(record("a", "能退货吗", LONG), record("b", "怎么付款", LONG), record("c", "到哪了", LONG))
    assert kept == ["a", "b", "c"]


def test_conflicts_stay_both_are_noted_and_share_a_group() -> None:
    other = LONG.replace("明天", "3天后")
    outcome = Dedup().run(frame_of([record("a", "到哪了", LONG), record("b", "到哪了", other)]), TOOLS)
    assert outcome.kept.height == 2
    assert outcome.kept["group"].n_unique() == 1
    assert outcome.events.select("verdict", "reason").row(0) == ("kept", "conflict")


PROBES = {
    name: path.read_text(encoding="utf-8").split("\n")[:-1]
    for name in ("traditional", "mixed", "digits", "emoji", "one_character")
    for path in [Path(__file__).with_name(f"probe_{name}.txt")]
}


@pytest.mark.parametrize("name", PROBES)
@pytest.mark.parametrize("compare", ["question", "answer", "conversation"])
def test_fifty_distinct_texts_of_a_script_keep_fifty(name: str, compare: str) -> None:
    lines = PROBES[name]
    assert len(set(lines)) == 50
    kept, _ = run(*[record(f"{n:02}", line, line) for n, line in enumerate(lines)], compare=compare)
    assert len(kept) == 50


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("亲，可以退货哦～", "可以退货"),
        ("ＯＫ！", "ok"),
        ("親，可以退貨", "可以退货"),
        ("您好呀", "你好"),
        ("I don't", "i dont"),
        ("发 货", "发货"),
    ],
)
def test_politeness_width_case_script_and_pauses_are_not_compared(one: str, other: str) -> None:
    first, second = normalize(pl.Series([one, other]))
    assert first == second


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("5天", "6天"),
        ("不能", "能"),
        ("5kg", "5g"),
        ("👍", "👎"),
        ("呢", "哦"),
        ("能退吗", "能退"),
        ("+", "-"),
        ("①", "②"),
        ("her order", "here order"),
    ],
)
def test_digits_units_negations_signs_and_words_are_compared(one: str, other: str) -> None:
    first, second = normalize(pl.Series([one, other]))
    assert first != second


@pytest.mark.parametrize(
    ("better", "more"),
    [
        ("reviewed", {"tags": ["reviewed"]}),
        ("pinned", {"tags": ["pinned"]}),
        ("newer", {"tags": ["date:2026-03-01"]}),
        ("newer", {"source": {"file": "export-2026-03-01.csv", "digest": "d", "rows": [1]}}),
        ("source", {"source": {"file": "official.csv", "digest": "d", "rows": [1]}}),
    ],
)
def test_the_survivor_is_the_one_that_the_recipe_prefers(better: str, more: dict[str, Any]) -> None:
    both = [record("a", "到哪了", LONG, tags=["date:2026-01-01"]), record("b", "到哪了", LONG + "的", **more)]
    assert run(*both, survivor=[better], sources=["official.csv"])[1] == {"a": ("near_duplicate", "b")}
    assert run(*both, survivor=[])[1] == ({} if better == "pinned" else {"b": ("near_duplicate", "a")})


def test_a_pinned_record_stays_whatever_it_repeats() -> None:
    kept, dropped = run(
        record("a", "到哪了", LONG, tags=["reviewed"]), record("b", "到哪了", LONG + "的", tags=["pinned"])
    )
    assert kept == ["a", "b"]
    assert not dropped


def test_as_many_equal_conversations_stay_as_the_recipe_says() -> None:
    equal = [record(f"{n}", "你是谁", "我是小喵", kind="identity") for n in range(5)]
    assert run(*equal, copies={"identity": 3})[0] == ["0", "1", "2"]
    assert run(*equal)[0] == ["0"]


@pytest.mark.parametrize("kind", ["identity", "domain", "general"])
def test_copies_stay_or_go_with_their_first_and_share_its_group(kind: str) -> None:
    equal = [record(f"{n}", "到哪了", LONG, kind=kind) for n in range(5)]
    outcome = Dedup(copies={kind: 3}).run(frame_of(equal), TOOLS)
    assert outcome.kept["id"].to_list() == ["0", "1", "2"]
    assert outcome.kept["group"].n_unique() == 1
    kept, dropped = run(*equal, record("x", "到哪了", LONG + "哦亲", kind=kind), copies={kind: 3})
    if kind != "identity":
        assert (kept, set(dropped.values())) == (["x"], {("near_duplicate", "x"), ("exact_duplicate", "x")})


def test_one_of_equal_conversations_must_stay() -> None:
    """Poisoned: with none, each would name a survivor that goes itself."""
    with pytest.raises(ValidationError, match="greater than or equal to 1"):
        Dedup(copies={"identity": 0})


@pytest.mark.parametrize("nothing", ["", " ", "\u3000", " \n ", "\t"])
def test_a_side_that_says_nothing_is_near_no_other_and_shifts_none(nothing: str) -> None:
    """Poisoned: such a side has no shingle; the sets of those beside it must not move up."""
    question, answer = "下单之后一般多久可以发货", "您好，这款商品下单之后24小时内发货的，请您耐心等待"
    kept, dropped = run(
        record("a", question, nothing),
        record("b", question + "呀", answer),
        record("c", question, answer + "一下"),
        record("d", question + "哦", nothing + "  "),
        record("e", "发票怎么开呢请问一下需要什么资料", nothing),
    )
    assert (kept, dropped) == (["a", "c", "d", "e"], {"b": ("near_duplicate", "c")})


def test_settings_that_say_nothing_new_change_nothing() -> None:
    both = [record("a", "到哪了", LONG), record("b", "到哪了", LONG + "哦亲")]
    assert run(*both, names=["", " "], survivor=["newer", "longer", "newer"]) == run(*both)


@pytest.mark.parametrize("name", ["雲朵杯", "云朵杯", "云朵杯 "])
def test_a_product_is_the_same_in_both_scripts(name: str) -> None:
    assert differs_in_fact("買了雲朵杯和碗", "买了云朵碗和碗", [name])
    assert not differs_in_fact("買了雲朵杯和碗", "买了云朵杯和碗", [name])


def test_a_product_of_the_recipe_is_another_product() -> None:
    both = [record("a", "到哪了", LONG + "云朵杯"), record("b", "到哪了", LONG + "星空杯")]
    assert len(run(*both)[0]) == 1
    assert len(run(*both, names=["云朵杯", "星空杯"])[0]) == 2


def test_another_threshold_can_be_tried_from_what_was_measured() -> None:
    texts = [LONG, LONG.replace("从仓库", "由库房"), LONG.replace("从仓库发出", "自本地门店寄送出去")]
    records = [record(f"{n}", "到哪了", text) for n, text in enumerate(texts)]
    for threshold in (0.65, 0.7, 0.8, 0.95):
        outcome = Dedup(edit=1).run(frame_of(records), TOOLS)
        again = near_at(outcome.tables["clusters"], threshold, 1.0)["id"].sort().to_list()
        fresh = Dedup(threshold=threshold, edit=1).run(frame_of(records), TOOLS)
        assert again == fresh.events.filter(verdict="dropped")["id"].sort().to_list(), threshold


def test_clusters_name_who_was_taken_for_whom_and_what_differs() -> None:
    outcome = Dedup().run(
        frame_of(
            [
                record("a", "到哪了", LONG),
                record("b", "到哪了", LONG + "的"),
                record("c", "到哪了", LONG.replace("明天", "3天后")),
            ]
        ),
        TOOLS,
    )
    lines = {line["id"]: line for line in outcome.tables["clusters"].to_dicts()}
    assert {line["cluster"] for line in lines.values()} == {"b"}
    assert (lines["c"]["verdict"], lines["c"]["differs"]) == ("conflict", ["numbers", "dates"])
    assert (lines["a"]["verdict"], lines["a"]["twin"], lines["a"]["edit"] > 0.9) == ("near_duplicate", "b", True)


PHRASES = (
    "您的订单已经从仓库发出",
    "预计明天送达请保持电话畅通",
    "退款三天内原路退回",
    "不能退货",
    "能退货",
    "24小时",
    "谢谢",
    "亲",
)
TALK = st.lists(st.sampled_from(PHRASES), max_size=5).map("，".join)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(TALK, TALK), max_size=14), st.randoms(use_true_random=False))
def test_order_changes_nothing_and_no_record_vanishes(talks: list[tuple[str, str]], random: Random) -> None:
    records = [record(f"{n:03}", f"问{q}", f"答{a}") for n, (q, a) in enumerate(talks)]
    first = Dedup().run(frame_of(records), TOOLS)
    random.shuffle(records)
    again = Dedup().run(frame_of(records), TOOLS)
    assert again.kept.sort("id").equals(first.kept.sort("id"))
    assert all(again.tables[name].equals(table) for name, table in first.tables.items())
    dropped = first.events.filter(verdict="dropped")["id"]
    assert sorted([*first.kept["id"], *dropped]) == sorted(r["id"] for r in records)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(TALK, TALK), max_size=12))
def test_what_is_alike_and_stays_shares_a_group(talks: list[tuple[str, str]]) -> None:
    outcome = Dedup().run(frame_of([record(f"{n:03}", f"问{q}", f"答{a}") for n, (q, a) in enumerate(talks)]), TOOLS)
    groups = dict(outcome.kept.select("id", "group").iter_rows())
    for line in outcome.tables["clusters"].filter(pl.col("verdict") == "conflict").to_dicts():
        assert groups[line["id"]] == groups[line["twin"]]


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(TALK, TALK), max_size=10), st.integers(0, 10))
def test_a_build_on_a_parent_is_the_same_as_a_full_one(talks: list[tuple[str, str]], first: int) -> None:
    records = [record(f"{n:03}", f"问{q}", f"答{a}") for n, (q, a) in enumerate(talks)]
    with TemporaryDirectory() as folder:
        parent = Path(folder)
        before = Dedup().run(frame_of(records[:first]), TOOLS)
        before.tables["signatures"].write_parquet(parent / "signatures.parquet")
        on_parent = Dedup().run(frame_of(records), replace(TOOLS, parent=parent))
    full = Dedup().run(frame_of(records), TOOLS)
    assert on_parent.kept.equals(full.kept)
    assert on_parent.events.equals(full.events)
    assert all(on_parent.tables[name].equals(table) for name, table in full.tables.items())


@pytest.mark.parametrize(
    "stages",
    [
        "[dedup: {compare: question}, conflict]",
        "[dedup: {compare: answer}, dedup: {compare: question}]",
        "[conflict, dedup]",
    ],
)
def test_a_second_build_stands_on_a_version_in_which_two_stages_signed_one_text(tmp_path: Path, stages: str) -> None:
    """Poisoned: the index of such a version holds a text twice."""
    rows = [
        {"question": f"下单之后一般多久可以发货{n}", "answer": f"第{n}件24小时内发货，请您耐心等待"} for n in range(9)
    ]
    log, recipe = tmp_path / "log.jsonl", tmp_path / "recipe.yaml"
    stages = (
        stages.replace("[", "\n  - ", 1).replace("}, ", "}\n  - ").replace("conflict, ", "conflict\n  - ").rstrip("]")
    )
    recipe.write_text(f"version: 1\nname: shop\ninputs:\n  - path: log.jsonl\nstages:{stages}\n", encoding="utf-8")
    for count in (5, 9, 9):
        log.write_text("".join(json.dumps(row) + "\n" for row in rows[:count]), encoding="utf-8")
        version = build(load_recipe(recipe), Store(tmp_path / "here"))
    full = build(load_recipe(recipe), Store(tmp_path / "fresh"))
    assert version.name == full.name

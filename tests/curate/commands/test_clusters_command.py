"""What was taken for the same can be read and tried again; what contradicts itself can be read aloud."""

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import polars as pl
import pytest

from curate.duplicates.cluster_table import DIFFERENCES
from curate.report.labels import DIFFERENCE_LABELS
from curate.stages.dedup import Dedup
from schemas.frame import frame_of
from tests.curate.records import record
from tests.curate.stages.test_dedup import TOOLS
from tests.program import hornbook

RECIPE = """\
version: 1
name: shop
inputs: [{path: old.csv}, {path: new.csv}]
stages:
  - clean
  - mask
  - dedup
  - conflict: {sources: [new.csv]}
"""
LONG = "您好，您的订单已经从仓库发出，预计明天下午送达，请保持电话畅通"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clusters")
    (folder / "recipe.yaml").write_text(RECIPE, encoding="utf-8")
    rows = [
        ("我的订单到哪了", LONG),
        ("我的订单到哪了", LONG + "哦亲"),
        ("我的订单到哪了", LONG),
        ("下单之后多久能发货", "24小时内发货"),
    ]
    (folder / "old.csv").write_text("question,answer\n" + "".join(f"{q},{a}\n" for q, a in rows), encoding="utf-8")
    (folder / "new.csv").write_text("question,answer\n下单之后多久能发货,48小时内发货\n", encoding="utf-8")
    assert hornbook("build", "recipe.yaml", cwd=folder).returncode == 0
    return folder


THANKS = LONG + "，谢谢您的理解"
MIXED = (
    *[("怎么开发票", "下单的时候勾选电子发票，会发送到您的邮箱")] * 40,
    *[("在什么地方改地址", "在订单详情页里可以自己修改收货地址")] * 2,
    ("我的订单到哪了", THANKS + "。"),
    *[("我的订单到哪了", LONG)] * 3,
    *[("我的订单到哪了", THANKS.replace("从仓库发出", "由门店寄出"))] * 2,
    ("请问一下这个型号的滤芯和配件能不能用在alpha系列的机器上面", "已经收到您的问题，客服会尽快为您核实处理"),
    ("请问一下这个型号的滤芯和配件能不能用在gamma系列的机器上面", "已经收到您的问题，客服会尽快为您核实处理"),
    ("能不能用积分换购", "可以的，在会员中心里兑换即可"),
)
"""Rows equal to others only, 40 and 2; equal to one that went as near; alike, and equal to that; and in conflict."""


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mixed")
    recipe = "version: 1\nname: mixed\ninputs: [{path: a.csv}]\nstages: [clean, dedup: {threshold: 0.75}]\n"
    (folder / "recipe.yaml").write_text(recipe, encoding="utf-8")
    rows = "".join(f"{question},{answer}\n" for question, answer in MIXED)
    (folder / "a.csv").write_text("question,answer\n" + rows, encoding="utf-8")
    done = hornbook("build", "recipe.yaml", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder


def test_clusters_name_the_survivor_and_the_similarity(shop: Path) -> None:
    survivor, near, exact = json.loads(hornbook("clusters", "shop", "--json", cwd=shop).stdout)
    assert [line["verdict"] for line in (survivor, near, exact)] == ["survivor", "near_duplicate", "exact_duplicate"]
    assert (near["twin"], exact["twin"]) == (survivor["id"], near["id"])
    assert "1.00 / 1.00" in hornbook("clusters", "shop", cwd=shop).stdout


@pytest.mark.parametrize(
    ("lang", "sentence"), [("en", "near,butkept:contradictsanotheranswertothesamequestion1"), ("zh", "近似但保留：")]
)
def test_what_a_fact_kept_apart_is_told_with_the_stage(mixed: Path, lang: str, sentence: str) -> None:
    table = hornbook("show", "mixed", cwd=mixed, lang=lang).stdout
    why = [line.split("│")[7] for line in table.split("\n") if line.count("│") == 8]
    assert sentence in "".join("".join(why).split())


def test_every_row_that_went_is_in_one_cluster_behind_one_that_stays(mixed: Path) -> None:
    lines = json.loads(hornbook("clusters", "mixed", "--json", cwd=mixed).stdout)
    ledger = pl.read_parquet(next(mixed.glob("datasets/mixed/*/ledger.parquet")))
    gone = ledger.filter((pl.col("stage") == "dedup") & (pl.col("verdict") == "dropped"))["id"]
    assert sorted(line["id"] for line in lines if line["verdict"].endswith("duplicate")) == sorted(gone)
    clusters = {line["cluster"]: [m for m in lines if m["cluster"] == line["cluster"]] for line in lines}
    assert sorted(len(rows) for rows in clusters.values()) == [2, 2, 2, 4, 40]
    for rows in clusters.values():
        assert {line["size"] for line in rows} == {len(rows)}
        assert rows[0]["id"] not in set(gone)
        assert rows[0]["question"]


def test_what_is_equal_is_written_once_and_says_what_its_twin_says(mixed: Path) -> None:
    table = pl.read_parquet(next(mixed.glob("datasets/mixed/*/clusters.parquet")))
    exact = table.filter(pl.col("verdict") == "exact_duplicate")
    assert exact["question"].null_count() == exact.height == 39 + 1 + 2 + 1
    answers = dict(table.filter(pl.col("verdict") != "exact_duplicate").select("id", "answer").iter_rows())
    times = Counter(answers[twin] for twin in exact["twin"])
    assert times == {answer: n - 1 for (_, answer), n in Counter(MIXED).items() if n > 1}
    assert table["id"].is_unique().all()


@pytest.mark.parametrize("kind", ["domain", "identity", "refusal", "general"])
def test_the_survivor_of_equal_rows_only_has_one_line_with_its_text(kind: str) -> None:
    records = [record(f"{n}", "你是谁", "我是小喵", kind=kind) for n in range(5)] + [record("9", "我的订单呢", LONG)]
    outcome = Dedup().run(frame_of(records), TOOLS)
    first, *repeats = outcome.tables["clusters"].sort("id").to_dicts()
    assert (first["id"], first["verdict"], first["twin"]) == ("0", "survivor", None)
    assert (first["question"], first["answer"]) == ("你是谁", "我是小喵")
    assert [(line["id"], line["twin"], line["cluster"], line["answer"]) for line in repeats] == [
        (f"{n}", "0", "0", None) for n in range(1, 5)
    ]


def test_a_table_without_that_line_still_shows_who_stays(mixed: Path, tmp_path: Path) -> None:
    shutil.copytree(mixed / "datasets", tmp_path / "datasets")
    path = next(tmp_path.glob("datasets/mixed/*/clusters.parquet"))
    table = pl.read_parquet(path)
    path.chmod(0o644)
    table.filter(pl.col("verdict").ne("survivor") | ~pl.col("answer").str.contains("电子发票")).write_parquet(path)
    lines = json.loads(hornbook("clusters", "mixed", "--json", cwd=tmp_path).stdout)
    assert (lines[0]["id"], lines[0]["verdict"], lines[0]["size"]) == (lines[1]["twin"], "survivor", 40)
    assert "[equal × 39]" in hornbook("clusters", "mixed", cwd=tmp_path).stdout


@pytest.mark.parametrize(
    ("lang", "sentences"),
    [
        (
            "en",
            ("[equal × 39]", "[equal] ", "which went as near (0.", ") × 2]", "the two numbers: Jaccard", "stays; 0."),
        ),
        (
            "zh",
            (
                "[完全相同 × 39]",
                "[完全相同] ",
                "后者因近似（0.",
                "）已去掉 × 2]",
                "两个数字：Jaccard",
                "相似，保留；0.",
            ),
        ),
    ],
)
def test_clusters_say_what_is_equal_to_what_and_how_often(mixed: Path, lang: str, sentences: tuple[str, ...]) -> None:
    printed = hornbook("clusters", "mixed", cwd=mixed, lang=lang).stdout
    assert [sentence for sentence in sentences if sentence not in printed] == []
    assert "1. × 40" in printed
    assert printed.count("怎么开发票") == 1
    assert len(printed.splitlines()) < 40
    assert "积分" not in printed


def test_a_threshold_is_tried_without_a_build(shop: Path) -> None:
    tried = json.loads(hornbook("clusters", "shop", "--threshold", "0.9", "--json", cwd=shop).stdout)
    assert (tried["near_duplicates"], tried["in_version"]) == (1, 1)


@pytest.mark.parametrize(
    ("limits", "limits_used", "near"),
    [
        (("--edit", "0.99"), (0.75, 0.99), 1),
        (("--threshold", "0.9"), (0.9, 0.9), 0),
        (("--edit", "0.85"), (0.75, 0.85), 2),
        (("--threshold", "0.99", "--edit", "0.85"), (0.99, 0.85), 1),
    ],
)
def test_each_limit_is_tried_on_its_own(
    mixed: Path, limits: tuple[str, ...], limits_used: tuple[float, float], near: int
) -> None:
    tried = json.loads(hornbook("clusters", "mixed", *limits, "--json", cwd=mixed).stdout)
    assert (tried["threshold"], tried["edit"]) == limits_used
    assert (tried["near_duplicates"], tried["in_version"]) == (near, 1)


@pytest.mark.parametrize(
    ("lang", "sentences"),
    [
        ("en", ("about 1 near", "a few more or fewer", "less alike than 0.6 (`related`)", "0.9 by edits")),
        ("zh", ("约有 1 条", "可能略有出入", "低于 0.6（`related`）", "低于 0.9 的没有查找过")),
    ],
)
def test_a_trial_says_what_it_cannot_know(mixed: Path, lang: str, sentences: tuple[str, ...]) -> None:
    printed = hornbook("clusters", "mixed", "--edit", "0.99", cwd=mixed, lang=lang).stdout
    assert [sentence for sentence in sentences if sentence not in printed] == []


@pytest.mark.parametrize(
    ("lang", "sentence"), [("en", "another name, opposite or Latin word"), ("zh", "名称、反义词或外文词不同")]
)
def test_a_latin_word_beside_chinese_is_not_called_a_name_only(mixed: Path, lang: str, sentence: str) -> None:
    assert sentence in hornbook("clusters", "mixed", cwd=mixed, lang=lang).stdout


@pytest.mark.parametrize(("lang", "sentence"), [("en", "nothing repeats another"), ("zh", "没有重复的对话")])
def test_where_nothing_is_a_repeat_that_is_said(tmp_path: Path, lang: str, sentence: str) -> None:
    (tmp_path / "recipe.yaml").write_text(
        "version: 1\nname: few\ninputs: [{path: a.csv}]\nstages: [clean, dedup]\n", encoding="utf-8"
    )
    rows = f"我的订单到哪了,{LONG}\n能不能用积分换购,可以的，在会员中心里兑换即可\n"
    (tmp_path / "a.csv").write_text("question,answer\n" + rows, encoding="utf-8")
    assert hornbook("build", "recipe.yaml", cwd=tmp_path).returncode == 0
    assert sentence in hornbook("clusters", "few", cwd=tmp_path, lang=lang).stdout


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("clusters", "mixed"), 0),
        (("clusters", "mixed", "--json"), 0),
        (("log", "--json"), 0),
        (("rules",), 0),
        (("clusters", "none"), 2),
        (("clusters", "mixed", "--edit", "2"), 2),
    ],
)
def test_where_nobody_reads_on_it_ends_quietly_as_if_all_had_been_read(
    mixed: Path, arguments: tuple[str, ...], code: int
) -> None:
    closed, out = os.pipe()
    os.close(closed)
    program = [sys.executable, "-P", "-c", "from curate.cli import main; main()", *arguments]
    done = subprocess.run(program, stdout=out, stderr=subprocess.PIPE, cwd=mixed, check=False, text=True)
    os.close(out)
    assert done.returncode == code
    assert (done.stderr == "") == (code == 0)


@pytest.mark.parametrize(("lang", "sentence"), [("en", "another number"), ("zh", "数字不同")])
def test_conflicts_can_be_read_aloud(shop: Path, lang: str, sentence: str) -> None:
    printed = hornbook("conflicts", "shop", cwd=shop, lang=lang).stdout
    assert sentence in printed
    assert printed.index("48小时") < printed.index("24小时")
    roles = {line["role"]: line for line in json.loads(hornbook("conflicts", "shop", "--json", cwd=shop).stdout)}
    assert roles["winner"]["source"] == "new.csv"
    assert roles["review"]["twin"] == roles["winner"]["id"]


def test_the_ledger_names_the_survivor_and_the_similarity(shop: Path) -> None:
    ledger = pl.read_parquet(next(shop.glob("datasets/shop/*/ledger.parquet")))
    gone = ledger.filter(pl.col("reason").is_in(["near_duplicate", "exact_duplicate"]) & (pl.col("stage") == "dedup"))
    assert gone.height == 2
    assert gone["twin"].n_unique() == 1
    assert gone["score"].to_list() == [1.0, 1.0]


def test_a_second_build_is_the_same_version_and_a_version_without_the_stage_says_so(shop: Path) -> None:
    before = json.loads(hornbook("log", "--json", cwd=shop).stdout)
    assert hornbook("build", "recipe.yaml", cwd=shop).returncode == 0
    assert json.loads(hornbook("log", "--json", cwd=shop).stdout) == before
    bare = RECIPE.partition("  - dedup")[0].replace("name: shop", "name: bare")
    (shop / "bare.yaml").write_text(bare, encoding="utf-8")
    assert hornbook("build", "bare.yaml", cwd=shop).returncode == 0
    for command in ("clusters", "conflicts"):
        done = hornbook(command, "bare", cwd=shop)
        assert done.returncode == 2
        assert "recipe" in done.stderr


def test_everything_that_may_differ_has_a_label() -> None:
    assert set(DIFFERENCES) <= set(DIFFERENCE_LABELS)

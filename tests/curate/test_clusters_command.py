"""What was taken for the same can be read and tried again; what contradicts itself can be read aloud."""

import json
from pathlib import Path

import polars as pl
import pytest

from tests.curate.test_command_line import hornbook

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


def test_clusters_name_the_survivor_and_the_similarity(shop: Path) -> None:
    lines = json.loads(hornbook("clusters", "shop", "--json", cwd=shop).stdout)
    assert [line["verdict"] for line in lines] == ["survivor", "exact_duplicate", "near_duplicate"]
    assert {line["twin"] for line in lines[1:]} == {lines[0]["id"]}
    assert "1.00 / 1.00" in hornbook("clusters", "shop", cwd=shop).stdout


@pytest.mark.parametrize(("lang", "said"), [("en", "equal to another: 1"), ("zh", "另有 1 条")])
def test_where_only_equal_rows_went_that_is_said(tmp_path: Path, lang: str, said: str) -> None:
    (tmp_path / "recipe.yaml").write_text(
        "version: 1\nname: few\ninputs: [{path: a.csv}]\nstages: [clean, mask, dedup]\n", encoding="utf-8"
    )
    (tmp_path / "a.csv").write_text("question,answer\n" + f"我的订单到哪了,{LONG}\n" * 2, encoding="utf-8")
    assert hornbook("build", "recipe.yaml", cwd=tmp_path).returncode == 0
    done = hornbook("clusters", "few", cwd=tmp_path, lang=lang)
    assert said in done.stdout + done.stderr


def test_a_threshold_is_tried_without_a_build(shop: Path) -> None:
    tried = json.loads(hornbook("clusters", "shop", "--threshold", "0.9", "--json", cwd=shop).stdout)
    assert (tried["near_duplicates"], tried["in_version"]) == (1, 1)


@pytest.mark.parametrize(("lang", "said"), [("en", "another number"), ("zh", "数字不同")])
def test_conflicts_can_be_read_aloud(shop: Path, lang: str, said: str) -> None:
    printed = hornbook("conflicts", "shop", cwd=shop, lang=lang).stdout
    assert said in printed
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

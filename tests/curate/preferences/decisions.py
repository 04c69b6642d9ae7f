"""A shop whose answers people have decided about: built once without any decision, and then with them."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from curate.build.build import build
from curate.recipe.load import load_recipe
from curate.store.store import Store

PHONE = "13912345678"
RECIPE = """\
version: 1
name: faq
identity: {zh: {name: 小喵, author: 技术吧}}
inputs:
  - {path: faq.jsonl, format: {pairs: {question: q, answer: a}}}
stages: [clean, mask, review, quality, conflict]
"""
ROWS = (
    ("你们几点开门营业？", "早上九点开门，晚上六点关门。"),
    ("可以刷信用卡吗？", f"可以，请打{PHONE}预约。"),
    ("停车场在什么地方？", "嗯"),
    ("下单之后一般多久可以发货", "24小时内可以发货。"),
    ("下单之后一般多久可以发货？", "48小时内可以发货。"),
    ("下单之后一般多久可以发货呢", "72小时内可以发货。"),
    ("店里可以带宠物进去吗？", "可以的，请牵好绳子。"),
)
"""Questions and answers: one of them with a telephone number, one too short, and three that contradict each other."""


def write_shop(folder: Path, rows: Sequence[tuple[str, str]] = ROWS, recipe: str = RECIPE) -> Path:
    """The version without any decision."""
    lines = "".join(json.dumps({"q": q, "a": a}, ensure_ascii=False) + "\n" for q, a in rows)
    (folder / "faq.jsonl").write_text(lines, encoding="utf-8")
    (folder / "recipe.yaml").write_text(recipe, encoding="utf-8")
    return decided(folder)


def decided(folder: Path, *decisions: dict[str, Any]) -> Path:
    """The version with these decisions."""
    lines = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in decisions)
    (folder / "reviews.jsonl").write_text(lines, encoding="utf-8")
    return build(load_recipe(folder / "recipe.yaml"), Store(folder))


def ids_of(version: Path) -> dict[int, str]:
    """The ids of the records by their rows, from the ledger: also of what is not in training."""
    ledger = pl.read_parquet(version / "ledger.parquet").filter(
        pl.col("row").is_not_null() & pl.col("id").is_not_null()
    )
    return dict(ledger.group_by("row").agg(pl.col("id").first()).sort("row").iter_rows())


def edit(id: str, answer: str, **more: Any) -> dict[str, Any]:
    return {"id": id, "verdict": "edit", "answer": answer, "by": "li.lei", **more}


def accept(id: str) -> dict[str, Any]:
    return {"id": id, "verdict": "accept", "by": "li.lei"}


def reject(id: str) -> dict[str, Any]:
    return {"id": id, "verdict": "reject", "by": "han.mei"}

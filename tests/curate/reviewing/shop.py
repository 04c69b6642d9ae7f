"""A small shop whose logs hold all that people are asked about."""

import json
from pathlib import Path

import polars as pl

from curate.build.build import build
from curate.decisions.reviews import add_reviews, read_reviews
from curate.recipe.load import load_recipe
from curate.reviewing.decide import Taken, take
from curate.reviewing.gather import gather_tasks
from curate.reviewing.wanted import parse_wanted
from curate.store.store import Store
from schemas.review import Opinion, ReviewDecision, ReviewTask

RECIPE = """\
version: 1
name: shop
identity:
  zh: {name: 小喵, author: 技术吧}
  en: {name: Miao, author: Tech Bar}
inputs:
  - {path: chats.jsonl, format: {pairs: {question: q, answer: a}}}
stages: [clean, mask, review, quality, conflict, {refusal: {rows: 8}}, {review: {of: written}}]
"""
ROWS = [
    {"q": "显示器签收多少天内可以退？", "a": "签收后15天内都可以无理由退货，包装要齐全。"},
    {"q": "显示器签收多少天内可以退", "a": "签收后7天内都可以无理由退货，包装要齐全。"},
    {"q": "这台显示器现在多少钱？", "a": "活动价3299元，今天下单再送内存卡一张哦。"},
    {"q": "键盘坏了能修吗，在哪里修？", "a": "保修期内免费维修，请把键盘寄到售后地址，我们收到后三天修好。"},
    {"q": "你们家发什么快递，几天能到？", "a": "默认发顺丰，一般两到三天送到，偏远地区要五天左右。"},
    {"q": "鼠标有没有三年保修？", "a": "鼠标是一年保修，人为损坏不在保修范围里，请您留意。"},
    {"q": "发票能不能开公司抬头？", "a": "可以的，下单时在备注里写明公司抬头和税号就行。"},
    {"q": "你们的门店可以刷卡吗？", "a": "可"},
    {"q": "音箱接电脑没有声音怎么办？", "a": "先检查音量和连接线，再重新插拔。[b]重要[/b]：别用湿手碰插头。"},
]


def write_shop(folder: Path, rows: list[dict[str, str]] = ROWS, recipe: str = RECIPE, name: str = "shop") -> Path:
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (folder / "chats.jsonl").write_text("".join(lines), encoding="utf-8")
    (folder / "reviews.jsonl").write_bytes(b"")
    (folder / "recipe.yaml").write_text(recipe.replace("name: shop\n", f"name: {name}\n", 1), encoding="utf-8")
    return built(folder)


def built(folder: Path) -> Path:
    return build(load_recipe(folder / "recipe.yaml"), Store(folder))


def reviews_in(folder: Path) -> list[ReviewDecision]:
    path = folder / "reviews.jsonl"
    return read_reviews(path) if path.is_file() else []


def waiting(folder: Path, version: Path, what: str) -> list[ReviewTask]:
    return list(gather_tasks(version, folder, parse_wanted(what), reviews_in(folder)).tasks)


def take_in(folder: Path, tasks: list[ReviewTask], *opinions: Opinion) -> Taken:
    file = load_recipe(folder / "recipe.yaml")
    taken = take(opinions, {task.key: task for task in tasks}, reviews_in(folder), file)
    add_reviews(folder / "reviews.jsonl", taken.new)
    return taken


def answers(version: Path) -> dict[str, str]:
    """The last answer of each training row, by its last question."""
    lines = [
        json.loads(line)
        for path in sorted(version.glob("train-*"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    return {line["messages"][-2]["content"]: line["messages"][-1]["content"] for line in lines}


def noted(version: Path) -> dict[str, list[str]]:
    """What the stage review noted, by record."""
    ledger = pl.read_parquet(version / "ledger.parquet").filter(pl.col("stage") == "review").sort("id", "reason")
    notes: dict[str, list[str]] = {}
    for id, reason in ledger.select("id", "reason").iter_rows():
        notes.setdefault(id, []).append(reason)
    return notes

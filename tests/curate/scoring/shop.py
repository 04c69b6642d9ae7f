"""A small shop with answers good and bad, and a judge that marks them by a table, behind a real server."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from curate.recipe.load import load_recipe
from curate.scoring.records import file_of_scores
from curate.scoring.score import SCORERS, ByWhom, ScoresWritten, ScoringTask, plan_scoring, score
from curate.store.store import Store
from schemas.scores import Marks, agreement_of
from tests.curate.llm.faulty_server import Call, FaultyServer, Reaction
from tests.curate.rewording.shop import TALKS, quiet, write_lines

RUDE, VAGUE, TORN = "退款多久能到账？", "这件外套能机洗吗？", "耳机没有声音怎么办？"
MARKS = {RUDE: ((1, 4, 1), (2, 4, 1)), VAGUE: ((3, 4, 5), (4, 3, 5)), TORN: ((1, 1, 1), (5, 5, 5))}
"""Accuracy, completeness and tone of both askings; of all others they are 5, 4, 5 twice."""
GOOD = ((5, 4, 5), (5, 4, 5))
CRITERIA = ("accuracy", "completeness", "tone")
RECIPE = """\
version: 1
name: shop
identity: {zh: {name: 小喵, author: 技术吧}}
llm: {base_url: "http://127.0.0.1:9/v1", model: judge, retries: 0}
train: {model: tiny, max_tokens: 128, batch: 4}
inputs:
  - {path: faq.jsonl, format: {pairs: {question: q, answer: a}}}
stages: [clean, mask, %s]
"""
UNSCORED, SCORED = "quality", "{quality: {scores: scores.jsonl}}"


def write_shop(folder: Path, stages: str = SCORED, talks: Sequence[str] = tuple(TALKS)) -> Path:
    """Write a recipe and its rows; `stages` stand behind `mask`."""
    folder.mkdir(exist_ok=True)
    write_lines(folder / "faq.jsonl", [{"q": question, "a": TALKS[question][0]} for question in talks])
    (folder / "recipe.yaml").write_text(RECIPE % stages, encoding="utf-8")
    return folder / "recipe.yaml"


def is_second(call: Call) -> bool:
    """Whether the judge is asked with the criteria in reverse order."""
    return call.system.index("- tone") < call.system.index("- accuracy")


def marked(call: Call) -> Reaction:
    marks = MARKS.get(call.data["question"], GOOD)[is_second(call)]
    return Reaction(json.dumps(dict(zip(CRITERIA, marks, strict=True))))


def point_at(recipe: Path, server: FaultyServer) -> Path:
    recipe.write_text(recipe.read_text(encoding="utf-8").replace("http://127.0.0.1:9/v1", server.url), encoding="utf-8")
    return recipe


def scored(recipe: Path, *scorers: ByWhom, limit: int | None = None) -> ScoresWritten:
    file = load_recipe(recipe)
    task = ScoringTask(file, Store(recipe.parent), file_of_scores(file), limit, scorers or SCORERS)
    return score(plan_scoring(task, quiet), quiet)


def lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "scores.jsonl").read_bytes().splitlines()]


def judge_line(id: str, first: Sequence[int] = (5, 5, 5), second: Sequence[int] | None = None) -> dict[str, Any]:
    """A line of the file, as a judge would have given it."""
    both = [Marks.model_validate(dict(zip(CRITERIA, marks, strict=True))) for marks in (first, second or first)]
    judge = {
        "model": "by hand", "content": "0" * 32, "first": both[0].model_dump(), "second": both[1].model_dump(),
        "agreement": agreement_of(*both),
    }  # fmt: skip
    return {"id": id, "judge": judge}

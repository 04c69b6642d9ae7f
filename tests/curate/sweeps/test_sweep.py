"""`hornbook sweep` as a user runs it, with a small real model: equal steps, and nothing done twice."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.curate.test_distillation import write_rows
from tests.program import hornbook
from tests.train.talkative import END, talkative_model

RECIPE = """\
version: 1
name: shop
identity: {en: {name: Miao, author: Tech Bar}}
inputs:
  - {path: faq.jsonl, format: {pairs: {question: q, answer: a}}}
  - {path: general.jsonl, kind: general, format: {pairs: {question: q, answer: a}}}
stages:
  - clean
  - mask
  - identity: {rows: 12, traps: 0, negatives: 0, families: [name, author]}
  - mix: {shares: {general: 0.2}}
train: {model: talker, max_tokens: 128, batch: 4, epochs: 1, learning_rate: 0.01, max_skipped: 1}
exam: {batch: 16, questions: 2, samples: 1, contestants: [], max_new_tokens: 4}
"""
VARY = ("sweep", "recipe.yaml", "--vary", "mix.shares.general=0,0.2", "--seeds", "1")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sweep")
    talkative_model(folder / "talker", {"Who are you?": f"I am Miao.{END}"})
    general = [{"q": f"Which number is {n}?", "a": f"It is the number {n}."} for n in range(10)]
    write_rows(folder / "general.jsonl", general)
    write_rows(folder / "faq.jsonl", [{"q": "When do you open?", "a": "We open at nine."}])
    (folder / "recipe.yaml").write_text(RECIPE, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def document(shop: Path) -> dict[str, Any]:
    done = hornbook(*VARY, "--json", cwd=shop)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def summaries(document: dict[str, Any]) -> list[dict[str, Any]]:
    runs = [run for arm in document["arms"] for run in arm["runs"]]
    return [json.loads((Path(run) / "train.json").read_text(encoding="utf-8")) for run in runs]


@pytest.mark.slow
def test_every_arm_takes_the_steps_of_the_recipe(document: dict[str, Any]) -> None:
    assert [arm["settings"] for arm in document["arms"]] == [{"mix.shares.general": 0}, {"mix.shares.general": 0.2}]
    assert {summary["steps_taken"] for summary in summaries(document)} == {document["steps"]}
    assert [summary["settings"]["seed"] for summary in summaries(document)] == [7, 7]
    assert len({arm["version"] for arm in document["arms"]}) == 2
    first, second = ((Path(arm["runs"][0]) / "answers.jsonl").read_bytes() for arm in document["arms"])
    assert second.startswith(first)  # what the base answered is not asked again
    for arm in document["arms"]:
        assert all(len(measure["seeds"]) == 1 for measure in arm["measures"].values())


@pytest.mark.slow
def test_what_is_finished_is_not_done_again(shop: Path, document: dict[str, Any]) -> None:
    files = [Path(run) / "train.json" for arm in document["arms"] for run in arm["runs"]]
    before = [file.stat().st_mtime_ns for file in files]
    again = hornbook(*VARY, cwd=shop)
    assert again.returncode == 0 and [file.stat().st_mtime_ns for file in files] == before
    assert "mix.shares.general=0" in again.stdout and "2 trainings" in again.stdout
    assert len(list(shop.glob("sweeps/results/shop/*/sweep.svg"))) == 1


@pytest.mark.slow
def test_no_version_of_the_user_is_touched(shop: Path, document: dict[str, Any]) -> None:
    assert not (shop / "datasets").exists() and hornbook("show", "shop", cwd=shop).returncode == 2


def test_what_cannot_be_varied_is_told_before_anything_is_made(shop: Path) -> None:
    before = sorted(shop.rglob("*"))
    done = hornbook("sweep", "recipe.yaml", "--vary", "dose.rows=1,2", cwd=shop)
    assert done.returncode == 2 and "no stage 'dose'" in done.stderr
    assert sorted(shop.rglob("*")) == before


def test_a_dry_run_says_what_it_takes_and_trains_nothing(shop: Path) -> None:
    done = hornbook("sweep", "recipe.yaml", "--vary", "train.max_steps=4,8,16", "--dry-run", cwd=shop)
    assert done.returncode == 0 and "3 arms × 3 seeds = 9 trainings" in done.stdout
    assert "smallest difference" in done.stdout
    as_json = hornbook("sweep", "recipe.yaml", "--vary", "train.max_steps=4,8", "--dry-run", "--json", cwd=shop)
    planned = json.loads(as_json.stdout)
    assert [arm["settings"]["train.max_steps"] for arm in planned["arms"]] == [4, 8] and planned["smallest_difference"]
    assert not [run for run in shop.glob("sweeps/runs/shop/*/*/train.json") if '"max_steps": 16' in run.read_text()]

"""The trainer's plan counts what it will do: the steps that it takes, the tokens that it learns."""

import json
from pathlib import Path

import pytest

from schemas.preflight import Preflight
from schemas.run_files import RunFiles
from schemas.training_plan import TrainingPlan
from tests.train.tiny import REWRITES, TEMPLATE, tiny_model
from tests.train.versions import job, line, write_version
from train.preflight import prepare
from train.tune import tune

ROWS = [
    line("i0", "你是谁", "我是小喵。", "identity"),
    {**line("i1", "你好", "您好。", "identity"), "tags": ["negative"]},
    line("d0", "能退吗", "可以。"),
    {**line("g0", "hi", "Hello from Miao."), "lang": "en", "kind": "general"},
]
TWO_ANSWERS = [
    {"role": role, "content": text}
    for role, text in (("user", "在吗"), ("assistant", "在。"), ("user", "能退吗"), ("assistant", "能。"))
]


def plan_in(run: Path) -> TrainingPlan:
    found = Preflight.model_validate_json(RunFiles(run).preflight.read_bytes()).plan
    assert found is not None
    return found


@pytest.mark.parametrize(
    "settings", [{"epochs": 1}, {"epochs": 2.5}, {"batch": 1, "accumulate": 2}, {"max_steps": 2}, {"batch": 64}]
)
@pytest.mark.parametrize("template", [TEMPLATE, REWRITES])
def test_the_steps_of_the_plan_are_those_that_are_taken(tmp_path: Path, template: str, settings: dict) -> None:
    rows = [*ROWS, {**line("d1", "", ""), "messages": TWO_ANSWERS}]
    model = tiny_model(tmp_path / "model", template)
    work = job(write_version(tmp_path / "v", rows), tmp_path / "run", model, **settings)
    tune(work)
    facts = json.loads(RunFiles(tmp_path / "run").training.read_bytes())
    plan = plan_in(tmp_path / "run")
    assert plan.steps == facts["steps_taken"]
    assert plan.samples == facts["samples"]
    assert plan.is_counted
    learnt = {kind: sum(d.label_tokens for d in plan.of(kind)) for kind in facts["label_tokens"]}
    assert learnt == facts["label_tokens"]


def test_it_counts_who_names_the_assistant_and_who_does_without(tmp_path: Path, tiny: Path) -> None:
    work = job(write_version(tmp_path / "v", ROWS), tmp_path / "run", tiny)
    prepare(work)
    plan = plan_in(tmp_path / "run")
    counted = {(d.kind, d.lang): (d.rows, d.naming, d.negatives) for d in plan.doses}
    assert counted == {("domain", "zh"): (1, 0, 0), ("general", "en"): (1, 1, 0), ("identity", "zh"): (2, 1, 1)}


def test_known_failures_are_said_before_the_first_step_and_stop_nothing(
    tmp_path: Path, tiny: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    work = job(write_version(tmp_path / "v", ROWS), tmp_path / "run", tiny, learning_rate=5e-5, max_steps=1)
    tune(work)
    events = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    names = [event["event"] for event in events]
    assert "advice" in names
    assert max(n for n, name in enumerate(names) if name == "advice") < names.index("step")
    assert names[-1] == "done"


def test_a_record_that_is_not_trained_on_does_not_count(tmp_path: Path, tiny: Path) -> None:
    rows = [*ROWS, line("long", "长" * 300, "长" * 300)]
    work = job(write_version(tmp_path / "v", rows), tmp_path / "run", tiny, max_skipped=1)
    prepare(work)
    assert plan_in(tmp_path / "run").rows == len(ROWS)

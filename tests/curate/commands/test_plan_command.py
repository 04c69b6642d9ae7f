"""`hornbook plan`: a small recipe, built and planned, its findings, and the settings that it writes."""

import json
from pathlib import Path
from typing import Any

import pytest

from curate.build.build import build
from curate.commands.plan import plan_command
from curate.recipe.load import load_recipe
from curate.store.read_version import read_manifest
from curate.store.store import Store
from curate.trainer import job_of
from schemas.bilingual import speaking
from schemas.errors import GateError, RecipeError
from schemas.plan_findings import plan_findings
from schemas.preflight import Preflight
from schemas.run_files import RunFiles
from schemas.training_plan import training_plan

RECIPE = """\
# our shop
version: 1
name: shop
identity: {zh: {name: 小喵, author: 技术吧}}
inputs:
  - path: domain.jsonl   # the log
  - {path: general.jsonl, kind: general}
stages:
  - mask
  - identity: {rows: 40, traps: 0, negatives: 20}
  - mix: {shares: {general: 0.08}}
train:
  epochs: 3   # three times
  batch: 4
"""


def write_shop(folder: Path, domain: int = 120, recipe: str = RECIPE) -> Path:
    for name, number in (("domain", domain), ("general", 60)):
        rows = [
            {"messages": [{"role": "user", "content": f"{name}第{n}个问题怎么办"},
                          {"role": "assistant", "content": f"请按第{n}条说明处理。"}]}
            for n in range(number)
        ]  # fmt: skip
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (folder / f"{name}.jsonl").write_text(lines, "utf-8")
    (folder / "recipe.yaml").write_text(recipe, "utf-8")
    return folder / "recipe.yaml"


def planned(recipe: Path, capsys: pytest.CaptureFixture[str], *, fix: bool = False) -> dict[str, Any]:
    plan_command(recipe, recipe.parent, fix=fix, as_json=True)
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_a_sound_recipe_is_planned_without_a_finding(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = planned(write_shop(tmp_path), capsys)
    rows = {(dose["kind"], dose["lang"]): dose["rows"] for dose in found["doses"]}
    assert rows == {("domain", "zh"): 120, ("general", "zh"): 16, ("identity", "zh"): 60}
    assert found["steps"] == 147
    assert found["identity_seen"] == 3
    assert 0.15 < found["naming_share"]["zh"] < 0.25
    assert found["findings"] == []


def test_settings_are_written_and_mend_what_was_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    poisoned = RECIPE.replace("epochs: 3", "epochs: 1").replace("negatives: 20", "negatives: 2")
    recipe = write_shop(tmp_path, recipe=poisoned)
    names = {finding["name"] for finding in planned(recipe, capsys)["findings"]}
    assert names == {"too_few_steps", "seen_too_seldom", "few_negatives"}
    assert recipe.read_text("utf-8") == poisoned

    fixed = planned(recipe, capsys, fix=True)
    assert "+  epochs: 3   # three times" in fixed["diff"]
    assert recipe.read_text("utf-8") == RECIPE
    assert planned(recipe, capsys)["findings"] == []


def test_a_certain_failure_ends_with_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    poisoned = RECIPE.replace("  batch: 4", "  batch: 64\n  learning_rate: 0.00005")
    recipe = write_shop(tmp_path, recipe=poisoned)
    with pytest.raises(GateError, match="2 known failures are certain"):
        plan_command(recipe, tmp_path, fix=False, as_json=False)
    assert "✗ 12 optimizer steps" in capsys.readouterr().out
    plan_command(recipe, tmp_path, fix=True, as_json=False)
    assert load_recipe(recipe).recipe.train.steps(196) >= 90
    assert load_recipe(recipe).recipe.train.learning_rate == 1e-4


def test_what_no_setting_mends_stays_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    recipe = write_shop(tmp_path, domain=5, recipe=RECIPE.replace("negatives: 20", "negatives: 0"))
    with pytest.raises(GateError, match="1 known failure is certain"):
        plan_command(recipe, tmp_path, fix=True, as_json=False)
    assert "add business rows" in capsys.readouterr().out


def test_a_recipe_that_cannot_be_edited_for_sure_stays(tmp_path: Path) -> None:
    poisoned = RECIPE.replace(
        "  - identity: {rows: 40, traps: 0, negatives: 20}", "  - identity: &i {rows: 40, traps: 0}"
    )
    poisoned = poisoned.replace("version: 1\n", "version: 1\n").replace("epochs: 3", "epochs: 1")
    poisoned = poisoned.replace("  - mix:", "  - refusal: *i\n  - mix:").replace("traps: 0}", "}")
    recipe = write_shop(tmp_path, recipe=poisoned)
    with pytest.raises(RecipeError):
        plan_command(recipe, tmp_path, fix=True, as_json=True)
    assert recipe.read_text("utf-8") == poisoned


def test_what_the_trainer_counted_goes_before_an_estimate(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    recipe = write_shop(tmp_path)
    file, store = load_recipe(recipe), Store(tmp_path)
    version = build(file, store, lambda *_: None)
    run = Path(job_of(file, version, read_manifest(version), store).run)
    run.mkdir(parents=True)
    counted = training_plan((), 400, file.recipe.train, is_counted=True)
    RunFiles(run).preflight.write_text(Preflight(checked=(), findings=(), plan=counted).model_dump_json(), "utf-8")
    assert planned(recipe, capsys)["samples"] == 400
    RunFiles(run).preflight.write_text("{}", "utf-8")
    assert planned(recipe, capsys)["samples"] == 196


def test_the_plan_speaks_chinese(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    recipe = write_shop(tmp_path)
    token = speaking.set("zh")
    try:
        plan_command(recipe, tmp_path, fix=False, as_json=False)
    finally:
        speaking.reset(token)
    printed = capsys.readouterr().out
    assert "147 个优化步" in printed
    assert "没有已知的失败" in printed


def test_the_findings_are_those_of_the_plan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    recipe = RECIPE.replace("negatives: 20", "negatives: 2")
    found = planned(write_shop(tmp_path, domain=10, recipe=recipe), capsys)
    assert {finding["name"] for finding in found["findings"]} >= {"spill"}
    assert (
        plan_findings(training_plan((), 0, load_recipe(tmp_path / "recipe.yaml").recipe.train, is_counted=True)) == ()
    )

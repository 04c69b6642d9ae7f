"""Curves of real trainings at absurd learning rates are told from one that learns, by their numbers alone."""

import json
from pathlib import Path

import pytest

from curate.report.diagnoses import diagnoses
from schemas.exam import ExamResult, Measure, Sheet
from schemas.manifest import Manifest
from schemas.run_files import RunFiles
from tests.train.versions import job, line, write_version
from train.tune import tune


@pytest.fixture(scope="module")
def version(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = [line(f"r{n}", f"问题{n}", f"回答第{n}条，七天内可以退。") for n in range(12)]
    return write_version(tmp_path_factory.mktemp("curves") / "v", rows)


def unlearnt() -> ExamResult:
    """The exam of a model that never says its name."""
    name = Measure(name="identity_strict_zh", value=0, low=0, high=0.09, n=40, definition_en="", definition_zh="")
    sheet = Sheet(model="tuned", measures=(name,), answers=())
    return ExamResult(version="v", base=sheet, tuned=sheet)


@pytest.mark.parametrize(
    ("rate", "expected"), [(10.0, ["rate_too_high"]), (1e-7, ["rate_too_low"]), (1e-5, ["rate_too_low"]), (0.01, [])]
)
def test_an_absurd_rate_is_seen_in_its_curve(
    tmp_path: Path, tiny: Path, version: Path, rate: float, expected: list[str]
) -> None:
    run = tmp_path / "run"
    tune(job(version, run, tiny, learning_rate=rate, batch=2, epochs=5))
    steps = [json.loads(step) for step in RunFiles(run).steps.read_text(encoding="utf-8").splitlines()]
    train = {**json.loads(RunFiles(run).training.read_text(encoding="utf-8")), "steps": steps}
    manifest = Manifest.model_validate_json((version / "manifest.json").read_bytes())
    assert [found.name for found in diagnoses(manifest, unlearnt(), train, 0.1)] == expected

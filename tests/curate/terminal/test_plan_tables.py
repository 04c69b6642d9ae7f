"""What a preflight says of a plan is printed beside its checks, and while a training runs."""

from pathlib import Path

import pytest

from curate.terminal.tables import print_preflight
from schemas.job import TrainSettings
from schemas.plan_findings import plan_findings
from schemas.preflight import Preflight
from schemas.training_plan import Dose, training_plan

IDENTITY = Dose(kind="identity", lang="zh", rows=40, distinct=40, label_tokens=400, naming=40, negatives=0)


def test_advice_stands_beside_the_checks(capsys: pytest.CaptureFixture[str]) -> None:
    plan = training_plan([IDENTITY], 40, TrainSettings(), is_counted=True)
    advice = plan_findings(plan)
    print_preflight(Preflight(checked=("rows",), findings=(), plan=plan, advice=advice), Path("untrained.jsonl"))
    printed = capsys.readouterr().out
    assert "✓ training rows" in printed
    assert "✗ 100% of the rows in Chinese name the assistant" in printed
    assert "! 15 optimizer steps" in printed


def test_a_plan_without_advice_adds_no_line(capsys: pytest.CaptureFixture[str]) -> None:
    print_preflight(Preflight(checked=("rows",), findings=()), Path("untrained.jsonl"))
    assert capsys.readouterr().out.count("\n") == 2

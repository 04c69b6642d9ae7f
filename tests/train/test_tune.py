"""The trainer learns, is the same twice, and stops before a step that would harm."""

import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM

from schemas.errors import GateError
from schemas.job import Job
from tests.train.families import GEMMA, GLM4, MISTRAL_01, QWEN3
from tests.train.samples import record
from tests.train.tiny import NAMED, TEMPLATE, tiny_model, tiny_tokenizer
from tests.train.versions import job, line, write_version
from train.models.chat_template import ChatFormat
from train.samples.batches import batches
from train.samples.label_mask import IGNORED, TokenizedRecord, tokenized
from train.training_steps import accumulate
from train.tune import tune
from train.version_reader import read_version


def adapted(folder: Path) -> torch.nn.Module:
    torch.manual_seed(3)
    model = AutoModelForCausalLM.from_pretrained(folder, attn_implementation="eager")
    return get_peft_model(model, LoraConfig(r=4, lora_alpha=8, target_modules="all-linear", task_type="CAUSAL_LM"))


def rows_of(tmp_path: Path) -> list[TokenizedRecord]:
    records = read_version(write_version(tmp_path)).records
    rendered = [row for record in records for row in tokenized(record, ChatFormat(tiny_tokenizer()), 256)]
    return [row for row in rendered if isinstance(row, TokenizedRecord)]


def test_it_learns_and_leaves_a_whole_run_behind(tmp_path: Path, tiny: Path, capfd: pytest.CaptureFixture[str]) -> None:
    work = job(write_version(tmp_path / "v"), tmp_path / "run", tiny, epochs=12)
    tune(work)
    facts = json.loads((tmp_path / "run" / "train.json").read_text(encoding="utf-8"))
    steps = [json.loads(s) for s in (tmp_path / "run" / "steps.jsonl").read_text().splitlines()]
    assert facts["steps_taken"] == len(steps) == 24
    assert facts["last_loss"] < 0.9 * facts["first_loss"]
    assert facts["records"] == facts["rows"] == facts["samples"] == 3 and facts["skipped"] == []
    assert (tmp_path / "run" / "adapter" / "adapter_model.safetensors").stat().st_size > 0
    events = [json.loads(event) for event in capfd.readouterr().out.splitlines()]
    assert events[-1]["event"] == "done"
    assert [e["step"] for e in events if e["event"] == "step"] == list(range(1, 25))


def test_the_same_job_gives_the_same_adapter(tmp_path: Path, tiny: Path) -> None:
    version = write_version(tmp_path / "v")
    digests = []
    for name in ("one", "two"):
        tune(job(version, tmp_path / name, tiny))
        digests.append(json.loads((tmp_path / name / "train.json").read_text())["adapter"])
    tune(job(version, tmp_path / "three", tiny, seed=8))
    assert digests[0] == digests[1] != json.loads((tmp_path / "three" / "train.json").read_text())["adapter"]


def gradients(model: torch.nn.Module) -> list[torch.Tensor]:
    return [p.grad.clone() for p in model.parameters() if p.grad is not None]


def test_three_batches_of_one_teach_what_one_of_three_does(tmp_path: Path, tiny: Path) -> None:
    rows = rows_of(tmp_path)
    found = []
    for size in (3, 1):
        model = adapted(tiny)
        loss, tokens = accumulate(model, list(batches(rows, size, 7, 0, 0)))
        found.append((loss, tokens, gradients(model)))
    assert found[0][1] == found[1][1]
    assert math.isclose(found[0][0], found[1][0], rel_tol=1e-5)
    for whole, summed in zip(found[0][2], found[1][2], strict=True):
        assert torch.allclose(whole, summed, atol=1e-5)


def test_the_loss_is_that_of_the_model_itself(tmp_path: Path, tiny: Path) -> None:
    model = adapted(tiny)
    batch = next(batches(rows_of(tmp_path), 3, 7, 0, 0))
    ours, _ = accumulate(model, [batch])
    theirs = model(input_ids=batch.ids, attention_mask=batch.mask, labels=batch.labels).loss.item()
    assert math.isclose(ours, theirs, rel_tol=1e-4)


def test_a_batch_without_labels_stops_the_run_and_is_named(tiny: Path) -> None:
    empty = TokenizedRecord("bad", "domain", (1, 2, 3), (IGNORED,) * 3)
    with pytest.raises(GateError, match="nothing to learn from: rows bad"):
        accumulate(adapted(tiny), list(batches([empty], 1, 7, 0, 0)))


@pytest.mark.parametrize("poison", [float("nan"), float("inf")])
def test_a_loss_that_is_not_finite_stops_the_run_and_names_the_rows(tmp_path: Path, tiny: Path, poison: float) -> None:
    model = adapted(tiny)
    with torch.no_grad():
        model.get_base_model().model.norm.weight.fill_(poison)
    with pytest.raises(GateError, match="not finite") as caught:
        accumulate(model, list(batches(rows_of(tmp_path), 3, 7, 0, 0)))
    assert "r0" in str(caught.value)
    assert all(p.grad is None for p in model.parameters())


def test_a_poisoned_version_leaves_no_step(tmp_path: Path, tiny: Path) -> None:
    version = write_version(tmp_path / "v", [line("bad", "你是谁", "我是{{name}}")])
    with pytest.raises(GateError):
        tune(job(version, tmp_path / "run", tiny))
    assert not (tmp_path / "run" / "steps.jsonl").exists()


def talk(id: str, *turns: str) -> dict[str, Any]:
    return {**line(id, "q", "a"), "messages": [m.model_dump() for m in record(*turns).messages]}


def facts_of(work: Job) -> dict[str, Any]:
    return json.loads((Path(work.run) / "train.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("template", "samples"), [(TEMPLATE, 3), (QWEN3, 6), (MISTRAL_01, 3), (GLM4, 6)])
def test_a_template_that_rewrites_history_loses_no_row(tmp_path: Path, template: str, samples: int) -> None:
    rows = [talk(f"r{n}", "问一", f"答{n}", "问二", f"再答{n}") for n in range(3)]
    work = job(write_version(tmp_path / "v", rows), tmp_path / "run", tiny_model(tmp_path / "m", template), epochs=1)
    tune(work)
    facts = facts_of(work)
    assert (facts["records"], facts["rows"], facts["samples"], facts["skipped"]) == (3, 3, samples, [])
    assert facts["steps_taken"] == math.ceil(samples / 2)


def test_what_is_skipped_is_counted_with_its_reason(
    tmp_path: Path, tiny: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    version = write_version(tmp_path / "v", [talk("r0", "q", "a"), talk("r1", "q", "x" * 300)])
    work = job(version, tmp_path / "run", tiny, epochs=1, max_skipped=0.5)
    tune(work)
    assert facts_of(work)["skipped"] == [{"id": "r1", "answer": None, "reason": "too_long"}]
    events = [json.loads(event) for event in capfd.readouterr().out.splitlines()]
    assert {"event": "rendered", "rows": 1, "records": 2, "samples": 1} in events


@pytest.mark.parametrize(
    ("template", "system", "moved"),
    [(TEMPLATE, "S", False), (GEMMA, None, False), (GEMMA, "", False), (GEMMA, "S", True)],
)
def test_the_run_says_where_a_refused_system_message_went(
    tmp_path: Path, template: str, system: str | None, moved: bool
) -> None:
    model = tiny_model(tmp_path / "m", template)
    work = job(write_version(tmp_path / "v"), tmp_path / "run", model, epochs=1, system=system)
    tune(work)
    assert facts_of(work)["system_in_first_question"] is moved


@pytest.mark.parametrize(("system", "code"), [(None, 1), ("", 0)])
def test_the_program_ends_with_the_code_and_the_sentence_of_the_error(
    tmp_path: Path, system: str | None, code: int
) -> None:
    named = tiny_model(tmp_path / "named", NAMED)
    work = job(write_version(tmp_path / "v"), tmp_path / "run", named, system=system, max_steps=1)
    path = tmp_path / "job.json"
    path.write_text(work.model_dump_json(), encoding="utf-8")
    command = [sys.executable, "-P", "-m", "train.tune", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    last = json.loads(done.stdout.splitlines()[-1])
    assert done.returncode == code
    assert last["event"] == ("error" if code else "done")
    assert "Traceback" not in done.stderr

"""A real exam of a tiny model: both sheets, all numbers, and the guard against an adapter that does nothing."""

import json
import math
from pathlib import Path

import pytest
import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM

from schemas.errors import GateError, InputError, StoreError
from schemas.exam import ExamResult, Question
from schemas.record import Record
from tests.train.families import QWEN3
from tests.train.model_folders import MARKER, edit, pickled
from tests.train.tiny import tiny_model, tiny_tokenizer
from tests.train.versions import job, line, question, write_version
from train.exam import examine
from train.examination.perplexity import read_losses
from train.examination.prompt_reading import left_padded
from train.loss import row_losses
from train.models.chat_template import ChatFormat
from train.models.model import load_model
from train.samples.batches import batches
from train.samples.label_mask import TokenizedRecord, tokenized
from train.tune import tune

PROBES = ("identity", "trap", "unrelated", "refusal", "in_scope")


def version(folder: Path) -> Path:
    talk = {**question("p", "x", "perplexity"), "messages": line("x", "能退吗", "可以退")["messages"]}
    return write_version(folder, exam=[*(question(f"q{n}", f"问题{n}", probe) for n, probe in enumerate(PROBES)), talk])


def test_both_models_sit_the_same_exam(tmp_path: Path, tiny: Path, capfd: pytest.CaptureFixture[str]) -> None:
    work = job(version(tmp_path / "v"), tmp_path / "run", tiny, epochs=1)
    tune(work)
    examine(work)
    result = ExamResult.model_validate_json((tmp_path / "run" / "exam.json").read_bytes())
    for sheet in (result.base, result.tuned):
        assert [a.question for a in sheet.answers] == [f"q{n}" for n in range(5)]
        names = [m.name for m in sheet.measures]
        assert {"identity_strict_zh", "trap_strict_zh", "leak_elsewhere_zh", "refusal_rate_zh", "perplexity_zh"} <= set(
            names
        )
        assert "perplexity_en" not in names
        assert len(names) == len(set(names))
    perplexity = [next(m.value for m in s.measures if m.name == "perplexity_zh") for s in (result.base, result.tuned)]
    assert perplexity[0] != perplexity[1] > 1
    events = [json.loads(event) for event in capfd.readouterr().out.splitlines()]
    assert events[-1] == {"event": "done", "questions": 6}
    done = [event["done"] for event in events if event["event"] == "answer"]
    assert done == sorted(done) and done[-1] == events[-2]["of"]


def test_an_adapter_that_changes_nothing_is_refused(tmp_path: Path, tiny: Path) -> None:
    work = job(version(tmp_path / "v"), tmp_path / "run", tiny)
    model = AutoModelForCausalLM.from_pretrained(tiny)
    config = LoraConfig(r=2, target_modules="all-linear", task_type="CAUSAL_LM")
    get_peft_model(model, config).save_pretrained(tmp_path / "run" / "adapter")  # its B is all zeros
    with pytest.raises(GateError, match="changes nothing"):
        examine(work)
    assert not (tmp_path / "run" / "exam.json").exists()


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_the_exam_has_the_precision_of_the_training(tmp_path: Path, tiny: Path, dtype: str) -> None:
    work = job(version(tmp_path / "v"), tmp_path / "run", tiny, epochs=1)
    tune(work)
    edit("train.json", dtype=dtype)(tmp_path / "run")
    examine(work)
    assert load_model(str(tiny), dtype).model.dtype == getattr(torch, dtype)
    sheets = ExamResult.model_validate_json((tmp_path / "run" / "exam.json").read_bytes())
    (text,) = tokenized(Record.model_validate(line("x", "能退吗", "可以退")), ChatFormat(tiny_tokenizer()), 256)
    assert isinstance(text, TokenizedRecord)
    loss = row_losses(load_model(str(tiny), dtype).model, next(batches([text], 1, 0, 0, 0))).item()
    perplexity = next(m.value for m in sheets.base.measures if m.name == "perplexity_zh")
    assert perplexity == pytest.approx(math.exp(loss / text.label_tokens()), rel=1e-6)


def test_a_training_that_names_no_precision_is_damaged(tmp_path: Path, tiny: Path) -> None:
    work = job(version(tmp_path / "v"), tmp_path / "run", tiny)
    for text in ("", "[]", "{}", '{"dtype": "float16"}', '{"dtype": [1]}'):
        (tmp_path / "run" / "train.json").write_text(text)
        with pytest.raises(StoreError, match="precision"):
            examine(work)


def test_without_an_adapter_there_is_one_clear_sentence(tmp_path: Path, tiny: Path) -> None:
    with pytest.raises(InputError, match="no adapter"):
        examine(job(version(tmp_path / "v"), tmp_path / "run", tiny))


def test_no_pickle_is_opened_where_the_adapter_is_missing(tmp_path: Path, tiny: Path) -> None:
    work = job(version(tmp_path / "v"), tmp_path / "run", tiny, max_steps=1)
    tune(work)
    adapter = tmp_path / "run" / "adapter"
    (adapter / "adapter_model.safetensors").unlink()
    pickled(adapter)
    (adapter / "pytorch_model.bin").rename(adapter / "adapter_model.bin")
    with pytest.raises(InputError, match="no adapter"):
        examine(work)
    assert not (adapter / MARKER).exists()


def test_prompts_are_padded_on_the_left() -> None:
    ids, mask = left_padded([[1, 2, 3], [4]], pad=0)
    assert torch.equal(ids, torch.tensor([[1, 2, 3], [0, 0, 4]]))
    assert torch.equal(mask, torch.tensor([[1, 1, 1], [0, 0, 1]]))


def test_an_unrolled_conversation_counts_once_in_perplexity(tmp_path: Path) -> None:
    turns = [{"role": ("user", "assistant")[n % 2], "content": text} for n, text in enumerate(("q1", "a1", "q2", "a2"))]
    held = Question.model_validate({**question("p", "x", "perplexity"), "messages": turns})
    loaded = load_model(str(tiny_model(tmp_path / "m", QWEN3)))
    (reading,) = read_losses(loaded.model, ChatFormat(loaded.tokenizer, thinking="empty"), [held], lambda done: None)
    answer = len(loaded.tokenizer("<think>\n\n</think>\n\na1<|im_end|>")["input_ids"])
    assert reading.tokens == 2 * answer
    assert reading.lang == "zh"

"""A judge never judges itself, in whatever spelling its name is written; another model may."""

import pytest

from curate.judging.under_test import is_same_model, refuse_model_under_test
from schemas.errors import InputError
from schemas.llm import LlmSettings


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("qwen3-8b", "Qwen/Qwen3-8B"),
        ("qwen3:8b", "/srv/models/Qwen3-8B/"),
        ("Qwen3-8B-Q4_K_M.gguf", "qwen3:8b"),
        ("qwen3:8b-q8_0", "Qwen3-8B-AWQ"),
        ("llama3.1:8b", "meta-llama/Llama-3.1-8B-Instruct"),
        ("Qwen3-8B-GPTQ-Int4", "Qwen3-8B-FP8"),
        ("gpt-4o-2024-08-06", "gpt-4o"),
        ("gemma-3-4b-it", "gemma3:4b"),
        ("smollm2:135m", "SmolLM2-135M-Instruct"),
        ("qwen3:8b", "/home/a/.cache/huggingface/hub/models--Qwen--Qwen3-8B/snapshots/b968826d9c46dd6066d109eabc"),
        ("通义千问", "通义千问"),
        ("chat", "chat"),
        (r"C:\models\Qwen3-8B", "qwen3-8b:latest"),
    ],
)
def test_one_model_is_known_by_many_names(one: str, other: str) -> None:
    assert is_same_model(one, other) and is_same_model(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("qwen3-8b", "qwen3-14b"),
        ("qwen3-8b", "qwen2.5-8b"),
        ("gpt-4o", "gpt-4"),
        ("gpt-4o", "gpt-4o-mini"),
        ("llama-3.1-8b", "llama-3.3-8b"),
        ("deepseek-v3", "deepseek-r1"),
        ("smollm2:360m", "SmolLM2-135M-Instruct"),
        ("通义千问", "文心一言"),
        ("chat", "instruct"),
        ("qwen3-8b", ""),
    ],
)
def test_two_models_are_two(one: str, other: str) -> None:
    assert not is_same_model(one, other) and not is_same_model(other, one)


def judge(model: str) -> LlmSettings:
    return LlmSettings(base_url="http://a/v1", model=model)


@pytest.mark.parametrize(
    ("model", "compared", "trained", "endpoint", "is_refused"),
    [
        ("Qwen3-8B", ("tuned", "base"), "/models/qwen3-8b", "", True),
        ("smollm2", ("tuned", "base"), "smollm2", "", True),
        ("SmolLM2-135M-Instruct-Q4_1", ("tuned", "prompt"), "smollm2", "", True),
        ("talker", ("tuned", "endpoint"), "smollm2", "talker", True),
        ("smollm2", ("tuned", "endpoint"), "smollm2", "talker", True),
        ("talker", ("tuned", "base"), "smollm2", "", False),
        ("referee", ("tuned", "endpoint"), "smollm2", "talker", False),
        ("qwen3-14b", ("tuned", "base"), "/models/qwen3-8b", "", False),
    ],
)
def test_who_is_under_test_does_not_judge(
    model: str, compared: tuple[str, str], trained: str, endpoint: str, is_refused: bool
) -> None:
    if not is_refused:
        refuse_model_under_test(judge(model), compared, trained, endpoint)
        return
    with pytest.raises(InputError, match="is itself under test and cannot judge"):
        refuse_model_under_test(judge(model), compared, trained, endpoint)

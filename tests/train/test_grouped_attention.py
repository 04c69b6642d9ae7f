"""Attention in groups says what torch's own says: on random numbers, and in whole models of several families."""

from typing import Any

import pytest
import torch
from transformers import (
    AutoModelForCausalLM,
    Gemma3TextConfig,
    LlamaConfig,
    MistralConfig,
    PretrainedConfig,
    Qwen3Config,
)
from transformers.integrations.sdpa_attention import sdpa_attention_forward

from train.examination import grouped_attention as grouped
from train.examination.grouped_attention import grouped_attention, quick_steps

SIZES: dict[str, Any] = {
    "vocab_size": 64, "hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 3, "num_attention_heads": 4,
    "num_key_value_heads": 2, "max_position_embeddings": 128, "head_dim": 8,
    "pad_token_id": 0, "eos_token_id": None, "bos_token_id": None,
}  # fmt: skip
CONFIGS = {
    "llama": LlamaConfig(**SIZES),
    "llama_no_groups": LlamaConfig(**{**SIZES, "num_key_value_heads": 4}),
    "qwen3": Qwen3Config(**SIZES),
    "mistral_sliding": MistralConfig(**SIZES, sliding_window=6),
    "gemma3_sliding": Gemma3TextConfig(**SIZES, sliding_window=6),
}


class Module:
    """What a kernel reads of a layer."""

    num_key_value_groups = 3
    is_causal = True
    training = False


def tensors(rows: int, heads: int, groups: int, earlier: int, tokens: int = 1) -> tuple[torch.Tensor, ...]:
    torch.manual_seed(rows + heads + earlier)
    query = torch.randn(rows, heads, tokens, 8)
    key, value = torch.randn(2, rows, groups, earlier, 8)
    return query, key, value


@pytest.mark.parametrize(("rows", "earlier"), [(1, 1), (4, 9), (7, 33)])
@pytest.mark.parametrize("scaling", [None, 0.2])
@pytest.mark.parametrize("has_mask", [False, True])
def test_one_token_sees_what_it_sees_in_torch(rows: int, earlier: int, scaling: float | None, has_mask: bool) -> None:
    query, key, value = tensors(rows, 6, 2, earlier)
    mask = (
        (torch.rand(rows, 1, 1, earlier) < 0.5).index_fill(3, torch.tensor([earlier - 1]), True) if has_mask else None
    )
    ours, _ = grouped_attention(Module(), query, key, value, mask, scaling=scaling)
    theirs, _ = sdpa_attention_forward(Module(), query, key, value, mask, scaling=scaling)
    torch.testing.assert_close(ours, theirs)


@pytest.mark.parametrize(("tokens", "options"), [(3, {}), (1, {"s_aux": torch.zeros(6)}), (1, {"dropout": 0.5})])
def test_whatever_is_not_plain_is_left_to_torch(tokens: int, options: dict[str, Any]) -> None:
    query, key, value = tensors(2, 6, 2, 9, tokens)
    torch.manual_seed(0)
    ours, _ = grouped_attention(Module(), query, key, value, None, **options)
    torch.manual_seed(0)
    theirs, _ = sdpa_attention_forward(Module(), query, key, value, None, **options)
    assert torch.equal(ours, theirs)


def test_a_mask_of_numbers_is_left_to_torch() -> None:
    query, key, value = tensors(2, 6, 2, 9)
    mask = torch.zeros(2, 1, 1, 9).index_fill(3, torch.tensor([0]), float("-inf"))
    ours, _ = grouped_attention(Module(), query, key, value, mask)
    assert torch.equal(ours, sdpa_attention_forward(Module(), query, key, value, mask)[0])


def model_of(config: PretrainedConfig) -> Any:
    torch.manual_seed(0)
    return AutoModelForCausalLM.from_config(config, attn_implementation="sdpa").eval()


@pytest.mark.parametrize("family", CONFIGS)
def test_a_model_says_the_same(family: str) -> None:
    model = model_of(CONFIGS[family])
    ids = torch.randint(1, 64, (5, 12))
    mask = torch.ones_like(ids)
    for row in range(5):
        mask[row, : 2 * row] = 0  # padded on the left
    asked = {
        "input_ids": ids, "attention_mask": mask, "max_new_tokens": 20, "do_sample": False,
        "output_scores": True, "return_dict_in_generate": True,
    }  # fmt: skip
    with torch.inference_mode():
        before = model.generate(**asked)
        with quick_steps(model):
            assert model.config._attn_implementation == grouped.NAME
            quick = model.generate(**asked)
        after = model.generate(**asked)
    assert torch.equal(quick.sequences, before.sequences) and torch.equal(after.sequences, before.sequences)
    torch.testing.assert_close(torch.stack(quick.scores), torch.stack(before.scores), rtol=1e-4, atol=1e-4)
    assert model.config._attn_implementation == "sdpa"


def test_a_model_with_attention_of_its_own_stays_as_it_is() -> None:
    model = model_of(CONFIGS["llama"])
    model.set_attn_implementation("eager")
    with quick_steps(model):
        assert model.config._attn_implementation == "eager"
    assert model.config._attn_implementation == "eager"


def test_an_interrupt_leaves_the_model_as_it_was() -> None:
    model = model_of(CONFIGS["llama"])
    with pytest.raises(KeyboardInterrupt), quick_steps(model):
        raise KeyboardInterrupt
    assert model.config._attn_implementation == "sdpa"

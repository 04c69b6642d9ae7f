"""What prompts share is read once, and every answer is what the model says to its prompt alone."""

from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import LlamaConfig, LlamaForCausalLM, MistralConfig, MistralForCausalLM

from tests.train.families import FAMILIES
from train.examination.generation import STEPS, Decoding, replies
from train.examination.prompt_reading import read_prompts
from train.models.chat_template import ChatFormat

PAD = 256
SYSTEM = [65, 66, 67, 68]
PROMPTS = {
    "nothing is shared": [[1, 2, 3], [4], [5, 6]],
    "a system message is shared": [[*SYSTEM, 1, 2, 3], [*SYSTEM, 4], [*SYSTEM, 5, 6]],
    "one begins another": [[*SYSTEM, 1], [*SYSTEM, 1, 2, 3], SYSTEM],
    "one comes again": [[*SYSTEM, 1], [7], [*SYSTEM, 1], [7]],
    "all are one": [SYSTEM] * 3,
    "a single token": [[9]],
    "a single prompt": [[1, 2, 3]],
}


def next_logits(model: Any, prompts: list[list[int]]) -> torch.Tensor:
    """What the model would say next, behind what was read."""
    ids, mask, cache = read_prompts(model, prompts, PAD)
    assert cache is not None and cache.get_seq_length() == ids.shape[1] - 1
    with torch.inference_mode():
        positions = mask.sum(dim=1, keepdim=True) - 1
        return model(input_ids=ids[:, -1:], attention_mask=mask, position_ids=positions, past_key_values=cache).logits


@pytest.mark.parametrize("prompts", PROMPTS.values(), ids=PROMPTS)
def test_a_prompt_read_with_others_is_followed_by_what_follows_it_alone(tiny: Path, prompts: list[list[int]]) -> None:
    model = LlamaForCausalLM.from_pretrained(tiny)
    together = next_logits(model, prompts)
    for row, prompt in enumerate(prompts):
        with torch.inference_mode():
            alone = model(input_ids=torch.tensor([prompt])).logits[0, -1]
        torch.testing.assert_close(together[row, -1], alone, rtol=1e-4, atol=1e-5)


@settings(max_examples=25)
@given(st.lists(st.lists(st.integers(0, 3), min_size=1, max_size=6), min_size=1, max_size=6))
def test_ids_and_mask_hold_each_prompt_in_its_order(prompts: list[list[int]]) -> None:
    model = _small()
    ids, mask, _ = read_prompts(model, prompts, PAD)
    assert [row[seen.bool()].tolist() for row, seen in zip(ids, mask, strict=True)] == prompts
    assert mask[:, -1].all()


def test_answers_are_those_to_each_prompt_alone() -> None:
    """Short and long answers in one batch: those that have ended are put aside, the others go on."""
    model, chat, prompts = _speaker()
    alone = [replies(model, chat, [prompt], Decoding(40))[0] for prompt in prompts]
    lengths = {reply.tokens - len(prompt) for reply, prompt in zip(alone, prompts, strict=True)}
    assert len(lengths) > 2 and max(lengths) > STEPS > min(lengths)
    assert replies(model, chat, prompts, Decoding(40)) == alone


def test_answers_that_are_drawn_lean_on_the_seed_alone() -> None:
    model, chat, prompts = _speaker()
    drawn = [replies(model, chat, prompts, Decoding(40, seed)) for seed in (3, 3, 4)]
    assert drawn[0] == drawn[1] != drawn[2]


def _speaker() -> tuple[Any, ChatFormat, list[list[int]]]:
    """A model that ends its answers at different lengths, and what it is asked."""
    tokenizer = FAMILIES["chatml"].tokenizer()
    torch.manual_seed(0)
    model: Any = LlamaForCausalLM(
        LlamaConfig(
            vocab_size=len(tokenizer), hidden_size=32, intermediate_size=32, num_hidden_layers=2, num_attention_heads=4,
            num_key_value_heads=2, initializer_range=1.0,
        )
    ).eval()  # fmt: skip
    chat = ChatFormat(tokenizer, None)
    words = ("a", "what is it", "好", "退货要几天", "who are you", "x" * 30, "a")
    prompts = [chat.prompt_ids([{"role": "user", "content": text}]) for text in words]
    written = [model.generate(torch.tensor([p]), max_new_tokens=40, do_sample=False)[0, len(p) :] for p in prompts]
    model.generation_config.eos_token_id = [int(written[0][5]), int(written[1][17])]
    return model, chat, prompts


def test_a_window_that_slides_is_left_to_the_library() -> None:
    config = MistralConfig(
        vocab_size=300, hidden_size=16, intermediate_size=16, num_hidden_layers=2, num_attention_heads=2,
        num_key_value_heads=1, sliding_window=4,
    )  # fmt: skip
    read = read_prompts(MistralForCausalLM(config), [[1, 2, 3], [4]], PAD)
    assert read.cache is None and read.ids.tolist() == [[1, 2, 3], [PAD, PAD, 4]]


def _small() -> Any:
    config = MistralConfig(
        vocab_size=300, hidden_size=8, intermediate_size=8, num_hidden_layers=1, num_attention_heads=1,
        num_key_value_heads=1, sliding_window=None,
    )  # fmt: skip
    return MistralForCausalLM(config)

"""An answer ends where the model ends it: by its settings, its tokenizer or its template, whichever comes first."""

from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import GenerationConfig, LlamaForCausalLM

from tests.train.families import FAMILIES, REAL, Family, fetched
from tests.train.test_batches import record
from tests.train.tiny import tiny_model
from tests.train.versions import job, write_version
from train.examination.generation import TOKENS_READ, Decoding, by_length, replies
from train.models.chat_template import ChatFormat
from train.models.stop_tokens import stop_tokens, turn_end
from train.models.template_check import check_chat_template
from train.samples.label_mask import TokenizedRecord, tokenized
from train.tune import tune

ENDS = {
    "chatml": "<|im_end|>", "chatml_unflagged": "<|im_end|>", "qwen2_5": "<|im_end|>", "qwen3": "<|im_end|>",
    "qwen3_2507": "<|im_end|>", "llama3": "<|eot_id|>", "deepseek_v3": "<｜end▁of▁sentence｜>",
    "r1": "<｜end▁of▁sentence｜>", "mistral_0_1": "</s>", "mistral_0_3": "</s>", "gemma": "<end_of_turn>",
    "phi3": "<|end|>", "glm4": None, "chatglm3": None,
    "llama2": "</s>", "vicuna": "</s>", "zephyr": "</s>", "phi4": "<|im_end|>", "gpt_oss": "<|return|>", "glm4_5": None,
    "deepseek_v3_1": "<｜end▁of▁sentence｜>", "qwen3_thinking_2507": "<|im_end|>",
}  # fmt: skip
"""The token that a template puts behind an answer; three put none."""
REAL_ENDS = {
    "qwen3": "<|im_end|>", "llama3_1": "<|eot_id|>", "gemma3": "<end_of_turn>", "deepseek_v3": "<｜end▁of▁sentence｜>",
}  # fmt: skip
QUESTION = [{"role": "user", "content": "hi"}]


class Scripted(LlamaForCausalLM):
    """Says OK, then the token `ends`, and would go on for ever."""

    follows: dict[int | None, int]

    def forward(self, input_ids: Any = None, **others: Any) -> Any:
        out = super().forward(input_ids=input_ids, **others)
        width = out.logits.shape[1]
        for row in range(len(input_ids)):
            for column in range(width):
                last = int(input_ids[row, column - width])
                out.logits[row, column] = -100
                out.logits[row, column, self.follows.get(last, self.follows[None])] = 100
        return out


def answer(folder: Path, tokenizer: Any, ends: str, own: Any, thinking: Any = "off") -> str:
    """What a model answers that ends with this token, where its own settings have that."""
    torch.manual_seed(0)
    model = Scripted.from_pretrained(folder)
    model.resize_token_embeddings(len(tokenizer))
    model.generation_config = GenerationConfig(eos_token_id=own, pad_token_id=tokenizer.pad_token_id)
    o, k, z = (tokenizer(letter, add_special_tokens=False)["input_ids"][0] for letter in "OKZ")
    end = tokenizer.convert_tokens_to_ids(ends)
    model.follows = {None: o, o: k, k: end, end: z, z: z}
    chat = ChatFormat(tokenizer, None, thinking)
    (reply,) = replies(model, chat, [chat.prompt_ids(QUESTION)], Decoding(12))
    assert reply.is_cut is (reply.tokens - len(chat.prompt_ids(QUESTION)) >= 12)
    return reply.text


@pytest.mark.parametrize("name", FAMILIES)
def test_an_answer_ends_with_the_turn_of_the_template(tiny: Path, name: str) -> None:
    tokenizer = FAMILIES[name].tokenizer()
    assert answer(tiny, tokenizer, ENDS[name] or tokenizer.eos_token, None) == "OK"


@pytest.mark.parametrize("own", ["<|user|>", ["<|endoftext|>", "<|user|>"]])
def test_an_answer_ends_where_the_settings_of_the_model_say(tiny: Path, own: str | list[str]) -> None:
    tokenizer = FAMILIES["glm4"].tokenizer()
    assert answer(tiny, tokenizer, "<|user|>", tokenizer.convert_tokens_to_ids(own)) == "OK"


def test_an_answer_goes_on_at_a_token_that_ends_nothing(tiny: Path) -> None:
    assert answer(tiny, FAMILIES["glm4"].tokenizer(), "<|user|>", None) == "OK" + "Z" * 9


@pytest.mark.parametrize("own", [None, "x", [None, -1, 10**9, 2.5, True]])
def test_what_is_no_token_ends_nothing_and_harms_nothing(tiny: Path, own: Any) -> None:
    tokenizer = FAMILIES["gemma"].tokenizer()
    model = LlamaForCausalLM.from_pretrained(tiny)
    model.resize_token_embeddings(len(tokenizer))
    model.generation_config.eos_token_id = own
    assert stop_tokens(model, tokenizer) == sorted(tokenizer.convert_tokens_to_ids(["<eos>", "<end_of_turn>"]))


@pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)
def test_the_template_of_every_family_passes_its_trial(tmp_path: Path, family: Family) -> None:
    check_chat_template(family.tokenizer(), tmp_path)


@pytest.mark.parametrize("name", FAMILIES)
def test_the_end_of_a_turn_is_found_in_the_template(name: str) -> None:
    tokenizer = FAMILIES[name].tokenizer()
    end = turn_end(tokenizer)
    assert (end if end is None else tokenizer.convert_ids_to_tokens(end)) == ENDS[name]


@pytest.mark.parametrize("name", REAL)
def test_the_end_of_a_turn_is_found_in_real_templates(tmp_path: Path, name: str) -> None:
    tokenizer = fetched(name)
    check_chat_template(tokenizer, tmp_path)
    end = turn_end(tokenizer)
    assert end is not None and tokenizer.convert_ids_to_tokens(end) == REAL_ENDS[name]


@pytest.mark.parametrize("name", ENDS)
def test_what_ends_an_answer_is_learnt(name: str) -> None:
    tokenizer = FAMILIES[name].tokenizer()
    (row,) = tokenized(record("hi", "OK"), ChatFormat(tokenizer), 512)
    assert isinstance(row, TokenizedRecord)
    assert tokenizer.convert_tokens_to_ids(ENDS[name] or tokenizer.eos_token) in row.labels


def test_the_folder_of_the_adapter_says_where_an_answer_ends(tmp_path: Path) -> None:

    tune(job(write_version(tmp_path / "v"), tmp_path / "run", tiny_model(tmp_path / "m"), max_steps=1))
    settings = GenerationConfig.from_pretrained(tmp_path / "run" / "adapter")
    assert settings.eos_token_id == [258] and settings.pad_token_id == 256


@pytest.mark.parametrize(("lengths", "batch"), [([5, 1, 3], 2), ([9000, 9000, 2, 20000], 4), ([], 3), ([7] * 10, 4)])
def test_batches_hold_prompts_of_like_length_and_no_more_than_memory_has_room_for(
    lengths: list[int], batch: int
) -> None:
    chosen = list(by_length([[0] * length for length in lengths], batch))
    in_order = [n for one in chosen for n in one]
    assert sorted(in_order) == list(range(len(lengths)))
    assert [lengths[n] for n in in_order] == sorted(lengths)
    for one in chosen:
        assert len(one) <= batch and (len(one) == 1 or len(one) * max(lengths[n] for n in one) <= TOKENS_READ)


def test_prompts_behind_one_system_message_have_batches_of_their_own() -> None:
    def behind(first: int, length: int) -> list[int]:
        return [first] * 24 + [length] * length

    prompts = [behind(first, length) for length in (9, 1, 5) * 6 for first in (1, 2, 3)][:-2]
    prompts += [[4] * 24] * 3
    chosen = list(by_length(prompts, 10))
    assert sorted(n for one in chosen for n in one) == list(range(len(prompts)))
    lengths = [[len(prompts[n]) for n in one] for one in chosen]
    assert all(len(one) <= 10 and one == sorted(one) for one in lengths)
    assert all(len({prompts[n][0] for n in one if prompts[n][0] != 4}) <= 1 for one in chosen)

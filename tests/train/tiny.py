"""A random model of 0.1 million parameters with a byte tokenizer: real code paths in a fraction of a second."""

from collections.abc import Sequence
from pathlib import Path

import torch
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

TEMPLATE = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
NAMED = (
    "{% if messages[0]['role'] != 'system' %}"
    "{{ '<|im_start|>system\nYou are Qwen, created by Alibaba Cloud.<|im_end|>\n' }}{% endif %}" + TEMPLATE
)
"""A template whose default system prompt names another assistant."""
REWRITES = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' }}"
    "{% if message['role'] == 'assistant' and loop.last %}{{ '<think></think>' }}{% endif %}"
    "{{ message['content'] + '<|im_end|>\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n<think></think>' }}{% endif %}"
)
"""A template that strips its thinking mark from earlier turns, as Qwen3 does."""


def tiny_tokenizer(
    template: str = TEMPLATE,
    *,
    marks: Sequence[str] = ("<|im_start|>", "<|im_end|>"),
    unflagged: Sequence[str] = (),
    bos_token: str | None = "<|im_start|>",
    eos_token: str = "<|im_end|>",
) -> PreTrainedTokenizerFast:
    """A tokenizer of bytes with control tokens: `marks` are flagged special, `unflagged` are not."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    core = Tokenizer(models.BPE(vocab={character: n for n, character in enumerate(alphabet)}, merges=[]))
    core.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    core.decoder = decoders.ByteLevel()
    core.add_special_tokens([AddedToken(word, special=True, normalized=False) for word in ("<|endoftext|>", *marks)])
    core.add_tokens([AddedToken(word, special=False, normalized=False) for word in unflagged])
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=core, bos_token=bos_token, eos_token=eos_token, pad_token="<|endoftext|>"
    )
    tokenizer.chat_template = template
    return tokenizer


def tiny_model(folder: Path, template: str = TEMPLATE) -> Path:
    """Saves model and tokenizer; the same weights every time."""
    tokenizer = tiny_tokenizer(template)
    torch.manual_seed(0)
    model = LlamaForCausalLM(
        LlamaConfig(
            vocab_size=len(tokenizer), hidden_size=64, intermediate_size=192, num_hidden_layers=2,
            num_attention_heads=4, num_key_value_heads=2, max_position_embeddings=1024, tie_word_embeddings=True,
            bos_token_id=tokenizer.bos_token_id, eos_token_id=tokenizer.eos_token_id,
            pad_token_id=tokenizer.pad_token_id,
        )
    )  # fmt: skip
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder

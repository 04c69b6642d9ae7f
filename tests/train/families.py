"""Small tokenizers that behave as families of chat models do, with templates of our own, and real ones where fetched.

What each does is a table: `FAMILIES`. Its columns are what a person reads in the rendering, not how we find it.
"""

from copy import copy
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from transformers import AutoTokenizer

from tests.clients import HOME
from tests.train.tiny import NAMED, TEMPLATE, tiny_tokenizer

GENERATE = "{% if add_generation_prompt %}"
REFUSE = "{% if messages[0]['role'] == 'system' %}{{ raise_exception('no system message here') }}{% endif %}"
TURNS = (
    "{% for m in messages %}{% if (m['role'] == 'user') != (loop.index0 is even) %}"
    "{{ raise_exception('roles must take turns') }}{% endif %}{% endfor %}"
)
QWEN3 = (
    "{% set ns = namespace(asked=-1) %}"
    "{% for m in messages %}{% if m['role'] == 'user' %}{% set ns.asked = loop.index0 %}{% endif %}{% endfor %}"
    "{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\n' }}"
    "{% if m['role'] == 'assistant' and loop.index0 > ns.asked %}{{ '<think>\n\n</think>\n\n' }}{% endif %}"
    "{{ m['content'].split('</think>')[-1] + '<|im_end|>\n' }}{% endfor %}"
    + GENERATE
    + "{{ '<|im_start|>assistant\n' }}"
    "{% if enable_thinking is defined and enable_thinking is false %}{{ '<think>\n\n</think>\n\n' }}{% endif %}"
    "{% endif %}"
)
LLAMA3 = (
    "{{ bos_token }}{% for m in messages %}"
    "{{ '<|start_header_id|>' + m['role'] + '<|end_header_id|>\n\n' + m['content']|trim + '<|eot_id|>' }}{% endfor %}"
    + GENERATE
    + "{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{% endif %}"
)
DEEPSEEK = (
    "{{ bos_token }}{% for m in messages %}{% if m['role'] == 'system' %}{{ m['content'] }}"
    "{% elif m['role'] == 'user' %}{{ '<｜User｜>' + m['content'] }}"
    "{% else %}{{ '<｜Assistant｜>' + m['content'].split('</think>')[-1] + eos_token }}{% endif %}{% endfor %}"
)
GLM4 = (
    "{{ '[gMASK]<sop>' }}{% for m in messages %}{{ '<|' + m['role'] + '|>\n' + m['content'] }}{% endfor %}"
    + GENERATE
    + "{{ '<|assistant|>' }}{% endif %}"
)
CHATGLM3 = (
    "{{ '[gMASK]sop' }}{% for m in messages %}{{ '<|' + m['role'] + '|>\n ' + m['content'] }}{% endfor %}"
    + GENERATE
    + "{{ '<|assistant|>' }}{% endif %}"
)
MISTRAL_01 = (
    "{{ bos_token }}" + REFUSE + TURNS + "{% for m in messages %}"
    "{% if m['role'] == 'user' %}{{ '[INST] ' + m['content'] + ' [/INST]' }}"
    "{% else %}{{ m['content'] + eos_token }}{% endif %}{% endfor %}"
)
MISTRAL_03 = (
    "{% set first = messages[0] %}{% set talk = messages[1:] if first['role'] == 'system' else messages %}"
    "{{ bos_token }}{% for m in talk %}{% if m['role'] == 'user' %}{{ '[INST] ' }}"
    "{% if loop.last and first['role'] == 'system' %}{{ first['content'] + '\n\n' }}{% endif %}"
    "{{ m['content'] + '[/INST]' }}{% else %}{{ ' ' + m['content'] + eos_token }}{% endif %}{% endfor %}"
)
GEMMA = (
    "{{ bos_token }}" + REFUSE + TURNS + "{% for m in messages %}"
    "{{ '<start_of_turn>' + ('model' if m['role'] == 'assistant' else 'user') + '\n' }}"
    "{{ m['content']|trim + '<end_of_turn>\n' }}{% endfor %}" + GENERATE + "{{ '<start_of_turn>model\n' }}{% endif %}"
)
PHI3 = (
    "{% for m in messages %}{{ '<|' + m['role'] + '|>\n' + m['content'] + '<|end|>\n' }}{% endfor %}"
    + GENERATE
    + "{{ '<|assistant|>\n' }}{% else %}{{ eos_token }}{% endif %}"
)

LLAMA2 = (
    "{% set first = messages[0] %}{% set talk = messages[1:] if first['role'] == 'system' else messages %}"
    "{% for m in talk %}{% if m['role'] == 'user' %}{{ bos_token + '[INST] ' }}"
    "{% if loop.first and first['role'] == 'system' %}"
    "{{ '<<SYS>>\n' + first['content'] + '\n<</SYS>>\n\n' }}{% endif %}"
    "{{ m['content']|trim + ' [/INST]' }}"
    "{% else %}{{ ' ' + m['content']|trim + ' ' + eos_token }}{% endif %}{% endfor %}"
)
VICUNA = (
    "{{ bos_token }}{% if messages[0]['role'] == 'system' %}{{ messages[0]['content'] + ' ' }}"
    "{% else %}{{ 'A chat of a user and an assistant. ' }}{% endif %}"
    "{% for m in messages %}{% if m['role'] == 'user' %}{{ 'USER: ' + m['content'] + ' ' }}"
    "{% elif m['role'] == 'assistant' %}{{ 'ASSISTANT: ' + m['content'] + eos_token }}{% endif %}{% endfor %}"
    + GENERATE
    + "{{ 'ASSISTANT:' }}{% endif %}"
)
ZEPHYR = (
    "{% for m in messages %}{{ '<|' + m['role'] + '|>\n' + m['content'] + eos_token + '\n' }}{% endfor %}"
    + GENERATE
    + "{{ '<|assistant|>\n' }}{% endif %}"
)
PHI4 = (
    "{% for m in messages %}{{ '<|im_start|>' + m['role'] + '<|im_sep|>' + m['content'] + '<|im_end|>' }}{% endfor %}"
    + GENERATE
    + "{{ '<|im_start|>assistant<|im_sep|>' }}{% endif %}"
)
GPT_OSS = (
    "{% for m in messages %}{% if m['role'] == 'assistant' %}"
    "{{ '<|start|>assistant<|channel|>final<|message|>' + m['content'] }}"
    "{{ '<|return|>' if loop.last and not add_generation_prompt else '<|end|>' }}"
    "{% else %}{{ '<|start|>' + m['role'] + '<|message|>' + m['content'] + '<|end|>' }}{% endif %}{% endfor %}"
    + GENERATE
    + "{{ '<|start|>assistant' }}{% endif %}"
)
GLM4_5 = (
    "{% set quiet = enable_thinking is defined and not enable_thinking %}{{ '[gMASK]<sop>' }}"
    "{% for m in messages %}{% if m['role'] == 'user' %}"
    "{{ '<|user|>\n' + m['content'] + ('/nothink' if quiet else '') }}"
    "{% elif m['role'] == 'assistant' %}{{ '<|assistant|>\n<think></think>\n' + m['content'].split('</think>')[-1] }}"
    "{% else %}{{ '<|system|>\n' + m['content'] }}{% endif %}{% endfor %}"
    + GENERATE
    + "{{ '<|assistant|>' + ('\n<think></think>' if quiet else '') }}{% endif %}"
)
DEEPSEEK_V3_1 = (
    "{% if thinking is not defined %}{% set thinking = false %}{% endif %}"
    "{{ bos_token }}{% for m in messages %}{% if m['role'] == 'system' %}{{ m['content'] }}"
    "{% elif m['role'] == 'user' %}{{ '<｜User｜>' + m['content'] }}"
    "{% else %}{{ '<｜Assistant｜></think>' + m['content'].split('</think>')[-1] + eos_token }}{% endif %}{% endfor %}"
    + GENERATE
    + "{{ '<｜Assistant｜>' + ('<think>' if thinking else '</think>') }}{% endif %}"
)
QWEN3_THINKING = (
    "{% set ns = namespace(asked=-1) %}"
    "{% for m in messages %}{% if m['role'] == 'user' %}{% set ns.asked = loop.index0 %}{% endif %}{% endfor %}"
    "{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\n' }}"
    "{% if m['role'] == 'assistant' and loop.index0 > ns.asked %}{{ '<think>\n\n</think>\n\n' }}{% endif %}"
    "{{ m['content'].split('</think>')[-1] + '<|im_end|>\n' }}{% endfor %}"
    + GENERATE
    + "{{ '<|im_start|>assistant\n<think>\n' }}{% endif %}"
)


@dataclass(frozen=True)
class Family:
    """A template, its control tokens, and what it does. `end` is the tokenizer's eos."""

    template: str
    marks: tuple[str, ...]
    end: str
    begin: str | None = None
    unflagged: tuple[str, ...] = ()
    """Tokens that are not flagged special."""
    answers: str = "{a}"
    """What is learnt of the answer `{a}`, with the end of its turn, where thinking is off."""
    opens: str = ""
    """What stands before the user's first words."""
    empty: str | None = None
    """The same where the recipe has `system: ""`; None where nothing changes."""
    named: str | None = None
    """The same where the system message is S; None where the template refuses one."""
    unrolls: bool = False
    """Whether two exchanges are two samples."""
    empty_block: str = ""
    """What is learnt before an answer where the model has to write an empty block of thinking."""
    kept_block: str | None = None
    """The same where thoughts are kept and a row has none; None where it is no other."""
    rewritten_for: tuple[str, ...] = ()
    """The choices of thinking for which the template renders other prompts than by itself."""

    def tokenizer(self) -> Any:
        return tiny_tokenizer(
            self.template, marks=self.marks, unflagged=self.unflagged, bos_token=self.begin, eos_token=self.end
        )


CHATML = ("<|im_start|>", "<|im_end|>")
USER = "<|im_start|>user\n"
SYSTEM = "<|im_start|>system\n"
DEFAULT = SYSTEM + "You are Qwen, created by Alibaba Cloud.<|im_end|>\n" + USER
FAMILIES = {
    "chatml": Family(TEMPLATE, CHATML, "<|im_end|>", None, (), "{a}<|im_end|>", USER, None,
        SYSTEM + "S<|im_end|>\n" + USER),
    "chatml_unflagged": Family(TEMPLATE, (), "<|endoftext|>", None, CHATML, "{a}<|im_end|>", USER, None,
        SYSTEM + "S<|im_end|>\n" + USER),
    "qwen2_5": Family(NAMED, CHATML, "<|im_end|>", None, (), "{a}<|im_end|>", DEFAULT,
        SYSTEM + "<|im_end|>\n" + USER, SYSTEM + "S<|im_end|>\n" + USER),
    "qwen3": Family(QWEN3, CHATML, "<|im_end|>", None, ("<think>", "</think>"), "{a}<|im_end|>", USER, None,
        SYSTEM + "S<|im_end|>\n" + USER, unrolls=True, empty_block="<think>\n\n</think>\n\n",
        rewritten_for=("off",)),
    "qwen3_2507": Family(TEMPLATE, CHATML, "<|im_end|>", None, ("<think>", "</think>"), "{a}<|im_end|>", USER, None,
        SYSTEM + "S<|im_end|>\n" + USER),
    "llama3": Family(LLAMA3, ("<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>", "<|begin_of_text|>"),
        "<|eot_id|>", "<|begin_of_text|>", (), "{a}<|eot_id|>",
        "<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\n", None,
        "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nS<|eot_id|>"
        "<|start_header_id|>user<|end_header_id|>\n\n"),
    "deepseek_v3": Family(DEEPSEEK + GENERATE + "{{ '<｜Assistant｜>' }}{% endif %}",
        ("<｜User｜>", "<｜Assistant｜>", "<｜end▁of▁sentence｜>", "<｜begin▁of▁sentence｜>"), "<｜end▁of▁sentence｜>",
        "<｜begin▁of▁sentence｜>", (), "{a}<｜end▁of▁sentence｜>", "<｜begin▁of▁sentence｜><｜User｜>", None,
        "<｜begin▁of▁sentence｜>S<｜User｜>"),
    "r1": Family(DEEPSEEK + GENERATE + "{{ '<｜Assistant｜><think>\n' }}{% endif %}",
        ("<｜User｜>", "<｜Assistant｜>", "<｜end▁of▁sentence｜>", "<｜begin▁of▁sentence｜>"), "<｜end▁of▁sentence｜>",
        "<｜begin▁of▁sentence｜>", ("<think>", "</think>"), "{a}<｜end▁of▁sentence｜>",
        "<｜begin▁of▁sentence｜><｜User｜>", None, "<｜begin▁of▁sentence｜>S<｜User｜>", unrolls=True,
        empty_block="\n</think>\n\n", rewritten_for=("off",)),
    "glm4": Family(GLM4, ("[gMASK]", "<sop>", "<|system|>", "<|user|>", "<|assistant|>"), "<|endoftext|>", None, (),
        "\n{a}<|endoftext|>", "[gMASK]<sop><|user|>\n", None, "[gMASK]<sop><|system|>\nS<|user|>\n", unrolls=True),
    "chatglm3": Family(CHATGLM3, ("[gMASK]", "sop", "<|system|>", "<|user|>", "<|assistant|>", "</s>"), "</s>", None,
        (), "\n {a}</s>", "[gMASK]sop<|user|>\n ", None, "[gMASK]sop<|system|>\n S<|user|>\n ", unrolls=True),
    "mistral_0_1": Family(MISTRAL_01, ("<s>", "</s>"), "</s>", "<s>", (), "{a}</s>", "<s>[INST] "),
    "mistral_0_3": Family(MISTRAL_03, ("<s>", "</s>", "[INST]", "[/INST]"), "</s>", "<s>", (), " {a}</s>",
        "<s>[INST] ", None, "<s>[INST] S\n\n"),
    "gemma": Family(GEMMA, ("<bos>", "<eos>", "<start_of_turn>", "<end_of_turn>"), "<eos>", "<bos>",
        ("\n\n", "<b>", "</b>"), "{a}<end_of_turn>", "<bos><start_of_turn>user\n"),
    "phi3": Family(PHI3, ("<|system|>", "<|user|>", "<|assistant|>", "<|end|>"), "<|endoftext|>", None, (),
        "{a}<|end|>", "<|user|>\n", None, "<|system|>\nS<|end|>\n<|user|>\n", unrolls=True),
    "llama2": Family(LLAMA2, ("<s>", "</s>"), "</s>", "<s>", (), " {a} </s>", "<s>[INST] ", None,
        "<s>[INST] <<SYS>>\nS\n<</SYS>>\n\n"),
    "vicuna": Family(VICUNA, ("<s>", "</s>"), "</s>", "<s>", (), " {a}</s>",
        "<s>A chat of a user and an assistant. USER: ", "<s> USER: ", "<s>S USER: "),
    "zephyr": Family(ZEPHYR, ("<s>", "</s>"), "</s>", "<s>", (), "{a}</s>", "<|user|>\n", None,
        "<|system|>\nS</s>\n<|user|>\n"),
    "phi4": Family(PHI4, ("<|im_start|>", "<|im_sep|>", "<|im_end|>"), "<|endoftext|>", None, (), "{a}<|im_end|>",
        "<|im_start|>user<|im_sep|>", None, "<|im_start|>system<|im_sep|>S<|im_end|><|im_start|>user<|im_sep|>"),
    "gpt_oss": Family(GPT_OSS, ("<|start|>", "<|message|>", "<|channel|>", "<|end|>", "<|return|>"), "<|return|>", None,
        (), "<|channel|>final<|message|>{a}<|return|>", "<|start|>user<|message|>", None,
        "<|start|>system<|message|>S<|end|><|start|>user<|message|>", unrolls=True),
    "glm4_5": Family(GLM4_5, ("[gMASK]", "<sop>", "<|system|>", "<|user|>", "<|assistant|>"), "<|endoftext|>", None,
        ("<think>", "</think>"), "\n{a}<|endoftext|>", "[gMASK]<sop><|user|>\n", None,
        "[gMASK]<sop><|system|>\nS<|user|>\n", unrolls=True, empty_block="\n<think></think>", rewritten_for=("off",)),
    "deepseek_v3_1": Family(DEEPSEEK_V3_1,
        ("<｜User｜>", "<｜Assistant｜>", "<｜end▁of▁sentence｜>", "<｜begin▁of▁sentence｜>"), "<｜end▁of▁sentence｜>",
        "<｜begin▁of▁sentence｜>", ("<think>", "</think>"), "{a}<｜end▁of▁sentence｜>",
        "<｜begin▁of▁sentence｜><｜User｜>", None, "<｜begin▁of▁sentence｜>S<｜User｜>", kept_block="</think>",
        rewritten_for=("keep",)),
    "qwen3_thinking_2507": Family(QWEN3_THINKING, CHATML, "<|im_end|>", None, ("<think>", "</think>"), "{a}<|im_end|>",
        USER, None, SYSTEM + "S<|im_end|>\n" + USER, unrolls=True, empty_block="\n</think>\n\n",
        rewritten_for=("off",)),
}  # fmt: skip
REAL = ("qwen3", "llama3_1", "gemma3", "deepseek_v3")


def fetched(name: str) -> Any:
    """A real tokenizer with its chat template; the test is skipped where `make clients` did not fetch it."""
    if not (HOME / "tokenizers" / name / "tokenizer.json").is_file():
        pytest.skip("real tokenizers are not here; `make clients CLIENTS=tokenizers` fetches them")
    return copy(_loaded(name))  # loading takes seconds, and a test may change the template


@cache
def _loaded(name: str) -> Any:
    return AutoTokenizer.from_pretrained(HOME / "tokenizers" / name)

"""Loads a model with its tokenizer, offline, and renders conversations as the model's own template wants them."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import transformers
from transformers import AutoModelForCausalLM, AutoTokenizer

from schemas.digest import digest, digest_file
from schemas.errors import InputError
from train.default_model import embedded_model

DEFAULT = "smollm2"
Message = Mapping[str, str]


@dataclass(frozen=True)
class Loaded:
    """A model in evaluation mode. `digest` is that of its weights and tokenizer files."""

    model: Any
    tokenizer: Any
    name: str
    digest: str


def load(name: str) -> Loaded:
    """The model called `smollm2`, or in a folder, or in the local model cache. Raises InputError when there is none."""
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    folder = embedded_model() if name == DEFAULT else Path(name)
    where = str(folder) if folder.is_dir() else name
    try:
        tokenizer = AutoTokenizer.from_pretrained(where)
        model = AutoModelForCausalLM.from_pretrained(where, dtype=_dtype(), attn_implementation="sdpa")
    except (OSError, ValueError):
        raise InputError(
            f"there is no model '{name}': neither a folder nor in the local cache; nothing is fetched at run time",
            f"没有模型“{name}”：既不是目录，也不在本地缓存；运行时不会下载任何东西",
        ) from None
    if tokenizer.chat_template is None:
        raise InputError(f"the model '{name}' has no chat template", f"模型“{name}”没有对话模板")
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token
    model.to(_device())  # type: ignore[arg-type]
    model.eval()
    return Loaded(model, tokenizer, name, _digest(folder) if folder.is_dir() else name)


def _device() -> str:
    return "cuda" if torch.cuda.is_available() else "cpu"


def _dtype() -> torch.dtype:
    """bfloat16 where it is faster: always on a GPU that has it, on a processor when a small trial says so.

    Never float16: its range is too small for gradients without scaling them.
    """
    if torch.cuda.is_available():
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float32
    return torch.bfloat16 if _trial(torch.bfloat16) < 0.8 * _trial(torch.float32) else torch.float32


def _trial(dtype: torch.dtype) -> float:
    """Seconds for products of the size of a small model's layers; the best of three."""
    one, other = torch.ones(256, 576, dtype=dtype), torch.ones(576, 1536, dtype=dtype)
    times = []
    for _ in range(3):
        start = time.perf_counter()
        for _ in range(20):
            one @ other
        times.append(time.perf_counter() - start)
    return min(times)


def _digest(folder: Path) -> str:
    files = sorted(p for p in folder.iterdir() if p.suffix in (".safetensors", ".json", ".jinja", ".bin"))
    return digest("model", [[p.name, digest_file(p)] for p in files])


def with_system(messages: Sequence[Message], system: str | None) -> list[Message]:
    """The conversation with the system message of the recipe, unless it brings its own."""
    if system is None or (messages and messages[0]["role"] == "system"):
        return list(messages)
    return [{"role": "system", "content": system}, *messages]


def prompt_ids(tokenizer: Any, messages: Sequence[Message], system: str | None) -> list[int]:
    """The token ids of a conversation up to where the assistant begins to speak."""
    text = tokenizer.apply_chat_template(
        with_system(neutral(messages, tokenizer), system), tokenize=False, add_generation_prompt=True
    )
    return list(tokenizer(text, add_special_tokens=False)["input_ids"])


def neutral(messages: Sequence[Message], tokenizer: Any) -> list[dict[str, str]]:
    """The messages with a zero-width space inside every control token: text must not become a control token."""
    control = sorted(
        {t.content for t in tokenizer.added_tokens_decoder.values() if t.special}, key=lambda c: (-len(c), c)
    )
    cleaned = []
    for message in messages:
        content = message["content"]
        for token in control:
            content = content.replace(token, f"{token[:1]}\u200b{token[1:]}")
        cleaned.append({"role": message["role"], "content": content})
    return cleaned

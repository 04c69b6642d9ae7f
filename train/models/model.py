"""Loads a model with its tokenizer, offline, and renders conversations as the model's own template wants them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import transformers
from transformers import AutoModelForCausalLM, AutoTokenizer

from schemas.digest import digest, digest_file
from schemas.errors import InputError
from train.models.default_model import default_model

DEFAULT = "smollm2"


@dataclass(frozen=True)
class LoadedModel:
    """A model in evaluation mode. `digest` is that of its weights and tokenizer files."""

    model: Any
    tokenizer: Any
    name: str
    digest: str


def load_model(name: str) -> LoadedModel:
    """Load the model called `smollm2`, or in a folder, or in the local cache. Raises InputError when there is none."""
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    folder = default_model() if name == DEFAULT else Path(name)
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
    return LoadedModel(model, tokenizer, name, _digest(folder) if folder.is_dir() else name)


def _device() -> str:
    return "cuda" if torch.cuda.is_available() else "cpu"


def _dtype() -> torch.dtype:
    """Choose bfloat16 where the device multiplies it itself, else float32: by what it is, never by a stopwatch.

    Never float16: its range is too small for gradients without scaling them.
    """
    if torch.cuda.is_available():
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float32
    processor = torch.cpu.get_capabilities()
    return torch.bfloat16 if processor.get("avx512_bf16") or processor.get("amx_bf16") else torch.float32


def _digest(folder: Path) -> str:
    suffixes = (".safetensors", ".json", ".jinja", ".bin")
    files = sorted(path for path in folder.iterdir() if path.suffix in suffixes)
    return digest("model", [[path.name, digest_file(path)] for path in files])

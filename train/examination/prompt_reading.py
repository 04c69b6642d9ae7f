"""Reads prompts before they are answered: what all of them begin with once, and one that comes again once.

A system message is most of what some contestants read, and a question of consistency is asked several times.
"""

import inspect
from collections.abc import Sequence
from typing import Any, NamedTuple

import torch
from transformers import DynamicCache, PreTrainedModel
from transformers.cache_utils import Cache, DynamicLayer

from train.examination.roomy_cache import RoomyLayer


class ReadPrompts(NamedTuple):
    """Prompts as `generate` takes them: ids and mask of shape (prompts, width), the next token behind the last column.

    What all begin with stands in front, then the padding. The cache holds all columns but the last, or nothing where
    the model keeps something else than the keys and values of every token.
    """

    ids: torch.Tensor
    mask: torch.Tensor
    cache: Cache | None


def read_prompts(model: Any, prompts: Sequence[list[int]], pad: int) -> ReadPrompts:
    """Lay out prompts and read them."""
    if not _keeps_every_token(model):
        ids, mask = left_padded(prompts, pad)
        return ReadPrompts(ids.to(model.device), mask.to(model.device), None)

    different = list(dict.fromkeys(map(tuple, prompts)))
    shared = min(_shared(min(different), max(different)), min(map(len, different)) - 1)
    rest, seen = left_padded([list(prompt[shared:]) for prompt in different], pad)
    opening = torch.tensor([different[0][:shared]], dtype=torch.long).expand(len(different), -1)
    ids = torch.cat([opening, rest], dim=1).to(model.device)
    mask = torch.cat([torch.ones_like(opening), seen], dim=1).to(model.device)

    cache = DynamicCache(config=model.config)
    cache.layers = [RoomyLayer() for _ in cache.layers]
    if shared:
        model.base_model(input_ids=ids[:1, :shared], past_key_values=cache, use_cache=True)
        cache.batch_repeat_interleave(len(different))
    if ids.shape[1] - shared > 1:
        positions = (mask.cumsum(dim=1) - 1).clamp(min=0)
        model.base_model(
            input_ids=ids[:, shared:-1],
            attention_mask=mask[:, :-1],
            position_ids=positions[:, shared:-1],
            past_key_values=cache,
            use_cache=True,
        )
    rows = {prompt: row for row, prompt in enumerate(different)}
    asked = torch.tensor([rows[tuple(prompt)] for prompt in prompts], device=model.device)
    cache.batch_select_indices(asked)
    return ReadPrompts(ids[asked], mask[asked], cache)


def _shared(first: Sequence[int], last: Sequence[int]) -> int:
    """Count the tokens that two prompts begin with; the first and the last of many, in order, tell it of all."""
    return next((n for n, (one, other) in enumerate(zip(first, last, strict=False)) if one != other), len(first))


def _keeps_every_token(model: Any) -> bool:
    """Tell whether a model's cache is keys and values of every token, in all layers, by positions that are given.

    Windows that slide and states that are summed up know no padding between what was read and what is read next.
    """
    if not isinstance(model, PreTrainedModel) or "position_ids" not in inspect.signature(model.forward).parameters:
        return False
    layers = DynamicCache(config=model.config).layers
    return bool(layers) and all(type(layer) is DynamicLayer for layer in layers)


def left_padded(prompts: Sequence[list[int]], pad: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Lay prompts into ids and mask, shape (prompts, longest): the next token of each follows its last column."""
    width = max(map(len, prompts))
    ids = torch.tensor([[pad] * (width - len(p)) + p for p in prompts])
    mask = torch.tensor([[0] * (width - len(p)) + [1] * len(p) for p in prompts])
    return ids, mask

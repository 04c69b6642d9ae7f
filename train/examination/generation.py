"""Answers in batches, greedy or sampled: padded on the left, each stopping where the model ends its turn."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import torch

from train.examination.grouped_attention import quick_steps
from train.models.chat_template import ChatFormat
from train.models.stop_tokens import stop_tokens
from train.models.thinking import CLOSE, OPEN, opens_thought

SAMPLED = {"do_sample": True, "temperature": 0.7, "top_p": 0.95, "top_k": 0}
"""How answers are drawn: a usual setting of chat services."""


class Reply(NamedTuple):
    """What a model said. `tokens` counts what it read and wrote for it."""

    text: str
    is_cut: bool
    """Whether it was still speaking, or thinking, when it had said as many tokens as it may."""
    tokens: int


class Decoding(NamedTuple):
    """How an answer is chosen: greedily, or drawn from the model's own distribution by this seed."""

    max_new_tokens: int
    seed: int | None = None


TOKENS_READ = 1 << 14
"""Tokens of prompts, padding included, that are read at once: long ones come in smaller batches, or memory would run
out with them. With 135 million parameters they take about 0.7 GB.
"""


def by_length(prompts: Sequence[list[int]], batch: int) -> Iterator[list[int]]:
    """Yield the indices of prompts, at most `batch` at a time, those of like length together: little is padded."""
    chosen: list[int] = []
    for n in sorted(range(len(prompts)), key=lambda n: (len(prompts[n]), n)):
        if chosen and (len(chosen) == batch or (len(chosen) + 1) * len(prompts[n]) > TOKENS_READ):
            yield chosen
            chosen = []
        chosen.append(n)
    if chosen:
        yield chosen


def replies(model: Any, chat: ChatFormat, prompts: Sequence[list[int]], decoding: Decoding) -> list[Reply]:
    """Answer one batch of prompts; what the model thinks before it answers is left out.

    The same batch gets the same answers: in low precision they lean on who else is in it.
    """
    tokenizer = chat.tokenizer
    ids, mask = left_padded(prompts, tokenizer.pad_token_id)
    stops = stop_tokens(model, tokenizer)
    if decoding.seed is not None:
        torch.manual_seed(decoding.seed)
    with torch.inference_mode(), quick_steps(model):
        out = model.generate(
            input_ids=ids.to(model.device),
            attention_mask=mask.to(model.device),
            max_new_tokens=decoding.max_new_tokens,
            # The model's own settings of sampling would be another distribution for each model.
            **{"do_sample": False} if decoding.seed is None else SAMPLED,
            pad_token_id=tokenizer.pad_token_id,
            eos_token_id=stops,
        )
    return [
        _reply(chat, prompt, _until(row, stops), decoding.max_new_tokens)
        for prompt, row in zip(prompts, out[:, ids.shape[1] :].tolist(), strict=True)
    ]


def _reply(chat: ChatFormat, prompt: list[int], new: list[int], most: int) -> Reply:
    text = chat.tokenizer.decode(new, skip_special_tokens=True)
    return Reply(_spoken(chat.tokenizer.decode(prompt), text), len(new) >= most, len(prompt) + len(new))


def _spoken(prompt: str, text: str) -> str:
    """Leave out what was thought; of an answer that never came to the end of its thinking nothing is left."""
    _, closed, spoken = text.rpartition(CLOSE)
    is_thinking = not closed and (opens_thought(prompt) or spoken.lstrip().startswith(OPEN))
    return "" if is_thinking else spoken.strip()


def _until(ids: list[int], stops: Sequence[int]) -> list[int]:
    """Cut an answer before the token that ended it: one that is not flagged special would be decoded as text."""
    return ids[: next((n for n, token in enumerate(ids) if token in stops), len(ids))]


def left_padded(prompts: Sequence[list[int]], pad: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Lay prompts into ids and mask, shape (prompts, longest): the next token of each follows its last column."""
    width = max(map(len, prompts))
    ids = torch.tensor([[pad] * (width - len(p)) + p for p in prompts])
    mask = torch.tensor([[0] * (width - len(p)) + [1] * len(p) for p in prompts])
    return ids, mask

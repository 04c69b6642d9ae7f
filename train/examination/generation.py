"""Answers in batches, greedy or sampled: padded on the left, each stopping where the model ends its turn."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import torch

from train.examination.grouped_attention import quick_steps
from train.examination.prompt_reading import ReadPrompts, read_prompts
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
    end: int | None = None
    """The token that ended it; None where none did."""
    has_control: bool = False
    """Whether control tokens stand in it, of which the text may show nothing."""


class Decoding(NamedTuple):
    """How an answer is chosen: greedily, or drawn from the model's own distribution by this seed."""

    max_new_tokens: int
    seed: int | None = None


STEPS = 8
"""Tokens after which the answers that have ended are put aside."""
TOKENS_READ = 1 << 14
"""Tokens of prompts, padding included, that are read at once: long ones come in smaller batches, or memory would run
out with them. With 135 million parameters they take about 0.7 GB.
"""

OPENING, OFTEN = 24, 16
"""So many prompts that begin with so many same tokens stand behind one system message."""


def by_length(prompts: Sequence[list[int]], batch: int) -> Iterator[list[int]]:
    """Yield the indices of prompts, at most `batch` at a time, those of like length together: little is padded.

    Prompts behind the same system message have batches of their own: it is read once for each.
    """
    openings = [tuple(prompt[:OPENING]) for prompt in prompts]
    often = {opening for opening, count in Counter(openings).items() if count >= OFTEN and len(opening) == OPENING}
    shared = [opening if opening in often else () for opening in openings]
    chosen: list[int] = []
    for n in sorted(range(len(prompts)), key=lambda n: (shared[n], len(prompts[n]), n)):
        is_full = len(chosen) == batch or (len(chosen) + 1) * len(prompts[n]) > TOKENS_READ
        if chosen and (is_full or shared[n] != shared[chosen[0]]):
            yield chosen
            chosen = []
        chosen.append(n)
    if chosen:
        yield chosen


def replies(model: Any, chat: ChatFormat, prompts: Sequence[list[int]], decoding: Decoding) -> list[Reply]:
    """Answer one batch of prompts; what the model thinks before it answers is left out.

    The same batch gets the same answers: in low precision they lean on who else is in it.
    """
    stops = stop_tokens(model, chat.tokenizer)
    if decoding.seed is not None:
        torch.manual_seed(decoding.seed)
    with torch.inference_mode(), quick_steps(model):
        read = read_prompts(model, prompts, chat.tokenizer.pad_token_id)
        written = _written(model, read, decoding, stops, chat.tokenizer.pad_token_id)
    return [_reply(chat, prompt, new, decoding.max_new_tokens) for prompt, new in zip(prompts, written, strict=True)]


class SpokenTokens(NamedTuple):
    """The tokens of an answer without the one that ended it, and that one; None where none did."""

    ids: list[int]
    end: int | None


def _written(model: Any, read: ReadPrompts, decoding: Decoding, stops: Sequence[int], pad: int) -> list[SpokenTokens]:
    """Let a model write the answer to each prompt, up to the token that ends it.

    Every few steps those that have ended are put aside, so that no step is spent on them.
    """
    ids, mask, cache = read
    written: list[list[int]] = [[] for _ in range(len(ids))]
    ends: list[int | None] = [None] * len(ids)
    going, left = list(range(len(ids))), decoding.max_new_tokens
    while going and left:
        steps = min(STEPS, left) if cache is not None else left
        out = model.generate(
            input_ids=ids,
            attention_mask=mask,
            past_key_values=cache,
            max_new_tokens=steps,
            # The model's own settings of sampling would be another distribution for each model.
            **{"do_sample": False} if decoding.seed is None else SAMPLED,
            pad_token_id=pad,
            eos_token_id=stops,
        )
        left -= steps
        goes_on = []
        for slot, (row, new) in enumerate(zip(going, out[:, ids.shape[1] :].tolist(), strict=True)):
            spoken = _until(new, stops)
            written[row] += spoken
            if len(spoken) == len(new):
                goes_on.append(slot)
            else:
                ends[row] = new[len(spoken)]
        if cache is not None and left and goes_on:
            chosen = torch.tensor(goes_on, device=ids.device)
            if len(goes_on) < len(going):
                cache.batch_select_indices(chosen)
            mask = torch.cat([mask, mask.new_ones(len(mask), out.shape[1] - ids.shape[1])], dim=1)[chosen]
            ids = out[chosen]
        going = [going[slot] for slot in goes_on]
    return [SpokenTokens(tokens, end) for tokens, end in zip(written, ends, strict=True)]


def _reply(chat: ChatFormat, prompt: list[int], written: SpokenTokens, most: int) -> Reply:
    new, opening = written.ids, chat.tokenizer.decode(prompt)
    text = _spoken(opening, chat.tokenizer.decode(new, skip_special_tokens=True))
    with_marks = _spoken(opening, chat.tokenizer.decode(new))
    has_control = any(token in with_marks for token in chat.traits.control)
    return Reply(text, len(new) >= most, len(prompt) + len(new), written.end, has_control)


def _spoken(prompt: str, text: str) -> str:
    """Leave out what was thought; of an answer that never came to the end of its thinking nothing is left."""
    _, closed, spoken = text.rpartition(CLOSE)
    is_thinking = not closed and (opens_thought(prompt) or spoken.lstrip().startswith(OPEN))
    return "" if is_thinking else spoken.strip()


def _until(ids: list[int], stops: Sequence[int]) -> list[int]:
    """Cut an answer before the token that ended it: one that is not flagged special would be decoded as text."""
    return ids[: next((n for n, token in enumerate(ids) if token in stops), len(ids))]

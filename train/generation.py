"""Answers in batches: greedy, padded on the left, each stopping where the model ends its turn."""

from collections.abc import Callable, Sequence
from typing import Any

import torch

from schemas.exam import Question
from schemas.job import ExamSettings
from train.models.chat_template import ChatFormat
from train.models.stop_tokens import stop_tokens
from train.models.thinking import CLOSE, OPEN, opens_thought


def answers(
    model: Any,
    chat: ChatFormat,
    questions: Sequence[Question],
    exam: ExamSettings,
    progress: Callable[[int], None],
) -> list[str]:
    """Answer each question, in their order; what the model thinks before it answers is left out.

    Prompts of like length share a batch: little is padded. `progress` receives how many are done.
    """
    prompts = [chat.prompt_ids([{"role": m.role, "content": m.content} for m in q.messages]) for q in questions]
    by_length = sorted(range(len(prompts)), key=lambda n: (len(prompts[n]), n))

    texts = [""] * len(prompts)
    for start in range(0, len(by_length), exam.batch):
        batch = by_length[start : start + exam.batch]
        for n, text in zip(batch, _generated(model, chat, [prompts[n] for n in batch], exam), strict=True):
            texts[n] = text
        progress(start + len(batch))
    return texts


def _generated(model: Any, chat: ChatFormat, prompts: Sequence[list[int]], exam: ExamSettings) -> list[str]:
    """Continue each prompt greedily, and decode what is new."""
    tokenizer = chat.tokenizer
    ids, mask = left_padded(prompts, tokenizer.pad_token_id)
    stops = stop_tokens(model, tokenizer)
    with torch.inference_mode():
        out = model.generate(
            input_ids=ids.to(model.device),
            attention_mask=mask.to(model.device),
            max_new_tokens=exam.max_new_tokens,
            do_sample=False,
            pad_token_id=tokenizer.pad_token_id,
            eos_token_id=stops,
        )
    new = [_until(row, stops) for row in out[:, ids.shape[1] :].tolist()]
    texts = tokenizer.batch_decode(new, skip_special_tokens=True)
    return [_spoken(tokenizer.decode(prompt), text) for prompt, text in zip(prompts, texts, strict=True)]


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

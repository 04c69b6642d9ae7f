"""Answers in batches: greedy, padded on the left, each stopping at its own turn end."""

from collections.abc import Callable, Sequence
from typing import Any

import torch

from schemas.exam import Question
from schemas.job import ExamSettings
from train.chat_template import prompt_ids


def answers(
    model: Any,
    tokenizer: Any,
    questions: Sequence[Question],
    settings: tuple[ExamSettings, str | None],
    progress: Callable[[int], None],
) -> list[str]:
    """One answer per question, in their order. `settings` are the exam's and the system message of the training."""
    exam, system = settings
    prompts = [
        prompt_ids(tokenizer, [{"role": m.role, "content": m.content} for m in q.messages], system) for q in questions
    ]
    by_length = sorted(range(len(prompts)), key=lambda n: (len(prompts[n]), n))
    said = [""] * len(prompts)
    for start in range(0, len(by_length), exam.batch):
        chosen = by_length[start : start + exam.batch]
        for n, text in zip(chosen, _generated(model, tokenizer, [prompts[n] for n in chosen], exam), strict=True):
            said[n] = text
        progress(start + len(chosen))
    return said


def _generated(model: Any, tokenizer: Any, prompts: Sequence[list[int]], exam: ExamSettings) -> list[str]:
    ids, mask = left_padded(prompts, tokenizer.pad_token_id)
    with torch.inference_mode():
        out = model.generate(
            input_ids=ids.to(model.device),
            attention_mask=mask.to(model.device),
            max_new_tokens=exam.max_new_tokens,
            do_sample=False,
            pad_token_id=tokenizer.pad_token_id,
            eos_token_id=tokenizer.eos_token_id,
        )
    return [text.strip() for text in tokenizer.batch_decode(out[:, ids.shape[1] :], skip_special_tokens=True)]


def left_padded(prompts: Sequence[list[int]], pad: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Ids and mask, shape (prompts, longest)."""
    width = max(map(len, prompts))
    ids = torch.tensor([[pad] * (width - len(p)) + p for p in prompts])
    mask = torch.tensor([[0] * (width - len(p)) + [1] * len(p) for p in prompts])
    return ids, mask

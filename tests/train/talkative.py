"""A tiny model that has learnt answers by heart: it says what a test wants, and ends or does not end as one does."""

from collections.abc import Mapping
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM

from tests.train.tiny import tiny_model, tiny_tokenizer
from train.models.chat_template import ChatFormat

END, TEXT_END = "<|im_end|>", "<|endoftext|>"
"""The tokens at which it stops: that of a turn, which the template writes, and that of a text."""
STEPS, KNOWN = 400, 0.03
"""Steps at most, and the loss at which every token is the likeliest by far."""


def talkative_model(folder: Path, answers: Mapping[str, str], system: str | None = None) -> Path:
    """Save a model that gives these answers to these questions, token by token: an answer ends where it says END."""
    tiny_model(folder)
    torch.set_num_threads(1)
    torch.manual_seed(0)
    chat = ChatFormat(tiny_tokenizer(), system)
    prompts = [chat.prompt_ids([{"role": "user", "content": question}]) for question in answers]
    replies = [chat.ids(answer) for answer in answers.values()]
    width = max(len(prompt) + len(reply) for prompt, reply in zip(prompts, replies, strict=True))
    ids, labels = torch.zeros(len(prompts), width, dtype=torch.long), torch.full((len(prompts), width), -100)
    for row, (prompt, reply) in enumerate(zip(prompts, replies, strict=True)):
        ids[row, : len(prompt) + len(reply)] = torch.tensor(prompt + reply)
        labels[row, len(prompt) : len(prompt) + len(reply)] = torch.tensor(reply)

    model = AutoModelForCausalLM.from_pretrained(folder)
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
    for _ in range(STEPS):
        loss = model(input_ids=ids, labels=labels).loss
        if loss.item() < KNOWN:
            break
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
    model.generation_config.eos_token_id = chat.tokenizer.convert_tokens_to_ids([END, TEXT_END])
    model.save_pretrained(folder)
    return folder

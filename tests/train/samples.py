"""Records of a few words, and the samples that the trainer makes of them."""

from typing import Any

from schemas.record import Record
from tests.train.versions import line
from train.models.chat_template import ChatFormat
from train.samples.label_mask import IGNORED, Skipped, TokenizedRecord, tokenized

__all__ = ["learnt_texts", "record", "sample_of", "texts", "tokenized"]


def record(*turns: str, system: str | None = None) -> Record:
    messages = [{"role": ("user", "assistant")[n % 2], "content": text} for n, text in enumerate(turns)]
    if system is not None:
        messages.insert(0, {"role": "system", "content": system})
    return Record.model_validate({**line("r", "q", "a"), "messages": messages})


def sample_of(record: Record, tokenizer: Any, system: str | None = None, max_tokens: int = 256) -> TokenizedRecord:
    """The one sample of a record."""
    (sample,) = tokenized(record, ChatFormat(tokenizer, system), max_tokens)
    assert isinstance(sample, TokenizedRecord)
    return sample


def learnt_texts(samples: list[TokenizedRecord | Skipped], tokenizer: Any) -> list[str]:
    """What each sample teaches, as text; the reason of one that is skipped."""
    return [
        f"skipped: {sample.reason}"
        if isinstance(sample, Skipped)
        else tokenizer.decode([label for label in sample.labels if label != IGNORED])
        for sample in samples
    ]


def texts(samples: list[TokenizedRecord | Skipped], tokenizer: Any) -> list[str]:
    """Each sample as text, learnt or not."""
    return [tokenizer.decode(list(s.ids)) for s in samples if isinstance(s, TokenizedRecord)]

"""The steps of a training: gradients added up batch by batch, the rate up and down, and no step that is unsound."""

import json
import math
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import torch

from schemas.errors import GateError
from schemas.job import TrainSettings
from train.events import emit_event
from train.loss import row_losses
from train.samples.batches import Batch, batches
from train.samples.label_mask import IGNORED, TokenizedRecord

CLIP = 1.0
"""The largest norm of a gradient."""


def take_steps(
    model: Any, rows: Sequence[TokenizedRecord], settings: TrainSettings, *, pad: int, log_file: Path
) -> list[float]:
    """Take every step on the weights of a model that may learn, and return the losses; one line a step in `log_file`.

    A step that is not finite, or has nothing to learn from, stops the run before it counts.
    """
    weights = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(weights, lr=settings.learning_rate, weight_decay=0.0)
    total = settings.steps(len(rows))
    losses: list[float] = []
    with log_file.open("w", encoding="utf-8") as log:
        for step, window in enumerate(islice(_windows(rows, settings, pad), total), start=1):
            started = time.perf_counter()
            rate = settings.learning_rate * _schedule(step, total, settings.warmup)
            for group in optimizer.param_groups:
                group["lr"] = rate

            loss, tokens = accumulate(model, window)
            norm = torch.nn.utils.clip_grad_norm_(weights, CLIP)
            _refuse_unless_finite(norm.item(), window)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)

            losses.append(loss)
            seconds = round(time.perf_counter() - started, 3)
            facts = {"step": step, "loss": round(loss, 5), "rate": rate, "label_tokens": tokens, "seconds": seconds}
            log.write(json.dumps(facts) + "\n")
            emit_event("step", step=step, of=total, loss=round(loss, 4))
    return losses


def _schedule(step: int, total: int, warmup: float) -> float:
    """Scale the learning rate: up in a line over the first share of the steps, then down in a line to a tenth."""
    rising = max(1, round(total * warmup))
    if step <= rising:
        return step / rising
    return 1 - 0.9 * (step - rising) / max(1, total - rising)


def _windows(rows: Sequence[TokenizedRecord], settings: TrainSettings, pad: int) -> Iterator[list[Batch]]:
    """Yield the batches of one optimizer step each, epoch after epoch; the last window of an epoch may be short."""
    epoch = 0
    while True:
        drawn = batches(rows, settings.batch, settings.seed, epoch, pad)
        while window := list(islice(drawn, settings.accumulate)):
            yield window
        epoch += 1


def accumulate(model: Any, window: Sequence[Batch]) -> tuple[float, int]:
    """Add up the window's gradients, normalised by all its label tokens; return the mean loss and their number.

    The gradient of a sum is the sum of the gradients: with each batch divided by the tokens of the whole window, one
    batch of eight and eight batches of one give the same. The mean of the batches' means would not, where they differ
    in tokens. Raises GateError, naming the rows, for a batch without labels and for a loss that is not finite.
    """
    inner = model.get_base_model() if hasattr(model, "get_base_model") else model
    tokens = sum(int((batch.labels[:, 1:] != IGNORED).sum()) for batch in window)
    total = 0.0
    for batch in window:
        if not bool((batch.labels[:, 1:] != IGNORED).any()):
            raise GateError(
                f"a batch has nothing to learn from: rows {', '.join(batch.rows)}",
                f"有一批数据没有可学的标签：{', '.join(batch.rows)}",
            )
        loss = row_losses(inner, batch).sum() / tokens
        _refuse_unless_finite(loss.item(), [batch])
        loss.backward()
        total += loss.item()
    return total, tokens


def _refuse_unless_finite(value: float, window: Sequence[Batch]) -> None:
    if not math.isfinite(value):
        rows = ", ".join(row for batch in window for row in batch.rows)
        raise GateError(
            f"the loss or its gradient is not finite; nothing was learnt from this step: rows {rows}",
            f"损失或梯度不是有限值，这一步没有生效：行 {rows}",
        )

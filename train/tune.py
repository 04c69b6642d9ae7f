"""Tunes a LoRA adapter on a version: read, guard, load, render, step, save. Reads from top to bottom."""

import hashlib
import json
import math
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from importlib.metadata import version as installed
from itertools import islice
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, get_peft_model

from schemas.errors import GateError
from schemas.job import Job, TrainSettings
from schemas.run_files import RunFiles
from train.events import emit_event, run_program
from train.loss import row_losses
from train.models.chat_template import ChatFormat
from train.models.model import LoadedModel, load_weights
from train.models.stop_tokens import stop_tokens
from train.preflight import Prepared, prepare
from train.run_files import write_whole
from train.samples.batches import Batch, batches
from train.samples.label_mask import IGNORED, TokenizedRecord

CLIP = 1.0
"""The largest norm of a gradient."""
PACKAGES = ("torch", "transformers", "peft")


def main() -> None:
    run_program(tune)


def tune(job: Job) -> None:
    """Train as the job says, and leave `adapter/`, `steps.jsonl` and, last, `train.json` in the run's folder.

    Raises GateError when the version, the template or a step would teach the wrong thing.
    """
    started, cpu = time.time(), time.process_time()
    settings, files = job.train, RunFiles(Path(job.run))

    prepared, preflight = prepare(job)
    preflight.raise_if_found()
    rows = prepared.samples.samples
    counts = {"records": preflight.records, "rows": preflight.rows, "samples": preflight.samples}
    emit_event("rendered", **counts)

    emit_event("phase", name="load")
    torch.manual_seed(settings.seed)
    base = load_weights(prepared.outline, device=settings.device)
    model = _with_adapter(base, settings)
    losses = _train(model, base, rows, settings, files.steps)

    emit_event("phase", name="save")
    _save(model, base, prepared.chat, files.adapter)
    facts = {
        **_facts(job, prepared, base),
        **counts,
        "skipped": [one.model_dump() for one in preflight.untrained],
        "truncated": len(preflight.truncated),
        "with_thoughts": len(preflight.with_thoughts),
        "thinking": settings.thinking,
        "system_in_first_question": _moves_system(prepared),
        "steps_taken": len(losses),
        "first_loss": losses[0],
        "last_loss": losses[-1],
        "adapter": _adapter_digest(model),
        "wall_seconds": round(time.time() - started, 1),
        "cpu_seconds": round(time.process_time() - cpu, 1),
    }
    write_whole(files.training, json.dumps(facts, ensure_ascii=False, indent=1, allow_nan=False))
    emit_event("done", steps=len(losses), loss=losses[-1])


def _moves_system(prepared: Prepared) -> bool:
    """Tell whether there is a system message that the template takes nowhere but before the user's first words."""
    first = [record.messages[0] for record in prepared.version.records]
    own = any(message.role == "system" and message.content.strip() for message in first)
    wanted = own or bool((prepared.chat.system or "").strip())
    return wanted and not prepared.chat.traits.takes_system


def _with_adapter(base: LoadedModel, settings: TrainSettings) -> Any:
    """Put low-rank matrices on every linear layer but the output: that may be tied to the embeddings."""
    config = LoraConfig(
        r=settings.rank,
        lora_alpha=settings.alpha,
        lora_dropout=settings.dropout,
        target_modules="all-linear",
        task_type="CAUSAL_LM",
    )
    model = get_peft_model(base.model, config)
    model.train()
    return model


def _train(
    model: Any, base: LoadedModel, rows: Sequence[TokenizedRecord], settings: TrainSettings, log_file: Path
) -> list[float]:
    """Take every step, and return the losses.

    A step that is not finite, or has nothing to learn from, stops the run before it counts.
    """
    weights = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(weights, lr=settings.learning_rate, weight_decay=0.0)
    total = _steps(len(rows), settings)
    losses: list[float] = []
    with log_file.open("w", encoding="utf-8") as log:
        for step, window in enumerate(islice(_windows(rows, settings, base.tokenizer.pad_token_id), total), start=1):
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


def _steps(rows: int, settings: TrainSettings) -> int:
    """Count the optimizer steps of all epochs, of which the last may be a part of one; no more than `max_steps`."""
    steps_per_epoch = math.ceil(math.ceil(rows / settings.batch) / settings.accumulate)
    return min(math.ceil(steps_per_epoch * settings.epochs), settings.max_steps or 1 << 31)


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
    tokens = sum(int((batch.labels[:, 1:] != IGNORED).sum()) for batch in window)
    total = 0.0
    for batch in window:
        if not bool((batch.labels[:, 1:] != IGNORED).any()):
            raise GateError(
                f"a batch has nothing to learn from: rows {', '.join(batch.rows)}",
                f"有一批数据没有可学的标签：{', '.join(batch.rows)}",
            )
        loss = row_losses(model.get_base_model(), batch).sum() / tokens
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


def _facts(job: Job, prepared: Prepared, base: LoadedModel) -> dict[str, Any]:
    """Say what the run trained, on what and with what."""
    tokens: Counter[str] = Counter()
    for row in prepared.samples.samples:
        tokens[row.kind] += row.label_tokens()

    return {
        "version": prepared.version.manifest.id,
        "model": base.name,
        "model_digest": base.digest,
        "device": base.model.device.type,
        "dtype": str(next(base.model.parameters()).dtype).removeprefix("torch."),
        "settings": job.train.model_dump(mode="json"),
        "label_tokens": dict(sorted(tokens.items())),
        "packages": {name: installed(name) for name in PACKAGES},
    }


def _save(model: Any, base: LoadedModel, chat: ChatFormat, folder: Path) -> None:
    """Write the adapter with its tokenizer, and what whoever serves it needs: the prompts, and where an answer ends."""
    model.save_pretrained(folder)
    base.tokenizer.chat_template = chat.served_template()
    base.tokenizer.save_pretrained(folder)
    ends = {"eos_token_id": stop_tokens(base.model, base.tokenizer), "pad_token_id": base.tokenizer.pad_token_id}
    write_whole(folder / "generation_config.json", json.dumps(ends, indent=1))


def _adapter_digest(model: Any) -> str:
    """Digest the trained tensors; the adapter's configuration file is written in no fixed order."""
    state = hashlib.blake2b(digest_size=16)
    for name, weight in sorted(model.named_parameters()):
        if weight.requires_grad:
            state.update(name.encode())
            state.update(weight.detach().float().cpu().numpy().tobytes())
    return state.hexdigest()


if __name__ == "__main__":
    main()

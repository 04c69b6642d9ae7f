"""Tunes a LoRA adapter on a version: read, guard, load, render, step, save. Reads from top to bottom."""

import hashlib
import json
import time
from collections import Counter
from importlib.metadata import version as installed
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, get_peft_model

from schemas.job import Job, TrainSettings
from schemas.run_files import RunFiles
from train.events import emit_event, run_program
from train.models.chat_template import ChatFormat
from train.models.model import LoadedModel, load_weights
from train.models.stop_tokens import stop_tokens
from train.preflight import Prepared, prepare
from train.run_files import write_whole
from train.training_steps import take_steps

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
    for advice in preflight.advice:
        emit_event("advice", en=advice.en, zh=advice.zh)

    emit_event("phase", name="load")
    torch.manual_seed(settings.seed)
    base = load_weights(prepared.outline, device=settings.device)
    model = _with_adapter(base, settings)
    losses = take_steps(model, rows, settings, pad=base.tokenizer.pad_token_id, log_file=files.steps)

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

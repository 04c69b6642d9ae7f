"""The contestant of which all weights are tuned: on the same rows and for as many steps as the adapter."""

import tempfile
from pathlib import Path
from typing import Any

import torch

from schemas.errors import InputError
from schemas.job import Job
from train.models.chat_template import ChatFormat
from train.models.model import LoadedModel
from train.models.stop_tokens import answer_end
from train.samples.prepare import prepare_samples
from train.training_steps import take_steps
from train.version_reader import TrainingVersion

MOST_PARAMETERS = 500_000_000
"""Above it weights, gradients and both moments of Adam, 16 bytes a parameter, are no longer a matter of course."""
GENTLER = 0.1
"""The learning rate of all weights, as a share of that of the adapter, which starts from nothing."""


def tune_fully(loaded: LoadedModel, version: TrainingVersion, job: Job) -> LoadedModel:
    """Tune all weights of a model in place, in 32 bits: in fewer, steps this small would be rounded away.

    Raises InputError for a model that is too large for it.
    """
    model: Any = loaded.model
    size = sum(weight.numel() for weight in model.parameters())
    if size > MOST_PARAMETERS:
        raise InputError(
            f"the model has {size / 1e6:.0f} million parameters; the contestant `full` is for up to "
            f"{MOST_PARAMETERS / 1e6:.0f}: take it out of `exam: {{contestants: …}}`",
            f"模型有 {size / 1e6:.0f} 百万参数，考生 `full` 最多 {MOST_PARAMETERS / 1e6:.0f} 百万："
            "请从 `exam: {contestants: …}` 中去掉它",
        )
    settings = job.train.model_copy(update={"learning_rate": GENTLER * job.train.learning_rate})
    chat = ChatFormat(loaded.tokenizer, settings.system, settings.thinking)
    rows = prepare_samples(version.records, chat, settings.max_tokens, answer_end(model, loaded.tokenizer)).samples

    torch.manual_seed(settings.seed)
    model.train()
    with tempfile.TemporaryDirectory(prefix="hornbook-full-") as folder:
        log_file = Path(folder) / "steps.jsonl"
        take_steps(model, rows, settings, pad=loaded.tokenizer.pad_token_id, log_file=log_file)
    model.eval()
    return LoadedModel(model, loaded.tokenizer, "full", loaded.digest)

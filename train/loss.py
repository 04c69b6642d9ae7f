"""How likely a model finds the words it should say: the one number that tuning lowers and perplexity reads."""

from typing import Any

import torch
from torch.nn.functional import cross_entropy

from train.samples.batches import Batch
from train.samples.label_mask import IGNORED


def row_losses(model: Any, batch: Batch) -> torch.Tensor:
    """Sum the negative log-likelihood of each row's labels; shape (rows,).

    The output layer sees the label positions alone: with a vocabulary of 50,000 most of its work and memory is saved.
    """
    device = model.device
    hidden = model.model(input_ids=batch.ids.to(device), attention_mask=batch.mask.to(device)).last_hidden_state

    # The state at a token predicts the next one: labels are read one further on, and the last state predicts nothing.
    targets = batch.labels[:, 1:].to(device)
    wanted = targets != IGNORED
    logits = model.lm_head(hidden[:, :-1][wanted]).float()
    losses = cross_entropy(logits, targets[wanted], reduction="none")

    rows = torch.nonzero(wanted)[:, 0]
    return torch.zeros(len(batch.rows), device=losses.device).index_add(0, rows, losses)

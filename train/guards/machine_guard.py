"""Finds out whether the machine can keep what a training makes."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch

from schemas.preflight import Finding

SPARE = 64 * 1024 * 1024
"""Bytes for the tokenizer, the log of the steps and the report beside the adapter."""
MEGABYTE = 1_000_000


def adapter_bytes(model: Any, rank: int) -> int:
    """Compute the size of an adapter on every linear layer but the output, in float32; weights are not needed."""
    layers = [m for name, m in model.named_modules() if isinstance(m, torch.nn.Linear) and name != "lm_head"]
    return 4 * rank * sum(layer.in_features + layer.out_features for layer in layers)


def disk_findings(folder: Path, needed: int) -> Iterator[Finding]:
    """Find out whether the disk under a folder lacks room for as many bytes."""
    free, wanted = shutil.disk_usage(folder).free, needed + SPARE
    if free < wanted:
        yield Finding(
            check="disk",
            en=f"the disk of {folder} has {free // MEGABYTE} MB left, and the adapter needs {wanted // MEGABYTE} MB",
            zh=f"{folder} 所在磁盘只剩 {free // MEGABYTE} MB，保存适配器需要 {wanted // MEGABYTE} MB",
        )

"""Keys and values with room behind them: a step of generation writes one column, and copies nothing that stands."""

from typing import Any

import torch
from transformers.cache_utils import DynamicLayer

ROOM = 64
"""Tokens of room that are added at once."""


class RoomyLayer(DynamicLayer):
    """Keys and values of one layer, of shape (rows, groups, tokens, size), at the front of a larger buffer."""

    def __init__(self) -> None:
        super().__init__()
        self.buffers: tuple[torch.Tensor, torch.Tensor] | None = None

    def update(
        self, key_states: torch.Tensor, value_states: torch.Tensor, *args: Any, **kwargs: Any
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Add keys and values of more tokens, and return those of all."""
        if not self.is_initialized:
            self.lazy_initialization(key_states, value_states)
        before = self.get_seq_length()
        after = before + key_states.shape[2]
        keys, values = self.buffers or (None, None)
        if keys is None or values is None or keys.shape[2] < after:
            keys, values = (s.new_empty(*s.shape[:2], after + ROOM, s.shape[3]) for s in (key_states, value_states))
            if self.keys is not None and self.values is not None and before:
                keys[:, :, :before], values[:, :, :before] = self.keys, self.values
            self.buffers = (keys, values)
        keys[:, :, before:after], values[:, :, before:after] = key_states, value_states
        self.keys, self.values = keys[:, :, :after], values[:, :, :after]
        return self.keys, self.values

    def batch_repeat_interleave(self, repeats: int) -> None:
        super().batch_repeat_interleave(repeats)
        self.buffers = None

    def batch_select_indices(self, indices: torch.Tensor) -> None:
        super().batch_select_indices(indices)
        self.buffers = None

"""One tiny model for all tests of the trainer."""

from pathlib import Path

import pytest
import torch

from tests.train.tiny import tiny_model


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.set_num_threads(1)
    return tiny_model(tmp_path_factory.mktemp("tiny"))

"""What the libraries read from the environment is set before any of them is imported, and never against the user."""

import os
import subprocess
import sys

import pytest

SHOW = (
    "import train, os, sys; print(os.environ['OMP_WAIT_POLICY'], os.environ['HF_HUB_OFFLINE'], 'torch' in sys.modules)"
)


@pytest.mark.parametrize(("own", "shown"), [({}, "PASSIVE 1 False"), ({"OMP_WAIT_POLICY": "ACTIVE"}, "ACTIVE 1 False")])
def test_threads_wait_passively_unless_the_user_says_otherwise(own: dict[str, str], shown: str) -> None:
    clean = {name: value for name, value in os.environ.items() if name not in ("OMP_WAIT_POLICY", "HF_HUB_OFFLINE")}
    done = subprocess.run(
        [sys.executable, "-c", SHOW], capture_output=True, text=True, check=True, env={**clean, **own}
    )
    assert done.stdout.strip() == shown

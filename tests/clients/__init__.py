"""The real programs that read what Hornbook writes, each in an environment of its own: `make clients` makes them."""

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

HOME = Path(os.environ.get("HORNBOOK_CLIENTS") or Path.home() / ".cache" / "hornbook" / "clients")
OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "DISABLE_VERSION_CHECK": "1",
    "CUDA_VISIBLE_DEVICES": "",
}


def python_of(name: str) -> Path:
    return HOME / name / "bin" / "python"


def needs(name: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(
        not python_of(name).is_file(), reason=f"the client '{name}' is not installed; `make clients` does it"
    )


def asked(name: str, *arguments: str, cache: Path, env: Mapping[str, str] | None = None) -> Any:
    """What the program `tests/clients/<name>.py` prints last, run by the interpreter of its environment."""
    done = subprocess.run(
        [
            str(python_of(name.partition("-")[0])),
            str(Path(__file__).parent / f"{name.replace('-', '_')}.py"),
            *arguments,
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=cache,
        env={**os.environ, **OFFLINE, "HF_HOME": str(cache / "hf"), "PYTHONPATH": "", **(env or {})},
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.rstrip("\n").rpartition("\n")[2])

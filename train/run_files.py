"""What a program leaves last in the folder of its run: whole, or not at all."""

import os
from pathlib import Path


def write_whole(path: Path, text: str) -> None:
    """Write a file under another name, then rename it: a run that was interrupted does not have it."""
    staging = path.with_name(f".{path.name}")
    staging.write_text(text, encoding="utf-8")
    os.replace(staging, path)  # noqa: PTH105 - one system call, which replaces what an earlier run left

"""Names of files as a disk spells them: é may be one character or two, and a name that is typed or copied the other."""

import unicodedata
from pathlib import Path


def as_on_disk(path: Path) -> Path:
    """Spell each step of a path as the disk does where it has it in the other normal form; else leave it as it is."""
    if path.exists() or path.parent == path:
        return path
    parent = as_on_disk(path.parent)
    if not parent.is_dir():
        return parent / path.name
    wanted = unicodedata.normalize("NFC", path.name)
    alike = [file for file in parent.iterdir() if unicodedata.normalize("NFC", file.name) == wanted]
    return alike[0] if len(alike) == 1 else parent / path.name

"""Makes sure that `schemas`, `rules`, `curate` and `train` are Hornbook's own.

The four names are common. A user's own `train.py` beside a recipe must not win over ours, nor may another
installed package.
"""

from importlib.machinery import PathFinder
from pathlib import Path

from schemas.errors import InputError

PACKAGES = ("schemas", "rules", "curate", "train")
HOME = Path(__file__).resolve().parents[2]
"""The folder that holds the four packages."""


def check_namespace(search: list[str], home: Path = HOME) -> None:
    """Raise InputError when one of the four names resolves outside `home` along the given search path."""
    for name in PACKAGES:
        spec = PathFinder.find_spec(name, search)
        origin = Path(spec.origin).resolve() if spec and spec.origin else None
        if origin is not None and home not in origin.parents:
            raise InputError(
                f"the name '{name}' belongs to {origin}, not to Hornbook; "
                "rename that file, or start hornbook from another folder",
                f"名称“{name}”指向 {origin}，而不是 Hornbook；请给该文件改名，或换一个目录运行 hornbook",
            )

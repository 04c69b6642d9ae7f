"""What a new dataset is called: after its file, or after the folder where several files lie."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

import yaml

from schemas.digest import digest

LONGEST = 48
"""Characters of a name before its digest."""
SUFFIXES = re.compile(r"(\.[A-Za-z][A-Za-z0-9]{1,6})+$")
MARK = 6
"""Letters of a digest that tell two names apart."""


def dataset_name(files: Sequence[str], to: Path) -> str:
    """Find a name for the dataset of these raw files whose recipe will be `to`.

    Two recipes in one folder get two names, unless they read the same files: else one would make versions of the
    other's dataset.
    """
    folder = to.absolute().parent
    first = Path(files[0]).absolute()
    own = SUFFIXES.sub("", first.name) if len(files) == 1 else folder.name
    with_folder = f"{first.parent.name} {own}" if len(files) == 1 else f"{own} {' '.join(sorted(files))}"
    taken = set(_taken(folder, to, {Path(file).resolve() for file in files}))
    candidates = [safe_name(own), safe_name(with_folder), safe_name(f"{own} {digest('book', sorted(files))[:MARK]}")]
    return next((name for name in candidates if name not in taken), candidates[-1])


def safe_name(text: str) -> str:
    """Write a name in lowercase letters, digits, - and _ as a recipe wants it. Where anything had to be left out, a
    digest tells the name from others.
    """
    plain = unicodedata.normalize("NFKC", text).lower()
    name = re.sub(r"[-_]*-[-_]*", "-", re.sub(r"[^a-z0-9_]+", "-", plain)).strip("-_")
    lost = any(letter.isalnum() and not letter.isascii() for letter in plain) or len(name) > LONGEST
    if name and not lost:
        return name
    return f"{name[:LONGEST].strip('-_') or 'book'}-{digest('name', text)[:MARK]}"


def _taken(folder: Path, to: Path, files: set[Path]) -> Iterable[str]:
    """Read the names in the other recipes of the folder that read other files."""
    for path in sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")]):
        if path.name == to.name:
            continue
        with suppress(OSError, UnicodeDecodeError, yaml.YAMLError, AttributeError, TypeError):
            recipe = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
            inputs = {(folder / str(spec.get("path"))).resolve() for spec in recipe.get("inputs") or ()}
            if isinstance(recipe.get("name"), str) and inputs != files:
                yield recipe["name"]

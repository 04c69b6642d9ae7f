"""Reads what a version says of itself: its manifest and its recipe."""

from pathlib import Path

import yaml

from schemas.errors import StoreError
from schemas.manifest import Manifest
from schemas.recipe import Recipe
from schemas.version_files import MANIFEST, VersionFiles


def read_recipe(version: Path) -> Recipe:
    """Read the recipe that a version was built from, as far as it decides what is in it."""
    return Recipe.model_validate(yaml.safe_load(VersionFiles(version).recipe.read_bytes()))


def read_manifest(version: Path) -> Manifest:
    """Read the manifest of a version. Raises StoreError when it cannot be read."""
    try:
        return Manifest.model_validate_json(VersionFiles(version).manifest.read_bytes())
    except (OSError, ValueError):
        raise StoreError(f"{version} holds no readable {MANIFEST}", f"{version} 中没有可读的 {MANIFEST}") from None

"""Writes the settings that findings propose into a recipe on disk, or shows what would change."""

import difflib
from collections.abc import Sequence
from pathlib import Path

from curate.planning.recipe_edit import is_set, with_changes
from curate.recipe.load import load_recipe
from curate.system.disk import replace_durably
from schemas.errors import RecipeError
from schemas.plan_findings import PlanFinding


def write_settings(path: Path, findings: Sequence[PlanFinding]) -> str:
    """Write the proposed settings into a recipe, and return what changed.

    Raises RecipeError, and leaves the recipe as it was, where that is not sure to change nothing else.
    """
    changes = [change for finding in findings for change in finding.changes]
    if not changes:
        return ""
    before = path.read_bytes()
    text = before.decode("utf-8")
    edited = with_changes(text, changes)
    replace_durably(path, edited.encode("utf-8"))
    try:
        load_recipe(path)
    except RecipeError:
        replace_durably(path, before)
        raise
    lines = (text.splitlines(), edited.splitlines())
    return "\n".join(difflib.unified_diff(*lines, path.name, path.name, lineterm="", n=1))


def is_written(path: Path, finding: PlanFinding) -> bool:
    """Tell whether a recipe has all settings that a finding proposes already: the next build takes them."""
    text = path.read_text(encoding="utf-8", errors="replace")
    return bool(finding.changes) and all(is_set(text, change) for change in finding.changes)

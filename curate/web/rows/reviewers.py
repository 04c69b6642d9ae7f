"""What people have decided about the records of a dataset: the files of reviews, read again when they have grown."""

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from curate.decisions.reviews import REVIEWS, read_reviews
from curate.store.read_version import read_manifest, read_recipe
from schemas.recipe import REVIEW
from schemas.review import ReviewDecision


@dataclass(frozen=True, eq=False)
class DecisionsOnRows:
    """The decisions in the order of their lines. Those of unchanged files are one object."""

    decisions: tuple[ReviewDecision, ...] = ()
    people: tuple[str, ...] = field(default=())
    """Who decided, in alphabetical order."""

    def ids(self, reviewer: str, verdict: str) -> set[str]:
        """List the ids, some of them cut short, about which somebody decided something; empty is anybody, anything."""
        return {d.id for d in self.decisions if reviewer in ("", d.by) and verdict in ("", d.verdict)}

    def about(self, id: str) -> list[ReviewDecision]:
        """List the decisions about one record."""
        return [decision for decision in self.decisions if id.startswith(decision.id)]


def decisions_on(version: Path, folder: Path | None) -> DecisionsOnRows:
    """Read the files of reviews that a version was made with, and that which its recipe will read next. `folder` is
    where the paths of the recipe start. InputError where a line is none.
    """
    if folder is None:
        return _read(())
    paths = [folder / path for path in _paths(version)]
    stats = [(path, path.stat()) for path in paths if path.is_file()]
    return _read(tuple((path, stat.st_mtime_ns, stat.st_size) for path, stat in stats))


@lru_cache(maxsize=64)
def _paths(version: Path) -> tuple[str, ...]:
    """Name the files of reviews, from the folder of the recipe."""
    named = [file.path for file in read_manifest(version).reviews]
    stages = [choice.options for choice in read_recipe(version).stages if choice.name == REVIEW]
    return tuple(dict.fromkeys([*named, *(str(options.get("file") or REVIEWS) for options in stages), REVIEWS]))


@lru_cache(maxsize=4)
def _read(files: tuple[tuple[Path, int, int], ...]) -> DecisionsOnRows:
    decisions = tuple(decision for path, *_ in files for decision in read_reviews(path))
    return DecisionsOnRows(decisions, tuple(sorted({decision.by for decision in decisions if decision.by})))

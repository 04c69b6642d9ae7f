"""The dataset that is reviewed: its version, its recipe, its queue and its file of reviews."""

from pathlib import Path
from typing import NamedTuple

from curate.decisions.reviews import read_reviews
from curate.recipe.load import RecipeFile, build_steps, load_recipe
from curate.reviewing.decide import reviews_beside
from curate.reviewing.queue_file import ReviewQueue
from curate.stages.review import Review
from curate.store.read_version import read_recipe
from curate.store.store import Store
from schemas.errors import InputError
from schemas.review import ReviewDecision


class Book(NamedTuple):
    """One dataset and its newest version, or the one that was named."""

    name: str
    version: Path
    file: RecipeFile
    reviews: Path
    queue: ReviewQueue
    recipe: Path | None = None
    """The recipe file, where it was named."""

    def decisions(self) -> list[ReviewDecision]:
        """Read what people have decided so far; none before the first."""
        return read_reviews(self.reviews) if self.reviews.is_file() else []

    def passes_reviews_over(self) -> bool:
        """Tell whether the recipe lists its stages without `review`, as it stands on the disk now: then no decision is
        done. False where the recipe file is not known.
        """
        steps = load_recipe(self.recipe).steps if self.recipe else ()
        return bool(steps) and not any(isinstance(step.does, Review) for step in steps)


def open_book(named: str, store: Store) -> Book:
    """Open a dataset by its recipe, or by a version of it whose recipe the newest build remembers. Raises InputError
    where there is no version, or the recipe is not where it was.
    """
    path: Path | None = Path(named)
    if path and path.suffix in (".yaml", ".yml") and path.is_file():
        return book_by_recipe(path, store)
    return book_of_version(store.find(named), store)


def book_by_recipe(path: Path, store: Store) -> Book:
    """Open the newest version of a recipe. Raises InputError where there is none."""
    file = load_recipe(path)
    version = store.newest(file.recipe.name)
    if version is None:
        raise InputError(
            f"there is no version of {file.recipe.name} yet: hornbook build {path}",
            f"{file.recipe.name} 还没有版本：请先运行 hornbook build {path}",
        )
    return _book(version, file, store, path)


def book_of_version(version: Path, store: Store) -> Book:
    """Open a version. Raises InputError where the recipe is not where the newest build read it."""
    name = version.parent.name
    folder = store.recipe_folder(name)
    if folder is None or not folder.is_dir():
        raise InputError(
            f"it is not known where the recipe of {name} lies; name the recipe instead",
            f"不知道 {name} 的配方在哪里；请改写配方文件的路径",
        )
    recipe = read_recipe(version)
    return _book(version, RecipeFile(recipe, build_steps(recipe), folder), store, None)


def _book(version: Path, file: RecipeFile, store: Store, recipe: Path | None) -> Book:
    name = file.recipe.name
    return Book(name, version, file, reviews_beside(file), ReviewQueue(store.root, name), recipe)

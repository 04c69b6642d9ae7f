"""The dataset that is reviewed: its version, its recipe, its queue and its file of reviews."""

from pathlib import Path
from typing import NamedTuple

from curate.recipe.load import RecipeFile, build_steps, load_recipe
from curate.reviewing.decide import reviews_beside
from curate.reviewing.queue_file import ReviewQueue
from curate.stages.review import Review
from curate.store.read_version import read_recipe
from curate.store.store import Store
from schemas.errors import InputError


class Book(NamedTuple):
    """One dataset and its newest version, or the one that was named."""

    name: str
    version: Path
    file: RecipeFile
    reviews: Path
    queue: ReviewQueue
    recipe: Path | None = None
    """The recipe file, where it was named."""

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
        file = load_recipe(path)
        version = store.newest(file.recipe.name)
        if version is None:
            raise InputError(
                f"there is no version of {file.recipe.name} yet: hornbook build {named}",
                f"{file.recipe.name} 还没有版本：请先运行 hornbook build {named}",
            )
    else:
        version = store.find(named)
        folder = store.recipe_folder(version.parent.name)
        if folder is None or not folder.is_dir():
            raise InputError(
                f"it is not known where the recipe of {named} lies; name the recipe instead",
                f"不知道 {named} 的配方在哪里；请改写配方文件的路径",
            )
        recipe = read_recipe(version)
        path, file = None, RecipeFile(recipe, build_steps(recipe), folder)
    name = file.recipe.name
    return Book(name, version, file, reviews_beside(file), ReviewQueue(store.root, name), path)

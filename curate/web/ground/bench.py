"""The workbench: the store that the pages show, what the pages may show of it, and the jobs that they started."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import HTTPException, Request
from fastapi import Path as InPath

from curate.store.store import Store
from curate.web.ground.jobs import Jobs
from curate.web.ground.keys import Keys
from schemas.bilingual import Bilingual, Language

Name = Annotated[str, InPath(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
"""The name of a dataset in an address."""
Id = Annotated[str, InPath(pattern=r"^[0-9a-f]{32}$")]
"""The id of a version, or of a record, in an address."""
BOOKS = "books"
"""Below the root of the store: a folder for each dataset that was begun on a page, with its recipe and its files."""


@dataclass(frozen=True)
class Bench:
    """What every page is made of. `lang` is the language of whoever has not chosen one."""

    store: Store
    keys: Keys
    jobs: Jobs
    lang: Language = "en"
    shows_raw: bool = False
    """Whether raw rows are shown with the personal data that masks take out."""

    @property
    def books(self) -> Path:
        return self.store.root / BOOKS

    def version(self, name: str, id: str) -> Path:
        """Find the folder of a version by its whole id. HTTPException 404 where there is none."""
        if id not in self.store.versions(name):
            raise missing(Bilingual(f"there is no version {id[:12]} of {name}", f"{name} 没有版本 {id[:12]}"))
        return self.store.version(name, id)

    def newest(self, name: str) -> Path:
        """Find the folder of the newest version. HTTPException 404 before the first."""
        newest = self.store.newest(name) if name in self.store.datasets() else None
        if newest is None:
            raise missing(Bilingual(f"there is no version of {name} yet", f"{name} 还没有版本"))
        return newest

    def recipe(self, name: str) -> Path | None:
        """Find the recipe of a dataset: that in its folder of books, or the only one that the newest build could have
        read; None where it is not known.
        """
        begun = self.books / name / "recipe.yaml"
        if begun.is_file():
            return begun
        folder = self.store.recipe_folder(name)
        if folder is None or not folder.is_dir():
            return None
        return next((path for path in recipes_in(folder) if is_called(path, name)), None)


def bench_of(request: Request) -> Bench:
    """Give the workbench of the application."""
    bench: Bench = request.app.state.bench
    return bench


def missing(sentence: Bilingual) -> HTTPException:
    """Say that what an address names is not there."""
    return HTTPException(404, str(sentence))


def recipes_in(folder: Path) -> list[Path]:
    """List what may be recipes in a folder, in alphabetical order."""
    return sorted(path for path in folder.glob("*.y*ml") if path.is_file())


def is_called(recipe: Path, name: str) -> bool:
    """Tell whether a recipe is that of a dataset, by a line of its own: a recipe that is broken has a name, too."""
    lines = recipe.read_text(encoding="utf-8", errors="replace").splitlines()
    return any(line.split("#")[0].strip() in (f"name: {name}", f'name: "{name}"', f"name: '{name}'") for line in lines)

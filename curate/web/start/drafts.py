"""Datasets that were begun on a page: a folder with the files that were sent, what was decided of them, and a recipe.

<root>/books/<name>/raw/          the files, each under a name of its content
<root>/books/<name>/begun.json    what was decided of each
<root>/books/<name>/looks/        what was found in them, by what they hold; can be thrown away at any time
<root>/books/<name>/recipe.yaml   the recipe, once it is written
"""

import fcntl
import os
import re
import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from curate.inspect.dataset_name import dataset_name
from curate.inspect.first_recipe import check_builds, recipe_text
from curate.inspect.inspect import Findings
from curate.system.disk import replace_durably
from curate.web.start.uploads import Incoming, RefusedFile, key_of, stored_files, take_files
from schemas.digest import digest_bytes
from schemas.errors import InputError
from schemas.input import Input
from schemas.record import Frozen

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
RAW = "raw"
LOOKS = "looks"
STATE = "begun.json"
RECIPE = "recipe.yaml"
LOCK = ".lock"


class FileChoice(Frozen):
    """What was decided of a file: which sheets of it are read, all that the first look takes where none is named; the
    input blocks that were corrected, and which inputs stay out or are read all the same, each by its path.
    """

    sheets: tuple[str, ...] = ()
    blocks: Mapping[str, Input] = {}
    left_out: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()

    def with_use(self, path: str, *, is_used: bool) -> "FileChoice":
        """Take an input in, or leave it out."""
        left_out, taken = {*self.left_out} - {path}, {*self.taken} - {path}
        (taken if is_used else left_out).add(path)
        return self.model_copy(update={"left_out": tuple(sorted(left_out)), "taken": tuple(sorted(taken))})


class Begun(Frozen):
    """What begun.json holds. `refused` are the files of the last time that were not taken, `written` is the digest of
    the recipe as it was written here.
    """

    files: Mapping[str, FileChoice] = {}
    refused: tuple[RefusedFile, ...] = ()
    written: str = ""

    def choice(self, file: Path) -> FileChoice:
        """Give what was decided of a file, by its name."""
        return self.files.get(file.name, FileChoice())


@dataclass(frozen=True)
class BegunDataset:
    """One dataset that was begun. Its recipe may be written already, and it may have versions."""

    folder: Path

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def recipe(self) -> Path:
        return self.folder / RECIPE

    @property
    def looks(self) -> Path:
        return self.folder / LOOKS

    def files(self) -> list[Path]:
        """List the files that were sent."""
        return stored_files(self.folder / RAW)

    def file(self, key: str) -> Path | None:
        """Find a file by the letters of its digest."""
        return next((path for path in self.files() if key_of(path) == key), None)

    def state(self) -> Begun:
        """Read what was decided."""
        path = self.folder / STATE
        return Begun.model_validate_json(path.read_bytes()) if path.is_file() else Begun()

    def add(self, files: Sequence[Incoming]) -> list[RefusedFile]:
        """Take more files; give those that were not taken, which the state remembers until the next time."""
        with self._locked():
            for left in (self.folder / RAW).glob(".incoming-*"):  # of one who was killed
                shutil.rmtree(left, ignore_errors=True)
            refused = take_files(files, self.folder / RAW)
            self._keep(self.state().model_copy(update={"refused": tuple(refused)}))
        return refused

    def decide(self, file: Path, choice: FileChoice) -> None:
        """Write down what was decided of a file."""
        with self._locked():
            state = self.state()
            self._keep(state.model_copy(update={"files": {**state.files, file.name: choice}}))

    def is_own_recipe(self) -> bool:
        """Tell whether there is no recipe yet, or only as it was written here, so that it may be written again."""
        return not self.recipe.is_file() or digest_bytes(self.recipe.read_bytes()) == self.state().written

    def write_recipe(self, found: Sequence[Findings]) -> None:
        """Write the recipe that reads what was found. Raises InputError where a file gives no conversation, or none is
        left to be read.
        """
        if not found:
            raise InputError("no file is left to be read: take one in again", "没有要读取的文件：请至少选用一个")
        check_builds(found)
        content = recipe_text(found, Path(RECIPE), self.name).encode()
        with self._locked():
            replace_durably(self.recipe, content)
            self._keep(self.state().model_copy(update={"written": digest_bytes(content), "refused": ()}))

    def throw_away(self) -> None:
        """Remove the folder, with the files that were sent. Versions stay."""
        hidden = self.folder.with_name(f".thrown-{self.name}-{os.getpid()}")
        self.folder.rename(hidden)
        shutil.rmtree(hidden)

    def _keep(self, state: Begun) -> None:
        replace_durably(self.folder / STATE, state.model_dump_json(indent=1).encode())

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with (self.folder / LOCK).open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def begun_datasets(books: Path) -> list[BegunDataset]:
    """List the datasets that were begun, in alphabetical order."""
    folders = sorted(books.glob("[!.]*")) if books.is_dir() else []
    return [BegunDataset(path) for path in folders if (path / RAW).is_dir() and NAME.fullmatch(path.name)]


def begun_dataset(books: Path, name: str) -> BegunDataset | None:
    """Find a dataset that was begun; None where there is none of that name."""
    return BegunDataset(books / name) if NAME.fullmatch(name) and (books / name / RAW).is_dir() else None


def begin(books: Path, wanted: str, files: Sequence[str], taken: Collection[str]) -> BegunDataset:
    """Make the folder of a new dataset, under the name wanted or one that follows from those of its files. Raises
    InputError for a name that cannot be, or is `taken`.
    """
    name = wanted.strip()
    if name and not NAME.fullmatch(name):
        raise InputError(
            f"a dataset cannot be called '{name}': small letters a-z, digits, - and _, at most 64",
            f"数据集不能叫“{name}”：只能用小写字母、数字、- 和 _，最多 64 个字符",
        )
    if name and (name in taken or (books / name).exists()):
        raise InputError(
            f"there is a dataset {name} already: choose another name", f"已经有名为 {name} 的数据集：请换一个名字"
        )
    proposed = name or dataset_name([files[0]], books / RECIPE)
    number, unique = 2, proposed
    while unique in taken or (books / unique).exists():
        number, unique = number + 1, f"{proposed[:60]}-{number}"
    (books / unique / RAW).mkdir(parents=True)
    (books / unique).chmod(0o700)
    return BegunDataset(books / unique)

"""The recipe of a dataset on the disk: read with its digest, and written whole, where nobody else has changed it."""

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from threading import Lock

import yaml

from curate.recipe.load import MOST_VALUES, RecipeFile, parse_recipe
from curate.recipe.mistakes import size_written_out
from curate.system.disk import replace_durably
from schemas.bilingual import Bilingual
from schemas.digest import digest_bytes
from schemas.errors import HornbookError, RecipeError

_WRITING = Lock()
"""Two people save through one server: the second must see what the first has written."""


class ChangedMeanwhileError(Exception):
    """The recipe is no longer the one that a form was made from."""


@dataclass(frozen=True)
class SavedRecipe:
    """A recipe as it stands in its file, to the byte."""

    path: Path
    text: str

    @classmethod
    def of(cls, path: Path) -> "SavedRecipe":
        """Read it. Raises RecipeError where it cannot be read as UTF-8."""
        try:
            return cls(path, path.read_bytes().decode("utf-8"))
        except OSError as error:
            raise RecipeError(
                f"{path.name}: the recipe cannot be read ({error.strerror})",
                f"{path.name}：无法读取配方（{error.strerror}）",
            ) from None
        except UnicodeDecodeError:
            raise RecipeError(f"{path.name}: a recipe must be UTF-8", f"{path.name}：配方必须是 UTF-8 编码") from None

    @property
    def digest(self) -> str:
        return digest_bytes(self.text.encode("utf-8"))

    def checked(self, text: str | None = None) -> RecipeFile:
        """Check it, or what is to be written in its place. Raises RecipeError with all mistakes, as the command says
        them, but without the folder.
        """
        try:
            return parse_recipe((self.text if text is None else text).removeprefix("\ufeff"), self.path)
        except RecipeError as error:
            sentence, folder = error.sentence, f"{self.path}:"
            named = f"{self.path.name}:"
            raise RecipeError(sentence.en.replace(folder, named), sentence.zh.replace(folder, named)) from None

    def written(self, text: str, name: str) -> "SavedRecipe":
        """Write a text in its place, once it is found right. Raises RecipeError, and ChangedMeanwhileError where the
        file is no longer what was read.
        """
        if text == self.text:
            return self
        self.check_new(text, name)
        with _WRITING:
            if SavedRecipe.of(self.path).text != self.text:
                raise ChangedMeanwhileError
            replace_durably(self.path, text.encode("utf-8"))
        return SavedRecipe(self.path, text)

    def check_new(self, text: str, name: str) -> RecipeFile:
        """Check what is to be written or tried: it must be right, be of this dataset, and read no file that lies
        elsewhere and that the recipe did not read before: who may open the page may not thereby read the machine.
        """
        known = self._known_files()
        for path in _typed_paths(text):
            if path not in known and (PurePosixPath(path).is_absolute() or ".." in re.split(r"[/\\#]", path)):
                raise _outside(path)
        file = self.checked(text)
        if file.recipe.name != name:
            raise RecipeError(
                f"the name of this dataset is {name}; it cannot be changed here",
                f"这个数据集的名字是 {name}，不能在这里改",
            )
        for path in sorted(_files(file) - known):
            if not (file.folder / path).resolve().is_relative_to(file.folder.resolve()):
                raise _outside(path)
        return file

    def _known_files(self) -> set[str]:
        try:
            return _files(self.checked())
        except HornbookError:  # what a wrong recipe read nobody knows
            return set()


def _outside(path: str) -> RecipeError:
    return RecipeError(
        f"{path} lies outside the folder of this recipe: add it as a file, or write it with an editor",
        f"{path} 不在这份配方的文件夹里：请上传该文件，或用编辑器直接修改配方",
    )


def _typed_paths(text: str) -> set[str]:
    """List what stands behind `path:` in inputs, as it was typed, before anything is looked for on the disk. What is no
    recipe has none: its mistakes are said later.
    """
    try:
        if size_written_out(yaml.compose(text, yaml.SafeLoader)) > MOST_VALUES:
            return set()
        values = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError):
        return set()
    inputs = values.get("inputs") if isinstance(values, dict) else None
    blocks = inputs if isinstance(inputs, list) else []
    paths = {block["path"] for block in blocks if isinstance(block, dict) and isinstance(block.get("path"), str)}
    return {re.sub(r"#[^/]*$", "", path) for path in paths}


def _files(file: RecipeFile) -> set[str]:
    """List the files that a recipe reads: its inputs, and what its stages read themselves."""
    inputs = {re.sub(r"#[^/]*$", "", spec.path) for spec in file.recipe.inputs}
    return inputs | {path for step in file.steps for path in step.does.reads()}


def as_typed(text: str, was: str) -> str:
    """Give a text from a browser the ends of lines that the file has: browsers send CRLF."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return plain.replace("\n", "\r\n") if "\r\n" in was else plain


def meanwhile() -> Bilingual:
    """Say that somebody else was quicker, and what to do."""
    return Bilingual(
        "This recipe was changed while the form was open: nothing of yours was written. Below it is as it stands now; "
        "look at it, and enter your changes again.",
        "表单打开期间，这份配方被改过：您的修改没有写入。下面是现在的内容，请核对后重新填写。",
    )

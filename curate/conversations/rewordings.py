"""Reads the rewordings that a recipe names: a line a rewording, as `hornbook reword` writes them."""

from pathlib import Path

from curate.store.keyed_lines import read_keyed_lines
from schemas.bilingual import Bilingual
from schemas.digest import digest_file
from schemas.rewordings import Rewording, RewordingFile

WRONG = Bilingual(
    "no rewording; one is a JSON object with parent (32 hexadecimal digits), part (question or answer), n"
    "umber and text; "
    "`hornbook reword` writes them",
    "不是改写；应为 JSON 对象：parent（32 位十六进制）、part（question 或 answer）、number 和 text；由 ho"
    "rnbook reword 写出",
)
AGAIN = Bilingual(
    "the same parent, part and number stand on line {line}; keep one",
    "parent、part、number 与第 {line} 行相同；请只留一个",
)


def read_rewordings(path: Path) -> dict[int, Rewording]:
    """Read the rewordings by the numbers of their lines. Raises InputError naming the first line that is none, or
    repeats one.
    """
    return read_keyed_lines(path, Rewording, lambda rewording: rewording.key, WRONG, AGAIN)


def rewording_file(path: Path, recipe_path: str) -> RewordingFile:
    """Sum up what a manifest says of the file; `recipe_path` is its path in the recipe."""
    return RewordingFile(path=recipe_path, digest=digest_file(path), rewordings=len(read_rewordings(path)))

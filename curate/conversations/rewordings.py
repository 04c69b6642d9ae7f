"""Reads the rewordings that a recipe names: a line a rewording, as `hornbook reword` writes them."""

from codecs import BOM_UTF8 as BOM
from pathlib import Path

from pydantic import ValidationError

from schemas.digest import digest_file
from schemas.errors import InputError
from schemas.rewordings import Rewording, RewordingFile


def read_rewordings(path: Path) -> dict[int, Rewording]:
    """Read the rewordings by the numbers of their lines. Raises InputError naming the first line that is none, or
    repeats one.
    """
    rewordings: dict[int, Rewording] = {}
    lines: dict[tuple[str, str, int], int] = {}
    for number, line in enumerate(_read(path).removeprefix(BOM).split(b"\n"), start=1):
        if not line.strip():
            continue
        rewording = _rewording(line)
        if rewording is None:
            raise InputError(
                f"{path}:{number}: no rewording; one is a JSON object with parent (32 hexadecimal digits), part "
                "(question or answer), number and text; `hornbook reword` writes them",
                f"{path}:{number}：不是改写；应为 JSON 对象：parent（32 位十六进制）、part（question 或 answer）、"
                "number 和 text；由 hornbook reword 写出",
            )
        if rewording.key in lines:
            raise InputError(
                f"{path}:{number}: the same parent, part and number stand on line {lines[rewording.key]}; keep one",
                f"{path}:{number}：parent、part、number 与第 {lines[rewording.key]} 行相同；请只留一个",
            )
        lines[rewording.key] = number
        rewordings[number] = rewording
    return rewordings


def rewording_file(path: Path, recipe_path: str) -> RewordingFile:
    """Sum up what a manifest says of the file; `recipe_path` is its path in the recipe."""
    return RewordingFile(path=recipe_path, digest=digest_file(path), rewordings=len(read_rewordings(path)))


def _rewording(line: bytes) -> Rewording | None:
    """Read a line; None where it is no rewording. What pydantic says of it would quote it."""
    try:
        return Rewording.model_validate_json(line)
    except ValidationError:
        return None


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror})", f"无法读取 {path}（{error.strerror}）") from None

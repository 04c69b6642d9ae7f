"""Reads the answers of the base model that a recipe names: a line a record, as `hornbook distill` writes them."""

from codecs import BOM_UTF8 as BOM
from pathlib import Path

from pydantic import ValidationError

from schemas.base_answers import AnswerFile, BaseAnswer
from schemas.digest import digest_file
from schemas.errors import InputError


def read_answers(path: Path) -> dict[str, str]:
    """Read the answers by the ids of their records. Raises InputError naming the first line that is none, or repeats
    an id.
    """
    answers: dict[str, str] = {}
    lines: dict[str, int] = {}
    for number, line in enumerate(_read(path).removeprefix(BOM).split(b"\n"), start=1):
        if not line.strip():
            continue
        answer = _answer(line)
        if answer is None:
            raise InputError(
                f"{path}:{number}: no answer; one is a JSON object with id (32 hexadecimal digits), answer, and model, "
                "if you like; `hornbook distill` writes them",
                f"{path}:{number}：不是回答；应为 JSON 对象：id（32 位十六进制）、answer，可写 model；"
                "由 hornbook distill 写出",
            )
        if answer.id in lines:
            raise InputError(
                f"{path}:{number}: the record was answered on line {lines[answer.id]} already; keep one of them",
                f"{path}:{number}：这条记录在第 {lines[answer.id]} 行已有回答；请只留一个",
            )
        lines[answer.id] = number
        answers[answer.id] = answer.answer
    return answers


def answer_file(path: Path, recipe_path: str) -> AnswerFile:
    """Sum up what a manifest says of the file; `recipe_path` is its path in the recipe."""
    return AnswerFile(path=recipe_path, digest=digest_file(path), answers=len(read_answers(path)))


def _answer(line: bytes) -> BaseAnswer | None:
    """Read a line; None where it is no answer. What pydantic says of it would quote it."""
    try:
        return BaseAnswer.model_validate_json(line)
    except ValidationError:
        return None


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror})", f"无法读取 {path}（{error.strerror}）") from None

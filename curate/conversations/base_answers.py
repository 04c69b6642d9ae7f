"""Reads the answers of the base model that a recipe names: a line a record, as `hornbook distill` writes them."""

from pathlib import Path

from curate.store.keyed_lines import read_keyed_lines
from schemas.base_answers import AnswerFile, BaseAnswer
from schemas.bilingual import Bilingual
from schemas.digest import digest_file

WRONG = Bilingual(
    "no answer; one is a JSON object with id (32 hexadecimal digits), answer, and model, if you like; `ho"
    "rnbook distill` "
    "writes them",
    "不是回答；应为 JSON 对象：id（32 位十六进制）、answer，可写 model；由 hornbook distill 写出",
)
AGAIN = Bilingual(
    "the record was answered on line {line} already; keep one of them", "这条记录在第 {line} 行已有回答；请只留一个"
)


def read_answers(path: Path) -> dict[str, str]:
    """Read the answers by the ids of their records. Raises InputError naming the first line that is none, or repeats
    an id.
    """
    answers = read_keyed_lines(path, BaseAnswer, lambda answer: answer.id, WRONG, AGAIN).values()
    return {answer.id: answer.answer for answer in answers}


def answer_file(path: Path, recipe_path: str) -> AnswerFile:
    """Sum up what a manifest says of the file; `recipe_path` is its path in the recipe."""
    return AnswerFile(path=recipe_path, digest=digest_file(path), answers=len(read_answers(path)))

"""Reads the scores that a recipe names: a line a record, as `hornbook score` writes them."""

from codecs import BOM_UTF8 as BOM
from functools import lru_cache
from pathlib import Path

import polars as pl
from pydantic import ValidationError

from rules import COLUMNS
from schemas.digest import digest_file
from schemas.errors import InputError
from schemas.scores import SCORE_COLUMNS, Score, ScoreFile

TABLE = pl.Schema([("id", pl.String()), *((name, COLUMNS[name]) for name in SCORE_COLUMNS)])


def read_scores(path: Path) -> dict[int, Score]:
    """Read the scores by the numbers of their lines. Raises InputError naming the first line that is none, or is of a
    record that has one.
    """
    scores: dict[int, Score] = {}
    lines: dict[str, int] = {}
    for number, line in enumerate(_read(path).removeprefix(BOM).split(b"\n"), start=1):
        if not line.strip():
            continue
        score = _score(line)
        if score is None:
            raise InputError(
                f"{path}:{number}: no score; one is a JSON object with id (32 hexadecimal digits) and judge or local; "
                "`hornbook score` writes them",
                f"{path}:{number}：不是评分；应为 JSON 对象：id（32 位十六进制）和 judge 或 local；"
                "由 hornbook score 写出",
            )
        if score.id in lines:
            raise InputError(
                f"{path}:{number}: the record has a score on line {lines[score.id]} already; keep one",
                f"{path}:{number}：该记录在第 {lines[score.id]} 行已有评分；请只留一个",
            )
        lines[score.id] = number
        scores[number] = score
    return scores


def score_file(path: Path, recipe_path: str) -> ScoreFile:
    """Sum up what a manifest says of the file; `recipe_path` is its path in the recipe."""
    return ScoreFile(path=recipe_path, digest=digest_file(path), scores=len(read_scores(path)))


def with_scores(columns: pl.DataFrame, path: Path) -> pl.DataFrame:
    """Put the scores of a file into the columns that rules look at; a record without a score has none."""
    table = _table(path, digest_file(path))
    scored = columns.drop(SCORE_COLUMNS).join(table, on="id", how="left", maintain_order="left")
    return scored.select(columns.columns)


@lru_cache(maxsize=1)
def _table(path: Path, digest: str) -> pl.DataFrame:
    """Read a file as a table; once for all blocks of records, while it holds the same bytes."""
    rows = [(score.id, *score.columns()) for score in read_scores(path).values()]
    return pl.DataFrame(rows, TABLE, orient="row")


def _score(line: bytes) -> Score | None:
    """Read a line; None where it is no score."""
    try:
        return Score.model_validate_json(line)
    except ValidationError:
        return None


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror})", f"无法读取 {path}（{error.strerror}）") from None

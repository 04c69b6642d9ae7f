"""Reads the scores that a recipe names: a line a record, as `hornbook score` writes them."""

from functools import lru_cache
from pathlib import Path

import polars as pl

from curate.store.keyed_lines import read_keyed_lines
from rules import COLUMNS
from schemas.bilingual import Bilingual
from schemas.digest import digest_file
from schemas.scores import SCORE_COLUMNS, Score, ScoreFile

TABLE = pl.Schema([("id", pl.String()), *((name, COLUMNS[name]) for name in SCORE_COLUMNS)])
WRONG = Bilingual(
    "no score; one is a JSON object with id (32 hexadecimal digits) and judge or local; `hornbook score` writes them",
    "不是评分；应为 JSON 对象：id（32 位十六进制）和 judge 或 local；由 hornbook score 写出",
)
AGAIN = Bilingual("the record has a score on line {line} already; keep one", "该记录在第 {line} 行已有评分；请只留一个")


def read_scores(path: Path) -> dict[int, Score]:
    """Read the scores by the numbers of their lines. Raises InputError naming the first line that is none, or is of a
    record that has one.
    """
    return read_keyed_lines(path, Score, lambda score: score.id, WRONG, AGAIN)


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

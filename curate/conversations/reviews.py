"""Reads the reviews that a recipe names: a line for every decision, of which the last about a record counts."""

from codecs import BOM_UTF8 as BOM
from pathlib import Path

from pydantic import ValidationError

from schemas.digest import digest_file
from schemas.errors import InputError
from schemas.review import ReviewDecision, ReviewFile

NAMED_IN_ERRORS = 5
"""Lines that the error names."""


def read_reviews(path: Path) -> dict[str, ReviewDecision]:
    """Read what was decided about each record, by its id. Raises InputError naming every line that is no review."""
    decisions, wrong = {}, []
    for number, line in enumerate(_read(path).removeprefix(BOM).split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            review = ReviewDecision.model_validate_json(line)
            decisions[review.id] = review
        except ValidationError:
            wrong.append(str(number))

    if wrong:
        lines = ", ".join(wrong[:NAMED_IN_ERRORS]) + (", …" if len(wrong) > NAMED_IN_ERRORS else "")
        raise InputError(
            f"{path}: no review on line {lines}; one is a JSON object with id, verdict (accept, reject or edit), "
            "for an edit the answer, and by, if you like",
            f"{path}：第 {lines} 行不是审核结论；应为 JSON 对象：id、verdict（accept、reject 或 edit），"
            "edit 还要有 answer，可写 by",
        )
    return decisions


def review_file(path: Path, recipe_path: str) -> ReviewFile:
    """Sum up what a manifest says of the file; `recipe_path` is its path in the recipe."""
    return ReviewFile(path=recipe_path, digest=digest_file(path), reviews=len(read_reviews(path)))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror})", f"无法读取 {path}（{error.strerror}）") from None

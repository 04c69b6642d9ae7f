"""Reads the reviews that a recipe names: a line for every decision, of which the last about a record counts."""

from codecs import BOM_UTF8 as BOM
from pathlib import Path

from pydantic import ValidationError

from schemas.digest import digest_file
from schemas.errors import InputError
from schemas.review import Review, ReviewFile

TOLD = 5
"""Lines that the error names."""


def read_reviews(path: Path) -> dict[str, Review]:
    """What was decided about each record, by its id. Raises InputError naming every line that is no review."""
    found, wrong = {}, []
    for number, line in enumerate(_read(path).removeprefix(BOM).split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            review = Review.model_validate_json(line)
            found[review.id] = review
        except ValidationError:
            wrong.append(str(number))
    if wrong:
        lines = ", ".join(wrong[:TOLD]) + (", …" if len(wrong) > TOLD else "")
        raise InputError(
            f"{path}: no review on line {lines}; one is a JSON object with id, verdict (accept, reject or edit), "
            "for an edit the answer, and by, if you like",
            f"{path}：第 {lines} 行不是审核结论；应为 JSON 对象：id、verdict（accept、reject 或 edit），"
            "edit 还要有 answer，可写 by",
        )
    return found


def facts_of(path: Path, named: str) -> ReviewFile:
    """What a manifest notes of the file; `named` is its path in the recipe."""
    return ReviewFile(path=named, digest=digest_file(path), reviews=len(read_reviews(path)))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror})", f"无法读取 {path}（{error.strerror}）") from None

"""Reads the file of reviews that a recipe names, and adds to it: a line for every decision, none is ever rubbed out.

Who changes his mind says so in a later line, and who takes a decision back does so, too: a line that only names it.
"""

import fcntl
import re
from codecs import BOM_UTF8 as BOM
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import ValidationError

from curate.decisions.agreed_reviews import ReviewsById
from curate.decisions.quality_estimate import SAMPLE, bad_share
from curate.system.disk import replace_durably
from schemas.digest import digest_file
from schemas.errors import InputError
from schemas.review import ReviewDecision, ReviewFile, TakenBack

NAMED_IN_ERRORS = 5
"""Lines that the error names."""
ID = re.compile(rb'"id"\s*:\s*"([0-9a-f]{8,32})"')
"""The record that a line is about."""
TAKES_BACK = re.compile(rb'"takes_back"\s*:')
"""What a line has that takes another back; in a text of a line the quotation marks are escaped."""
REVIEWS = "reviews.jsonl"
"""What the file is called beside a recipe that names none."""


def read_reviews(path: Path) -> list[ReviewDecision]:
    """Read the decisions in the order of their lines, without those that were taken back later. Raises InputError
    naming every line that is none.
    """
    decisions: list[ReviewDecision] = []
    wrong = []
    for number, line in enumerate(_read(path).removeprefix(BOM).split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            if TAKES_BACK.search(line):
                gone = TakenBack.model_validate_json(line)
                decisions = [decision for decision in decisions if not gone.is_about(decision)]
            else:
                decisions.append(ReviewDecision.model_validate_json(line))
        except ValidationError:
            wrong.append(str(number))

    if wrong:
        lines = ", ".join(wrong[:NAMED_IN_ERRORS]) + (", …" if len(wrong) > NAMED_IN_ERRORS else "")
        raise InputError(
            f"{path}: no review on line {lines}; one is a JSON object with id, verdict (accept, reject, edit or "
            "unsure), for an edit the answer, and by, if you like",
            f"{path}：第 {lines} 行不是审核结论；应为 JSON 对象：id、verdict（accept、reject、edit 或 unsure），"
            "edit 还要有 answer，可写 by",
        )
    return decisions


def add_reviews(path: Path, decisions: Iterable[ReviewDecision | TakenBack]) -> None:
    """Write more decisions behind those that are there: what was there stays to the byte, and no crash leaves half."""
    lines = "".join(f"{decision.model_dump_json(exclude_defaults=True)}\n" for decision in decisions)
    if not lines:
        return
    with _alone(path):
        before = path.read_bytes() if path.is_file() else b""
        if before and not before.endswith(b"\n"):
            before += b"\n"
        replace_durably(path, before + lines.encode())


def remove_reviews(path: Path, is_forgotten: Callable[[str], bool]) -> int:
    """Take the decisions about forgotten records out of the file, all other lines stay to the byte; count them.

    `is_forgotten` is asked about ids as they stand there: whole, or the beginning of one.
    """
    with _alone(path):
        lines = _read(path).splitlines(keepends=True)
        kept = [line for line in lines if not (match := ID.search(line)) or not is_forgotten(match[1].decode())]
        if len(kept) < len(lines):
            replace_durably(path, b"".join(kept))
    return len(lines) - len(kept)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold the file alone: another process waits."""
    with (path.parent / f".{path.name}.lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def review_file(path: Path, recipe_path: str, met: Iterable[str], population: Callable[[str], int]) -> ReviewFile:
    """Sum up what a manifest says of the file; `recipe_path` is its path in the recipe, `met` are the records of which
    the ledger notes that they were decided about, and `population` says how many records a version trains on, 0 where
    it is not here. Raises InputError where a short id names two of them.
    """
    decisions = read_reviews(path)
    by_id = ReviewsById(decisions)
    known = list(met)
    by_id.check_unique(known)
    named = {decision.id for decision in decisions}
    found = {decision.id for id in known for decision in by_id.of(id)}
    drawn_from = next((line.version for line in reversed(decisions) if SAMPLE in line.why), "")
    return ReviewFile(
        path=recipe_path,
        digest=digest_file(path),
        reviews=len(named),
        unmet=len(named - found),
        bad=bad_share(decisions, population(drawn_from) if drawn_from else 0),
    )


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror})", f"无法读取 {path}（{error.strerror}）") from None

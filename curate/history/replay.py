"""How a record changed from stage to stage: made again from its raw rows, so that nobody need keep what it was."""

import re
import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from difflib import SequenceMatcher
from itertools import takewhile
from pathlib import Path
from typing import Any

import polars as pl

from curate.build.pipeline import pass_through
from curate.build.plan import sees_records_alone, tools_of
from curate.conversations.content_ids import Seen
from curate.conversations.sessions import form_sessions
from curate.history.trace import Change
from curate.privacy.pseudonyms import LONG_ENOUGH
from curate.reading.input_reader import Reading
from curate.recipe.load import RecipeFile, made_steps
from curate.stages.mask import asked_before
from curate.store.line_search import raw_lines
from curate.store.read_version import read_manifest, read_recipe
from rules.personal import find
from schemas.digest import digest, digest_file
from schemas.errors import HornbookError
from schemas.input import Input

WHOLE = 16 << 20
"""Bytes up to which a file is read whole to find a few of its rows."""
FOLLOWING = 20
"""Lines after a row that may still belong to it."""
LONGEST = 30
"""Messages in a stretch of changes up to which every one is compared with every one."""
SAME_SPEAKER = 0.01
"""What it counts that two messages are of one speaker."""
EQUAL = 1_000
"""Records of equal content among which one is looked for."""
BY_LINE = (".jsonl", ".csv", ".tsv", ".ndjson")


MASK = "mask"
"""The stage that puts something in the place of personal data: what it writes is to be seen."""
LABEL = re.compile(r"\[[^\[\]\n]{1,16}\]")
"""A mask, `[手机号1]`, `[PHONE]`."""

Said = tuple[str, str]
"""Who said it, and what."""
Unit = tuple[str, bool]
"""A piece of a message that is compared as one, and whether it is hidden."""


def changes(
    version: Path, folder: Path, record: tuple[str, str, list[int]], stages: Collection[str]
) -> list[Change] | None:
    """The changes of a record (its id, the path of its file, its rows), or None where its raw rows are there no more.

    `stages` are those that noted a change of it: no other need run.
    `folder` is where the paths of the recipe start. The rows are the right ones when they give the same id again.
    """
    id, path, rows = record
    recipe = read_recipe(version)
    spec = next((spec for spec in recipe.inputs if spec.path == path), None)
    if spec is None:
        return None
    manifest = read_manifest(version)
    known = next(file.encoding for file in manifest.inputs if file.path == path)
    if spec.encoding is None and known != "binary":
        spec = spec.model_copy(update={"encoding": known})
    with suppress(OSError, HornbookError):
        if any(digest_file(folder / one.path) != one.digest for one in manifest.reviews):
            return None
        file = RecipeFile(recipe, made_steps(recipe), folder)
        for records in _formed(spec, folder / path, rows):
            for place, made in enumerate(records["id"]):
                if made == id or any(digest("record", made, n) == id for n in range(1, EQUAL)):
                    return list(_told(file, records[place : place + 1], stages))
    return None


def _formed(spec: Input, path: Path, rows: list[int]) -> Iterator[pl.DataFrame]:
    """Records from these rows; from all of the file where they cannot be told apart."""
    if path.suffix in BY_LINE and path.is_file():
        more = 0 if path.suffix in (".jsonl", ".ndjson") else FOLLOWING
        with tempfile.TemporaryDirectory() as scratch:
            few = Path(scratch) / path.name
            few.write_bytes(raw_lines(path, set(rows), more))
            yield from _records(spec, few)
    if path.stat().st_size <= WHOLE:
        yield from _records(spec, path)


def _records(spec: Input, path: Path) -> Iterator[pl.DataFrame]:
    with suppress(HornbookError):
        for piece in Reading(spec, path).pieces():
            yield form_sessions(piece.turns, spec, "", Seen()).records


def _told(file: RecipeFile, record: pl.DataFrame, stages: Collection[str]) -> Iterator[Change]:
    steps = list(takewhile(lambda step: sees_records_alone(step[1]), enumerate(file.steps)))
    for place, step in (step for step in steps if step[1].name in stages):
        after = pass_through(record, [(place, step)], tools_of(file)).kept
        if after.is_empty():
            return
        yield from _compared(step.name, record["messages"].to_list()[0], after["messages"].to_list()[0])
        record = after


def _compared(stage: str, before: list[dict[str, Any]], after: list[dict[str, Any]]) -> Iterator[Change]:
    """The messages that are not the same; a message that is gone does not make those behind it look changed."""
    old, new = ([(m["role"], m["content"]) for m in some] for some in (before, after))
    shows = (_units(old, hides=True), _units(new, hides=stage != MASK))
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            continue
        for one, other in paired(old[a:b], new[c:d]):
            was = shows[0][a + one] if one is not None else []
            now = shows[1][c + other] if other is not None else []
            yield Change(stage, a + one if one is not None else c + (other or 0), tuple(_pieces(was, now)))


def paired(old: Sequence[Said], new: Sequence[Said]) -> list[tuple[int | None, int | None]]:
    """Which message became which, in order: the likest together, those of one speaker alone; None where there is none.

    Longer stretches than LONGEST are paired by place.
    """
    if len(old) * len(new) > LONGEST**2:
        return [(n if n < len(old) else None, n if n < len(new) else None) for n in range(max(len(old), len(new)))]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    likeness = {(i, j): _likeness(old[i], new[j]) for i in range(len(old)) for j in range(len(new))}
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], likeness[i, j] + best[i + 1][j + 1])
    pairs: list[tuple[int | None, int | None]] = []
    i = j = 0
    while i < len(old) or j < len(new):
        if i < len(old) and j < len(new) and likeness[i, j] and best[i][j] == likeness[i, j] + best[i + 1][j + 1]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif i < len(old) and (j == len(new) or best[i][j] == best[i + 1][j]):
            pairs.append((i, None))
            i += 1
        else:
            pairs.append((None, j))
            j += 1
    return pairs


def _likeness(old: Said, new: Said) -> float:
    """How like two messages are; 0 where two speakers said them. Those that share nothing may still be one."""
    return SAME_SPEAKER + SequenceMatcher(None, old[1], new[1], autojunk=False).ratio() if old[0] == new[0] else 0.0


def _pieces(old: list[Unit], new: list[Unit]) -> Iterator[tuple[str, str]]:
    """The difference, unit by unit."""
    was, now = ([text for text, _ in units] for units in (old, new))
    for what, a, b, c, d in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if what == "equal":
            yield "=", _shown(old[a:b])
            continue
        if b > a:
            yield "-", _shown(old[a:b])
        if d > c:
            yield "+", _shown(new[c:d])


def _shown(units: list[Unit]) -> str:
    return "".join("·" * len(text) if is_hidden else text for text, is_hidden in units)


def _units(talk: Sequence[Said], *, hides: bool) -> list[list[Unit]]:
    """What each message is compared by: characters, but personal data and masks whole, so that no part of a value
    is taken for a part of what stands in its place. Personal data `hides`: it is gone for a reason.

    A value that one message gives away is personal in all of them.
    """
    roles, texts = [role for role, _ in talk], [text for _, text in talk]
    found = [find(text, asked=asked_before(roles, texts, place)) for place, text in enumerate(texts)]
    values = {text[one.start : one.end] for text, some in zip(texts, found, strict=True) for one in some}
    literal = "|".join(re.escape(value) for value in sorted(values, key=len, reverse=True) if len(value) >= LONG_ENOUGH)
    again = re.compile(literal or r"(?!)")
    units = []
    for text, some in zip(texts, found, strict=True):
        personal = sorted([(one.start, one.end) for one in some] + [one.span() for one in again.finditer(text)])
        masks = [(one.start(), one.end()) for one in LABEL.finditer(text)]
        units.append(list(_cut(text, [(*span, hides) for span in personal] + [(*span, False) for span in masks])))
    return units


def _cut(text: str, spans: list[tuple[int, int, bool]]) -> Iterator[Unit]:
    """The text in its order: each span whole, all else by the character. Of spans that overlap the first counts."""
    done = 0
    for start, end, is_hidden in sorted(spans, key=lambda span: (span[0], -span[1], not span[2])):
        if start >= done:
            yield from ((letter, False) for letter in text[done:start])
            yield text[start:end], is_hidden
            done = end
        elif end > done:
            yield text[done:end], is_hidden
            done = end
    yield from ((letter, False) for letter in text[done:])

"""How a record changed from stage to stage: made again from its raw rows, so that nobody need keep what it was."""

import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from difflib import SequenceMatcher
from itertools import takewhile
from pathlib import Path
from typing import Any

import polars as pl

from curate.build.pipeline import NumberedStep, run_steps
from curate.build.plan import sees_records_alone, tools_of
from curate.history.formed_again import formed_again, input_as_read
from curate.history.trace import Change
from curate.privacy.pseudonyms import LONG_ENOUGH
from curate.recipe.load import RecipeFile, build_steps
from curate.stages.mask import question_before
from curate.store.read_version import read_manifest, read_recipe
from rules.personal import find, kind_of
from schemas.digest import digest_file
from schemas.errors import HornbookError
from schemas.manifest import Decisions

MAX_ALIGNED = 30
"""Messages in a stretch of changes up to which every one is compared with every one."""
SAME_SPEAKER = 0.01
"""What it counts that two messages are of one speaker."""
MASK = "mask"
"""The stage that puts something in the place of personal data: what it writes is to be shown."""
LABEL = re.compile(r"\[[^\[\]\n]{1,16}\]")
"""A mask, `[手机号1]`, `[PHONE]`."""
HAN = re.compile(r"[\u3400-\u9fff]")
NOTHING = re.compile(r"(?!)")
"""Matches nowhere."""

Utterance = tuple[str, str]
"""A role and a text."""
Unit = tuple[str, str]
"""Characters of a message that are compared as one, and the label that is shown for them where they are hidden."""
Pair = tuple[int | None, int | None]
"""The indices of a message before and after, None where there is none."""


def replay_changes(
    version: Path, folder: Path, record: tuple[str, str, list[int]], stages: Collection[str]
) -> list[Change] | None:
    """Run the stages again on a record (its id, the path of its file, its rows), and list what they change in it.

    `stages` are those that noted a change of it: no other need run. `folder` is where the paths of the recipe start.
    None where the raw rows are there no more: they are the right ones when they give the same id again.
    """
    id, path, rows = record
    recipe = read_recipe(version)
    manifest = read_manifest(version)
    spec = input_as_read(recipe, manifest, path)
    if spec is None:
        return None
    with suppress(OSError, HornbookError):
        deciding: Decisions = (*manifest.reviews, *manifest.answers)
        if any(digest_file(folder / decisive.path) != decisive.digest for decisive in deciding):
            return None
        file = RecipeFile(recipe, build_steps(recipe), folder)
        formed = formed_again(spec, folder / path, {id: tuple(rows)})
        if formed.height:
            return list(_changes_of(file, formed, stages))
    return None


def _changes_of(file: RecipeFile, record: pl.DataFrame, stages: Collection[str]) -> Iterator[Change]:
    """Run the stages that see a record alone, and list what each changes. Ends where the record does."""
    numbered = [NumberedStep(*pair) for pair in enumerate(takewhile(sees_records_alone, file.steps))]
    for numbered_step in numbered:
        name = numbered_step.step.name
        if name not in stages:
            continue
        after = run_steps(record, [numbered_step], tools_of(file)).kept
        if after.is_empty():
            return
        yield from changes_between(name, record["messages"].to_list()[0], after["messages"].to_list()[0])
        record = after


def changes_between(stage: str, before: list[dict[str, Any]], after: list[dict[str, Any]]) -> Iterator[Change]:
    """Compare messages one by one; one that was removed does not make those behind it look changed."""
    old, new = ([(m["role"], m["content"]) for m in messages] for messages in (before, after))
    old_units, new_units = _units(old, hides=True), _units(new, hides=stage != MASK)
    for operation, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if operation == "equal":
            continue
        for i, j in pair_messages(old[a:b], new[c:d]):
            was = old_units[a + i] if i is not None else []
            now = new_units[c + j] if j is not None else []
            yield Change(stage, a + i if i is not None else c + (j or 0), tuple(_edits(was, now)))


def pair_messages(old: Sequence[Utterance], new: Sequence[Utterance]) -> list[Pair]:
    """Find which message became which, in order: the most similar together, and only those of one speaker.

    Stretches of more than MAX_ALIGNED messages are paired by index.
    """
    if len(old) * len(new) > MAX_ALIGNED**2:
        return [(n if n < len(old) else None, n if n < len(new) else None) for n in range(max(len(old), len(new)))]

    # An alignment of the largest total similarity (Needleman and Wunsch 1970, gaps cost nothing): `best[i][j]` is
    # the largest total for old[i:] and new[j:].
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    similarity = [[_similarity(before, after) for after in new] for before in old]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], similarity[i][j] + best[i + 1][j + 1])

    # Walk it from the start: a pair where one belongs to a best alignment, else the old message goes first.
    pairs: list[Pair] = []
    i = j = 0
    while i < len(old) or j < len(new):
        both = i < len(old) and j < len(new)
        if both and similarity[i][j] and best[i][j] == similarity[i][j] + best[i + 1][j + 1]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif i < len(old) and (j == len(new) or best[i][j] == best[i + 1][j]):
            pairs.append((i, None))
            i += 1
        else:
            pairs.append((None, j))
            j += 1
    return pairs


def _similarity(old: Utterance, new: Utterance) -> float:
    """Compare two messages; 0 where two speakers sent them. Those that share nothing may still be one."""
    return SAME_SPEAKER + SequenceMatcher(None, old[1], new[1], autojunk=False).ratio() if old[0] == new[0] else 0.0


def _edits(old: list[Unit], new: list[Unit]) -> Iterator[tuple[str, str]]:
    """List the difference of two messages, unit by unit."""
    was, now = ([text for text, _ in units] for units in (old, new))
    for operation, a, b, c, d in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if operation == "equal":
            yield "=", _shown(old[a:b])
            continue
        if b > a:
            yield "-", _shown(old[a:b])
        if d > c:
            yield "+", _shown(new[c:d])


def _shown(units: list[Unit]) -> str:
    return "".join(label or text for text, label in units)


def _units(messages: Sequence[Utterance], *, hides: bool) -> list[list[Unit]]:
    """Cut each message into the units it is compared by: characters, but personal data and masks whole.

    So no digit of a value is taken for a digit of what takes its place. `hides` shows personal data by its label. A
    value that one message gives away is personal in all of them.
    """
    roles, texts = [role for role, _ in messages], [text for _, text in messages]
    found = [find(text, previous=question_before(roles, texts, turn)) for turn, text in enumerate(texts)]
    kinds = {text[s.start : s.end]: s.kind for text, spans in zip(texts, found, strict=True) for s in spans}
    known = sorted((value for value in kinds if len(value) >= LONG_ENOUGH), key=len, reverse=True)
    again = re.compile("|".join(map(re.escape, known))) if known else NOTHING
    units = []
    for text, spans in zip(texts, found, strict=True):
        personal = [(*span, kinds[text[slice(*span)]]) for span in [(s.start, s.end) for s in spans]]
        personal += [(*match.span(), kinds[match[0]]) for match in again.finditer(text)]
        hidden = [(start, end, _label(kind, text) if hides else "") for start, end, kind in sorted(personal)]
        masks = [(*match.span(), "") for match in LABEL.finditer(text)]
        units.append(list(_cut(text, hidden + masks)))
    return units


def _label(kind: str, text: str) -> str:
    """Name a kind of personal data as a mask does, in Chinese in a text that has some."""
    meant = kind_of(kind)
    return f"[{meant.label_zh if HAN.search(text) else meant.label_en}]"


def _cut(text: str, spans: list[tuple[int, int, str]]) -> Iterator[Unit]:
    """Cut a text, in its order: each span whole, all else by the character. Of spans that overlap the first counts."""
    offset = 0
    for start, end, label in sorted(spans, key=lambda span: (span[0], -span[1], not span[2])):
        if start >= offset:
            yield from ((character, "") for character in text[offset:start])
            yield text[start:end], label
            offset = end
        elif end > offset:
            yield text[offset:end], label
            offset = end
    yield from ((character, "") for character in text[offset:])

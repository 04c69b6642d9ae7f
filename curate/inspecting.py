"""Looks at a raw file as a person would before writing a recipe: what it is, what is in it, how to read it."""

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from curate.intake import FORMATS, TURNS, Reading, raw_rows
from curate.seen import Seen
from curate.sessions import form_sessions
from curate.stages import Tools
from curate.stages.mask import Mask
from schemas.errors import InputError
from schemas.identity import Identity
from schemas.input import Choice, Input
from schemas.roles import role_of

HEAD = "# Written by hornbook init. docs/recipe.md explains every part.\n"
TAIL = """\
# To train as well: name the assistant, add a file with `kind: general`, and take the list of stages out.
# identity:
#   zh: {name: 小喵, author: 技术吧}
"""
LOOK = 2000
"""Rows looked at to guess what the columns are."""
SAMPLES = 3
KNOWN = 0.95
"""The share of values that must be words for a speaker before a column is one of speakers."""


@dataclass(frozen=True)
class Column:
    """One column: what it seems to hold (session, role, text, question, answer or nothing of use), how full it is."""

    name: str
    role: str
    filled: float
    distinct: int


@dataclass(frozen=True)
class Findings:
    """What a file holds. `problem` says why no conversation could be read; the fields below it are then empty."""

    path: str
    bytes: int
    reader: str
    encoding: str
    evidence: str
    columns: tuple[Column, ...]
    spec: Input
    problem: InputError | None = None
    rows: int = 0
    bad: dict[str, int] | None = None
    conversations: int = 0
    without: dict[str, int] | None = None
    languages: dict[str, int] | None = None
    lengths: dict[str, tuple[int, int, int]] | None = None
    """Characters of question and reply: median, 95 % and longest."""
    personal: dict[str, int] | None = None
    repeats: int = 0
    samples: tuple[Sequence[dict[str, str]], ...] = ()
    """A few conversations, masked."""


def inspect_file(path: Path) -> Findings:
    """Reads the whole file once. Raises InputError when it cannot be opened or decoded."""
    bare = Input(path=str(path))
    raw = raw_rows(bare, path)
    seen = [row.fields for row in islice(raw.rows, LOOK) if row.fields is not None]
    spec, columns = _guessed(path, raw.reader, seen)
    found = Findings(
        path=str(path), bytes=path.stat().st_size, reader=raw.reader, encoding=raw.decision.encoding,
        evidence=raw.decision.evidence,
        columns=columns, spec=spec,
    )  # fmt: skip
    try:
        contents = _contents(Reading(spec, path))
    except InputError as problem:
        return Findings(**{**vars(found), "problem": problem})
    return Findings(**{**vars(found), **contents})


def _guessed(path: Path, reader: str, seen: list[dict[str, Any]]) -> tuple[Input, tuple[Column, ...]]:
    """The input block that reads the file, and what each of its columns seems to be."""
    for name, kind in FORMATS.all().items():
        if seen and 2 * sum(kind.fits(fields) for fields in seen) > len(seen):
            return Input(path=str(path), format=Choice(name=name)), _columns(seen, {})
    values = {key: [f[key] for f in seen if isinstance(f.get(key), str)] for key in (seen[0] if seen else {})}
    texts = {key: some for key, some in values.items() if some}
    roles = _turn_columns(texts) or _pair_columns(texts)
    if not roles:
        return Input(path=str(path)), _columns(seen, {})
    options: dict[str, Any] = {role: key for key, role in roles.items()}
    name = "turns" if "role" in options else "pairs"
    return Input(path=str(path), format=Choice(name=name, options=options)), _columns(seen, roles)


def _columns(seen: list[dict[str, Any]], roles: dict[str, str]) -> tuple[Column, ...]:
    names = dict.fromkeys(key for fields in seen[:50] for key in fields)
    columns = []
    for name in names:
        values = [str(f[name]) for f in seen if f.get(name) not in (None, "", [], {})]
        columns.append(Column(name, roles.get(name, ""), len(values) / len(seen), len(set(values))))
    return tuple(columns)


def _turn_columns(texts: dict[str, list[str]]) -> dict[str, str]:
    """Session, role and text of a table of turns, by what stands in the columns; empty when it is none."""
    speakers = [key for key, some in texts.items() if _knows_speakers(some)]
    if not speakers:
        return {}
    role = speakers[0]
    rest = {key: some for key, some in texts.items() if key != role}
    text = max(rest, key=lambda key: _letters(rest[key]), default=None)
    keys = {k: len(set(some)) for k, some in rest.items() if k != text and 1 < len(set(some)) < 0.8 * len(some)}
    if text is None or not keys:
        return {}
    return {max(keys, key=lambda key: (keys[key], key)): "session", role: "role", text: "text"}


def _knows_speakers(values: list[str]) -> bool:
    said = {role_of(value, {}) for value in values}
    known = sum(role_of(value, {}) is not None for value in values)
    return known >= KNOWN * len(values) and {"user", "assistant"} <= said


def _pair_columns(texts: dict[str, list[str]]) -> dict[str, str]:
    """The two columns of most text, the first of them the question; labels that repeat are no text."""
    said = {key: some for key, some in texts.items() if _letters(some) >= 4 and len(set(some)) > 0.3 * len(some)}
    long = sorted(said, key=lambda key: -_letters(said[key]))[:2]
    if len(long) < 2:
        return {}
    question, answer = (key for key in texts if key in long)
    return {question: "question", answer: "answer"}


def _letters(values: list[str]) -> float:
    """How many letters a value has on average: a time or a number is no text."""
    return sum(sum(map(str.isalpha, value)) for value in values) / len(values)


def _contents(reading: Reading) -> dict[str, Any]:
    pieces = list(reading.pieces())
    turns = pl.concat([pl.DataFrame(schema=TURNS), *(piece.turns for piece in pieces)])
    faults = Counter(reason for piece in pieces for reason in piece.events["reason"].to_list())
    sessions = form_sessions(turns, reading.spec, reading.digest, Seen())
    records = sessions.records
    masked = Mask().run(records, Tools(seed=0, identity=Identity(), folder=Path()))
    personal = masked.events.group_by("reason").agg(pl.col("score").sum()).sort("score", "reason", descending=True)
    dropped = sessions.events.filter(pl.col("verdict") == "dropped")["reason"].to_list()
    content = pl.col("messages").list.eval(pl.element().struct.field("content")).list.join("\n")
    return {
        "rows": sum(piece.rows for piece in pieces),
        "bad": dict(faults),
        "conversations": records.height,
        "without": dict(Counter(dropped)),
        "languages": dict(Counter(records["lang"].to_list()).most_common()),
        "lengths": {side: _lengths(records, side) for side in ("user", "assistant")},
        "personal": {kind: int(number) for kind, number in personal.iter_rows()},
        "repeats": records.height - records.select(content.n_unique()).item() if records.height else 0,
        "samples": tuple(masked.kept["messages"].head(SAMPLES).to_list()),
    }


def _lengths(records: pl.DataFrame, side: str) -> tuple[int, int, int]:
    said = records.select(
        pl.col("messages").list.eval(
            pl.element().struct.field("content").filter(pl.element().struct.field("role") == side).str.len_chars()
        )
    ).to_series()
    lengths = said.explode().drop_nulls()
    if lengths.is_empty():
        return (0, 0, 0)
    quantiles = (lengths.quantile(q, "nearest") or 0 for q in (0.5, 0.95, 1.0))
    middle, high, top = (int(value) for value in quantiles)
    return (middle, high, top)


def recipe_of(found: Sequence[Findings]) -> dict[str, Any]:
    """The `inputs` of a recipe for these files, as plain values."""
    return {"inputs": [_input_of(one) for one in found]}


def _input_of(one: Findings) -> dict[str, Any]:
    choice = one.spec.format
    if choice is None or not choice.options:
        return {"path": one.path}
    return {"path": one.path, "format": {choice.name: choice.options}}


def finding_document(one: Findings) -> dict[str, Any]:
    """What `--json` prints of a file: all but the samples, and the recipe block."""
    told = {key: value for key, value in vars(one).items() if key not in ("samples", "spec", "problem", "columns")}
    problem = str(one.problem) if one.problem else None
    return {**told, "columns": [vars(column) for column in one.columns], "problem": problem, **recipe_of([one])}


def write_recipe(files: Sequence[Path], to: Path) -> None:
    """A recipe that reads the files and runs every stage that needs no names. Raises InputError rather than overwrite.

    Raises the problem of the first file that gives no conversation: a recipe that cannot run helps nobody.
    """
    if to.exists():
        raise InputError(f"{to} is there already; name another with --to", f"{to} 已存在；请用 --to 换一个名字")
    found = [inspect_file(path) for path in files]
    for one in found:
        if one.problem is not None:
            raise one.problem
    inputs = recipe_of(found)["inputs"]
    for value, path in zip(inputs, files, strict=True):
        value["path"] = os.path.relpath(path, to.parent or ".")
    recipe = {
        "version": 1,
        "name": "mybook",
        "inputs": inputs,
        "stages": ["clean", "mask", "judge", "dedup"],
    }
    to.write_text(HEAD + yaml.safe_dump(recipe, allow_unicode=True, sort_keys=False) + TAIL, encoding="utf-8")

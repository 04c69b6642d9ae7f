"""Looks at a raw file as a person would before writing a recipe: what it is, what is in it, how to read it."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import polars as pl

from curate.conversations.content_ids import Seen
from curate.conversations.messages import explode
from curate.conversations.sessions import form_sessions
from curate.inspect.boilerplate import FrequentLine, proposed_boilerplate
from curate.inspect.column_roles import columns_of, is_header, kind_of, why_general
from curate.reading.decoding.archives import open_raw
from curate.reading.decoding.decode import text_blocks
from curate.reading.input_reader import FORMATS, Reading
from curate.reading.raw_rows import RawRows, raw_rows
from curate.reading.readers.csv import Csv
from curate.reading.turn_table import TURNS
from curate.stages import Tools
from curate.stages.clean import Clean
from curate.stages.mask import Mask
from rules.personal import KINDS
from schemas.bilingual import NOTHING, Words
from schemas.errors import InputError
from schemas.identity import Identity
from schemas.input import Choice, Input

LOOK = 2_000
"""Rows looked at to guess what the columns are."""
DEEP = 200_000
"""Rows whose conversations are looked at; a larger file is judged by its first ones, which is said."""
SAMPLES = 3
NAMES = ("session", "user", "role", "time", "text", "question", "answer")
"""What the columns of a table without a header are called, where that is known."""

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Column:
    """One column: what it seems to hold (session, role, text, question, answer or nothing of use), how full it is."""

    name: str
    role: str
    filled: float
    distinct: int


@dataclass(frozen=True)
class Contents:
    """What the conversations of a file are like. Counts by reason, language or kind, the most frequent first."""

    rows: int
    whole: bool
    """Whether all rows of the file were looked at."""
    bad: Mapping[str, int]
    conversations: int
    without: Mapping[str, int]
    """Rows that are in no conversation, by reason."""
    languages: Mapping[str, int]
    lengths: Mapping[str, tuple[int, int, int]]
    """Characters of a question and of a reply: median, 95 % and longest."""
    personal: Mapping[str, int]
    repeats: int
    """Conversations that stand there before, character by character."""
    speakers: Words
    boilerplate: tuple[FrequentLine, ...]
    """Lines that open or close many conversations and are not removed anyway, without personal data."""
    samples: tuple[Sequence[Mapping[str, str]], ...]
    """A few conversations, cleaned and masked."""


@dataclass(frozen=True)
class Findings:
    """What a file holds. `problem` says why no conversation could be read; `contents` is then empty."""

    path: str
    bytes: int
    reader: str = ""
    encoding: str = ""
    evidence: Words = NOTHING
    delimiter: str = ""
    columns: tuple[Column, ...] = ()
    spec: Input = field(default_factory=lambda: Input(path="-"))
    general: Words = NOTHING
    """Why its kind may be `general`; a guess for a person to decide on, the kind stays as it is."""
    contents: Contents | None = None
    problem: InputError | None = None


def inspect_file(path: Path, progress: Progress = lambda _: None) -> Findings:
    """What the file holds. What is wrong with it is in `problem`."""
    size = path.stat().st_size if path.is_file() else 0
    try:
        raw = raw_rows(Input(path=str(path)), path)
        found = _read_as(path, raw)
    except InputError as problem:
        words = problem.words
        named = InputError(f"{path}: {words.en}", f"{path}：{words.zh}", problem.looks)
        return Findings(str(path), size, problem=named)
    known = {**found, "path": str(path), "bytes": size, "encoding": raw.decision.encoding}
    known |= {"evidence": raw.decision.evidence, "reader": raw.reader}
    try:
        contents = _contents(found["spec"], path, raw, progress)
    except InputError as problem:
        return Findings(**known, problem=problem)
    return Findings(**known, contents=contents)


def _read_as(path: Path, raw: RawRows) -> dict[str, Any]:
    """`spec`, `columns` and `delimiter`: the input block that reads the file, and what each column seems to be."""
    reader, delimiter = None, ""
    rows = raw.rows
    if raw.reader == "csv":
        delimiter, first = Csv().first_rows(text_blocks(open_raw(path), raw.decision), LOOK)
        if len(first) > 1 and len(first[0]) > 1 and not is_header(first[0], first[1:]):
            names = tuple(f"column_{place}" for place in range(1, len(first[0]) + 1))
            named = _named(names, [dict(zip(names, cells, strict=False)) for cells in first])
            reader = Choice(name="csv", options={"header": False, "columns": named})
            rows = raw_rows(Input(path=str(path), reader=reader, encoding=raw.decision.encoding), path).rows
    seen = [row.fields for row in islice(rows, LOOK) if row.fields is not None]
    spec, roles = _spec(path, reader, seen)
    general = why_general(seen, spec.format.name if spec.format and spec.kind == "domain" else "")
    return {"spec": spec, "columns": _columns(seen, roles), "delimiter": delimiter, "general": general}


def _named(columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> list[str]:
    """Names for the columns of a table without a header: by what they seem to hold, else by their place."""
    guessed = columns_of(rows)
    roles = guessed.roles if guessed else {}
    return [roles.get(column, column) for column in columns]


def _spec(path: Path, reader: Choice | None, seen: list[dict[str, Any]]) -> tuple[Input, Mapping[str, str]]:
    spec = Input(path=str(path), kind=kind_of(seen), reader=reader)
    for name, kind in FORMATS.all().items():
        if seen and 2 * sum(kind.fits(fields) for fields in seen) > len(seen):
            fields = next(fields for fields in seen if kind.fits(fields))
            return spec.model_copy(update={"format": Choice(name=name)}), kind().columns(fields)
    guessed = columns_of(seen)
    if guessed is None:
        return spec, {}
    format = Choice(name=guessed.format, options=dict(guessed.options))
    return spec.model_copy(update={"format": format}), guessed.roles


def _columns(seen: list[dict[str, Any]], roles: Mapping[str, str]) -> tuple[Column, ...]:
    names = dict.fromkeys(key for fields in seen[:50] for key in fields)
    columns = []
    for name in names:
        values = [str(f[name]) for f in seen if f.get(name) not in (None, "", [], {})]
        columns.append(Column(name, roles.get(name, ""), len(values) / len(seen), len(set(values))))
    return tuple(columns)


def _contents(spec: Input, path: Path, raw: RawRows, progress: Progress) -> Contents:
    encoding = raw.decision.encoding
    decided = spec if encoding == "binary" else spec.model_copy(update={"encoding": encoding})
    reading = Reading(decided, path, most=DEEP + 1)
    pieces = []
    for piece in reading.pieces():
        pieces.append(piece)
        progress(f"{path.name}  {sum(p.rows for p in pieces):,}")
    turns = pl.concat([pl.DataFrame(schema=TURNS), *(piece.turns for piece in pieces)])
    sessions = form_sessions(turns, spec, "", Seen())
    records = sessions.records
    tools = Tools(seed=0, identity=Identity(), folder=Path())
    masked = Mask().run(Clean().run(records, tools).kept, tools)
    dropped = sessions.events.filter(pl.col("verdict") == "dropped")["reason"].to_list()
    content = pl.col("messages").list.eval(pl.element().struct.field("content")).list.join("\x1e")
    rows = sum(piece.rows for piece in pieces)
    return Contents(
        rows=min(rows, DEEP),
        whole=rows <= DEEP,
        bad=_ranked(reason for piece in pieces for reason in piece.events["reason"].to_list()),
        conversations=records.height,
        without=_ranked(dropped),
        languages=_ranked(records["lang"].to_list()),
        lengths={side: _lengths(records, side) for side in ("user", "assistant")},
        personal=_finds(masked.events),
        repeats=records.height - records.select(content.n_unique()).item() if records.height else 0,
        speakers=reading.facts().speakers,
        boilerplate=tuple(proposed_boilerplate(explode(masked.kept))),
        samples=tuple(masked.kept["messages"].head(SAMPLES).to_list()),
    )


def _ranked(values: Any) -> dict[str, int]:
    """Counts, the most frequent first."""
    return dict(sorted(Counter(values).items(), key=lambda item: (-item[1], item[0])))


def _finds(events: pl.DataFrame) -> dict[str, int]:
    """Finds by kind of personal data."""
    counted = events.filter(pl.col("reason").is_in(KINDS.names())).group_by("reason").agg(pl.col("score").sum())
    return {kind: int(n) for kind, n in counted.sort(["score", "reason"], descending=[True, False]).iter_rows()}


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


def input_block(found: Findings, path: str | None = None) -> dict[str, Any]:
    """The input of a recipe that reads this file, as plain values; what is found out by itself is left out."""
    spec = found.spec
    block: dict[str, Any] = {"path": path or found.path}
    if spec.kind != "domain":
        block["kind"] = spec.kind
    if spec.reader is not None:
        block["reader"] = {spec.reader.name: dict(spec.reader.options)}
    if spec.format is not None and spec.format.options:
        block["format"] = {spec.format.name: dict(spec.format.options)}
    return block


def finding_document(found: Findings) -> dict[str, Any]:
    """What `--json` prints of a file: all but the samples, which are content, and the recipe block."""
    told = {name: getattr(found, name) for name in ("path", "bytes", "reader", "encoding", "delimiter")}
    told |= {"evidence": found.evidence.en, "general": found.general.en}
    contents = vars(found.contents) if found.contents else {}
    return {
        **told,
        "columns": [vars(column) for column in found.columns],
        **{name: value for name, value in contents.items() if name not in ("samples", "boilerplate", "speakers")},
        "speakers": found.contents.speakers.en if found.contents else "",
        "boilerplate": [line._asdict() for line in contents.get("boilerplate", ())],
        "problem": str(found.problem) if found.problem else None,
        "inputs": [input_block(found)],
    }

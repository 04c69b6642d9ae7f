"""Looks at a raw file as a person would before writing a recipe: what it is, what is in it, how to read it."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from itertools import islice
from pathlib import Path
from typing import Any

import polars as pl

from curate.conversations.content_ids import ContentCounter
from curate.conversations.messages import explode
from curate.conversations.sessions import form_sessions
from curate.inspect.boilerplate import FrequentLine, proposed_boilerplate
from curate.inspect.column_roles import (
    columns_in_context,
    columns_of,
    first_choice,
    guess_kind,
    is_header,
    pairs_in_sessions,
    why_general,
)
from curate.inspect.file_groups import are_tables, counts_again, grouped
from curate.inspect.flat_rows import flat_table, is_of_trees, listed_table
from curate.inspect.nested_talks import nested_talks
from curate.inspect.seeming import is_label, seems, shown_rows
from curate.reading.decoding.archives import open_raw
from curate.reading.decoding.decode import text_blocks
from curate.reading.detect_format import FORMATS, fitting_format
from curate.reading.parts import parts_of
from curate.reading.parts_reader import PartsReader
from curate.reading.raw_rows import READERS, WHOLE, RawRows, configure, raw_rows
from curate.reading.readers import is_empty
from curate.reading.readers._context import CONTEXT, with_context
from curate.reading.readers._table import is_header_row
from curate.reading.readers._talks import TALK
from curate.reading.readers.csv import Csv
from curate.reading.readers.xlsx import Xlsx, table_sheets, visible_sheets
from curate.reading.turn_table import TURNS
from curate.stages import Tools
from curate.stages.clean import Clean
from curate.stages.mask import Mask
from curate.system.file_names import as_on_disk
from rules.personal import KINDS
from schemas.bilingual import NOTHING, Bilingual
from schemas.errors import InputError
from schemas.formats.pairs import Pairs
from schemas.formats.turns import Turns
from schemas.identity import Identity
from schemas.input import Choice, Input, file_and_sheet
from schemas.roles import role_of_speaker

LOOK = 2_000
"""Rows looked at to guess what the columns are."""
DEEP = 200_000
"""Rows whose conversations are looked at; a larger file is judged by its first ones, and it is said so."""
SAMPLES = 3
LEAST = 200
"""Rows looked at of each of many files."""
DECIDED = frozenset(("kind", "encoding", "line_encodings", "sessions", "licence", "attribution", "date", "pinned"))
"""What of an input block is as a person wrote it, and never guessed where that is so."""

OnStep = Callable[[str], None]


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
    refused: int
    """Rows that a build counts as bad, whatever the reason; totals below a table are none."""
    conversations: int
    without: Mapping[str, int]
    """Rows that are in no conversation, by reason."""
    languages: Mapping[str, int]
    lengths: Mapping[str, tuple[int, int, int]]
    """Characters of a question and of a reply: median, 95 % and longest."""
    personal: Mapping[str, int]
    repeats: int
    """Conversations that came before, character by character."""
    speakers: Bilingual
    boilerplate: tuple[FrequentLine, ...]
    """Lines that open or close many conversations and that no step removes by itself, without personal data."""
    unread: Mapping[str, int]
    """In how many rows each column or key is filled that nothing was read from."""
    notes: tuple[Bilingual, ...]
    """What was read in another way than it stands there, or is in the file and in none of its rows."""
    samples: tuple[Sequence[Mapping[str, str]], ...]
    """A few conversations, cleaned and masked."""


@dataclass(frozen=True)
class Findings:
    """What a file holds. `problem` says why no conversation could be read; `contents` is then empty."""

    path: str
    bytes: int
    reader: str = ""
    encoding: str = ""
    evidence: Bilingual = NOTHING
    delimiter: str = ""
    columns: tuple[Column, ...] = ()
    spec: Input = field(default_factory=lambda: Input(path="-"))
    general: Bilingual = NOTHING
    """Why its kind may be `general`; a guess for a person to decide on, the kind stays as it is."""
    order: Bilingual = NOTHING
    """What a person should know of the order of the rows, where the recipe names no time."""
    contents: Contents | None = None
    problem: InputError | None = None
    is_beside: bool = False
    """Whether it lies beside logs in a folder or an archive, and is none itself."""
    seems: Bilingual = NOTHING
    """What a file seems to hold whose columns show no conversation."""
    is_label: bool = False
    """Whether it is one object of short values, by which an export describes itself."""
    first_rows: tuple[tuple[str, str], ...] = ()
    """Its first rows, masked, each behind its number."""
    parts: tuple[str, ...] = ()
    """The files, where there are many and each counts its sessions from 1: they are inputs of their own."""


def inspect_files(paths: Sequence[Path], progress: OnStep = lambda _: None) -> list[Findings]:
    """Find out what files, folders and archives hold; the files of one log in parts together, unless each part counts
    its sessions from 1.
    """
    found = []
    for typed in map(as_on_disk, paths):
        for path in (sheet for each in grouped([typed]) for sheet in sheets_of(each)):
            findings = inspect_file(path, progress)
            parts = [inspect_file(Path(part), progress) for part in findings.parts] or [findings]
            found += [replace(part, is_beside=path != typed and is_no_log(part)) for part in parts]
    return found


def is_no_log(findings: Findings) -> bool:
    """Tell whether a file is no log: empty, text without a conversation, the label of an export, or of a kind that is
    not read. A table may be one whose columns a person has to name.
    """
    file, _ = file_and_sheet(Path(findings.path))
    suffixes = {suffix for reader in READERS.all().values() for suffix in reader.suffixes}
    is_known = any(suffix.lower() in suffixes for suffix in file.suffixes)
    is_empty_file = file.is_file() and not findings.bytes
    is_none = findings.reader == "text" or findings.is_label or is_empty_file or not is_known
    return findings.problem is not None and is_none


def sheets_of(path: Path) -> list[Path]:
    """List the inputs that a file is: its sheets, as `book.xlsx#7月` or `book.xlsx#*`, where several visible ones hold
    a table with the same columns, or another than the first holds the talks; else the file itself.
    """
    if path.suffix.lower() not in Xlsx.suffixes or not path.is_file():
        return [path]
    try:
        content = open_raw(path).content(WHOLE)
        tables, visible = table_sheets(content), visible_sheets(content)
    except InputError:
        return [path]
    named = [[path.with_name(f"{path.name}#{sheet}") for sheet in sheets] for sheets in tables]
    if len(named) > 1:
        talks = next((sheets for sheets in named if _is_of_talks(sheets[0])), named[0])
        return [path] if talks is named[0] and len(talks) == 1 else _as_pattern(path, talks, visible)
    return _as_pattern(path, named[0], visible) if named and len(named[0]) > 1 else [path]


def _as_pattern(path: Path, sheets: list[Path], visible: list[str]) -> list[Path]:
    """Name sheets by one pattern, so that their sessions may go on from sheet to sheet; each by itself where no pattern
    fits these alone.
    """
    names = [sheet.name.removeprefix(f"{path.name}#") for sheet in sheets]
    starts, ends = names[0][:1], names[0][-1:]
    for pattern in ("*", f"{starts}*", f"*{ends}", f"{starts}*{ends}"):
        if len(names) > 1 and [name for name in visible if fnmatchcase(name, pattern)] == names:
            return [path.with_name(f"{path.name}#{pattern}")]
    return sheets


def _is_of_talks(sheet: Path) -> bool:
    """Tell whether the first rows of a sheet show who says what."""
    try:
        rows = [row.fields for row in islice(raw_rows(Input(path=str(sheet)), sheet).rows, LOOK) if row.fields]
        return bool(rows) and (fitting_format(rows) is not None or columns_of(rows) is not None)
    except InputError:
        return False


def inspect_file(path: Path, progress: OnStep = lambda _: None) -> Findings:
    """Find out what the file holds. What is wrong with it is in `problem`."""
    return inspect_input(Input(path=path.as_posix()), progress)


def inspect_input(named: Input, progress: OnStep = lambda _: None) -> Findings:
    """Find out what an input holds that is read as its block says; what the block leaves out is guessed, its kind, too.
    What is wrong with it is in `problem`.
    """
    path = Path(named.path)
    file, _ = file_and_sheet(path)
    size = file.stat().st_size if file.is_file() else 0
    try:
        parts = [Path(part.path) for part in parts_of(named, Path())]
        raw = raw_rows(named.model_copy(update={"path": str(parts[0])}), parts[0])
        size = size or sum(part.stat().st_size for part in parts if part.is_file())
        findings = _findings(named, parts, size, raw)
        if findings.parts:
            return findings
    except InputError as problem:
        sentence = problem.sentence
        with_path = InputError(f"{path}: {sentence.en}", f"{path}：{sentence.zh}", problem.previews)
        return Findings(str(path), size, spec=named, problem=with_path)
    try:
        return replace(findings, contents=_contents(findings.spec, path, raw, progress))
    except InputError as problem:
        return replace(findings, problem=_with_hint(problem, findings))


def _with_hint(problem: InputError, findings: Findings) -> InputError:
    """Say what the file seems to hold where its columns show no conversation, and show its first rows."""
    if not findings.first_rows or problem.previews:
        return problem
    sentence, seems = problem.sentence, findings.seems
    hint, hint_zh = (f" ({seems.en})", f"（{seems.zh}）") if seems.en else ("", "")
    return InputError(sentence.en + hint, sentence.zh + hint_zh, findings.first_rows)


def _findings(named: Input, parts: Sequence[Path], size: int, raw: RawRows) -> Findings:
    """Find out all but the contents: the input block that reads the file, and what each column seems to be."""
    path, reader = Path(named.path), named.reader or (raw.choice if raw.reader == "jsonl" else None)
    delimiter, rows = "", raw.rows
    if raw.reader == "csv":
        # A table whose first row is no header is read again, with names for its columns.
        delimiter, first = _csv_of(reader).first_rows(text_blocks(open_raw(parts[0]), raw.decision), LOOK)
        is_named = reader or not first or is_header(first[0], first[1:]) or is_header_row(first[0], first[1:])
        if not is_named and len(first) > 1 and len(first[0]) > 1:
            reader = Choice(name="csv", options={"header": False, "columns": _column_names(first)})
        elif reader and reader.options.get("header") is False and not reader.options.get("columns") and first:
            reader = Choice(name="csv", options={**reader.options, "columns": _column_names(first)})
        if reader != named.reader:
            encoding = None if named.line_encodings else raw.decision.encoding
            rows = raw_rows(
                named.model_copy(update={"path": "-", "reader": reader, "encoding": encoding}), parts[0]
            ).rows

    most = max(LOOK // len(parts), LEAST)
    others = [raw_rows(named.model_copy(update={"path": str(part), "reader": reader}), part).rows for part in parts[1:]]
    read = [[row for row in islice(each, most) if row.fields is not None] for each in (rows, *others)]
    samples = [[row.fields for row in rows_of_part if row.fields is not None] for rows_of_part in read]
    sample = [row for rows_of_part in samples for row in rows_of_part]
    if len(parts) > 1 and (are_tables(samples) or _count_again(samples, path, reader, raw.reader)):
        return Findings(str(path), size, parts=tuple(map(str, parts)))
    written = [row for row in sample if not is_empty(row)] or sample
    spec, roles, order = (
        _spec(path, reader, written, raw.reader) if named.format is None else _named_spec(named, reader, written)
    )
    spec = spec.model_copy(update={name: getattr(named, name) for name in DECIDED & named.model_fields_set})
    if spec.format is None and not is_of_trees(sample):
        located = [with_context(each, CONTEXT, str(part)) for each, part in zip(read, parts, strict=True)]
        if guess := columns_in_context([[row.fields for row in each if row.fields] for each in located]):
            format = Choice(name=guess.format, options=dict(guess.options))
            spec, roles, order = spec.model_copy(update={"format": format}), guess.roles, guess.note
    return Findings(
        path=str(path),
        bytes=size,
        reader=raw.reader,
        encoding=raw.decision.encoding,
        evidence=raw.decision.evidence,
        delimiter=delimiter,
        columns=_columns(sample, roles),
        spec=spec,
        order=order,
        seems=NOTHING if spec.format else seems(sample),
        is_label=raw.reader == "json" and is_label(sample),
        first_rows=() if spec.format else tuple(shown_rows(read[0][:SAMPLES])),
        general=why_general(sample, spec.format.name if spec.format and spec.kind == "domain" else ""),
    )


def _csv_of(reader: Choice | None) -> Csv:
    return Csv.model_validate(dict(reader.options) if reader else {})


def _named_spec(
    named: Input, reader: Choice | None, rows: list[dict[str, Any]]
) -> tuple[Input, Mapping[str, str], Bilingual]:
    """Take the input block whose format a person named, and the role of each column that its options name."""
    layout = configure(FORMATS, named.format or Choice(name="messages"))
    options = layout.model_dump(exclude_none=True)
    texts = {name: options.get(name) for name in ("session", "user", "role", "text", "time", "state")}
    roles = {
        column: name
        for name, value in texts.items()
        for column in _as_columns(value.get("column") if isinstance(value, dict) else value)
    }
    if isinstance(layout, Pairs) and rows:
        roles |= layout.columns(rows[0])
    kind = named.kind if "kind" in named.model_fields_set else guess_kind(rows)
    return named.model_copy(update={"reader": reader, "kind": kind}), roles, NOTHING


def _as_columns(value: Any) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, (list, tuple)) else (value,) if isinstance(value, str) else ()


def _count_again(samples: Sequence[list[dict[str, Any]]], path: Path, reader: Choice | None, kind_of_file: str) -> bool:
    """Tell whether each part of a log counts its sessions from 1. How they are read is guessed from the first part: in
    all of them together such sessions are mixed up.
    """
    try:
        spec, _, _ = _spec(path, reader, samples[0], kind_of_file)
    except InputError:
        return False
    if spec.format is None or spec.format.name != "turns" or "to" in spec.format.options:
        return False
    layout = Turns.model_validate(dict(spec.format.options))
    named = layout.session or layout.user or ""
    if named == TALK:
        return False  # the number of an object is one of its file
    session = (named,) if isinstance(named, str) else named
    return counts_again(
        samples,
        session,
        layout.text,
        lambda row: role_of_speaker(str(row.get(layout.role)), layout.roles) != "assistant",
    )


def _column_names(table: Sequence[Sequence[str]]) -> list[str]:
    """Name the columns of a table without a header: by what they seem to hold, else by their number."""
    columns = [f"column_{number}" for number in range(1, len(table[0]) + 1)]
    guess = columns_of([dict(zip(columns, cells, strict=False)) for cells in table])
    roles = guess.roles if guess else {}
    return [roles.get(column, column) for column in columns]


def _spec(
    path: Path, reader: Choice | None, rows: list[dict[str, Any]], kind_of_file: str
) -> tuple[Input, Mapping[str, str], Bilingual]:
    """Find the input block that reads rows like these, the role of each column that has one, and what to say of their
    order.
    """
    spec = Input(path=str(path), kind=guess_kind(rows), reader=reader)
    name = fitting_format(rows)
    if name is not None:
        kind = FORMATS.load(name)
        fields = next(fields for fields in rows if kind.fits(fields))
        roles, options, note = kind().columns(fields), dict[str, Any](), NOTHING
        if name == "pairs":
            first, found = first_choice(rows), pairs_in_sessions(rows, roles)
            roles, note = found.roles, found.note
            options = {**found.options, **({} if first is None else {"first_choice": first})}
        return spec.model_copy(update={"format": Choice(name=name, options=options)}), roles, note
    if kind_of_file in ("json", "jsonl", "parquet"):
        listed = listed_table(rows) if kind_of_file == "json" else None
        table = listed or nested_talks(rows, in_files=spec.is_pattern)
        if table is None and kind_of_file != "parquet":
            table = flat_table(rows)
        if table is not None:
            options = {**(reader.options if reader else {}), **table.reader}
            update = {
                "reader": Choice(name=kind_of_file, options=options),
                "format": Choice(name="turns", options=dict(table.format)),
            }
            return spec.model_copy(update=update), {}, table.note
    guess = None if is_of_trees(rows) else columns_of(rows)
    if guess is None:
        return spec, {}, NOTHING
    format = Choice(name=guess.format, options=dict(guess.options))
    return spec.model_copy(update={"format": format}), guess.roles, guess.note


def _columns(rows: list[dict[str, Any]], roles: Mapping[str, str]) -> tuple[Column, ...]:
    names = dict.fromkeys(key for fields in rows[:50] for key in fields)
    columns = []
    for name in names:
        values = [str(f[name]) for f in rows if f.get(name) not in (None, "", [], {})]
        columns.append(Column(name, roles.get(name, ""), len(values) / len(rows), len(set(values))))
    return tuple(columns)


def _contents(spec: Input, path: Path, raw: RawRows, progress: OnStep) -> Contents:
    """Read, clean and mask the first rows as a build would, and count what is in them."""
    # 1. One row more than is looked at tells whether there are more.
    encoding = raw.decision.encoding
    decided = spec if encoding == "binary" else spec.model_copy(update={"encoding": encoding})
    if decided.is_pattern or spec.line_encodings:
        decided = spec
    reader = PartsReader(decided, Path(), limit=DEEP + 1)
    chunks = []
    for chunk in reader.chunks():
        chunks.append(chunk)
        progress(f"{path.name}  {sum(c.rows for c in chunks):,}")
    turns = pl.concat([pl.DataFrame(schema=TURNS), *(chunk.turns for chunk in chunks)])
    rows = sum(chunk.rows for chunk in chunks)

    # 2. Conversations, and what of them a person may be shown.
    sessions = form_sessions(turns, spec, "", ContentCounter())
    records = sessions.records
    tools = Tools(seed=0, identity=Identity(), folder=Path())
    masked = Mask().run(Clean().run(records, tools).kept, tools)

    files = reader.files
    dropped = sessions.events.filter(pl.col("verdict") == "dropped")["reason"].to_list()
    content = pl.col("messages").list.eval(pl.element().struct.field("content")).list.join("\x1e")
    return Contents(
        rows=min(rows, DEEP),
        whole=rows <= DEEP,
        bad=_ranked(reason for chunk in chunks for reason in chunk.events["reason"].to_list()),
        refused=sum(file.bad for file in files),
        conversations=records.height,
        without=_ranked(dropped),
        languages=_ranked(records["lang"].to_list()),
        lengths={side: _lengths(records, side) for side in ("user", "assistant")},
        personal=_finds(masked.events),
        repeats=records.height - records.select(content.n_unique()).item() if records.height else 0,
        speakers=files[0].speakers,
        unread=dict(sum((Counter(file.unread) for file in files), Counter())),
        notes=tuple(dict.fromkeys(note for file in files for note in file.notes)),
        boilerplate=tuple(proposed_boilerplate(explode(masked.kept))),
        samples=tuple(masked.kept["messages"].head(SAMPLES).to_list()),
    )


def _ranked(values: Any) -> dict[str, int]:
    """Count the values, the most frequent first."""
    return dict(sorted(Counter(values).items(), key=lambda item: (-item[1], item[0])))


def _finds(events: pl.DataFrame) -> dict[str, int]:
    """Count the finds of each kind of personal data."""
    counts = events.filter(pl.col("reason").is_in(KINDS.names())).group_by("reason").agg(pl.col("score").sum())
    return {kind: int(n) for kind, n in counts.sort(["score", "reason"], descending=[True, False]).iter_rows()}


def _lengths(records: pl.DataFrame, side: str) -> tuple[int, int, int]:
    """Measure the messages of one side in characters: median, 95 % and longest."""
    content, role = pl.element().struct.field("content"), pl.element().struct.field("role")
    of_side = pl.col("messages").list.eval(content.filter(role == side).str.len_chars())
    lengths = records.select(of_side).to_series().explode().drop_nulls()
    if lengths.is_empty():
        return (0, 0, 0)
    quantiles = (lengths.quantile(q, "nearest") or 0 for q in (0.5, 0.95, 1.0))
    middle, high, top = (int(value) for value in quantiles)
    return (middle, high, top)


def input_block(findings: Findings, path: str | None = None) -> dict[str, Any]:
    """Write the input of a recipe that reads this file, as plain values; what a build finds out by itself is left
    out.
    """
    spec = findings.spec
    block: dict[str, Any] = {"path": path or findings.path}
    if spec.kind != "domain":
        block["kind"] = spec.kind
    if spec.encoding is not None:
        block["encoding"] = spec.encoding
    if spec.line_encodings:
        block["line_encodings"] = list(spec.line_encodings)
    if spec.reader is not None:
        block["reader"] = {spec.reader.name: dict(spec.reader.options)}
    if spec.format is not None and spec.format.options:
        block["format"] = {spec.format.name: dict(spec.format.options)}
    return block


def finding_document(findings: Findings) -> dict[str, Any]:
    """Write what `--json` prints of a file: all but the samples, which are content, and with the recipe block."""
    document = {name: getattr(findings, name) for name in ("path", "bytes", "reader", "encoding", "delimiter")}
    document |= {"evidence": findings.evidence.en, "general": findings.general.en}
    contents = vars(findings.contents) if findings.contents else {}
    return {
        **document,
        "columns": [vars(column) for column in findings.columns],
        **{
            name: value
            for name, value in contents.items()
            if name not in ("refused", "samples", "boilerplate", "speakers", "notes")
        },
        "speakers": findings.contents.speakers.en if findings.contents else "",
        "notes": [note.en for note in (findings.order, *contents.get("notes", ())) if note.en],
        "boilerplate": [line._asdict() for line in contents.get("boilerplate", ())],
        "problem": str(findings.problem) if findings.problem else None,
        "inputs": [input_block(findings)],
    }

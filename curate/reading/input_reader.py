"""Reads one raw file of a recipe into turns, piece by piece, with a reason for every row that could not be read."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, islice
from pathlib import Path
from typing import Any

import polars as pl

import schemas.formats
from curate.reading.jsonl_pairs import PlainLines
from curate.reading.raw_rows import LOOK, make, raw_rows
from curate.reading.readers import Row
from curate.reading.speakers import settle
from curate.reading.turn_table import TURNS as TURNS
from curate.reading.turn_table import Gathered, Plain
from schemas.bilingual import NOTHING, Words
from schemas.catalog import Catalog
from schemas.digest import digest_file
from schemas.errors import InputError
from schemas.formats import Draft, Format, NothingToLearnError, UnreadableError
from schemas.formats.pairs import Pairs
from schemas.formats.turns import NAMELESS, Turns
from schemas.input import Choice, Input
from schemas.ledger import EVENTS, events_of
from schemas.manifest import InputFile

FORMATS = Catalog(schemas.formats, Format)
FAR = 1_000
"""Rows after which no more readable ones are waited for."""
BLOCK = 100_000
"""Rows of one piece."""
SHOWN = 12
"""Column names that an error shows."""
NAME = re.compile(r"[\w .()（）/-]{1,24}")
UNDECODED = re.compile(r"[\udc80-\udcff]")

Keep = Callable[[int, str, bytes, str], None]
"""What is told of a row that cannot be read: its number, the reason, its bytes and their encoding."""


@dataclass(frozen=True)
class Piece:
    """Some rows of a file. Every raw row has turns in `turns`, or an event in `events` that says why not."""

    turns: pl.DataFrame
    events: pl.DataFrame
    rows: int


class Reading:
    """One input being read. `facts` are known when all pieces have been taken."""

    def __init__(self, spec: Input, path: Path, keep: Keep = lambda *_: None, most: int | None = None) -> None:
        """Reads `most` rows, or all. Raises InputError when the file cannot be opened, decoded or understood."""
        self.spec = spec
        self._path = path
        self._keep = keep
        with _naming(spec):
            self._raw = raw_rows(spec, path)
            self._choice, rows = _format(spec, islice(self._raw.rows, most))
            first = next(rows, None)
        self._columns = _shown(first.fields) if first and first.fields else "–"
        self._rows = rows if first is None else chain([first], rows)
        self._layout: Format = make(FORMATS, self._choice)
        self._pair: tuple[str, str] | None = None
        if isinstance(self._layout, Pairs) and not spec.line_encodings:
            self._pair = self._layout.plain_columns()
        self._lines: PlainLines | None = None
        if self._pair and self._raw.pieces and most is None:
            self._lines = PlainLines(self._raw.pieces(), *self._pair)
            self._rows = iter(())  # they come again, with all others
            self._raw = replace(self._raw, rows=self._rows)
        self._count = 0
        self._readable = 0
        self._bad = 0
        self._reasons: set[str] = set()
        self._speakers = NOTHING

    def pieces(self) -> Iterator[Piece]:
        """The rows in pieces; in one where a session may stand apart. Raises InputError when not one can be read."""
        with _naming(self.spec):
            if isinstance(self._layout, Turns):
                yield self._table(self._layout)
            else:
                while True:
                    gathered = Gathered(None)
                    before = self._count
                    self._gather(gathered, BLOCK)
                    if self._count == before:
                        break
                    faults = _faults(self.spec.path, gathered.faults)
                    yield Piece(gathered.frame(), faults, self._count - before)
            if self._count and not self._readable:
                raise self._unreadable()

    @cached_property
    def digest(self) -> str:
        """The digest of the file, or of the archive that it is a member of."""
        return digest_file(self._file)

    @property
    def _file(self) -> Path:
        return next(p for p in (self._path, *self._path.parents) if p.is_file())

    def facts(self) -> InputFile:
        evidence = self._raw.decision.evidence
        for name, n in sorted(self._raw.counted.items()):
            evidence = Words(f"{evidence.en}; {n} lines read as {name}", f"{evidence.zh}；{n} 行按 {name} 读取")
        return InputFile(
            path=self.spec.path,
            digest=self.digest,
            bytes=self._file.stat().st_size,
            rows=self._count,
            bad=self._bad,
            kind=self.spec.kind,
            reader=self._raw.reader,
            format=self._choice.name,
            encoding=self._raw.decision.encoding,
            evidence=evidence,
            speakers=self._speakers,
            licence=self.spec.licence,
        )

    def _gather(self, gathered: Gathered, most: int | None) -> None:
        """Takes up to `most` rows."""
        layout, mixed, take = self._layout, bool(self.spec.line_encodings), gathered.take
        count = 0
        for row in self._without_plain(gathered.plain, most):
            count += 1
            try:
                draft = _draft(row, layout, mixed=mixed)
            except UnreadableError as error:
                self._refuse(row, str(error), bad=not isinstance(error, NothingToLearnError))
                gathered.faults.append((row.number, str(error)))
            else:
                take(row, draft)
        self._count += count + len(gathered.plain)
        self._readable += count + len(gathered.plain) - len(gathered.faults)

    def _without_plain(self, plain: Plain, most: int | None) -> Iterator[Row]:
        """The next rows but for those that `plain` takes."""
        if self._pair is None:
            return islice(self._rows, most)
        rows = self._lines.others(plain, BLOCK) if self._lines else islice(self._rows, most)
        return plain.others(rows, *self._pair)

    def _table(self, layout: Turns) -> Piece:
        """All turns of a table, by session and in order, with the speakers settled."""
        gathered = Gathered(layout)
        self._gather(gathered, None)
        turns = gathered.frame()
        if layout.time:
            turns = turns.with_columns(moment=pl.Series(gathered.moments, dtype=pl.String))
            if layout.session is None:
                turns = _cut_at_gaps(turns, pl.Series(gathered.seconds, dtype=pl.Float64), layout.gap)
            turns = turns.sort("moment", maintain_order=True).drop("moment")
        turns, self._speakers = settle(turns)
        unknown = turns["role"].str.starts_with(NAMELESS)
        for number in turns.filter(unknown)["row"].to_list():
            gathered.faults.append((number, "unknown_role"))
            self._readable -= 1
            self._refuse(Row(number, None), "unknown_role", bad=True)
        return Piece(turns.filter(~unknown), _faults(self.spec.path, gathered.faults), self._count)

    def _refuse(self, row: Row, reason: str, *, bad: bool) -> None:
        self._reasons.add(reason)
        if not bad:
            return
        self._bad += 1
        decision = self._raw.decision
        encoding = "utf-8" if decision.encoding == "binary" else decision.inner or decision.encoding
        written = row.raw or (json.dumps(row.fields, ensure_ascii=False) if row.fields else "")
        errors = "surrogateescape" if UNDECODED.search(written) else "strict"
        self._keep(row.number, reason, written.encode(encoding, errors), encoding)

    def _unreadable(self) -> InputError:
        reasons = ", ".join(sorted(self._reasons))
        told = self._speakers
        en, zh = (f" ({told.en})", f"（{told.zh}）") if told.en else ("", "")
        return InputError(
            f"not one of {self._count} rows could be read as {self._choice.name} ({reasons}{en}). The file has: "
            f"{self._columns}; see `reader:` and `format:` of this input",
            f"{self._count} 行中没有一行能按 {self._choice.name} 读取（{reasons}{zh}）。文件中有："
            f"{self._columns}；请检查此输入的 reader 和 format",
        )


class _naming:  # noqa: N801  # reads as a word after `with`
    """Puts the name of the file in front of an error."""

    def __init__(self, spec: Input) -> None:
        self._path = spec.path

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, InputError):
            error.words = replace(
                error.words, en=f"{self._path}: {error.words.en}", zh=f"{self._path}：{error.words.zh}"
            )


def _draft(row: Row, layout: Format, *, mixed: bool) -> Draft:
    """The turns of a row. Raises UnreadableError."""
    if row.fields is None:
        raise UnreadableError(row.fault or "unreadable")
    if mixed and UNDECODED.search(row.raw or json.dumps(row.fields, ensure_ascii=False)):
        raise UnreadableError("undecodable")
    draft = layout.read(row.fields)
    for _, text in draft.turns:
        if text and not text.isspace():
            return draft
    raise NothingToLearnError("empty_row")


def _cut_at_gaps(turns: pl.DataFrame, seconds: pl.Series, minutes: float) -> pl.DataFrame:
    """Sessions of one user (until now in `session`), cut where nothing was said for so many minutes."""
    gap = pl.col("seconds") - pl.col("seconds").shift(1).over("session")
    return (
        turns.with_columns(seconds=seconds, place=pl.int_range(pl.len()))
        .sort("session", "seconds", maintain_order=True)
        .with_columns(part=(gap > minutes * 60).fill_null(False).cum_sum().over("session"))
        .sort("place")
        .with_columns(session=pl.format("{}#{}", "session", "part"))
        .drop("seconds", "place", "part")
    )


def _format(spec: Input, rows: Iterator[Row]) -> tuple[Choice, Iterator[Row]]:
    """The format that the recipe names, or the one that most of the first rows fit; and the rows, none of them lost."""
    if spec.format is not None:
        return spec.format, rows
    first: list[Row] = []
    readable: list[Mapping[str, Any]] = []
    while len(readable) < LOOK and len(first) < FAR and (row := next(rows, None)) is not None:
        first.append(row)
        if row.fields is not None:
            readable.append(row.fields)
    rest = chain(first, rows)
    if not readable:
        return Choice(name="messages"), rest
    for name, kind in FORMATS.all().items():
        if 2 * sum(kind.fits(fields) for fields in readable) > len(readable):
            return Choice(name=name), rest
    columns = _shown(readable[0])
    raise InputError(
        f"which columns hold the conversation? The file has: {columns}. Name a format in the recipe: "
        "`format: {pairs: {question: COLUMN, answer: COLUMN}}`, "
        "`format: {turns: {session: COLUMN, role: COLUMN, text: COLUMN}}`, or, where there are questions only, "
        "`format: {questions: {text: COLUMN}}` with `kind: refusal`",
        f"哪些列是对话内容？文件中有：{columns}。请在配方中写明格式："
        "`format: {pairs: {question: 列名, answer: 列名}}`、"
        "`format: {turns: {session: 列名, role: 列名, text: 列名}}`，只有问题时用 "
        "`format: {questions: {text: 列名}}` 并写 `kind: refusal`",
    )


def _shown(fields: Mapping[str, Any]) -> str:
    """The column names, but for those that look like content: without a header the first row stands in their place."""
    names = [
        name if NAME.fullmatch(name) and sum(map(str.isdigit, name)) < 5 else f"#{place}"
        for place, name in enumerate(fields, start=1)
    ]
    return ", ".join(names[:SHOWN] + ["…"] * (len(names) > SHOWN))


def _faults(file: str, faults: list[tuple[int, str]]) -> pl.DataFrame:
    if not faults:
        return pl.DataFrame(schema=EVENTS)
    frame = pl.DataFrame(faults, schema={"row": pl.Int64, "reason": pl.String}, orient="row")
    return events_of(frame.with_columns(file=pl.lit(file)), "read", "dropped")

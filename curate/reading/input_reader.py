"""Reads one raw file of a recipe into turns, chunk by chunk, with a reason for every row that could not be read."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, islice
from pathlib import Path
from typing import Any

import polars as pl

from curate.reading.detect_format import FORMATS, detect_format, shown_columns
from curate.reading.jsonl_pairs import JsonlPairs
from curate.reading.raw_rows import configure, raw_rows
from curate.reading.readers import RawRow, is_empty
from curate.reading.readers._context import with_context
from curate.reading.readers._json import NotedObject
from curate.reading.turn_table import PairColumns, TurnTable
from curate.reading.unread import UnreadKeys
from curate.reading.whole_tables import whole_table
from curate.reading.written_nulls import note_of
from schemas.bilingual import NOTHING, Bilingual
from schemas.digest import digest_file
from schemas.errors import InputError
from schemas.formats import Draft, Format, NothingToLearnError, UnreadableError
from schemas.formats._sessions import InSessions
from schemas.formats.pairs import Pairs
from schemas.input import Input, file_and_sheet
from schemas.ledger import EVENTS, events_of
from schemas.manifest import InputFile

CHUNK = 100_000
"""Rows of one chunk."""
UNDECODED = re.compile(r"[\udc80-\udcff]")
"""Bytes that no encoding of the recipe could read stand in the text as half surrogates (PEP 383)."""
UNSAID = ("no_session", "no_user", "no_time", "unknown_role")
"""What is wrong with a row of a table in which nothing is written."""
NO_ROWS = ("below_table", "log_line", "header_again")
"""The faults of what is as it should be, and no row: totals and remarks below a table, lines of a log without JSON, a
header in a second language.
"""

READ_AS = {
    "doubled": (
        "with a key that stands twice in an object: the last value was read",
        "的对象里有重复的键：取最后一个值",
    ),
    "loose": (
        "with comments, or commas before brackets, which JSON does not have: read all the same",
        "含有 JSON 没有的注释或多余的逗号：照样读取",
    ),
    "printed": (
        "as Python prints them and not in JSON: read all the same",
        "是 Python 打印的样子而不是 JSON：照样读取",
    ),
}
"""What is said of rows that are not quite JSON."""

OnBadRow = Callable[[int, str, bytes, str], None]
"""Called for each row that cannot be read, with its number, the reason, its bytes and their encoding."""


@dataclass(frozen=True)
class Chunk:
    """Some rows of a file. Every raw row has turns in `turns`, or an event in `events` that says why not."""

    turns: pl.DataFrame
    events: pl.DataFrame
    rows: int


class InputReader:
    """One input being read. `facts` are known when all chunks have been taken."""

    def __init__(
        self, spec: Input, path: Path, on_bad_row: OnBadRow = lambda *_: None, limit: int | None = None
    ) -> None:
        """Read `limit` rows, or all. Raises InputError when the file cannot be opened, decoded or understood."""
        self.spec = spec
        self._path = path
        self._on_bad_row = on_bad_row
        self._count = 0
        self._readable = 0
        self._bad = 0
        self._reasons: set[str] = set()
        self._speakers = NOTHING
        self._notes: list[Bilingual] = []
        self.refused: list[tuple[int, str]] = []
        self.repeated: list[int] = []
        self._nulls: Counter[str] = Counter()
        self._late: dict[int, str] = {}
        """Why rows were refused whose bytes are still to be handed on."""

        with naming(spec):
            self._raw = raw_rows(spec, path)
            self._choice, rows = detect_format(spec, islice(self._raw.rows, limit))
            first = next(rows, None)
        self._columns = shown_columns(first.fields) if first and first.fields else "–"
        self._format: Format = configure(FORMATS, self._choice)
        self._rows = rows if first is None else chain([first], rows)
        if isinstance(self._format, InSessions) and self._format.has_sessions:
            self._rows = with_context(self._rows, self._format.own_columns(), spec.path)

        self._unread = UnreadKeys(self._format)
        self._noted: Counter[str] = Counter()

        # Questions and answers that stand in one column each are taken as they are; from JSON Lines by whole blocks.
        self._pair: tuple[str, str] | None = None
        if isinstance(self._format, Pairs) and not spec.line_encodings:
            self._pair = self._format.plain_columns()
        self._jsonl: JsonlPairs | None = None
        if self._pair and self._raw.chunks and limit is None:
            self._jsonl = JsonlPairs(self._raw.chunks(), *self._pair)
            self._rows = iter(())  # they come again, with all others
            self._raw = replace(self._raw, rows=self._rows)

    def chunks(self) -> Iterator[Chunk]:
        """Read the rows in chunks; in a single one where a session may stand apart. Raises InputError when not one row
        can be read.
        """
        if isinstance(self._format, InSessions) and self._format.has_sessions:
            yield self._whole_table(self._format)
            self.hand_on_late()
        else:
            with naming(self.spec):
                yield from self._row_chunks()
        self.check_read()

    @cached_property
    def digest(self) -> str:
        """The digest of the file, or of the archive that it is a member of."""
        return digest_file(self._file)

    @property
    def _file(self) -> Path:
        path, _ = file_and_sheet(self._path)
        return next(p for p in (path, *path.parents) if p.is_file())

    def facts(self) -> InputFile:
        """Sum up what the manifest says of the file."""
        evidence = self._raw.decision.evidence
        for name, n in sorted(self._raw.lines_by_encoding.items()):
            evidence = Bilingual(f"{evidence.en}; {n} lines read as {name}", f"{evidence.zh}；{n} 行按 {name} 读取")

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
            unread=self._unread.counts(),
            notes=(
                *self._raw.notes,
                *self._notes,
                *(_noted(how, n) for how, n in sorted(self._noted.items())),
                *([note_of(self._nulls)] if self._nulls else []),
            ),
            licence=self.spec.licence,
        )

    def _row_chunks(self) -> Iterator[Chunk]:
        while True:
            table = TurnTable(None, nulls=self._nulls)
            before = self._count
            self._collect(table, CHUNK)
            if self._count == before:
                return
            yield Chunk(table.frame(), fault_events(self.spec.path, table.faults), self._count - before)

    def _collect(self, table: TurnTable, limit: int | None) -> None:
        """Put up to `limit` rows into the table, with a fault for each that has no turns."""
        row_format, mixed, take, see = self._format, bool(self.spec.line_encodings), table.take, self._unread.see
        single = 0
        for row in self._single_rows(table.plain, limit):
            single += 1
            if row.fields is not None:
                see(row.fields)
                if isinstance(row.fields, NotedObject):
                    self._noted[row.fields.how] += 1
            try:
                draft = _draft(row, row_format, mixed=mixed)
            except UnreadableError as error:
                self._refuse(row, str(error), bad=not isinstance(error, NothingToLearnError))
                table.faults.append((row.number, str(error)))
            else:
                take(row, draft)
        self._unread.add(table.plain.filled)
        self._count += single + len(table.plain)
        self._readable += single + len(table.plain) - len(table.faults)

    def _single_rows(self, plain: PairColumns, limit: int | None) -> Iterator[RawRow]:
        """Give `plain` the rows that it can take as they stand, and yield the others, which are read one by one."""
        if self._pair is None:
            return islice(self._rows, limit)
        rows = self._jsonl.others(plain, CHUNK) if self._jsonl else islice(self._rows, limit)
        return plain.others(rows, *self._pair, self._unread.see)

    def table(self, layout: InSessions, *, keep_rows: bool = False) -> TurnTable:
        """Read all rows of a table of turns, in the order of the file; and keep the rows themselves, where they are to
        be compared with those of other files.
        """
        with naming(self.spec):
            table = TurnTable(layout, keep_rows=keep_rows, nulls=self._nulls)
            self._collect(table, None)
        return table

    def refuse_later(self, number: int, reason: str) -> None:
        """Refuse a row that had turns: what stands around it says that it cannot be read."""
        self.refused.append((number, reason))
        self._readable -= 1
        self._refuse(RawRow(number, None), reason, bad=True)

    def tell(self, order: Bilingual, speakers: Bilingual, *notes: Bilingual) -> None:
        """Note for the manifest how the rows were ordered, who is the agent, and what else a person should know."""
        self._speakers = speakers
        self._notes = [note for note in (order, *notes) if note.en]

    def check_read(self) -> None:
        """Raise InputError where there are rows, and not one can be read."""
        with naming(self.spec):
            if self._count and not self._readable:
                raise self._unreadable()

    def _whole_table(self, layout: InSessions) -> Chunk:
        """Read all turns of a table, in order, with the speakers settled."""
        table = self.table(layout)
        with naming(self.spec):
            whole = whole_table(table.frame(), table.times, layout)
        for number, reason in whole.refused:
            self.refuse_later(number, reason)
        self.tell(whole.order, whole.speakers)
        return Chunk(whole.turns, fault_events(self.spec.path, table.faults + self.refused), self._count)

    def _refuse(self, row: RawRow, reason: str, *, bad: bool) -> None:
        """Note why the row is not read; a `bad` one is handed on with its bytes, later where they are not at hand."""
        self._reasons.add(reason)
        if not bad:
            return
        self._bad += 1
        if row.fields is None and row.fault is None:
            self._late[row.number] = reason
            return
        decision = self._raw.decision
        encoding = "utf-8" if decision.encoding == "binary" else decision.inner or decision.encoding
        text = row.raw or (json.dumps(row.fields, ensure_ascii=False) if row.fields else "")
        errors = "surrogateescape" if UNDECODED.search(text) else "strict"
        self._on_bad_row(row.number, reason, text.encode(encoding, errors), encoding)

    def hand_on_late(self) -> None:
        """Read the file once more for the rows that were refused when all others were known: few files have any."""
        if not self._late:
            return
        reasons, self._late = self._late, {}
        for row in raw_rows(self.spec, self._path).rows:
            if row.number in reasons:
                self._bad -= 1  # it was counted
                self._refuse(row._replace(fault=row.fault or ""), reasons[row.number], bad=True)

    def _unreadable(self) -> InputError:
        reasons = ", ".join(sorted(self._reasons))
        speakers = self._speakers
        en, zh = (f" ({speakers.en})", f"（{speakers.zh}）") if speakers.en else ("", "")
        return InputError(
            f"not one of {self._count} rows could be read as {self._choice.name} ({reasons}{en}). The file has: "
            f"{self._columns}; see `reader:` and `format:` of this input",
            f"{self._count} 行中没有一行能按 {self._choice.name} 读取（{reasons}{zh}）。文件中有："
            f"{self._columns}；请检查此输入的 reader 和 format",
        )


class naming:  # noqa: N801  # reads as a word after `with`
    """Puts the name of the file in front of an error."""

    def __init__(self, spec: Input) -> None:
        self._path = spec.path

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, InputError):
            sentence = error.sentence
            error.sentence = Bilingual(f"{self._path}: {sentence.en}", f"{self._path}：{sentence.zh}")


def _draft(row: RawRow, row_format: Format, *, mixed: bool) -> Draft:
    """Read the turns of a row. Raises UnreadableError; `mixed` says that its bytes may not have been text."""
    if row.fields is None:
        raise NothingToLearnError(row.fault) if row.fault in NO_ROWS else UnreadableError(row.fault or "unreadable")
    if mixed and UNDECODED.search(row.raw or json.dumps(row.fields, ensure_ascii=False)):
        raise UnreadableError("undecodable")
    try:
        draft = row_format.read(row.fields)
    except NothingToLearnError:
        raise
    except UnreadableError as error:
        if str(error) in UNSAID and is_empty(row.fields):  # exports have thousands of them below their table
            raise NothingToLearnError("empty_row") from None
        raise
    for _, text in draft.turns:
        if text and not text.isspace():
            return draft
    raise NothingToLearnError(row.fault or "empty_row")


def _noted(how: str, number: int) -> Bilingual:
    """Say how many rows were read in another way than they stand there."""
    rows = "1 row" if number == 1 else f"{number:,} rows"
    en, zh = READ_AS[how]
    return Bilingual(f"{rows} {en}", f"{number:,} 行{zh}")


def fault_events(file: str, faults: list[tuple[int, str]]) -> pl.DataFrame:
    if not faults:
        return pl.DataFrame(schema=EVENTS)
    frame = pl.DataFrame(faults, schema={"row": pl.Int64, "reason": pl.String}, orient="row")
    return events_of(frame.with_columns(file=pl.lit(file)), "read", "dropped")

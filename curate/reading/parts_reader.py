"""Reads an input of many files as one: its sessions go on from file to file, each row keeps its file and its number."""

from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl

from curate.conversations.sessions import Sessions
from curate.reading.detect_format import FORMATS
from curate.reading.input_reader import Chunk, InputReader, OnBadRow, fault_events, naming
from curate.reading.parts import parts_of
from curate.reading.raw_rows import configure
from curate.reading.readers._talks import TALK
from curate.reading.turn_table import TURNS, TurnTable
from curate.reading.whole_tables import whole_table
from schemas.bilingual import Bilingual
from schemas.formats._sessions import InSessions
from schemas.input import Input
from schemas.ledger import EVENTS
from schemas.manifest import InputFile

STRIDE = 1 << 40
"""Row numbers of one part; in the turns of all of them the n-th part counts from n times as many."""
REPEATED = "repeated_row"
DIFFERENT = 0.8
"""The share of rows of a file that a column tells apart, before rows that are alike in two files are one."""


class PartsReader:
    """An input being read, of one file or of many. `files` are known when all chunks have been taken."""

    def __init__(
        self,
        spec: Input,
        folder: Path,
        on_bad_row: Callable[[str], OnBadRow] = lambda _: lambda *_: None,
        limit: int | None = None,
    ) -> None:
        """Read `limit` rows of each file, or all; `on_bad_row` is given the path of a file. Raises InputError."""
        self.parts = parts_of(spec, folder)
        self.spec, self.digest = self.parts[0], ""
        self.files: list[InputFile] = []
        self._folder, self._on_bad_row, self._limit = folder, on_bad_row, limit
        self._digests: list[str] = []
        self._joint = None
        layout = configure(FORMATS, spec.format) if len(self.parts) > 1 and spec.format else None
        if isinstance(layout, InSessions) and layout.has_sessions:
            self._joint = layout

    def chunks(self) -> Iterator[Chunk]:
        """Read the rows in chunks, file by file; in a single one where a session may go on in another file. `spec` and
        `digest` are then of the file that a chunk is from.
        """
        if self._joint:
            yield self._joined(self._joint)
            return
        for part in self.parts:
            reader = self._reader(part)
            self.spec, self.digest = part, reader.digest
            yield from reader.chunks()
            self.files.append(reader.facts())

    def located(self, sessions: Sessions) -> Sessions:
        """Name the file of each row again, and its number there. A conversation of several files is from the one in
        which it begins; its events name all.
        """
        if not self._joint:
            return sessions
        names = pl.Series([part.path for part in self.parts])
        digests = pl.Series(self._digests)
        part = pl.col("row") // STRIDE
        events = sessions.events.with_columns(
            file=part.replace_strict(list(range(len(names))), names, return_dtype=pl.String), row=pl.col("row") % STRIDE
        )
        if sessions.records.is_empty():
            return Sessions(sessions.records, events.cast(EVENTS))
        rows = sessions.records["source"].struct.field("rows")
        begins = rows.list.min() // STRIDE
        own = pl.DataFrame({"rows": rows, "first": begins}).select(
            pl.col("rows").list.eval(pl.element() % STRIDE).alias("number"),
            pl.col("rows").list.eval(pl.element() // STRIDE).alias("part"),
            "first",
        )
        kept = own.with_row_index().explode("number", "part").filter(pl.col("part") == pl.col("first"))
        numbers = kept.group_by("index", maintain_order=True).agg("number")["number"]
        source = pl.DataFrame(
            {"file": names.gather(begins), "digest": digests.gather(begins), "rows": numbers}
        ).to_struct("source")
        schema = sessions.records.schema["source"]
        return Sessions(sessions.records.with_columns(source.cast(schema)), events.cast(EVENTS))

    def _reader(self, part: Input) -> InputReader:
        return InputReader(part, self._folder / part.path, self._on_bad_row(part.path), self._limit)

    def _joined(self, layout: InSessions) -> Chunk:
        """Read the turns of all files, in order."""
        readers, tables = [], []
        for part in self.parts:
            reader = self._reader(part)
            readers.append(reader)
            tables.append(reader.table(layout, keep_rows=True))
        self._digests = [reader.digest for reader in readers]

        # 1. One table of them all, without what stands in two files.
        repeated = _repeated(tables)
        frames = [table.frame().with_columns(pl.col("row") + n * STRIDE) for n, table in enumerate(tables)]
        if layout.session == TALK:  # a number of an object in its file, and another one in the next
            own = [pl.format("{}:{}", pl.lit(n), "session").alias("session") for n in range(len(frames))]
            frames = [frame.with_columns(name) for frame, name in zip(frames, own, strict=True)]
        turns = pl.concat([pl.DataFrame(schema=TURNS), *frames])
        is_new = ~turns["row"].is_in(repeated)
        cells = [cells for table in tables for cells in table.times]
        kept = [cell for cell, new in zip(cells, is_new.to_list(), strict=True) if new] if cells else []
        with naming(readers[0].spec):
            whole = whole_table(turns.filter(is_new), kept, layout)

        # 2. What became of rows that make no turn, by file.
        for number, reason in whole.refused:
            readers[number // STRIDE].refuse_later(number % STRIDE, reason)
        for number in repeated:
            readers[number // STRIDE].repeated.append(number % STRIDE)
        events = []
        for reader, table in zip(readers, tables, strict=True):
            again = [(number, REPEATED) for number in reader.repeated]
            events.append(fault_events(reader.spec.path, [*table.faults, *reader.refused, *again]))
        readers[0].tell(whole.order, whole.speakers, _repeats_note(len(repeated)))
        for reader in readers:
            reader.hand_on_late()
        self.files = [reader.facts() for reader in readers]
        if whole.turns.is_empty():
            readers[0].check_read()
        return Chunk(whole.turns, pl.concat(events), sum(file.rows for file in self.files))


def _repeated(tables: list[TurnTable]) -> list[int]:
    """List the rows of later files that stood in an earlier one, cell by cell, where a column beside session, speaker
    and text tells rows apart: a message id, or a time. Two rows alike in one file are two.
    """
    if not any(table.rows for table in tables) or not all(_tells_apart(table) for table in tables):
        return []
    common = set.intersection(*(set(table.rows[0][1]) for table in tables if table.rows))
    names = sorted(common)
    counts: dict[tuple[object, ...], int] = {}
    repeated = []
    for n, table in enumerate(tables):
        own: dict[tuple[object, ...], int] = {}
        for number, row in table.rows:
            cells = tuple(str(row.get(name)) for name in names)
            own[cells] = own.get(cells, 0) + 1
            if own[cells] <= counts.get(cells, 0):
                repeated.append(n * STRIDE + number)
        for key, times in own.items():
            counts[key] = max(times, counts.get(key, 0))
    return repeated


def _tells_apart(table: TurnTable) -> bool:
    """Tell whether some column other than those of the turns is different in nearly every row."""
    if not table.rows:
        return True
    others = [name for name in table.rows[0][1] if name not in table.own_columns]
    return any(len({str(row.get(name)) for _, row in table.rows}) >= DIFFERENT * len(table.rows) for name in others)


def _repeats_note(n: int) -> Bilingual:
    return Bilingual(
        f"{n} rows stand in two files and were counted once" if n else "",
        f"{n} 行在两个文件里都有，只算一次" if n else "",
    )

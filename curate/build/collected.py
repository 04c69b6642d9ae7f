"""What the blocks of a build left, collected on the disk: in memory there is one block at a time."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from curate.build.block_outputs import BlockOutput
from curate.build.frames_on_disk import Frames
from curate.ledger import ENDS, Ledger, end_states, ends_of, final_state, off_flow
from schemas.frame import SCHEMA
from schemas.ledger import EVENTS


class Collected:
    """Records, events, reviews and tables of a build, and the numbers of its ledger."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.ledger = Ledger()
        self.records = 0
        """Conversations that the sessions formed."""
        self._events = Frames(folder, "events", EVENTS)
        """Of each block, from the reading of its rows on."""
        self._by_record = Frames(folder, "kept", SCHEMA)
        """Of each block, what the stages by record let through."""
        self._late_events = Frames(folder, "late", EVENTS)
        """Of the stages that see all records at once."""
        self._final: Frames | None = None
        self.review = Frames(folder, "review", SCHEMA)
        self.tables: dict[str, Frames] = {}

    def add_block(self, outputs: Sequence[BlockOutput]) -> None:
        """Take in a block that passed the stages by record, one output a segment."""
        self.records += outputs[0].records
        self._by_record.paths.append(outputs[-1].files["kept"])
        if len(outputs) == 1:
            self._events.paths.append(outputs[0].files["events"])
        else:
            self._events.add(pl.concat([output.events() for output in outputs]))
        self._add(outputs)

    def add_whole(self, output: BlockOutput) -> None:
        """Take in what a stage made that saw all records at once."""
        self._final = Frames(self._folder, "final", SCHEMA, [output.files["kept"]])
        self._late_events.paths.append(output.files["events"])
        self._add([output])

    def _add(self, outputs: Sequence[BlockOutput]) -> None:
        for output in outputs:
            for position, count in output.counts:
                self.ledger.add(position, count)
            if "review" in output.files:
                self.review.paths.append(output.files["review"])
            for name, path in output.tables().items():
                self.tables.setdefault(name, Frames(self._folder, f"table-{name}", pl.Schema())).paths.append(path)

    def all_records(self) -> pl.DataFrame:
        """Load all records that are left so far, by id: for stages that see them all."""
        return self.final().whole().sort("id")

    def final(self) -> Frames:
        """The records of the version."""
        return self._by_record if self._final is None else self._final

    def close_ledger(self) -> Frames:
        """Write a final state for every row; give the whole ledger: events of the blocks, of later stages, and ends."""
        ending = Frames(self._folder, "ends", EVENTS)
        for states in end_states(self._events, self._ends(ending)):
            ending.add(states)
        return Frames(self._folder, "ledger", EVENTS, [*self._events.paths, *self._late_events.paths, *ending.paths])

    def _ends(self, ending: Frames) -> Iterator[pl.DataFrame]:
        """Tell how the records of each block ended that passed the stages by record.

        What was in no block, because a later stage added it, goes to `ending` at once.
        """
        if self._final is None:
            yield from map(ends_of, self._by_record)
            return

        ends = pl.concat([*map(ends_of, self._final.columns("id", "tags")), off_flow(self._late_events.whole())])
        numbered = enumerate(self._by_record.columns("id"))
        ids = [frame.select("id", block=pl.lit(number)) for number, frame in numbered]
        blocks = pl.concat([pl.DataFrame(schema={"id": pl.String, "block": pl.Int32}), *ids])
        by_block = ends.join(blocks, on="id", how="left", maintain_order="left")

        for number in range(len(ids)):
            yield by_block.filter(pl.col("block") == number).select(ENDS.names())
        ending.add(final_state(by_block.filter(pl.col("block").is_null())).sort("id"))

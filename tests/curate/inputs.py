"""One input read to its end, for tests that look at all of it."""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from curate.reading.input_reader import InputReader
from curate.reading.turn_table import TURNS
from schemas.input import Input
from schemas.ledger import EVENTS
from schemas.manifest import InputFile


@dataclass(frozen=True)
class Intake:
    turns: pl.DataFrame
    events: pl.DataFrame
    facts: InputFile


def read_input(spec: Input, path: Path) -> Intake:
    reading = InputReader(spec, path)
    chunks = list(reading.chunks())
    turns = pl.concat([pl.DataFrame(schema=TURNS), *(chunk.turns for chunk in chunks)])
    events = pl.concat([pl.DataFrame(schema=EVENTS), *(chunk.events for chunk in chunks)])
    return Intake(turns, events, reading.facts())

"""One input read to its end, for tests that look at all of it."""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from curate.reading.input_reader import Reading
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
    reading = Reading(spec, path)
    pieces = list(reading.pieces())
    turns = pl.concat([pl.DataFrame(schema=TURNS), *(piece.turns for piece in pieces)])
    events = pl.concat([pl.DataFrame(schema=EVENTS), *(piece.events for piece in pieces)])
    return Intake(turns, events, reading.facts())

"""Reads the inputs of a recipe, block by block, through the stages that see each record alone."""

import json
from contextlib import suppress
from functools import partial
from typing import NamedTuple

import polars as pl

from curate.build.block_outputs import BlockOutput, BookedStage
from curate.build.context import BuildContext
from curate.build.plan import digest_of_input
from curate.build.runner import InProcess, Processes
from curate.conversations.content_ids import ContentCounter
from curate.conversations.sessions import form_sessions
from curate.ledger import rows_booked, step_of
from curate.reading.input_reader import Chunk
from curate.reading.parts_reader import PartsReader
from curate.store.quarantine import Quarantine
from curate.system.disk import replace_durably
from schemas.digest import canonical
from schemas.frame import SCHEMA
from schemas.manifest import InputFile

WHOLE = "whole.json"
"""In the folder of an input's first output: that all of the input is there, and what it was."""


class KnownInput(NamedTuple):
    """An input whose first outputs are all there from an earlier build: the file, and the outputs of each block."""

    files: tuple[InputFile, ...]
    blocks: list[list[BlockOutput]]


def read_inputs(context: BuildContext, quarantine: Quarantine, runner: InProcess | Processes) -> tuple[InputFile, ...]:
    """Read every input and run its blocks; what an earlier build has made is not made again.

    Inputs before the last one that must be read are read again: ids count equal contents over all of them.
    """
    known = [_known(context, number) for number in range(len(context.plan.inputs))]
    unread = (number for number, each in enumerate(known) if each is None or any(file.bad for file in each.files))
    last_read = max(unread, default=-1)

    counter = ContentCounter()
    files: list[InputFile] = []
    for number, spec in enumerate(context.file.recipe.inputs):
        context.announcer.announce(spec.path)
        earlier = known[number]
        if earlier is None or number <= last_read:
            reader = PartsReader(spec, context.file.folder, lambda path: partial(quarantine.keep, path))
            files.extend(_read(context, number, reader, counter, runner))
            continue
        files.extend(earlier.files)
        for block, outputs in enumerate(earlier.blocks):
            task = context.task(context.plan.inputs[number], block)
            runner.run(task, pl.DataFrame(schema=SCHEMA), (), outputs)
    runner.finish()
    return tuple(files)


def _known(context: BuildContext, number: int) -> KnownInput | None:
    """Find the outputs of an input from an earlier build; None where the first is not all there."""
    segments = context.plan.inputs[number]
    with suppress(OSError, ValueError, KeyError):
        noted = json.loads((context.folders.cache / segments[0].key / WHOLE).read_bytes())
        blocks = [context.task(segments, block).known() for block in range(int(noted["blocks"]))]
        if all(blocks):
            return KnownInput(tuple(map(InputFile.model_validate, noted["files"])), blocks)
    return None


def _read(
    context: BuildContext, number: int, reader: PartsReader, counter: ContentCounter, runner: InProcess | Processes
) -> list[InputFile]:
    """Read one input, run its blocks, and note that all of it is there."""
    segments = context.plan.inputs[number]
    rows = blocks = 0
    for block, chunk in enumerate(reader.chunks()):
        records, booked = _formed(context, reader, chunk, counter)
        task = context.task(segments, block)
        runner.run(task, records, booked, task.known())
        rows += chunk.rows
        blocks += 1
        context.announcer.announce(context.file.recipe.inputs[number].path, f"  {rows:,}")
    runner.finish()

    _check_unchanged(context, number)
    noted = {"files": [file.model_dump(mode="json") for file in reader.files], "blocks": blocks}
    replace_durably(context.folders.of(segments[0]) / WHOLE, canonical(noted).encode("utf-8"))
    return reader.files


def _formed(
    context: BuildContext, reader: PartsReader, chunk: Chunk, counter: ContentCounter
) -> tuple[pl.DataFrame, tuple[BookedStage, ...]]:
    """Form the conversations of a chunk, and book what became of its rows in `read` and in `session`."""
    formed = form_sessions(chunk.turns, reader.spec, reader.digest, counter)
    sessions = context.forgotten.without(reader.located(formed))
    booked = (
        rows_booked("read", chunk.rows, chunk.events),
        rows_booked("session", chunk.rows - chunk.events.height, sessions.events),
    )
    return sessions.records, tuple(BookedStage(step_of(count.stage), count, events) for count, events in booked)


def _check_unchanged(context: BuildContext, number: int) -> None:
    """Raise InputError when a file is no longer what its keys say; what was made of it is not kept."""
    spec, folder = context.file.recipe.inputs[number], context.file.folder
    if digest_of_input(spec, folder) != context.plan.digests[number]:
        raise context.changed(folder / spec.path, context.plan.inputs[number])

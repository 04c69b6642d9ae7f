"""Cleaning on public data: as good as ftfy, no entity left, naughty strings untouched."""

import gzip
import html
import json
from pathlib import Path

import ftfy
import polars as pl

from curate.cleaning import Options
from curate.cleaning.entities import ENTITY
from curate.reading.raw_rows import raw_rows
from curate.stages import Tools
from curate.stages.clean import STEPS, Clean
from curate.store.shards import write_jsonl
from schemas.formats.messages import Messages
from schemas.frame import frame_of
from schemas.identity import Identity
from schemas.input import Input
from schemas.record import Record
from tests.curate.records import record
from tests.public_data import DATA, needs_public_data

TOOLS = Tools(seed=7, identity=Identity(), folder=Path())


@needs_public_data
def test_mojibake_in_the_wild_is_repaired_at_least_as_well_as_by_ftfy() -> None:
    cases = json.loads((DATA / "bad-input" / "ftfy__in-the-wild.json").read_bytes())
    step = STEPS.load("mojibake")(Options())
    ours = theirs = 0
    for case in cases:
        wanted = case.get("fixed-encoding", case["fixed"])
        seen = pl.Series([case["original"]]).str.contains(step.screen() or "")[0]
        ours += (step.fix(case["original"]) if seen else case["original"]) == wanted
        theirs += ftfy.fix_encoding(case["original"]) == wanted
    assert ours >= theirs
    assert ours == len(cases)


@needs_public_data
def test_every_entity_of_a_dirty_set_is_gone_and_no_other_row_changes() -> None:
    name = "alpaca-chinese-carbonz0__zh-data-part-00.json.gz"
    rows = json.loads(gzip.decompress((DATA / "general" / name).read_bytes()))
    asked = [(f"{row['instruction']}\n{row['input']}", row["output"]) for row in rows]
    frame = frame_of([record(str(n), *pair, kind="general") for n, pair in enumerate(asked)])
    outcome = Clean(steps=("entities",)).run(frame, TOOLS)
    dirty = {str(n) for n, pair in enumerate(asked) if any(ENTITY.search(text) for text in pair)}
    assert len(dirty) == 325
    assert set(outcome.events["id"]) == dirty
    assert outcome.kept["id"].to_list() == frame["id"].to_list()
    for messages, pair in zip(outcome.kept["messages"], asked, strict=True):
        assert [message["content"] for message in messages] == [html.unescape(text) for text in pair]


@needs_public_data
def test_naughty_strings_survive_writing_reading_and_cleaning_byte_for_byte(tmp_path: Path) -> None:
    naughty = [text for text in json.loads((DATA / "bad-input" / "blns__blns.json").read_bytes()) if text]
    frame = frame_of([record(str(n), "请问", text) for n, text in enumerate(naughty)])
    form = Messages()
    path = tmp_path / "naughty.jsonl"
    write_jsonl(path, [form.write(Record.model_validate(row)) for row in frame.to_dicts()], lambda _: None)
    back = [form.read(row.fields or {}).turns[1].text for row in raw_rows(Input(path=str(path)), path).rows]
    assert [text.encode() for text in back] == [text.encode() for text in naughty]

    outcome = Clean().run(frame, TOOLS)
    touched = set(outcome.events["id"])
    assert len(touched) < len(naughty) / 4
    kept = {id: messages[1]["content"] for id, messages in outcome.kept.select("id", "messages").iter_rows()}
    assert all(kept[str(n)] == text for n, text in enumerate(naughty) if str(n) not in touched)

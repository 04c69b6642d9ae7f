"""Rows are put into the order in which they were said, wherever their times show it; what they leave open is told."""

from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.conversations.content_ids import ContentCounter
from curate.conversations.sessions import form_sessions
from curate.reading.input_reader import InputReader
from schemas.input import Choice, Input
from schemas.manifest import InputFile

Row = tuple[str, str, str, str]
HEADER = "sid,at,who,what"


def read(lines: list[Row], folder: Path, **options: object) -> tuple[set[tuple[str, str]], InputFile]:
    """Read rows of session, time, speaker and text out of a CSV file: the conversations with their ids, and what the
    manifest says of the file.
    """
    path = folder / "log.csv"
    path.write_text("\n".join([HEADER, *(",".join(line) for line in lines)]) + "\n", encoding="utf-8")
    format = Choice(name="turns", options={"session": "sid", "role": "who", "text": "what", "time": "at", **options})
    spec = Input(path="log.csv", format=format)
    reader = InputReader(spec, path)
    [chunk] = reader.chunks()
    records = form_sessions(chunk.turns, spec, reader.digest, ContentCounter()).records
    talks = {
        (record["id"], "/".join(message["content"] for message in record["messages"]))
        for record in records.iter_rows(named=True)
    }
    return talks, reader.facts()


def talk(session: str, start: str, step: int = 60, layout: str = "%Y-%m-%d %H:%M:%S") -> list[Row]:
    """Four messages, `step` seconds apart."""
    begin = datetime.fromisoformat(start)
    times = [(begin + timedelta(seconds=step * n)).strftime(layout) for n in range(4)]
    return [(session, time, ("user", "agent")[n % 2], f"{session}{n}") for n, time in enumerate(times)]


LAYOUTS = (
    "%Y-%m-%d %H:%M:%S",
    "%m/%d/%Y %I:%M:%S %p",
    "%d.%m.%Y %H:%M:%S",
    "%Y年%m月%d日 %H时%M分%S秒",
    "%b %d %Y %I:%M:%S %p",
)


@settings(deadline=None, max_examples=60)
@given(st.data(), st.sampled_from(LAYOUTS), st.datetimes(datetime(2020, 1, 13), datetime(2030, 1, 1)))
def test_rows_in_any_order_give_the_same_conversations(data: st.DataObject, layout: str, start: datetime) -> None:
    rows = [
        row
        for n, hours in enumerate(data.draw(st.lists(st.integers(1, 700), min_size=1, max_size=3)))
        for row in talk(f"s{n}", (start + timedelta(days=n)).isoformat(), 30 * hours, layout)
    ]
    rows.append(("z", datetime(2024, 3, 25, 12).strftime(layout), "user", "proof of what comes first"))
    shuffled = data.draw(st.permutations(rows))
    with TemporaryDirectory() as folder:
        assert read(rows, Path(folder))[0] == read(shuffled, Path(folder))[0]


def test_ties_of_a_file_that_runs_backwards_are_turned_round(tmp_path: Path) -> None:
    rows = talk("a", "2024-03-05 10:00", 40, "%Y-%m-%d %H:%M") + talk("b", "2024-03-06 10:00", 20, "%Y-%m-%d %H:%M")
    forwards, _ = read(rows, tmp_path)
    backwards, facts = read(rows[::-1], tmp_path)
    assert forwards == backwards
    assert "newest row to the oldest" in " ".join(note.en for note in facts.notes)


def test_ties_of_a_file_in_no_order_are_told(tmp_path: Path) -> None:
    rows = talk("a", "2024-03-05 10:00", 20, "%Y-%m-%d %H:%M") + talk("b", "2024-03-06 10:00")
    _, facts = read([rows[0], rows[3], *rows[1:3], *rows[:3:-1]], tmp_path)
    assert facts.notes[0].en.startswith("3 messages have the same time")
    _, facts = read(rows, tmp_path)
    assert not facts.notes


def test_a_row_without_a_time_keeps_its_place(tmp_path: Path) -> None:
    rows = talk("a", "2024-03-05 10:00") + talk("b", "2024-03-06 10:00")
    broken = [(sid, "--" if n == 1 else at, who, what) for n, (sid, at, who, what) in enumerate(rows)]
    for lines in (broken, broken[::-1]):
        talks, facts = read(lines, tmp_path)
        assert {text for _, text in talks} == {"a0/a1/a2/a3", "b0/b1/b2/b3"}
        assert "1 rows without a readable time keep their place" in " ".join(note.en for note in facts.notes)
        assert facts.bad == 0


def test_a_session_in_no_order_with_a_row_without_a_time_is_refused(tmp_path: Path) -> None:
    rows = talk("a", "2024-03-05 10:00") + talk("b", "2024-03-06 10:00")
    broken = [(sid, "--" if n == 1 else at, who, what) for n, (sid, at, who, what) in enumerate(rows)]
    talks, facts = read([broken[2], broken[1], broken[3], broken[0], *broken[4:]], tmp_path)
    assert {text for _, text in talks} == {"b0/b1/b2/b3"}
    assert facts.bad == 4


def test_nobody_is_told_of_an_order_that_is_plain(tmp_path: Path) -> None:
    _, facts = read(talk("a", "2024-03-05 10:00"), tmp_path)
    assert "notes" not in facts.model_dump()


@pytest.mark.parametrize("at", ["12", "9"])
def test_the_months_of_a_recipe_go_first(tmp_path: Path, at: str) -> None:
    rows = [("a", f"{at}/1/2024 10:00", "user", "q"), ("a", f"{at}/2/2024 10:00", "agent", "r"),
            ("b", "2/1/2024 10:00", "user", "q"), ("b", "1/2/2024 10:00", "agent", "r")]  # fmt: skip
    talks, _ = read(rows, tmp_path, time={"column": "at", "order": "dmy"})
    assert {text for _, text in talks} == {"q/r"}

"""Parquet is read as the JSON of the same rows would be, and what is none is one sentence."""

import datetime
import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import curate.reading.readers.parquet
from curate.inspect.inspect import inspect_file
from curate.reading.raw_rows import raw_rows
from curate.reading.readers.parquet import Parquet
from schemas.bilingual import Bilingual
from schemas.errors import InputError
from schemas.input import Input

TALK = [{"role": "user", "content": "能退吗"}, {"role": "assistant", "content": "可以"}]


def parquet(columns: dict[str, Any]) -> bytes:
    file = io.BytesIO()
    pl.DataFrame(columns).write_parquet(file)
    return file.getvalue()


def values(column: Any) -> list[Any]:
    return [row.fields["a"] for row in Parquet().rows(parquet({"a": column})) if row.fields]


UTC = datetime.UTC
VALUES: list[Any] = [
    pytest.param([1, None, 12345678901234567], ["1", None, "12345678901234567"], id="integers"),
    pytest.param(pl.Series([2**64 - 1], dtype=pl.UInt64), ["18446744073709551615"], id="a large one"),
    pytest.param([1.5, 0.1, float("nan")], ["1.5", "0.1", None], id="numbers"),
    pytest.param([Decimal("12.50")], ["12.50"], id="an amount"),
    pytest.param([True, False, None], [True, False, None], id="truths"),
    pytest.param([datetime.date(2026, 3, 5)], ["2026-03-05"], id="a date"),
    pytest.param([datetime.datetime(2026, 3, 5, 9, 10, 1)], ["2026-03-05 09:10:01"], id="a moment"),
    pytest.param([datetime.datetime(2026, 3, 5, 9, tzinfo=UTC)], ["2026-03-05 09:00:00+00:00"], id="in a zone"),
    pytest.param([datetime.time(9, 10)], ["09:10:00"], id="a clock"),
    pytest.param(pl.Series(["客户", "客服"], dtype=pl.Categorical), ["客户", "客服"], id="categories"),
    pytest.param(["您好".encode()], ["您好"], id="text as bytes"),
    pytest.param([TALK, None, []], [TALK, None, []], id="messages"),
    pytest.param([{"x": [1.0, 2.5]}], [{"x": ["1.0", "2.5"]}], id="a struct"),
    pytest.param(["007", "\n", "1e5"], ["007", "\n", "1e5"], id="texts"),
]


@pytest.mark.parametrize(("column", "expected"), VALUES)
def test_values_are_those_of_json(column: Any, expected: list[Any]) -> None:
    assert values(column) == expected


def test_bytes_that_are_no_text_are_empty_and_noted() -> None:
    notes: list[Bilingual] = []
    rows = list(Parquet().rows(parquet({"image": [b"\xff\xd8\xff", b"\x89PNG\xff"], "n": [1, 2]}), notes.append))
    assert [row.fields for row in rows] == [{"image": None, "n": "1"}, {"image": None, "n": "2"}]
    assert [note.en for note in notes] == ["`image` holds no text in 2 rows, read as empty"]


def test_rows_are_numbered_over_all_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(curate.reading.readers.parquet, "SLICE", 2)
    rows = list(Parquet().rows(parquet({"a": [str(n) for n in range(5)]})))
    assert [(row.number, row.fields) for row in rows] == [(n + 1, {"a": str(n)}) for n in range(5)]


def test_a_last_message_that_speaks_of_totals_is_a_message(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(parquet({"a": ["x", "合计"], "b": ["1", "8"]}))
    rows = list(raw_rows(Input(path="a.parquet"), tmp_path / "a.parquet").rows)
    assert [row.fault for row in rows] == [None, None]


@pytest.mark.parametrize("name", ["a.parquet", "a.csv", "a.jsonl", "a.txt", "a.xlsx", "a.bin"])
def test_it_is_read_under_any_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(parquet({"messages": [TALK, TALK]}))
    raw = raw_rows(Input(path=name), tmp_path / name)
    assert (raw.reader, [row.fields for row in raw.rows]) == ("parquet", [{"messages": TALK}] * 2)


@pytest.mark.parametrize("text", ["PAR1,PAR2\nx,y\n", "PAR1\nx\n", "PAR1"])
def test_a_text_that_begins_with_its_name_is_a_text(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    assert raw_rows(Input(path="a.csv"), tmp_path / "a.csv").reader == "csv"


@pytest.mark.parametrize("content", [b"id,text\n1,x\n", b"PK\x03\x04", json.dumps({"messages": TALK}).encode()])
def test_another_file_under_its_name_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.parquet").write_bytes(content)
    with pytest.raises(InputError, match="called Parquet, but it is none"):
        raw_rows(Input(path="a.parquet"), tmp_path / "a.parquet")


@pytest.mark.parametrize("cut", [5, 40, -1, -9])
def test_a_file_that_is_cut_off_is_one_sentence(tmp_path: Path, cut: int) -> None:
    (tmp_path / "a.parquet").write_bytes(parquet({"messages": [TALK] * 9})[:cut])
    findings = inspect_file(tmp_path / "a.parquet")
    assert "cannot be read as Parquet" in str(findings.problem)


def test_a_damaged_file_is_one_sentence_or_rows() -> None:
    whole = parquet({"a": [f"text {n}" for n in range(50)], "messages": [TALK] * 50})
    for offset in range(4, len(whole), max(1, len(whole) // 60)):
        broken = bytearray(whole)
        broken[offset] ^= 0xFF
        try:
            list(Parquet().rows(bytes(broken)))
        except InputError as error:
            assert "Parquet" in str(error) or "unpacks" in str(error)


def test_a_file_that_unpacks_to_too_much_is_refused() -> None:
    content = parquet({"a": ["x" * 10_000] * 100_001})
    assert len(content) < 100_000
    with pytest.raises(InputError, match="unpacks to more than"):
        list(Parquet().rows(content))


def test_messages_with_keys_of_their_own_are_found(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    talks = [
        [
            {"sender": {"kind": "visitor"}, "body": f"能退{n}吗"},
            {"sender": {"kind": "operator"}, "body": f"可以，{n}天"},
        ]
        for n in range(20)
    ]
    path.write_bytes(parquet({"id": list(range(20)), "lines": talks}))
    findings = inspect_file(path)
    assert findings.contents
    assert (findings.contents.conversations, findings.contents.refused) == (20, 0)
    assert findings.spec.reader
    assert findings.spec.reader.name == "parquet"

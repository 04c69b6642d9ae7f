"""Whatever bytes a file holds, reading them ends: in rows with reasons, or in one sentence. Never a crash or a hang."""

import gzip
import io
import json
import random
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curate.conversations.content_ids import ContentCounter
from curate.conversations.sessions import form_sessions
from curate.reading.input_reader import InputReader
from curate.reading.raw_rows import READERS
from curate.reading.readers._json import InvalidJsonError, parse, rows_of_lines
from schemas.errors import InputError
from schemas.formats import Format, UnreadableError
from schemas.formats.pairs import Pairs
from schemas.input import Input
from tests.curate.inputs import read_input
from tests.curate.reading.readers.test_readers import workbook


def parquet(columns: dict[str, list[object]]) -> bytes:
    file = io.BytesIO()
    pl.DataFrame(columns).write_parquet(file)
    return file.getvalue()


SEEDS: dict[str, bytes] = {
    "console": (
        " id | 问题       | 答案 \n----+------------+------\n"
        "  1 | 能退货吗  +| 可以\n    | 急         | \n  2 | 发货了吗   | 发了\n(2 rows)\n"
    ).encode(),
    "parquet": parquet({"question": ["能退吗", "在吗"], "answer": ["能", "在"], "n": [[{"x": 1.5}], []]}),
    "csv": '问题,答案\n"能退货吗\n急","可以，""七天"" 内"\n发货了吗,发了\n'.encode(),
    "json": '[{"question": "在吗", "answer": "在"}, {"question": "1", "answer": 2.5e3}]'.encode(),
    "jsonl": '{"messages": [{"role": "user", "content": "在吗"}, {"role": "客服", "content": "在"}]}\n'.encode() * 3,
    "text": "用户：在吗 客服：在的\n\tCustomer:\thi\n\tAgent:\thello\n问：能退吗？答：能。\n".encode(),
    "xml": '<?xml version="1.0"?><log><m id="1"><text>用户：在吗 客服：在</text></m><m id="2"/></log>'.encode(),
    "html": '<table id="t"><tr><th>问题<th>答案<tr><td rowspan=2>在吗<td>在<br>的<tr><td>x</table>'.encode(),
    "spreadsheet_xml": (
        '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="a"><Table><Row><Cell><Data '
        'ss:Type="String">question</Data></Cell><Cell ss:Index="2"><Data ss:Type="String">answer</Data></Cell></Row>'
        '<Row><Cell ss:MergeDown="1"><Data ss:Type="String">能退吗</Data></Cell><Cell><Data ss:Type="Number">1.5</Data>'
        "</Cell></Row></Table></Worksheet></Workbook>"
    ).encode(),
    "xlsx": workbook([["question", "answer"], ["能退吗", "能"], [1.5, "x"]], merged="A2:A3"),
}
MARKS = [b'"', b"\n", b"\r", b"\0", b"<", b">", b"{", b"[", b"\\", b",", b"\t", b"\xef\xbb\xbf", b"\xff\xfe", b"\x80",
         b"]]>", b"&", b"\\ud800", b"PK\x03\x04", b"\x1f\x8b", "：".encode(), "客服".encode("gbk")]  # fmt: skip
WRAPS: dict[str, Callable[[bytes], bytes]] = {
    "": lambda content: content,
    ".gz": lambda content: gzip.compress(content, 1),
    ".zst": zstandard.compress,
    ".zip": lambda content: zipped(content),
}
PATIENCE = 5
"""Seconds of work that one small file may take."""
SUPPRESSED = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]


def zipped(content: bytes) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("member", content)
    return whole.getvalue()


def broken(seed: bytes, chance: random.Random) -> bytes:
    """The seed with a few bytes lost, doubled, moved, or replaced by what readers stumble over."""
    content = bytearray(seed)
    for _ in range(chance.randint(1, 6)):
        start = chance.randint(0, len(content))
        end = min(len(content), start + chance.choice((0, 1, 2, 9, 40)))
        patch = chance.choice((b"", chance.choice(MARKS), bytes(content[start:end]) * 2, chance.randbytes(3)))
        content[start:end] = patch
    return bytes(content)


def check(name: str, content: bytes, reader: str, folder: Path) -> None:
    """The file reads, with each of its rows in a chunk, or is refused."""
    path = folder / name
    path.write_bytes(content)
    spec = Input.model_validate({"path": name, "reader": reader})
    begin = time.process_time()
    try:
        reading = InputReader(spec, path)
        rows = 0
        for chunk in reading.chunks():
            sessions = form_sessions(chunk.turns, spec, "d", ContentCounter())
            numbers = set(chunk.events["row"]) | set(sessions.events["row"])
            assert len(numbers) == chunk.rows
            rows += chunk.rows
        assert reading.facts().rows == rows
    except InputError as error:
        assert str(error).startswith(name)
        assert "\n" not in str(error)
    assert time.process_time() - begin < PATIENCE


CHANCE = st.integers(0, 2**32).map(random.Random)


@pytest.mark.parametrize("wrap", WRAPS)
@pytest.mark.parametrize("reader", SEEDS)
@settings(max_examples=60, suppress_health_check=SUPPRESSED)
@given(chance=CHANCE)
def test_a_broken_file_is_read_or_refused(tmp_path: Path, reader: str, wrap: str, chance: random.Random) -> None:
    content = WRAPS[wrap](broken(SEEDS[reader], chance))
    check(f"a{wrap}" if wrap == ".zip" else f"a.x{wrap}", content, reader, tmp_path)


@pytest.mark.parametrize("wrap", [".gz", ".zst", ".zip"])
@settings(max_examples=100, suppress_health_check=SUPPRESSED)
@given(chance=CHANCE)
def test_a_broken_archive_is_read_or_refused(tmp_path: Path, wrap: str, chance: random.Random) -> None:
    content = broken(WRAPS[wrap](SEEDS["jsonl"]), chance)
    check(f"a{wrap}" if wrap == ".zip" else f"a.x{wrap}", content, "jsonl", tmp_path)


@settings(max_examples=150, suppress_health_check=SUPPRESSED)
@given(chance=CHANCE)
def test_a_workbook_with_broken_parts_is_read_or_refused(tmp_path: Path, chance: random.Random) -> None:
    whole = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(SEEDS["xlsx"])) as given, zipfile.ZipFile(whole, "w") as archive:
        part = chance.choice(given.namelist())
        for name in given.namelist():
            archive.writestr(name, broken(given.read(name), chance) if name == part else given.read(name))
    check("a.xlsx", whole.getvalue(), "xlsx", tmp_path)


@pytest.mark.parametrize("reader", READERS.names())
@settings(max_examples=100, suppress_health_check=SUPPRESSED)
@given(content=st.binary(max_size=300) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
def test_any_bytes_are_read_or_refused(tmp_path: Path, reader: str, content: bytes) -> None:
    check("a.x", content, reader, tmp_path)


def test_every_reader_has_a_seed() -> None:
    assert set(SEEDS) == set(READERS.names())


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(JSON)
def test_strict_json_says_what_the_standard_library_says(value: object) -> None:
    text = json.dumps(value, ensure_ascii=False)
    try:
        found = parse(text)
    except InvalidJsonError:
        assert any(0xD800 <= ord(character) < 0xE000 for character in text)
        return
    assert found == json.loads(text, parse_int=str, parse_float=str)


VALUES = st.text("ab 您\n\u3000", max_size=4) | st.none() | st.integers(0, 3) | st.just("") | st.booleans()
FIELDS = st.dictionaries(st.sampled_from(["question", "answer", "prompt", "response"]), VALUES, max_size=4)


@pytest.mark.parametrize("options", [{}, {"question": "question", "answer": "answer"}, {"question": ["prompt"]}])
@settings(max_examples=150, suppress_health_check=SUPPRESSED)
@given(rows=st.lists(FIELDS, max_size=12))
def test_the_short_way_of_pairs_is_the_long_way(
    tmp_path: Path, options: dict[str, object], rows: list[dict[str, object]]
) -> None:
    content = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows) + '{"question": "q", "answer": "a"}\n'
    (tmp_path / "a.jsonl").write_text(content, encoding="utf-8")
    layout: Format = Pairs.model_validate(options)
    expected, reasons = [], {}
    for row in rows_of_lines(iter((content,))):
        try:
            turns = layout.read(row.fields or {}).turns
        except UnreadableError as error:
            reasons[row.number] = str(error)
        else:
            if not any(turn.text.strip() for turn in turns):
                reasons[row.number] = "empty_row"
                continue
            expected += [(row.number, None, turn.role, turn.text) for turn in turns]
    spec = Input.model_validate({"path": "a.jsonl", "format": {"pairs": options}})
    try:
        intake = read_input(spec, tmp_path / "a.jsonl")
    except InputError:
        assert not expected
        return
    assert intake.turns.rows() == expected
    assert dict(intake.events.select("row", "reason").iter_rows()) == reasons


def test_an_archive_whose_member_has_no_name_is_refused(tmp_path: Path) -> None:
    """Poisoned: a name ends at its first NUL."""
    content = WRAPS[".zip"](SEEDS["jsonl"])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        name = archive.namelist()[0].encode()
    broken_names = content.replace(name, b"\0" + name[1:])
    (tmp_path / "a.zip").write_bytes(broken_names)
    with pytest.raises(InputError):
        InputReader(Input.model_validate({"path": "a.zip", "reader": "jsonl"}), tmp_path / "a.zip")
    check("a.zip", broken_names, "jsonl", tmp_path)

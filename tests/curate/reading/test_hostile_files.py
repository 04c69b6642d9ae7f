"""What is made to fill the memory ends in one sentence, within bounded memory, in a process of its own."""

import gzip
import io
import json
import os
import re
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
import zstandard

from tests.curate.reading.readers.test_readers import workbook

ROOT = Path(__file__).resolve().parents[3]
MEGABYTE = 1 << 20
READ = """
import sys
from pathlib import Path
from curate.reading.input_reader import InputReader
from schemas.errors import InputError
from schemas.input import Input
path, message = Path(sys.argv[1]), "read"
try:
    for chunk in InputReader(Input(path=path.name), path).chunks():
        pass
except InputError as error:
    message = str(error)
peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(int(peak.split()[1]) // 1024)
print(message)
"""


class End(NamedTuple):
    """How the reading of a file ended: the most MiB that the process held, and the sentence."""

    memory: int
    message: str


def reading(path: Path) -> End:
    ended = subprocess.run(
        [sys.executable, "-c", READ, str(path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert ended.returncode == 0, ended.stderr[-2000:]
    memory, message = ended.stdout.rstrip("\n").split("\n")  # one line: one sentence
    return End(int(memory), message)


def write(path: Path, piece: bytes, times: int, start: bytes = b"", end: bytes = b"") -> Path:
    with path.open("wb") as file:
        file.write(start)
        for _ in range(times):
            file.write(piece)
        file.write(end)
    return path


def gzip_bomb(folder: Path) -> Path:
    path = folder / "bomb.csv.gz"
    with gzip.open(path, "wb", 9) as file:
        for _ in range(300):
            file.write(b"question,answer\n" * (MEGABYTE // 16))
    return path


def zstandard_bomb(folder: Path) -> Path:
    path = folder / "bomb.jsonl.zst"
    with path.open("wb") as raw, zstandard.ZstdCompressor(level=3).stream_writer(raw) as file:
        for _ in range(1024):
            file.write(b'{"a": "b"}\n   ' * (MEGABYTE // 14))
    return path


def zip_bomb(folder: Path) -> Path:
    path = folder / "bomb.zip"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file,
        file.open("log.csv", "w", force_zip64=True) as member,
    ):
        for _ in range(300):
            member.write(b"q,a\n" * (MEGABYTE // 4))
    return path


def lying_zip(folder: Path) -> Path:
    """A member that says it unpacks to a hundred bytes."""
    content = bytearray(zip_bomb(folder).read_bytes())
    directory = content.rindex(b"PK\x01\x02")
    content[directory + 24 : directory + 28] = struct.pack("<I", 100)
    path = folder / "lying.zip"
    path.write_bytes(content)
    return path


def padded_workbook(name: str, text: str, times: int) -> Callable[[Path], Path]:
    """A workbook with a huge part."""

    def make(folder: Path) -> Path:
        path = folder / "bomb.xlsx"
        whole = io.BytesIO(workbook([["question", "answer"], ["q", "a"]]))
        with zipfile.ZipFile(whole) as given, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
            for member in given.namelist():
                if member != name:
                    file.writestr(member, given.read(member))
            with file.open(name, "w", force_zip64=True) as part:
                for _ in range(times):
                    part.write(text.encode())
        return path

    return make


def far_cells(folder: Path) -> Path:
    path = folder / "far.xlsx"
    path.write_bytes(workbook([["a"]], more='<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'))
    return path


def unplaced_cells(folder: Path) -> Path:
    """A sheet whose cells do not say where they stand, so that only their number tells how many there are."""
    path = folder / "many.xlsx"
    path.write_bytes(workbook([["a"]], more=("<row>" + "<c><v>1</v></c>" * 16_000 + "</row>") * 1_300))
    return path


HOSTILE = [
    pytest.param(gzip_bomb, "unpacks to more than", 300, id="gzip bomb"),
    pytest.param(zstandard_bomb, "unpacks to more than", 300, id="zstandard bomb"),
    pytest.param(zip_bomb, "unpacks to more than", 300, id="zip bomb"),
    pytest.param(lying_zip, "(unpacks to more than|cannot be read or unpacked)", 300, id="zip that lies of its size"),
    pytest.param(padded_workbook("xl/worksheets/sheet1.xml", " " * MEGABYTE, 1100), "unpacks to 1153", 300,
                 id="xlsx bomb"),
    pytest.param(padded_workbook("xl/media/picture.png", "0" * MEGABYTE, 1100), "unpacks to 1153", 300,
                 id="xlsx bomb beside the sheet"),
    pytest.param(far_cells, "spans 1048576 rows", 100, id="a cell in the last corner"),
    pytest.param(unplaced_cells, "spans [0-9]+ rows and 16000 columns", 100, id="cells without an address",
                 marks=pytest.mark.slow),
    pytest.param(lambda d: write(d / "a.csv", b"x" * MEGABYTE, 1024, b"question,answer\n"),
                 "one line is longer than", 400, id="a line of 1 GB in a CSV"),
    pytest.param(lambda d: write(d / "a.jsonl", b"x" * MEGABYTE, 1024, b'{"question": "', b'"}\n'),
                 "one line is longer than", 400, id="a line of 1 GB in JSON Lines"),
    pytest.param(lambda d: write(d / "a.json", b"x" * MEGABYTE, 1024, b'[{"question": "', b'"}]\n'),
                 "one line is longer than 512 MiB", 800, id="a line of 1 GB in JSON"),
    pytest.param(lambda d: write(d / "a.txt", "用户：在吗".encode() * 70_000, 1024), "one line is longer than", 400,
                 id="a line of 1 GB in a chat"),
    pytest.param(lambda d: write(d / "a.txt", "用户：在吗".encode("utf-16-le") * 50_000, 1024, b"\xff\xfe"),
                 "one line is longer than", 600, id="a line of 1 GB in UTF-16"),
    pytest.param(lambda d: write(d / "a.xml", b"x" * MEGABYTE, 1024, b"<a><b>", b"</b></a>"),
                 "one line is longer than", 400, id="a line of 1 GB in XML"),
    pytest.param(lambda d: write(d / "a.html", b"x" * MEGABYTE, 1024, b"<table><tr><td>"),
                 "one line is longer than 512 MiB", 800,
                 id="a page of 1 GB"),
    pytest.param(lambda d: write(d / "a.csv", b"column,", 1_000_000, b"", b"\n" + b"1," * 1_000_000 + b"\n"),
                 "1000001 columns", 600, id="a million columns"),
    pytest.param(lambda d: write(d / "a.jsonl", json.dumps({str(n): "x" for n in range(1_000_000)}).encode(), 1),
                 "which columns hold the conversation", 600, id="a million keys"),
    pytest.param(lambda d: write(d / "a.json", b"[", 10_000_000), "not valid JSON", 400, id="ten million brackets"),
    pytest.param(lambda d: write(d / "a.xml", b"<a>", 10_000_000), "nested too deeply", 300, id="ten million tags"),
    pytest.param(
        lambda d: write(d / "a.xml", b"", 0, b'<!DOCTYPE a [<!ENTITY b "'
                        + b"c" * 999 + b'"><!ENTITY d "' + b"&b;" * 999 + b'">]><a><r>&d;&d;</r></a>'),
        "declares entities of its own", 100, id="entities in entities"),
    pytest.param(lambda d: write(d / "a.html", b'<td colspan="999999999" rowspan="999999999">x', 3_000,
                                 b"<table><tr>", b"<tr><td>y</table>"), "[0-9]+ columns", 600,
                 id="cells over all the page"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "message", "memory"), HOSTILE)
def test_a_hostile_file_ends_in_one_sentence(
    tmp_path: Path, make: Callable[[Path], Path], message: str, memory: int
) -> None:
    path = make(tmp_path)
    ended = reading(path)
    for left in tmp_path.iterdir():
        left.unlink()
    print(ended.memory, ended.message[:150])
    assert re.search(message, ended.message), ended
    assert ended.message.startswith(path.name)
    assert ended.memory <= memory


def test_a_large_file_that_is_sound_is_read_block_by_block(tmp_path: Path) -> None:
    row = json.dumps({"question": "我的订单什么时候发货" * 5, "answer": "您好，三天内发货" * 5}, ensure_ascii=False)
    path = write(tmp_path / "log.jsonl", (row + "\n").encode() * 1000, 500)
    ended = reading(path)
    assert ended.message == "read"
    assert ended.memory < 500

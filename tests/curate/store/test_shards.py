"""Shards are plain JSON lines whose bytes depend on nothing but the records."""

import hashlib
import json
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.store.shards import BLOCK, read_fields, read_jsonl, record_lines, write_jsonl, write_shards
from schemas.digest import SIZE, canonical, digest_bytes
from schemas.frame import SCHEMA, frame_of

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
RECORDS = st.builds(
    lambda text, texts, rows, parent: {
        "id": text, "messages": [{"role": "user", "content": t} for t in texts], "kind": "domain", "lang": text,
        "source": {"file": text, "digest": "d", "rows": rows}, "parent": parent, "group": text, "tags": texts,
    },
    TEXTS, st.lists(TEXTS, max_size=3), st.lists(st.integers(0, 2**63 - 1), max_size=3), st.none() | TEXTS,
)  # fmt: skip


@given(st.lists(RECORDS, max_size=5))
def test_every_line_is_the_canonical_form_of_its_record(records: list[dict]) -> None:
    assert record_lines(frame_of(records)) == "".join(f"{canonical(r)}\n" for r in records).encode()


@pytest.mark.parametrize(
    "text", [*map(chr, range(0x20)), "\x7f", "\x85\u2028\u2029", '"\\/', "</script>", "\ufffe\uffff", "😀\u200d", ""]
)
def test_what_json_escapes_is_escaped_as_ever(text: str) -> None:
    record = {
        "id": text, "messages": [{"role": "user", "content": text}], "kind": "domain", "lang": "zh",
        "source": {"file": text, "digest": "d", "rows": [1]}, "parent": None, "group": "g", "tags": [text],
    }  # fmt: skip
    lines = record_lines(frame_of([record]))
    assert lines == f"{canonical(record)}\n".encode()
    assert json.loads(lines) == record
    assert lines.count(b"\n") == 1


@pytest.mark.parametrize(("rows", "sizes"), [(10, [10]), (3, [3, 3, 3, 1]), (5, [5, 5]), (100, [10]), (1, [1] * 10)])
def test_the_lines_are_the_same_wherever_a_shard_ends(tmp_path: Path, rows: int, sizes: list[int]) -> None:
    records = [
        {
            "id": f"{n}", "messages": [{"role": "user", "content": "问"}], "kind": "domain", "lang": "zh",
            "source": {"file": "f", "digest": "d", "rows": [n]}, "parent": None, "group": "g", "tags": [],
        }
        for n in range(10)
    ]  # fmt: skip
    heard = hashlib.blake2b(digest_size=SIZE)
    pieces = [frame_of(records[:4]), frame_of(records[4:5]), frame_of([]), frame_of(records[5:])]
    shards = write_shards(tmp_path, "train", pieces, heard.update, rows)
    assert [shard.rows for shard in shards] == sizes
    whole = b"".join((tmp_path / shard.name).read_bytes() for shard in shards)
    assert whole == record_lines(frame_of(records))
    assert heard.hexdigest() == digest_bytes(whole)
    assert [digest_bytes((tmp_path / s.name).read_bytes()) for s in shards] == [s.digest for s in shards]


def test_no_records_make_one_empty_shard(tmp_path: Path) -> None:
    shards = write_shards(tmp_path, "train", [pl.DataFrame(schema=SCHEMA)], lambda _: None)
    assert [(shard.name, shard.rows, shard.bytes) for shard in shards] == [("train-00000.jsonl", 0, 0)]


def test_fields_are_read_block_by_block_wherever_a_block_ends(tmp_path: Path) -> None:
    texts = ['\u2028\x85\r\n"\\ 😀', "退" * (BLOCK // 3), "x" * (BLOCK + 1), "", "{}"]
    values = [{"id": str(n), "messages": [{"role": "user", "content": text}], "n": n} for n, text in enumerate(texts)]
    path = tmp_path / "train-00000.jsonl"
    write_jsonl(path, values, len)
    fields = pl.Schema({name: SCHEMA[name] for name in ("id", "messages")})
    blocks = list(read_fields(path, fields))
    assert len(blocks) > 1
    assert pl.concat(blocks).to_dicts() == [{name: value[name] for name in fields} for value in read_jsonl(path)]


def test_a_file_without_lines_has_no_block(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").touch()
    assert list(read_fields(tmp_path / "empty.jsonl", SCHEMA)) == []

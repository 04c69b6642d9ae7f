"""Rows that cannot be read are kept, byte by byte, and too many of them stop the build."""

import base64
import json
import stat
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from curate.build.build import build
from curate.reading.input_reader import InputReader
from curate.recipe.load import load_recipe
from curate.store.quarantine import MaxBad, Quarantine
from curate.store.store import Store
from schemas.errors import GateError, InputError
from schemas.input import Input

GOOD = '{{"question": "第{n}个订单什么时候发货", "answer": "您好，第{n}单三天内发货"}}\n'
RECIPE = "version: 1\nname: shop\ninputs:\n  - path: log.jsonl\nstages: [clean, mask]\n"


def kept(folder: Path, name: str, content: bytes, **spec: Any) -> list[dict[str, Any]]:
    """What a file leaves in quarantine."""
    (folder / name).write_bytes(content)
    rows: list[dict[str, Any]] = []

    def keep(row: int, reason: str, raw: bytes, encoding: str) -> None:
        rows.append({"row": row, "reason": reason, "bytes": raw, "encoding": encoding})

    for _ in InputReader(Input(path=name, **spec), folder / name, keep).chunks():
        pass
    return rows


class Case(NamedTuple):
    name: str
    content: str
    spec: dict[str, Any]
    expected: list[tuple[int, str, str]]


BAD = [
    pytest.param(Case("a.jsonl", '{"question": "q", "answer": "a"}\n{"quest\n\n[1]\n', {},
                 [(2, "invalid_json", '{"quest'), (4, "not_an_object", "[1]")]), id="jsonl"),
    pytest.param(Case("a.csv", '问,答\n你好,在的\n少\n"x,\n好,行\n',
                 {"reader": {"csv": {"quoted": True}}},
                 [(3, "wrong_cell_count", "少\n"), (4, "broken_quoting", '"x,\n')]), id="csv"),
    pytest.param(Case("a.txt", "用户：在吗\n客服没有冒号\n用户：在 客服：在\n", {"format": "chat_text"},
                 [(2, "no_speakers", "客服没有冒号")]), id="text"),
]  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("case", BAD)
def test_a_bad_row_is_kept_with_its_place_reason_and_bytes(tmp_path: Path, case: Case, encoding: str) -> None:
    raw = case.content.encode(encoding)
    named = encoding if encoding == "gb18030" else None  # too short a text to be sure of
    rows = kept(tmp_path, case.name, raw, encoding=named, **case.spec)
    assert [(row["row"], row["reason"], row["bytes"].decode(row["encoding"])) for row in rows] == case.expected
    assert all(row["bytes"] in raw for row in rows), "the bytes are those of the file"


def test_bytes_that_no_encoding_can_read_are_kept_as_they_are(tmp_path: Path) -> None:
    good = '{"question": "您好", "answer": "在的"}\n'.encode()
    broken = b'{"question": "\x81\x30\xff", "answer": "a"}'
    rows = kept(tmp_path, "a.jsonl", good + broken + b"\n" + good, line_encodings=("cp932",))
    assert [(row["row"], row["reason"], row["bytes"]) for row in rows] == [(2, "undecodable", broken)]


@pytest.mark.parametrize("text", ["", "x", "-1", "101%", "-1%", "2.5", "%", "１０x"])
def test_what_is_no_limit_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="--max-bad"):
        MaxBad.of(text)


@pytest.mark.parametrize(
    ("text", "bad", "rows", "stops"),
    [
        ("0", 0, 100, False),
        ("0", 1, 100, True),
        ("2", 2, 3, False),
        ("2", 3, 3, True),
        ("1%", 1, 100, False),
        ("1%", 1, 99, True),
        ("1%", 2, 100, True),
        ("0.5%", 1, 200, False),
        ("100%", 9, 9, False),
        (" 10 ％", 1, 10, False),
    ],
)
def test_the_limit_is_exact(text: str, bad: int, rows: int, stops: bool) -> None:
    limit = MaxBad.of(text)
    if not stops:
        limit.check(bad, rows, Path("quarantine"))
        return
    with pytest.raises(GateError, match=f"{bad} of {rows} rows"):
        limit.check(bad, rows, Path("quarantine"))


def shop(folder: Path, bad: int) -> Path:
    lines = [GOOD.format(n=n) for n in range(98)] + ['{"question": "13912345678\n'] * bad
    (folder / "log.jsonl").write_text("".join(lines), encoding="utf-8")
    (folder / "recipe.yaml").write_text(RECIPE, encoding="utf-8")
    return folder / "recipe.yaml"


def test_too_many_bad_rows_stop_the_build_and_stay_for_repair(tmp_path: Path) -> None:
    recipe, store = load_recipe(shop(tmp_path, bad=2)), Store(tmp_path / "out")
    with pytest.raises(GateError, match="2 of 100 rows could not be read, 1 may be") as caught:
        build(recipe, store)
    assert caught.value.exit_code == 1
    assert "13912345678" not in str(caught.value)
    assert store.versions("shop") == []
    path = store.quarantine("shop")
    assert str(path) in str(caught.value)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [(row["file"], row["row"], row["reason"]) for row in rows] == [
        ("log.jsonl", 99, "invalid_json"),
        ("log.jsonl", 100, "invalid_json"),
    ]
    assert base64.b64decode(rows[0]["bytes"]) == b'{"question": "13912345678'
    version = build(recipe, store, max_bad=MaxBad.of("2"))
    assert store.versions("shop") == [version.name]


def test_no_quarantined_row_is_in_a_version(tmp_path: Path) -> None:
    store = Store(tmp_path / "out")
    version = build(load_recipe(shop(tmp_path, bad=1)), store, max_bad=MaxBad.of("5%"))
    for path in version.iterdir():
        assert b"13912345678" not in path.read_bytes(), path.name
    assert len(list(Quarantine(store.quarantine("shop")).rows())) == 1


def test_an_older_quarantine_goes_when_all_rows_are_good(tmp_path: Path) -> None:
    store = Store(tmp_path / "out")
    build(load_recipe(shop(tmp_path, bad=1)), store, max_bad=MaxBad.of("5%"))
    build(load_recipe(shop(tmp_path, bad=0)), store)
    assert not store.quarantine("shop").exists()

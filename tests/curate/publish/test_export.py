"""What is exported reads back as the same content, is whole or not there, and carries its licences."""

import csv
import json
import os
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.build.build import build
from curate.publish.export import (
    EXPORT_FORMATS,
    content_digest,
    export_version,
    read_export,
    training_rows,
    write_and_compare,
)
from curate.publish.export_formats.csv import escaped, without_formula
from curate.recipe.load import load_recipe
from curate.store.read_version import read_manifest
from curate.store.store import Store
from curate.system.disk import lock_folder
from schemas.digest import digest_file
from schemas.errors import GateError, InputError, StoreError
from schemas.frame import SCHEMA, frame_of
from schemas.preferences import AnswerPair, preferences_frame
from tests.curate.build.test_build import write_inputs
from tests.curate.records import record
from tests.program import hornbook

RECORD_FORMATS = [name for name in EXPORT_FORMATS.names() if EXPORT_FORMATS.load(name).columns == SCHEMA]
"""All but those of pairs, of which tests/curate/preferences speaks."""
ODD = (
    "=1+1", "+86 区号", "-5 元", "@all", "\t缩进", "\r\n换行", "'=已转义", "''=两次", "'引号", "＝全角", "\ufeff有标记",
    '"双引号",逗号',
    "a\u2028b\u0085c", "007", "1e5", "NA", "null", "", " 空格 ", "😀", "line\nfeed", "true", "\\n", "{{x}}", "None",
)  # fmt: skip


def odd_records() -> pl.DataFrame:
    source = {"file": "log.csv", "digest": "d", "rows": [3, 4, 50]}
    rows = [record(f"{n:032x}", text, f"答{text}", group="g", source=source) for n, text in enumerate(ODD)]
    talk = [{"role": r, "content": f"{r}{n}"} for n in range(3) for r in ("user", "assistant")]
    system = {"role": "system", "content": "您是小喵"}
    rows.append(record("a" * 32, "", "", messages=talk, tags=["asks:name", "x,y"], kind="identity", lang="en"))
    rows.append(record("b" * 32, "", "", messages=[system, *talk], parent="a" * 32, group="=g"))
    return frame_of(rows).sort("id")


@pytest.fixture(scope="module")
def shop(shop_version: Path) -> Path:
    return shop_version


@pytest.mark.parametrize("name", RECORD_FORMATS)
def test_every_layout_reads_back_as_the_same_content(name: str, shop: Path, tmp_path: Path) -> None:
    written = export_version(shop, tmp_path / "out", name)
    manifest = read_manifest(shop)
    back = read_export(tmp_path / "out", name)
    assert back.height == manifest.train_rows == written["rows"]
    assert back.equals(training_rows(shop, manifest))
    assert content_digest(back) == written["content"] == digest_file(shop / "train-00000.jsonl")
    assert {"README.md", "LICENSE", "NOTICE", "croissant.json"} <= set(written["files"])


@pytest.mark.parametrize("name", RECORD_FORMATS)
def test_odd_texts_survive_every_layout(name: str, tmp_path: Path) -> None:
    records = odd_records()
    export_format = EXPORT_FORMATS.load(name)()
    path = tmp_path / f"train-00000{export_format.suffix}"
    export_format.write(records, path)
    assert export_format.read(path).equals(records)
    first = path.read_bytes()
    export_format.write(records.reverse(), path)
    assert path.read_bytes() == first


@pytest.mark.parametrize("name", RECORD_FORMATS)
def test_the_same_version_gives_the_same_bytes(name: str, shop: Path, tmp_path: Path) -> None:
    written = [export_version(shop, tmp_path / folder, name) for folder in ("one", "two")]
    for file in written[0]["files"]:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_an_escaped_cell_is_no_formula_and_comes_back(cell: str) -> None:
    assert without_formula(escaped(cell)) == cell
    assert escaped(cell)[:1] not in set("=+-@\t\r\n＝＋－＠")


def test_a_spreadsheet_for_people_has_a_mark_and_no_formula(tmp_path: Path) -> None:
    EXPORT_FORMATS.load("csv")().write(odd_records(), tmp_path / "train-00000.csv")
    content = (tmp_path / "train-00000.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(content.decode("utf-8-sig").splitlines(keepends=True)))
    assert not [cell for row in rows for cell in row if cell[:1] in set("=+-@\t\r＝＋－＠")]


@pytest.mark.parametrize(
    "messages",
    [
        [("user", "一"), ("user", "二"), ("assistant", "三")],
        [("system", ""), ("user", "一"), ("assistant", "二")],
        [("user", "一"), ("system", "二"), ("assistant", "三")],
    ],
)
def test_what_a_layout_cannot_hold_is_refused(messages: list[tuple[str, str]], tmp_path: Path) -> None:
    records = frame_of([record("a" * 32, "", "", messages=[{"role": r, "content": text} for r, text in messages])])
    with pytest.raises(GateError, match="1 conversations do not fit"):
        write_and_compare(EXPORT_FORMATS.load("alpaca")(), records, tmp_path / "train-00000.jsonl")
    for other in ("messages", "sharegpt", "parquet", "csv"):
        write_and_compare(EXPORT_FORMATS.load(other)(), records, tmp_path / "train-00000")


def test_a_folder_with_something_in_it_is_left_alone(shop: Path, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="there already"):
        export_version(shop, tmp_path / "full", "messages")
    assert [p.name for p in tmp_path.iterdir()] == ["full"]
    (tmp_path / "empty").mkdir()
    assert export_version(shop, tmp_path / "empty", "messages")["rows"]


def test_an_unknown_layout_is_told_with_what_was_meant(shop: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="alpaca"):
        export_version(shop, tmp_path / "out", "alpacca")


def test_a_damaged_version_is_not_exported(shop: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    for path in shop.iterdir():
        (copy / path.name).write_bytes(path.read_bytes())
    (copy / "train-00000.jsonl").write_bytes(b"{}\n")
    with pytest.raises(StoreError, match=r"train-00000\.jsonl"):
        export_version(copy, tmp_path / "out", "messages")


def test_a_source_that_may_not_be_sold_stops_the_build_and_the_export(tmp_path: Path) -> None:
    path = write_inputs(tmp_path)
    text = path.read_text(encoding="utf-8")
    bad = text.replace("kind: general", "kind: general\n    licence: CC-BY-NC-4.0")
    path.write_text(bad + "use: commercial\n", encoding="utf-8")
    with pytest.raises(GateError, match=r"general\.jsonl \(CC-BY-NC-4\.0\)"):
        build(load_recipe(path), Store(tmp_path))
    assert not (tmp_path / "datasets").exists()
    path.write_text(bad, encoding="utf-8")
    version = build(load_recipe(path), Store(tmp_path))
    with pytest.raises(GateError, match=r"general\.jsonl"):
        export_version(version, tmp_path / "out", "messages", "commercial")
    export_version(version, tmp_path / "out", "messages")
    assert "mind: no commercial use" in (tmp_path / "out" / "NOTICE").read_text(encoding="utf-8")


def test_the_factory_is_told_every_file_and_column(shop: Path, tmp_path: Path) -> None:
    for name, formatting, column in (("messages", "sharegpt", "messages"), ("sharegpt", "sharegpt", "conversations"),
                                     ("alpaca", "alpaca", "history"), ("parquet", "sharegpt", "messages")):  # fmt: skip
        export_version(shop, tmp_path / name, name)
        (entry,) = json.loads((tmp_path / name / "dataset_info.json").read_text(encoding="utf-8")).values()
        assert entry["formatting"] == formatting
        assert column in entry["columns"].values()
        assert (tmp_path / name / entry["file_name"]).is_file()


def test_a_format_of_pairs_does_not_take_training_rows(shop: Path, tmp_path: Path) -> None:
    with pytest.raises(GateError, match="no pair"):
        export_version(shop, tmp_path / "out", "dpo")
    assert list(tmp_path.iterdir()) == []


def test_odd_texts_survive_in_pairs(tmp_path: Path) -> None:
    fields = {"origin": "edit", "record": "a" * 32, "kind": "domain", "lang": "zh"}
    pairs = preferences_frame(
        AnswerPair.model_validate(
            {**fields, "prompt": [{"role": "user", "content": text}], "chosen": f"答{text}", "rejected": text}
        )
        for text in ODD
    )
    dpo, path = EXPORT_FORMATS.load("dpo")(), tmp_path / "train-00000.jsonl"
    write_and_compare(dpo, pairs, path)
    first = path.read_bytes()
    write_and_compare(dpo, pairs.reverse().sort("id"), path)
    assert path.read_bytes() == first and pairs.height == len(ODD)


def test_the_command_exports(shop: Path, tmp_path: Path) -> None:
    done = hornbook("export", str(shop), "--to", "out", "--format", "alpaca", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["layout"] == "alpaca"
    assert hornbook("export", str(shop), "--to", "out", cwd=tmp_path).returncode == 2


def test_what_a_killed_export_left_is_swept_by_the_next_to_the_same_place(shop: Path, tmp_path: Path) -> None:
    dead, living = tmp_path / ".out-exporting-1", tmp_path / ".out-exporting-2"
    others = [tmp_path / ".out-1", tmp_path / ".other-exporting-1", tmp_path / "out-exporting-1"]
    for folder in (dead, living, *others):
        folder.mkdir()
        (folder / "train-00000.jsonl").write_bytes(b"{}\n")
    handle = lock_folder(living)
    assert handle is not None
    export_version(shop, tmp_path / "out", "messages")
    assert not dead.exists()
    assert all((folder / "train-00000.jsonl").is_file() for folder in (living, *others))
    os.close(handle)
    export_version(shop, tmp_path / "again" / "out", "messages")
    assert sorted(path.name for path in (tmp_path / "again").iterdir()) == ["out"]

"""A row can be followed to the versions and runs that have it, and back, with every change shown."""

import gzip
import json
import zipfile
from pathlib import Path

import polars as pl
import pytest

from curate.build.build import build
from curate.history.replay import replay_changes
from curate.history.trace import find_text, life_of, whole_life
from curate.recipe.load import load_recipe
from curate.store.line_search import find_record, raw_lines, row_with, shard_with
from curate.store.read_version import read_manifest
from curate.store.store import Store
from tests.curate.build.test_build import EMAIL, MOBILE, RECIPE, lines, write_inputs
from tests.curate.reading.readers.test_readers import workbook

FIXED = {"clean", "mask"}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shop")
    write_inputs(folder)
    with (folder / "general.jsonl").open("a", encoding="utf-8") as file:
        pair = [
            {"role": "user", "content": "Ａny   ｎews?"},
            {"role": "assistant", "content": f"Write to {EMAIL} please."},
        ]
        file.write(json.dumps({"messages": pair}, ensure_ascii=False) + "\n")
    build(load_recipe(folder / "recipe.yaml"), Store(folder))
    return folder


def version(shop: Path) -> Path:
    return Store(shop).find("shop")


def test_a_row_leads_to_its_record_and_a_record_to_its_rows(shop: Path) -> None:
    life = life_of(version(shop), "chat.tsv:2")
    assert life["stage"].to_list()[0] == "session"
    assert life["stage"].to_list()[-1] == "end"
    [id] = life["id"].unique().to_list()
    assert life_of(version(shop), id[:12]).equals(life)
    assert set(life["row"].drop_nulls()) == {2, 3, 4}


@pytest.mark.parametrize("what", ["chat.tsv:99999", "other.tsv:2", "ffffffffffff", "no such words", "abc"])
def test_what_is_not_there_has_no_life(shop: Path, what: str) -> None:
    assert life_of(version(shop), what).is_empty()


def test_a_record_is_found_in_every_version_and_run_that_has_it(shop: Path) -> None:
    store = Store(shop)
    first = version(shop)
    record = lines(first, "train-00000.jsonl")[0]
    recipe = shop / "recipe.yaml"
    recipe.write_text(RECIPE.replace("negatives: 60", "negatives: 59"), encoding="utf-8")
    second = build(load_recipe(recipe), store)
    run = store.run("shop", first.name, "r1")
    run.mkdir(parents=True)
    (run / "train.json").write_text("{}", encoding="utf-8")
    life = whole_life(store, first, record["id"])
    assert life.final == record
    held = {h.version: (h.file, h.runs) for h in life.holders}
    assert held[first.name] == ("train-00000.jsonl", ("r1",))
    if second.name in held:
        assert held[second.name][1] == ()


def test_every_change_is_shown_and_what_was_masked_stays_hidden(shop: Path) -> None:
    life = life_of(version(shop), "general.jsonl:101")
    changes = replay_changes(version(shop), shop, (life["id"][0], "general.jsonl", [101]), FIXED)
    assert changes
    by_stage = {(c.stage, c.turn): "".join(f"[{w}{t}]" if w != "=" else t for w, t in c.edits) for c in changes}
    assert set(by_stage) == {("clean", 0), ("mask", 1)}
    assert "[-Ａ][+A]ny" in by_stage["clean", 0]
    assert EMAIL not in by_stage["mask", 1]
    assert "[EMAIL1]" in "".join(text for c in changes for what, text in c.edits if what != "-" and c.stage == "mask")


def test_a_stage_that_noted_no_change_need_not_run_to_show_those_of_others(shop: Path) -> None:
    life = life_of(version(shop), "general.jsonl:101")
    assert set(life.filter(pl.col("verdict") == "fixed")["stage"]) == FIXED
    record = (life["id"][0], "general.jsonl", [101])
    every = replay_changes(version(shop), shop, record, {*FIXED, "judge"})
    assert every == replay_changes(version(shop), shop, record, FIXED)
    assert replay_changes(version(shop), shop, record, {"clean"}) == [c for c in every or () if c.stage == "clean"]


def test_a_conversation_of_several_rows_is_made_again(shop: Path) -> None:
    planted = next(e for e in life_of(version(shop), "chat.tsv:182").iter_rows(named=True))
    changes = replay_changes(version(shop), shop, (planted["id"], "chat.tsv", [182, 183]), FIXED)
    assert changes
    assert {c.stage for c in changes} >= {"mask"}
    assert MOBILE not in "".join(text for c in changes for _, text in c.edits)


def test_without_the_raw_rows_nothing_is_guessed(shop: Path, tmp_path: Path) -> None:
    life = life_of(version(shop), "general.jsonl:101")
    assert replay_changes(version(shop), tmp_path, (life["id"][0], "general.jsonl", [101]), FIXED) is None
    (tmp_path / "general.jsonl").write_bytes((shop / "general.jsonl").read_bytes().replace(b"please", b"now"))
    assert replay_changes(version(shop), tmp_path, (life["id"][0], "general.jsonl", [101]), FIXED) is None


@pytest.mark.parametrize("typed", ["chat.tsv", "./chat.tsv", "raw/chat.tsv", "/home/anna/raw/chat.tsv", "at.tsv"])
def test_a_file_is_known_by_the_path_that_was_typed(shop: Path, typed: str) -> None:
    assert life_of(version(shop), f"{typed}:2").equals(life_of(version(shop), "chat.tsv:2"))


@pytest.mark.parametrize("typed", ["wechat.tsv", "chat.tsv/other", "chat"])
def test_another_file_is_not_taken_for_it(shop: Path, typed: str) -> None:
    assert life_of(version(shop), f"{typed}:2").is_empty()


def test_an_event_of_a_row_names_the_digest_of_its_file(shop: Path) -> None:
    ledger = pl.read_parquet(version(shop) / "ledger.parquet")
    named = ledger.filter(pl.col("row").is_not_null()).select("file", "digest").unique()
    assert set(named.rows()) == {(file.path, file.digest) for file in read_manifest(version(shop)).inputs}
    assert ledger.filter(pl.col("file").is_null())["digest"].null_count() == ledger["file"].null_count()


def test_words_are_found_in_records_and_else_in_raw_rows(shop: Path) -> None:
    record = lines(version(shop), "train-00000.jsonl")[3]
    assert record["id"] in find_text(version(shop), record["messages"][-1]["content"], shop)
    assert find_text(version(shop), "broken row", shop) == ["chat.tsv:184"]
    assert find_text(version(shop), "nobody said this", shop) == []


def test_words_of_a_raw_row_are_found_in_workbooks_and_archives(tmp_path: Path) -> None:
    table = 'question,answer\n"有人\n吗",\n几点开门？,早上九点。\n只问不答,\n'
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(table.encode("gb18030")))
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("b.csv", table)
    (tmp_path / "c.csv").write_text(table, encoding="utf-16")
    (tmp_path / "d.xlsx").write_bytes(
        workbook([["question", "answer"], ["几点开门？", "早上九点。"], ["只问不答", ""]])
    )
    names = ("a.csv.gz", "b.zip", "c.csv", "d.xlsx")
    recipe = f"version: 1\nname: faq\ninputs: {json.dumps([{'path': name} for name in names])}\nstages: [clean, mask]\n"
    (tmp_path / "recipe.yaml").write_text(recipe, encoding="utf-8")
    packed = build(load_recipe(tmp_path / "recipe.yaml"), Store(tmp_path))
    assert find_text(packed, "只问不答", tmp_path) == ["a.csv.gz:5", "b.zip:5", "c.csv:5", "d.xlsx:3"]
    assert find_text(packed, "没人说过", tmp_path) == []
    (tmp_path / "d.xlsx").unlink()
    assert find_text(packed, "只问不答", tmp_path) == ["a.csv.gz:5", "b.zip:5", "c.csv:5"]


@pytest.mark.parametrize("numbers", [{1}, {2}, {3, 9}, {1000}, {4999, 2500, 5}])
def test_lines_are_found_by_their_numbers(tmp_path: Path, numbers: set[int]) -> None:
    path = tmp_path / "raw.jsonl"
    path.write_bytes(b"".join(b"line %d\n" % n for n in range(1, 5001)))
    expected = [b"line %d" % n for n in sorted({1} | numbers)]
    assert raw_lines(path, numbers).split(b"\n")[:-1] == expected
    assert {row_with(path, b"line %d\n" % n) for n in numbers} == numbers


def test_a_record_is_looked_for_in_one_shard(shop: Path, tmp_path: Path) -> None:
    records = lines(version(shop), "train-00000.jsonl")
    files = []
    for number, start in enumerate(range(0, len(records), 50)):
        files.append(tmp_path / f"train-{number:05d}.jsonl")
        chunk = records[start : start + 50]
        files[-1].write_text("".join(json.dumps(r, separators=(",", ":")) + "\n" for r in chunk), encoding="utf-8")
    for index, record in enumerate(records):
        assert shard_with(files, record["id"]) == [files[index // 50]]
        found = find_record(shard_with(files, record["id"]), record["id"])
        assert found == (files[index // 50], record)
    assert find_record(files, "0" * 32) is None


def test_the_ledger_holds_no_words_of_anybody(shop: Path) -> None:
    ledger = pl.read_parquet(version(shop) / "ledger.parquet")
    records = [r for name in ("train-00000.jsonl", "review.jsonl") for r in lines(version(shop), name)]
    words = {m["content"] for record in records for m in record["messages"]}
    cells = {cell for column in ledger.select(pl.col(pl.String)) for cell in column.unique() if cell}
    assert not words & cells

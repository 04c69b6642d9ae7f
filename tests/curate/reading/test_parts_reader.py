"""Monthly parts named as one input are one log: sessions go on from file to file, and every row keeps its file."""

import json
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.build.build import build
from curate.conversations.content_ids import ContentCounter
from curate.conversations.sessions import form_sessions
from curate.erasure.conditions import conditions_of
from curate.erasure.erase import find_targets, forget
from curate.history.trace import life_of
from curate.inspect.file_groups import grouped
from curate.inspect.first_recipe import write_recipe
from curate.reading.parts import natural_order, parts_of
from curate.reading.parts_reader import PartsReader
from curate.recipe.load import load_recipe
from curate.store.store import Store
from curate.store.verify import verify
from schemas.errors import InputError, RecipeError
from schemas.input import Choice, Input

HEADER = "sid,at,who,what"
SIDES = ("user", "agent")
JANUARY = [
    "a,2024-01-30 10:00:00,user,能退吗",
    "a,2024-01-30 10:01:00,agent,七天内可以退",
    "b,2024-01-31 23:58:00,user,几点发货",
    "b,2024-01-31 23:59:00,agent,下午五点",
]
FEBRUARY = ["b,2024-02-01 00:01:00,user,那今天呢", "b,2024-02-01 00:02:00,agent,今天也是", *(
    "c,2024-02-03 10:00:00,user,在吗", "c,2024-02-03 10:01:00,agent,在的")]  # fmt: skip
RECIPE = """\
version: 1
name: log
inputs:
  - {path: "log_*.csv", format: {turns: {session: sid, role: who, text: what, time: at}}}
stages:
  - mask
"""


def write(path: Path, lines: list[str], encoding: str = "utf-8", header: str = HEADER) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([header, *lines]) + "\n", encoding=encoding)


def talks(folder: Path, pattern: str, time: str | None = "at") -> set[tuple[str, str, str]]:
    """Read an input: id, messages and kind of each conversation."""
    options = {"session": "sid", "role": "who", "text": "what"} | ({"time": time} if time else {})
    spec = Input(path=pattern, format=Choice(name="turns", options=options))
    reader = PartsReader(spec, folder)
    found = set()
    for chunk in reader.chunks():
        formed = form_sessions(chunk.turns, reader.spec, reader.digest, ContentCounter())
        for record in reader.located(formed).records.iter_rows(named=True):
            text = "/".join(f"{message['role']}:{message['content']}" for message in record["messages"])
            found.add((record["id"], text, record["kind"]))
    return found


@settings(deadline=None, max_examples=40)
@given(st.data(), st.booleans())
def test_a_file_cut_anywhere_gives_the_same_conversations(data: st.DataObject, timed: bool) -> None:
    lines = [
        f"s{data.draw(st.integers(0, 3))},2024-01-{1 + n:02} 10:00:00,{data.draw(st.sampled_from(SIDES))},t{n}"
        for n in range(data.draw(st.integers(2, 12)))
    ]
    cut = data.draw(st.integers(1, len(lines) - 1))
    with TemporaryDirectory() as name:
        folder = Path(name)
        write(folder / "whole.csv", [*lines, "z,2024-02-01 10:00:00,user,q", "z,2024-02-01 10:01:00,agent,r"])
        write(folder / "part_9.csv", lines[:cut])
        write(folder / "part_10.csv", [*lines[cut:], "z,2024-02-01 10:00:00,user,q", "z,2024-02-01 10:01:00,agent,r"])
        time = "at" if timed else None
        assert talks(folder, "whole.csv", time) == talks(folder, "part_*.csv", time)


def test_names_stand_in_their_natural_order(tmp_path: Path) -> None:
    for name in ("log_10.csv", "log_9.csv", "log_1.csv", ".log_3.csv", "~$log_2.csv"):
        write(tmp_path / name, JANUARY)
    names = [part.path for part in parts_of(Input(path="log_*.csv"), tmp_path)]
    assert names == ["log_1.csv", "log_9.csv", "log_10.csv"]
    assert sorted(["2024年10月", "2024年9月", "10", "9"], key=natural_order) == ["9", "10", "2024年9月", "2024年10月"]


def test_parts_may_differ_in_encoding_and_in_their_columns(tmp_path: Path) -> None:
    write(tmp_path / "log_1.csv", JANUARY, "utf-8-sig")
    turned = [",".join([*line.split(","), "web"][i] for i in (2, 3, 4, 0, 1)) for line in FEBRUARY]
    write(tmp_path / "log_2.csv", turned, "gb18030", "who,what,channel,sid,at")
    assert "user:几点发货/assistant:下午五点/user:那今天呢/assistant:今天也是" in {
        text for _, text, _ in talks(tmp_path, "log_*.csv")
    }


def test_members_of_an_archive_are_parts(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "q.zip", "w") as archive:
        for name, lines in (("q/log_2.csv", FEBRUARY), ("q/log_1.csv", JANUARY), ("readme.txt", [])):
            archive.writestr(name, "\n".join([HEADER, *lines]) + "\n")
    assert len(talks(tmp_path, "q.zip/q/*.csv")) == 3


def test_rows_in_two_files_are_one_where_something_tells_rows_apart(tmp_path: Path) -> None:
    write(tmp_path / "log_1.csv", JANUARY)
    write(tmp_path / "log_2.csv", [*JANUARY[2:], *FEBRUARY])
    assert {text for _, text, _ in talks(tmp_path, "log_*.csv")} >= {
        "user:几点发货/assistant:下午五点/user:那今天呢/assistant:今天也是"
    }
    bare = ["a,user,好的", "a,agent,好的"]
    write(tmp_path / "bare_1.csv", bare, header="sid,who,what")
    write(tmp_path / "bare_2.csv", bare, header="sid,who,what")
    assert {text for _, text, _ in talks(tmp_path, "bare_*.csv", None)} == {
        "user:好的/assistant:好的/user:好的/assistant:好的"
    }


@pytest.fixture
def book(tmp_path: Path) -> tuple[Path, Path]:
    """A version of two monthly files, with a row that cannot be read in the second."""
    write(tmp_path / "log_1.csv", JANUARY)
    write(tmp_path / "log_2.csv", [*FEBRUARY, "c,2024-02-03 10:02:00,user,谢谢"])
    (tmp_path / "r.yaml").write_text(RECIPE, encoding="utf-8")
    return tmp_path, build(load_recipe(tmp_path / "r.yaml"), Store(tmp_path))


def test_the_ledger_names_each_file_and_row(book: tuple[Path, Path]) -> None:
    folder, version = book
    manifest = verify(version)
    assert [(file.path, file.rows) for file in manifest.inputs] == [("log_1.csv", 4), ("log_2.csv", 5)]
    crossing = life_of(version, "log_2.csv:2")
    [id] = crossing["id"].drop_nulls().unique()
    rows = crossing.filter((pl.col("stage") == "session") & (pl.col("id") == id)).select("file", "row").rows()
    assert rows == [("log_1.csv", 4), ("log_1.csv", 5), ("log_2.csv", 2), ("log_2.csv", 3)]
    assert life_of(version, "log_2.csv:6")["reason"].drop_nulls().to_list()[-1] == "unanswered"
    records = [json.loads(line) for line in (version / "train-00000.jsonl").read_text(encoding="utf-8").splitlines()]
    source = next(record["source"] for record in records if record["id"] == id)
    assert (source["file"], source["rows"]) == ("log_1.csv", [4, 5])
    assert build(load_recipe(folder / "r.yaml"), Store(folder)) == version


def test_a_conversation_of_two_files_can_be_forgotten_by_either(book: tuple[Path, Path]) -> None:
    folder, _ = book
    store = Store(folder)
    forget(store, "log", find_targets(store, "log", conditions_of(["source.row in log_2.csv:3"]), folder))
    [after] = store.versions("log")
    assert len((store.version("log", after) / "train-00000.jsonl").read_text(encoding="utf-8").splitlines()) == 2


def test_what_a_path_does_not_name_or_two_name_is_one_sentence(tmp_path: Path) -> None:
    write(tmp_path / "log_1.csv", JANUARY)
    with pytest.raises(InputError, match="no file is called like may_"):
        parts_of(Input(path="may_*.csv"), tmp_path)
    path = tmp_path / "r.yaml"
    path.write_text(RECIPE.replace("log_*.csv", "may_*.csv"), encoding="utf-8")
    with pytest.raises(RecipeError, match=r"no file is called like may_\*.csv"):
        load_recipe(path)
    path.write_text(RECIPE.replace("stages:", "  - {path: log_1.csv}\nstages:"), encoding="utf-8")
    with pytest.raises(RecipeError, match=r"log_1.csv is named by log_\*.csv, too"):
        load_recipe(path)


def test_init_joins_monthly_parts_but_not_two_shops_that_count_from_1(tmp_path: Path) -> None:
    months, shops = tmp_path / "months", tmp_path / "shops"
    for n, lines in enumerate((JANUARY, FEBRUARY), start=1):
        write(months / f"log_{n}.csv", [f"{line}，这是第{k}句话" for k, line in enumerate(lines)])
        numbered = [line.replace("a,", "1,").replace("b,", "2,").replace("c,", "1,") for line in lines]
        if n == 2:
            numbered = [*numbered[2:], "2,2024-02-04 10:00:00,user,有货吗", "2,2024-02-04 10:01:00,agent,有货的"]
        write(shops / f"shop_{n}.csv", [f"{line}，这是第{k}句话" for k, line in enumerate(numbered)])
    [joined] = write_recipe([months], tmp_path / "months.yaml")
    assert joined.path.endswith("months/*.csv")
    assert joined.contents and joined.contents.conversations == 3
    apart = write_recipe([shops], tmp_path / "shops.yaml")
    assert [each.contents.conversations for each in apart if each.contents] == [2, 2]


def test_files_of_a_folder_are_grouped_by_their_ending(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv", "c.jsonl", ".hidden.csv"):
        write(tmp_path / name, [])
    assert [path.name for path in grouped([tmp_path])] == ["*.csv", "c.jsonl"]
    assert grouped([tmp_path / "a.csv"]) == [tmp_path / "a.csv"]


def test_objects_of_different_files_are_different_talks(tmp_path: Path) -> None:
    for number, (question, answer) in enumerate([("能退吗", "可以"), ("几点发货", "五点"), ("在吗", "在")], start=1):
        lines = [{"author": "visitor", "text": question}, {"author": "agent", "text": answer}]
        (tmp_path / f"{number}.json").write_text(json.dumps({"id": number, "lines": lines}), encoding="utf-8")
    spec = Input.model_validate(
        {
            "path": "*.json",
            "reader": {"json": {"turns": "lines"}},
            "format": {"turns": {"session": "_talk", "role": "author", "text": "text"}},
        }
    )
    reader = PartsReader(spec, tmp_path)
    [chunk] = reader.chunks()
    sessions = reader.located(form_sessions(chunk.turns, spec, "", ContentCounter()))
    texts = [[message["content"] for message in messages] for messages in sessions.records["messages"]]
    assert sorted(texts) == [["几点发货", "五点"], ["在吗", "在"], ["能退吗", "可以"]]
    assert sessions.records["source"].struct.field("file").to_list() == ["1.json", "2.json", "3.json"]


def test_files_without_one_readable_row_are_one_sentence(tmp_path: Path) -> None:
    for name in ("log_1.csv", "log_2.csv"):
        write(tmp_path / name, [",,,x", ",,,y"])
    with pytest.raises(InputError, match="not one of 2 rows could be read"):
        talks(tmp_path, "log_*.csv")

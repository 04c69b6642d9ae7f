"""A training row near an exam question is found in the version on disk, as the stage `leak` finds it in a build."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from curate.duplicates.contamination import PAIRS, exam_texts, near_held_out, user_turns
from curate.duplicates.exam_neighbours import exam_neighbours
from curate.duplicates.similarity.candidates import Search, cluster_leaders
from curate.duplicates.similarity.shingles import SIZES
from curate.stages import Tools
from curate.stages.leak import Leak
from curate.store.read_version import read_manifest
from curate.store.shards import read_jsonl
from schemas.errors import GateError, StoreError
from schemas.exam_neighbours import ExamNeighbour
from schemas.frame import frame_of
from schemas.identity import Identity
from schemas.version_files import EXAM_FILE, VersionFiles
from tests.curate.records import record
from tests.train.versions import line, question, write_version

BOILING = "请问水在标准大气压下的沸点是多少摄氏度"
ORDER = "我在2025年3月买的空气净化器，保修期是多少个月"
MOONS = "Which planet of the solar system has the largest number of known moons"
NEAR = [
    (BOILING, BOILING),
    (BOILING, BOILING.replace("沸点", "沸腾点") + "？"),
    (BOILING, "亲，" + BOILING.replace("请问", "请间") + "呢"),
    (BOILING, "請問水在標準大氣壓下的沸點是多少攝氏度"),
    (ORDER, "我在２０２５年３月买的空气净化器,保修期是多少个月"),
    (ORDER, ORDER.replace("2025", "2024")),
    (MOONS, MOONS.replace("largest", "largesst").lower() + "?"),
    (MOONS, "".join(chr(ord(c) + 0xFEE0) if c != " " else "\u3000" for c in MOONS)),
    (MOONS, MOONS.replace("known moons", "known moon")),
]
FAR = [
    ("你好", "你好"),
    ("好的谢谢", "好的谢谢"),
    ("Hi there", "Hi there"),
    ("你们可以开发票吗", "你们可以开证明吗"),
    (BOILING, "水烧到多热才会开"),
    (BOILING, "请问水的密度是多少"),
    (ORDER, "空气净化器坏了能保修吗"),
    (MOONS, "Which river of the country is the longest one"),
    (MOONS, "Name the world around our sun that is orbited by more satellites than any other"),
]


def talk(id: str, *turns: str, system: str | None = None) -> dict[str, Any]:
    """A training row: what the user and the assistant say in turn."""
    messages = [{"role": ("user", "assistant")[n % 2], "content": text} for n, text in enumerate(turns)]
    before = [{"role": "system", "content": system}] if system else []
    return {**line(id, "", ""), "messages": before + messages}


def found(folder: Path, rows: Sequence[dict[str, Any]], exam: Sequence[dict[str, Any]]) -> list[tuple[str, str]]:
    """The pairs of row and question that are found in a version of these."""
    neighbours = exam_neighbours(write_version(folder / "version", list(rows), list(exam)))
    return [(neighbour.row, neighbour.question) for neighbour in neighbours]


def stops_a_build(asked: str, text: str) -> bool:
    """Whether the stage refuses a training row with this question beside an exam with that one."""
    frame = frame_of([record("e", asked, "x", tags=["exam"]), record("t", text, "y")])
    try:
        Leak().run(frame, Tools(seed=7, identity=Identity(), folder=Path()))
    except GateError:
        return True
    return False


@pytest.mark.parametrize(("asked", "text"), NEAR)
def test_a_row_near_a_question_is_found(tmp_path: Path, asked: str, text: str) -> None:
    rows = [talk("a", "能退吗", "七天内可以退。"), talk("t", text, "不知道")]
    assert found(tmp_path, rows, [question("q0", "怎么称呼你"), question("q1", asked)]) == [("t", "q1")]
    assert stops_a_build(asked, text)


@pytest.mark.parametrize(("asked", "text"), FAR)
def test_what_is_common_or_different_is_near_no_question(tmp_path: Path, asked: str, text: str) -> None:
    assert found(tmp_path, [talk("t", text, "不知道")], [question("q", asked)]) == []
    assert not stops_a_build(asked, text)


def test_each_turn_of_a_user_is_compared(tmp_path: Path) -> None:
    rows = [
        talk("late", "在吗", "在的。", BOILING + "？", "一百度。"),
        talk("early", MOONS + "!", "Saturn.", "谢谢", "不客气"),
    ]
    long = {**question("q", ""), "messages": talk("", MOONS, "Saturn.", BOILING)["messages"]}
    assert found(tmp_path, rows, [long]) == [("early", "q"), ("late", "q")]


def test_a_text_whose_perplexity_is_measured_is_compared_by_what_it_asks(tmp_path: Path) -> None:
    text = {**question("q", "", "perplexity"), "messages": talk("", BOILING, MOONS)["messages"]}
    rows = [talk("asks", BOILING + "？", "一百度。"), talk("asks what is answered", MOONS, "Saturn.")]
    assert found(tmp_path, rows, [text]) == [("asks", "q")]


def test_what_nobody_asks_is_near_no_question(tmp_path: Path) -> None:
    rows = [talk("answers", "帮我写一道物理题", BOILING), talk("is set up", "在吗", "在的。", system=BOILING)]
    assert found(tmp_path, rows, [question("q", BOILING)]) == []


def test_a_pair_stands_once_with_its_nearest_turns(tmp_path: Path) -> None:
    rows = [talk("t", BOILING.replace("沸点", "沸腾点"), "一百度。", BOILING, "一百度。")]
    version = write_version(tmp_path / "version", rows, [question("q", BOILING)])
    assert exam_neighbours(version) == (ExamNeighbour(row="t", question="q", jaccard=1, edit=1),)


def test_pairs_stand_by_row_and_question_in_whatever_order_they_are_read(tmp_path: Path) -> None:
    rows = [talk(id, text, "是") for id, text in (("b", BOILING), ("a", BOILING), ("c", MOONS))]
    exam = [question(id, text) for id, text in (("q2", BOILING), ("q1", BOILING), ("q3", MOONS))]
    pairs = [("a", "q1"), ("a", "q2"), ("b", "q1"), ("b", "q2"), ("c", "q3")]
    assert found(tmp_path / "one", rows, exam) == found(tmp_path / "two", rows[::-1], exam[::-1]) == pairs


def test_no_text_is_written(tmp_path: Path) -> None:
    version = write_version(tmp_path / "version", [talk("t", BOILING + "？", "一百度。")], [question("q", BOILING)])
    assert set(exam_neighbours(version)[0].model_dump()) == {"row", "question", "jaccard", "edit"}


@pytest.mark.parametrize(
    ("rows", "exam"), [([], [question("q", BOILING)]), ([talk("t", BOILING, "一百度。")], []), ([], [])]
)
def test_where_one_is_empty_nothing_is_near(tmp_path: Path, rows: list[Any], exam: list[Any]) -> None:
    assert found(tmp_path, rows, exam) == []


def test_the_demo_trains_on_nothing_near_its_exam(demo: Path) -> None:
    """Its identity rows and its exam ask the same in other words."""
    assert read_manifest(demo).exam_questions["identity"] == 48
    assert exam_neighbours(demo) == ()


def test_a_row_that_was_put_into_the_demo_is_found(demo: Path, tmp_path: Path) -> None:
    """Poisoned: the same version with one question of its exam in training, where it is long enough to be compared."""
    lines = list(read_jsonl(VersionFiles(demo).exam))
    asked = {q["id"]: q["messages"][-1]["content"] for q in lines if q["probe"] == "in_scope"}
    id, text = max(asked.items(), key=lambda pair: (len(pair[1]), pair[0]))
    assert found(tmp_path, [talk("t", f"请问{text}？", "是")], [question(id, text)]) == [("t", id)]


def test_a_cluster_with_more_pairs_than_are_compared_at_once_is_compared_whole() -> None:
    """One template, and endings that set its texts apart: all are alike, but each is near one alone."""
    texts = [
        "我在您家店里下单的这台机器有问题，编号"
        + "".join(chr(0x4E00 + 7 * (n * p % 997)) for p in (1, 31, 61, 97, 113, 151))
        for n in range(600)
    ]
    leaders = cluster_leaders(pl.Series(texts * 2), Search(SIZES, 0.6))
    largest = pl.Series(leaders[600:]).value_counts()["count"].max()
    assert isinstance(largest, int)
    assert largest**2 > PAIRS

    exam, training = ([record(f"{side}{n}", text, "x") for n, text in enumerate(texts)] for side in "et")
    hits = near_held_out(exam_texts(frame_of(exam)), user_turns(frame_of(training)))
    assert hits["id"].to_list() == [f"t{n}" for n in range(600)]
    assert hits["question"].to_list() == [f"e{n}" for n in range(600)]


@pytest.mark.parametrize("name", ["train-00000.jsonl", EXAM_FILE])
def test_a_damaged_or_missing_file_is_one_sentence(tmp_path: Path, name: str) -> None:
    version = write_version(tmp_path / "version")
    whole = (version / name).read_bytes()
    (version / name).write_bytes(whole.replace(b'"id"', b'"di"'))
    with pytest.raises(StoreError, match=rf"{name} is damaged"):
        exam_neighbours(version)
    (version / name).unlink()
    with pytest.raises(StoreError, match=rf"{name} is damaged or missing"):
        exam_neighbours(version)


def test_an_exam_that_the_manifest_does_not_know_is_missing(tmp_path: Path) -> None:
    """Poisoned: it would be asked, and training would pass without a comparison."""
    version = write_version(tmp_path / "version", [talk("t", BOILING, "一百度。")], [question("q", BOILING)])
    manifest = read_manifest(version)
    known = tuple(shard for shard in manifest.shards if shard.name != EXAM_FILE)
    VersionFiles(version).manifest.write_bytes(manifest.model_copy(update={"shards": known}).to_json())
    with pytest.raises(StoreError, match=EXAM_FILE):
        exam_neighbours(version)

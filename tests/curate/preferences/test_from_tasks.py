"""What reviewers answer to tasks becomes pairs: conflicts, rows that stages wrote, earlier turns, several people."""

import json
from pathlib import Path

import pytest

from curate.preferences.find import find_pairs
from curate.preferences.found import FoundPairs
from curate.store.store import Store
from schemas.errors import GateError
from schemas.review import Opinion, ReviewTask
from tests.curate.reviewing.shop import RECIPE, ROWS, built, take_in, waiting, write_shop


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shop with decisions about a conflict, a row that a stage wrote, and one on which two people differ."""
    folder = tmp_path_factory.mktemp("asked")
    version = write_shop(folder)
    (conflict,) = waiting(folder, version, "conflicts")
    written = next(task for task in waiting(folder, version, "generated") if task.lang == "zh")
    other = next(task for task in waiting(folder, version, "sample") if "发票" in task.messages[0].content)
    tasks = [conflict, written, other]
    holds = next(answer.id for answer in conflict.others if "7天" in answer.answer or "15天" in answer.answer)
    opinions = (
        Opinion(key=conflict.key, verdict="accept", holds=(holds,), by="ab", origin="sheet:1"),
        Opinion(key=written.key, verdict="edit", answers={1: BETTER}, by="ab", origin="sheet:2"),
        Opinion(key=other.key, verdict="edit", answers={1: "可以开公司抬头，请备注税号。"}, by="ab", origin="sheet:3"),
        Opinion(key=other.key, verdict="accept", by="cd", origin="sheet:4"),
    )
    assert not take_in(folder, tasks, *opinions).refused
    built(folder)
    return folder


BETTER = "抱歉，这个问题我帮不上忙。您可以问我商品、订单和售后的事情。"


def found_in(folder: Path) -> FoundPairs:
    store = Store(folder)
    return find_pairs(store.newest("shop") or folder, store)


def test_the_answer_that_holds_is_preferred_to_the_other_one(asked: Path) -> None:
    (pair,) = [pair for pair in found_in(asked).pairs if pair.origin == "conflict"]
    assert {pair.chosen, pair.rejected} == {ROWS[0]["a"], ROWS[1]["a"]}


def test_what_a_stage_wrote_is_found_in_the_version_that_nobody_had_looked_at(asked: Path) -> None:
    (pair,) = [pair for pair in found_in(asked).pairs if pair.origin == "edit"]
    assert pair.kind == "refusal" and pair.chosen == BETTER and pair.rejected not in ("", BETTER)


def test_where_people_differ_there_is_no_pair(asked: Path) -> None:
    found = found_in(asked)
    assert not [pair for pair in found.pairs if "发票" in pair.prompt[0].content]
    assert not found.left_out


def test_a_turn_in_the_middle_is_a_pair_of_its_own(tmp_path: Path) -> None:
    talk = [
        ("user", "鼠标能退吗？"),
        ("assistant", "能退的，请放心。"),
        ("user", "几天之内？"),
        ("assistant", "签收后七天之内。"),
    ]
    line = {"messages": [{"role": role, "content": text} for role, text in talk]}
    (tmp_path / "talk.jsonl").write_text(json.dumps(line, ensure_ascii=False) + "\n", encoding="utf-8")
    recipe = RECIPE.replace("{path: chats.jsonl, format: {pairs: {question: q, answer: a}}}", "{path: talk.jsonl}")
    version = write_shop(tmp_path, recipe=recipe.replace(", {refusal: {rows: 8}}, {review: {of: written}}", ""))
    (task,) = waiting(tmp_path, version, "sample")
    edits = {1: "签收后七天之内，包装要齐全。", 2: "可以退的，请放心。"}
    take_in(tmp_path, [task], Opinion(key=task.key, verdict="edit", answers=edits, by="ab", origin="sheet:1"))
    built(tmp_path)
    pairs = {pair.turn: pair for pair in found_in(tmp_path).pairs}
    assert {turn: (pair.chosen, pair.rejected) for turn, pair in pairs.items()} == {
        1: (edits[1], talk[3][1]), 2: (edits[2], talk[1][1]),
    }  # fmt: skip
    assert [message.content for message in pairs[2].prompt] == [talk[0][1]]
    assert [message.content for message in pairs[1].prompt] == [talk[0][1], edits[2], talk[2][1]]


def test_an_edit_of_a_text_that_has_changed_since_makes_no_pair(tmp_path: Path) -> None:
    recipe = RECIPE.replace(", {refusal: {rows: 8}}, {review: {of: written}}", "")
    version = write_shop(tmp_path, recipe=recipe)
    task = next(t for t in waiting(tmp_path, version, "sample") if "快递" in t.messages[0].content)
    assert isinstance(task, ReviewTask)
    line = {"id": task.id, "verdict": "edit", "answer": "默认发顺丰，三天送到。", "by": "ab", "shown": ["0" * 32]}
    (tmp_path / "reviews.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    built(tmp_path)
    with pytest.raises(GateError, match="no pair"):
        found_in(tmp_path)

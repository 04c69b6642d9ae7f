"""The answer that holds is preferred to those that people rejected for the same question, and to no others."""

import json
import shutil
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from curate.preferences.conflicts import pairs_of_conflicts
from curate.store.store import Store
from tests.curate.preferences.decisions import RECIPE, accept, decided, edit, ids_of, reject, write_shop

RESOLVED = RECIPE.replace("conflict]", "{conflict: {resolve: newest, sources: [a.jsonl, faq.jsonl]}}]")
QUESTION = "下单之后一般多久可以发货"
Pair = tuple[int, int, str, str]
"""The row whose answer is chosen, that whose answer is rejected, and both answers."""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shop before any decision: rows 4, 5 and 6 contradict each other. Who decides takes a copy."""
    folder = tmp_path_factory.mktemp("conflicts")
    write_shop(folder)
    return folder


@pytest.fixture
def copied(shop: Path, tmp_path: Path) -> Path:
    return shutil.copytree(shop, tmp_path, dirs_exist_ok=True)


def found_after(folder: Path, *decisions: dict[str, Any]) -> tuple[set[Pair], dict[Any, int]]:
    version = decided(folder, *decisions)
    found = pairs_of_conflicts(version, Store(folder))
    rows = {id: row for row, id in ids_of(version).items()}
    assert all((pair.origin, pair.turn, len(pair.prompt)) == ("conflict", 1, 1) for pair in found.pairs)
    pairs = {(rows[pair.record], rows[pair.other], pair.chosen, pair.rejected) for pair in found.pairs}
    assert len(pairs) == len(found.pairs)
    return pairs, dict(found.left_out)


FIRST, SECOND, THIRD = ("24小时内可以发货。", "48小时内可以发货。", "72小时内可以发货。")


def test_what_holds_is_preferred_to_all_that_were_rejected(copied: Path) -> None:
    ids = ids_of(Store(copied).find("faq"))
    pairs, left_out = found_after(copied, accept(ids[4]), reject(ids[5]), reject(ids[6]))
    assert pairs == {(4, 5, FIRST, SECOND), (4, 6, FIRST, THIRD)}
    assert left_out == {}


def test_whichever_of_them_was_proposed(copied: Path) -> None:
    """What was proposed stands among the training rows, the rest in review: the texts come from there."""
    ids = ids_of(Store(copied).find("faq"))
    pairs, _ = found_after(copied, reject(ids[4]), accept(ids[5]), reject(ids[6]))
    assert pairs == {(5, 4, SECOND, FIRST), (5, 6, SECOND, THIRD)}


def test_what_was_edited_holds(copied: Path) -> None:
    ids = ids_of(Store(copied).find("faq"))
    pairs, _ = found_after(copied, edit(ids[6], "一般36小时内可以发货。"), reject(ids[5]))
    assert pairs == {(6, 5, "一般36小时内可以发货。", SECOND)}


@pytest.mark.parametrize(
    ("accepted", "rejected"),
    [((), (5, 6)), ((4, 5), ()), ((1,), (5,)), ((4,), (7,)), ((1, 2), (7,))],
)
def test_without_an_answer_that_holds_and_one_that_does_not_there_is_no_pair(
    copied: Path, accepted: tuple[int, ...], rejected: tuple[int, ...]
) -> None:
    ids = ids_of(Store(copied).find("faq"))
    decisions = [accept(ids[row]) for row in accepted] + [reject(ids[row]) for row in rejected]
    assert found_after(copied, *decisions) == (set(), {})


def test_questions_that_differ_in_a_fact_are_no_conflict(tmp_path: Path) -> None:
    rows = [
        ("下单之后一般24小时可以发货吗", "可以，24小时发货。"),
        ("下单之后一般48小时可以发货吗", "不可以，时间太长。"),
    ]
    ids = ids_of(write_shop(tmp_path, rows))
    assert found_after(tmp_path, accept(ids[1]), reject(ids[2])) == (set(), {})


def test_what_holds_and_is_not_trained_on_is_counted(copied: Path) -> None:
    ids = ids_of(Store(copied).find("faq"))
    assert found_after(copied, edit(ids[4], "嗯"), reject(ids[5])) == (set(), {("conflict", "not_trained_on"): 1})


def test_what_no_version_holds_any_more_is_counted(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(f'{{"q": "{QUESTION}", "a": "{FIRST}"}}\n', encoding="utf-8")
    recipe = RESOLVED.replace("inputs:\n", "inputs:\n  - {path: a.jsonl, format: {pairs: {question: q, answer: a}}}\n")
    version = write_shop(tmp_path, [(f"{QUESTION}？", SECOND)], recipe)
    store = Store(tmp_path)
    held = [id for id in ids_of_all(version) if id in trained(version)]
    gone = [id for id in ids_of_all(version) if id not in trained(version)]
    assert len(held) == len(gone) == 1
    found = pairs_of_conflicts(decided(tmp_path, accept(held[0]), reject(gone[0])), store)
    assert found.pairs == () and found.left_out == {("conflict", "text_gone"): 1}


def ids_of_all(version: Path) -> list[str]:
    return pl.read_parquet(version / "ledger.parquet")["id"].drop_nulls().unique().sort().to_list()


def trained(version: Path) -> str:
    return (version / "train-00000.jsonl").read_text(encoding="utf-8")


def test_conversations_with_other_turns_are_no_pair(tmp_path: Path) -> None:
    recipe = RECIPE.replace(
        "{path: faq.jsonl, format: {pairs: {question: q, answer: a}}}", "{path: talks.jsonl, format: messages}"
    )
    asks = {"role": "user", "content": QUESTION}
    talks = [
        [asks, {"role": "assistant", "content": FIRST}],
        [{"role": "system", "content": "您是客服"}, asks, {"role": "assistant", "content": SECOND}],
    ]
    lines = (json.dumps({"messages": talk}, ensure_ascii=False) for talk in talks)
    (tmp_path / "talks.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    ids = ids_of(write_shop(tmp_path, (), recipe))
    decisions = accept(ids[1]), reject(ids[2])
    assert found_after(tmp_path, *decisions) == (set(), {("conflict", "other_turns"): 1})

"""A difference names the rows that differ, wherever they stand, and what became of them."""

import atexit
import json
import shutil
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import polars as pl
import pytest

from curate.build.build import build
from curate.history.diff import Diff, diff_versions, input_deltas, share_deltas, stage_deltas
from curate.history.fast_rows import _slowly, fast_rows
from curate.recipe.load import load_recipe
from curate.report.diff_page import render_diff
from curate.store.store import Store
from schemas.bilingual import speaking
from schemas.digest import canonical, digest_bytes
from schemas.manifest import Shard
from tests.curate.records import record
from tests.program import hornbook

RECIPE = """\
version: 1
name: shop
inputs:
  - path: pairs.jsonl
    format: {pairs: {question: question, answer: answer}}
stages: [mask, judge, dedup]
"""
THINGS = ("充电器", "耳机", "键盘", "显示器", "路由器", "鼠标", "音箱", "硬盘", "摄像头", "手环", "平板", "相机")
Rows = list[dict[str, str]]


def pairs() -> Rows:
    return [
        {"question": f"{thing}坏了，应该怎么联系售后维修？", "answer": f"请带上{thing}和购买凭证，到就近门店检测维修。"}
        for thing in THINGS
    ]


def version(folder: Path, rows: Rows, recipe: str = RECIPE) -> Path:
    folder.mkdir(exist_ok=True)
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (folder / "pairs.jsonl").write_text(lines, encoding="utf-8")
    (folder / "recipe.yaml").write_text(recipe, encoding="utf-8")
    return build(load_recipe(folder / "recipe.yaml"), Store(folder))


def write_lines(path: Path, rows: list[dict[str, Any]]) -> Shard:
    content = "".join(f"{canonical(row)}\n" for row in rows).encode("utf-8")
    path.write_bytes(content)
    return Shard(name=path.name, digest=digest_bytes(content), bytes=len(content), rows=len(rows))


@cache
def unchanged() -> Path:
    """The version of `pairs()`: built once for all that compare another one with it."""
    folder = Path(mkdtemp())
    atexit.register(shutil.rmtree, folder)
    return version(folder, pairs())


def compared(folder: Path, change: Callable[[Rows], Rows]) -> Diff:
    return diff_versions(unchanged(), version(folder, change(pairs())))


def edited(rows: Rows, index: int, **fields: str) -> Rows:
    return [{**row, **fields} if n == index else row for n, row in enumerate(rows)]


ONE = {"question": "新买的打印机可以开专用发票吗？", "answer": "可以，请在订单页面填写开票资料后提交。"}
OTHER = {"question": "甲级的问题在哪里提？", "answer": "请发邮件，或者在门店当面提出来。"}
NEW_ANSWER = "现在可以上门取件维修，请先预约时间。"


@pytest.mark.parametrize(
    ("name", "change", "expected"),
    [
        ("nothing", lambda rows: rows, (0, 0, 0)),
        ("another order", lambda rows: rows[::-1], (0, 0, 0)),
        ("a row on top", lambda rows: [ONE, *rows], (1, 0, 0)),
        ("a row at the end", lambda rows: [*rows, ONE], (1, 0, 0)),
        ("the first row gone", lambda rows: rows[1:], (0, 1, 0)),
        ("a row in the middle gone", lambda rows: rows[:5] + rows[6:], (0, 1, 0)),
        ("an answer edited", lambda rows: edited(rows, 4, answer=NEW_ANSWER), (0, 0, 1)),
        ("a question edited", lambda rows: edited(rows, 4, question="键盘进水以后还能保修吗？"), (0, 0, 1)),
        ("both edited", lambda rows: edited(rows, 4, **ONE), (0, 0, 1)),
        ("edited below a new row", lambda rows: [ONE, *edited(rows, 4, answer=NEW_ANSWER)], (1, 0, 1)),
        ("both edited below a new row", lambda rows: [ONE, *edited(rows, 4, **OTHER)], (1, 0, 1)),
        ("one for another at the other end", lambda rows: [*rows[1:], ONE], (1, 1, 0)),
    ],
)  # fmt: skip
def test_rows_are_matched_by_where_they_came_from(
    tmp_path: Path, name: str, change: Callable[[Rows], Rows], expected: tuple[int, int, int]
) -> None:
    diff = compared(tmp_path, change)
    counts = diff.totals
    assert (counts["added"], counts["removed"], counts["changed"]) == expected, name
    assert counts["same"] + counts["changed"] + counts["removed"] == diff.before.train_rows
    assert counts["same"] + counts["changed"] + counts["added"] == diff.after.train_rows
    assert diff.changes.height == sum(expected)


def test_answers_to_the_same_question_stand_side_by_side(tmp_path: Path) -> None:
    diff = compared(tmp_path, lambda rows: [ONE, *edited(edited(rows, 4, answer=NEW_ANSWER), 6, question="问别的？")])
    (line,) = diff.answers.to_dicts()
    assert line["asked"] == pairs()[4]["question"]
    assert (line["was"], line["now"]) == (pairs()[4]["answer"], NEW_ANSWER)
    assert (line["file"], line["row"]) == ("pairs.jsonl", 6)


def test_the_same_question_answered_by_another_row_is_told_too(tmp_path: Path) -> None:
    diff = compared(tmp_path, lambda rows: [*rows[1:7], {**rows[0], "answer": NEW_ANSWER}, *rows[7:]])
    assert diff.answers["now"].to_list() == [NEW_ANSWER]


def test_a_row_that_a_rule_dropped_says_which(tmp_path: Path) -> None:
    before = version(tmp_path, pairs())
    strict = RECIPE.replace("judge,", "{judge: {rules: {reply_length: {max: 21}}}},")
    diff = diff_versions(before, version(tmp_path, pairs(), strict))
    assert diff.totals["removed"]
    assert set(diff.changes["elsewhere"]) == {"dropped:reply_length"}
    (judge,) = [line for line in stage_deltas(diff.before, diff.after) if line["stage"] == "judge"]
    assert judge["deltas"]["dropped:reply_length"] == (0, diff.totals["removed"])
    assert judge["deltas"]["kept"][1] - judge["deltas"]["kept"][0] == -diff.totals["removed"]
    assert input_deltas(diff.before, diff.after) == []
    assert share_deltas(diff.before, diff.after)[0]["rows"] == (12, 12 - diff.totals["removed"])


def test_the_other_way_round_is_the_mirror_image(tmp_path: Path) -> None:
    one = version(tmp_path, pairs())
    two = version(tmp_path, [*edited(pairs(), 4, answer=NEW_ANSWER), ONE])
    there, back = diff_versions(one, two), diff_versions(two, one)
    assert there.totals["added"] == back.totals["removed"] == 1
    assert there.totals["changed"] == back.totals["changed"] == 1
    assert there.answers["was"].to_list() == back.answers["now"].to_list()


def test_shards_are_read_fast_and_right(tmp_path: Path) -> None:
    source = {"file": "a.csv", "digest": "d", "rows": [1, 2, 30]}
    odd = ['"', "\\", '"],"parent":null', "a\u2028b\u0085c", '"messages":[', "line\nfeed", "😀\u0000", ""]
    rows = [record(f"{n:032x}", text, text, tags=[text, "x"], group=text, source=source) for n, text in enumerate(odd)]
    rows.append(record("f" * 32, "q", "a", parent="0" * 32, source={"file": "identity", "digest": "d", "rows": []}))
    shard = tmp_path / "train-00000.jsonl"
    write_lines(shard, rows)
    fast = fast_rows(shard)
    assert fast.equals(_slowly(shard))
    assert fast.height == len(rows)
    write_lines(shard, [record("a" * 32, "q", "a", source={"file": 'a"b.csv', "digest": "d", "rows": [7]})])
    assert fast_rows(shard)["file"].to_list() == ['a"b.csv']


def test_the_page_is_whole_and_fetches_nothing(tmp_path: Path) -> None:
    diff = compared(tmp_path, lambda rows: [ONE, *edited(rows, 4, answer="<script>alert(1)</script>请到门店检测")])
    for language, word in (("en", "answered differently"), ("zh", "回答不同")):
        token = speaking.set(language)  # type: ignore[arg-type]
        page = render_diff(diff)
        speaking.reset(token)
        assert word in page
        assert "<script" not in page
        assert "http://" not in page and "https://" not in page
        assert "<ins>" in page and "default-src" in page
    assert render_diff(diff) == render_diff(diff)


def test_the_command_tells_in_text_json_and_a_page(tmp_path: Path) -> None:
    one = version(tmp_path, pairs())
    two = version(tmp_path, edited(pairs(), 4, answer=NEW_ANSWER))
    wanted = (f"shop/{one.name[:10]}", f"shop/{two.name[:10]}")
    done = hornbook("diff", *wanted, "--html", "diff.html", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert NEW_ANSWER[:6] in done.stdout
    assert (tmp_path / "diff.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    document = json.loads(hornbook("diff", *wanted, "--json", cwd=tmp_path).stdout)
    assert document["rows"] == {"added": 0, "removed": 0, "changed": 1, "same": 11}
    assert document["answers"][0]["now"] == NEW_ANSWER
    assert document["inputs"][0]["change"] == "changed"
    assert hornbook("diff", wanted[0], "shop/ffff", cwd=tmp_path).returncode == 2


def test_a_hundred_thousand_rows_take_less_than_two_seconds(tmp_path: Path) -> None:
    """On two cores it takes 0.7 seconds of CPU; the limit leaves room for a busy machine."""
    base = version(tmp_path, pairs())
    folders = []
    for number, word in enumerate(("旧", "新")):
        folder = tmp_path / str(number)
        folder.mkdir()
        rows = [
            record(f"{n:032x}", f"第{n}个问题怎么办？", f"答{n}" + (word if n % 100 == 0 else ""), group=str(n),
                   source={"file": "log.csv", "digest": word, "rows": [n + 1]})
            for n in range(100_000) if n % 100 != 1 + number
        ]  # fmt: skip
        shard = write_lines(folder / "train-00000.jsonl", rows)
        manifest = json.loads((base / "manifest.json").read_text(encoding="utf-8"))
        manifest["shards"] = [shard.model_dump()]
        (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
        pl.read_parquet(base / "ledger.parquet").write_parquet(folder / "ledger.parquet")
        folders.append(folder)
    begin = time.process_time()
    diff = diff_versions(*folders)
    assert time.process_time() - begin < 2
    assert diff.totals == {"added": 1000, "removed": 1000, "changed": 1000, "same": 97_000}
    assert diff.answers.height == 1000

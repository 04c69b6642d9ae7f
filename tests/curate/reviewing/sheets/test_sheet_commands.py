"""The whole way by the commands: out into a sheet, filled in, back, and into the next version."""

import csv
import io
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from curate.decisions.reviews import add_reviews
from curate.recipe.load import load_recipe
from curate.reviewing.decide import take
from curate.reviewing.queue_file import ReviewQueue
from curate.reviewing.sheets.sheet_way import SheetWay
from tests import program
from tests.curate.reviewing.sheets.rewritings import Grid, as_csv, shuffled
from tests.curate.reviewing.shop import answers, built, reviews_in, write_shop

PRICE = "价格以页面显示为准，现在下单送内存卡。"


def hornbook(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return program.hornbook(*arguments, cwd=folder)


def run(folder: Path, *arguments: str, lang: str = "en") -> str:
    done = hornbook(folder, "--lang", lang, *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def filled(path: Path, cells: dict[str, dict[str, str]]) -> Grid:
    """The table with what is filled in, by words of the row and the names of columns."""
    grid = list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))
    for words, values in cells.items():
        [row] = [row for row in grid if any(words in cell for cell in row)]
        for name, text in values.items():
            row[grid[0].index(name)] = text
    return grid


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shop")
    write_shop(folder)
    return folder


@pytest.fixture
def shop(first: Path, tmp_path: Path) -> Path:
    shutil.copytree(first, tmp_path, dirs_exist_ok=True)
    out = run(tmp_path, "review", "push", "recipe.yaml", "--to", "sheet", lang="zh")
    assert "发出 2 个任务" in out and "shop-review.xlsx" in out
    return tmp_path


def saved(shop: Path, name: str, by: str, verdict: str) -> Path:
    cells = {
        "3299": {"结论": "修改", "新回答": PRICE, "审核人": by},
        "显示器签收": {"结论": verdict, "哪个算数": "B", "审核人": by},
    }
    return as_csv("gbk")(shuffled(filled(shop / "shop-review.csv", cells)), shop / name)


def test_what_was_filled_in_stands_in_the_next_version(shop: Path) -> None:
    path = saved(shop, "王", "王", "通过")
    assert "3 new decisions, 0 were known" in run(shop, "review", "pull", "recipe.yaml", path.name)
    lines = reviews_in(shop)
    assert sorted((line.verdict, line.by) for line in lines) == [("accept", "王"), ("edit", "王"), ("reject", "王")]
    assert PRICE in answers(built(shop)).values()
    out = run(shop, "review", "push", "recipe.yaml", "--to", "sheet")
    assert "0 tasks sent" in out


def test_sheets_of_two_people_may_be_pulled_in_any_order_again_and_again(shop: Path) -> None:
    first, second = saved(shop, "王", "王", "通过"), saved(shop, "李", "李", "通过")
    queue, file = ReviewQueue(shop, "shop"), load_recipe(shop / "recipe.yaml")
    for path, new in ((first, 3), (second, 3), (first, 0), (second, 0)):
        way = SheetWay(queue, shop / "shop.xlsx", (path,))
        taken = take(way.pull(queue.tasks()), queue.tasks(), reviews_in(shop), file)
        add_reviews(shop / "reviews.jsonl", taken.new)
        assert (len(taken.new), way.notes) == (new, [])


def test_what_was_not_taken_is_said(shop: Path) -> None:
    grid = filled(
        shop / "shop-review.csv", {"3299": {"结论": "通过", "最后的回答": "别的"}, "显示器签收": {"结论": "通过"}}
    )
    out = run(shop, "review", "pull", "recipe.yaml", as_csv("utf-8")(grid, shop / "back").name)
    assert "0 new decisions" in out and "last answer itself was changed" in out and "not decided yet" in out
    zh = json.loads(run(shop, "review", "pull", "recipe.yaml", "back.csv", "--json", lang="zh"))
    assert "直接改了“最后的回答”" in zh["notes"][0] and "还没有决定" in zh["notes"][1]


def test_a_sheet_that_cannot_be_read_is_one_sentence(shop: Path) -> None:
    grid = filled(shop / "shop-review.csv", {"3299": {"结论": "看情况吧"}})
    as_csv("utf-8")(grid, shop / "back")
    done = hornbook(shop, "--lang", "zh", "review", "pull", "recipe.yaml", "back.csv")
    assert done.returncode == 2 and "的“结论”不是" in done.stderr and "看情况" not in done.stderr
    assert reviews_in(shop) == []


def test_forgetting_names_a_filled_sheet_until_it_is_gone(shop: Path) -> None:
    built(shop)  # the store knows this folder
    path = shop / "shop-review.csv"
    as_csv("utf-8-sig")(filled(path, {"3299": {"结论": "通过"}}), path)
    forget = ("forget", "--where", "source.row in chats.jsonl:3")
    done = hornbook(shop, "--lang", "en", *forget)
    assert done.returncode == 4 and "shop-review.csv has been changed" in done.stderr
    path.unlink()
    assert "1 tasks of reviewers" in run(shop, *forget)

"""The page of duplicates and contradictions shows what the commands print, and takes decisions as every review."""

import json
import shutil
from html import unescape
from pathlib import Path

import polars as pl
import pytest

from curate.build.build import build
from curate.commands.clusters import clusters_command, conflicts_command, try_thresholds_command
from curate.decisions.agreed_reviews import agree
from curate.duplicates.cluster_order import in_families, read_table
from curate.recipe.load import load_recipe
from curate.report.diff_page import letter_edits
from curate.store.store import Store
from curate.web.trials.cluster_pages import EACH_PAGE, ClusterBook
from schemas.review import ReviewDecision
from tests.curate.reviewing.shop import answers, built, reviews_in, write_shop
from tests.curate.web.visitor import Visitor, words

HOSTILE = "<img src=x onerror=alert(1)>\u202e"
LONG = "您好，您的订单已经从仓库发出，预计明天下午送达，请保持电话畅通"
RECIPE = """\
version: 1
name: many
inputs: [{path: chats.jsonl, format: {pairs: {question: q, answer: a}}}]
stages: [clean, mask, dedup: {threshold: 0.75}]
"""
ROWS = [
    {"q": "我的订单到哪了", "a": f"{LONG}{HOSTILE}"},
    {"q": "我的订单到哪了", "a": f"{LONG}哦亲{HOSTILE}"},
    *[{"q": "我的订单到哪了", "a": f"{LONG}{HOSTILE}"}] * 3,
    *[
        {"q": f"第{n}种滤芯怎么换", "a": f"把旧的第{n}种滤芯拧下来，再把新的拧上去就好"}
        for n in range(23)
        for _ in range(2)
    ],
]


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a dataset of many clusters, and one without any stage that looks for them."""
    folder = tmp_path_factory.mktemp("clusters")
    (folder / "chats.jsonl").write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in ROWS), "utf-8")
    (folder / "recipe.yaml").write_text(RECIPE, encoding="utf-8")
    build(load_recipe(folder / "recipe.yaml"), Store(folder))
    bare = RECIPE.replace("name: many", "name: bare").replace(", dedup: {threshold: 0.75}", "")
    (folder / "bare.yaml").write_text(bare, encoding="utf-8")
    build(load_recipe(folder / "bare.yaml"), Store(folder))
    return folder


@pytest.fixture(scope="module")
def visitor(many: Path) -> Visitor:
    return Visitor(many)


@pytest.fixture(scope="module")
def conflicting(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("conflicting")
    write_shop(folder)
    return folder


@pytest.fixture
def shop(conflicting: Path, tmp_path: Path) -> Path:
    """The shop of the reviewers in a folder of one's own: one question with two answers, 15 days and 7."""
    shutil.copytree(conflicting, tmp_path, dirs_exist_ok=True)
    plan = tmp_path / "cache" / "shop" / "plan.json"
    plan.write_text(plan.read_text(encoding="utf-8").replace(str(conflicting), str(tmp_path)), encoding="utf-8")
    return tmp_path


CONFLICTS = "/d/shop/duplicates?view=conflicts"


def waiting(shop: Path) -> tuple[str, dict[str, str]]:
    """The cluster of the question, and the ids of its answers by what they say."""
    (version,) = (shop / "datasets" / "shop").glob("[0-9a-f]*")
    table = pl.read_parquet(version / "conflicts.parquet").filter(pl.col("role") != "noted")
    ids = dict(table.select(pl.col("answer").str.extract(r"(\d+)天"), "id").iter_rows())
    return table["cluster"][0], ids


def decide(visitor: Visitor, cluster: str, choice: str, by: str = "小王", answer: str = "") -> int:
    form = {"choice": choice, "by": by, "answer": answer}
    return visitor.send(f"/d/shop/duplicates/conflicts/{cluster}", form).status_code


def test_the_clusters_are_those_of_the_command_and_equal_ones_are_counted(
    many: Path, visitor: Visitor, capsys: pytest.CaptureFixture[str]
) -> None:
    clusters_command("many", many, as_json=True)
    lines = json.loads(capsys.readouterr().out)
    page = visitor.page("/d/many/duplicates")
    text = words(page)
    first = [line for line in lines if line["cluster"] == lines[0]["cluster"]]
    assert f"{len(first)} records that are alike" in text
    assert text.index(first[0]["id"][:12]) < text.index(first[1]["id"][:12])
    near = next(line for line in first if line["verdict"] == "near_duplicate")
    assert f"{near['jaccard']:.2f} / {near['edit']:.2f}" in text
    equal = [line["id"] for line in first if line["verdict"] == "exact_duplicate"]
    assert len(equal) == 3
    assert "equal to this one, and dropped with it: 3" in text
    assert not [id for id in equal if id[:12] in page]
    assert "chats.jsonl:" in text


def test_what_differs_is_marked_and_hostile_text_is_text(visitor: Visitor) -> None:
    page = visitor.page("/d/many/duplicates")
    assert "哦亲" in page.partition("<ins>")[2].partition("</ins>")[0] or "哦亲" in page.partition("<del>")[2][:10]
    assert "<img" not in page
    assert "<img src=x onerror=alert(1)>" in unescape(page)
    assert "\u202e" not in page


def test_pages_by_key_show_every_cluster_once_forth_and_back(many: Path) -> None:
    (version,) = (many / "datasets" / "many").glob("[0-9a-f]*")
    book = ClusterBook(version)
    expected = in_families(read_table(version, "clusters"))["cluster"].unique(maintain_order=True).to_list()
    seen: list[str] = []
    page = book.page()
    pages = [page]
    while page.after:
        page = book.page(after=page.after)
        pages.append(page)
    seen = [cluster.key for page in pages for cluster in page.clusters]
    assert [key.partition("-")[2] for key in seen] == expected
    assert len(expected) > 2 * EACH_PAGE
    back = book.page(before=pages[-1].before)
    assert back.clusters == pages[-2].clusters
    assert not book.page().before


@pytest.mark.parametrize(("threshold", "edit"), [(0.99, 0.999), (0.75, 0.9), (1, 1)])
def test_thresholds_are_counted_as_the_command_does(
    many: Path, visitor: Visitor, capsys: pytest.CaptureFixture[str], threshold: float, edit: float
) -> None:
    try_thresholds_command("many", many, threshold, edit, as_json=True)
    near = json.loads(capsys.readouterr().out)["near_duplicates"]
    address = f"/d/many/duplicates/thresholds?threshold={threshold}&edit={edit}"
    assert words(visitor.part(address)).startswith(f"{near} near duplicates")
    assert f"{near} near duplicates" in words(visitor.page(address))


@pytest.mark.parametrize(("view", "stage"), [("duplicates", "dedup"), ("conflicts", "conflict")])
def test_a_version_without_the_stage_says_which_one_to_add(visitor: Visitor, view: str, stage: str) -> None:
    assert f"does not run `{stage}`; add it to `stages`" in words(visitor.page(f"/d/bare/duplicates?view={view}"))


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/d/none/duplicates", 404),
        ("/d/many/duplicates?view=both", 400),
        ("/d/many/duplicates?after=../x", 400),
        ("/d/many/duplicates?version=x", 400),
        ("/d/many/duplicates?version=0123456789abcdef0123456789abcdef", 404),
        ("/d/many/duplicates/thresholds?threshold=2", 400),
        ("/d/bare/duplicates/thresholds?threshold=0.5", 400),
    ],
)
def test_an_address_that_names_nothing_is_refused(visitor: Visitor, address: str, status: int) -> None:
    assert visitor.get(address).status_code == status


def test_a_question_stands_there_once_with_its_answers_side_by_side(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    conflicts_command("shop", shop, as_json=True)
    lines = [line for line in json.loads(capsys.readouterr().out) if line["role"] != "noted"]
    page = Visitor(shop).page(CONFLICTS)
    text = words(page)
    assert "another number" in text
    assert "waits for a decision" in text
    assert "takes effect with the next build" in text
    assert text.index(lines[0]["id"][:12]) < text.index(lines[1]["id"][:12])
    assert page.count('name="choice" value="all"') == 1
    assert "passed over" not in text
    assert "待定" in words(Visitor(shop, "en").page(f"{CONFLICTS}&lang=zh"))


def test_the_answer_that_is_chosen_goes_into_the_next_version(shop: Path) -> None:
    visitor = Visitor(shop)
    cluster, ids = waiting(shop)
    assert decide(visitor, cluster, ids["7"]) == 303
    lines = {line.id: line for line in reviews_in(shop)}
    assert {id: line.verdict for id, line in lines.items()} == {ids["7"]: "accept", ids["15"]: "reject"}
    assert {line.by for line in lines.values()} == {"小王"}
    assert all(line.origin.startswith("page:小王:") and line.shown and line.at for line in lines.values())

    text = words(visitor.page(CONFLICTS))
    assert "Decided by 小王" in text
    assert text.count("does not hold") == 1
    assert "Take my decision back" in text
    after = answers(built(shop))
    assert [answer for answer in after.values() if "无理由" in answer] == ["签收后7天内都可以无理由退货，包装要齐全。"]


def test_a_decision_is_taken_back_by_a_later_line(shop: Path) -> None:
    visitor = Visitor(shop)
    cluster, ids = waiting(shop)
    assert decide(visitor, cluster, ids["7"]) == 303
    before = (shop / "reviews.jsonl").read_bytes()
    assert decide(visitor, cluster, "undo") == 303
    assert (shop / "reviews.jsonl").read_bytes().startswith(before)
    about: dict[str, list[ReviewDecision]] = {}
    for line in reviews_in(shop):
        about.setdefault(line.id, []).append(line)
    assert not [id for id, lines in about.items() if agree(lines).verdict]
    assert "waits for a decision" in words(visitor.page(CONFLICTS))

    assert decide(visitor, cluster, ids["15"]) == 303
    assert "Decided by 小王" in words(visitor.page(CONFLICTS))


def test_another_answer_may_be_written_and_replaces_what_was_proposed(shop: Path) -> None:
    visitor = Visitor(shop)
    cluster, _ = waiting(shop)
    written = "签收后10天内都可以无理由退货，包装要齐全。"
    assert decide(visitor, cluster, "write", answer=f"{written}\r\n") == 303
    assert written in visitor.page(CONFLICTS)
    assert written in answers(built(shop)).values()


def test_personal_data_in_a_written_answer_is_refused_and_what_was_typed_stays(shop: Path) -> None:
    visitor = Visitor(shop)
    cluster, _ = waiting(shop)
    form = {"choice": "write", "by": "小王", "answer": "请打13812345678问</textarea><b>他</b>"}
    answer = visitor.send(f"/d/shop/duplicates/conflicts/{cluster}", form)
    assert answer.status_code == 400
    assert "it holds personal data" in words(answer.text)
    assert "13812345678" in answer.text
    assert "</textarea><b>" not in answer.text
    assert not reviews_in(shop)


@pytest.mark.parametrize(
    "form",
    [
        {"by": "小王"},
        {"choice": "all"},
        {"choice": "all", "by": "   "},
        {"choice": "all", "by": "a\nb"},
        {"choice": "all", "by": "字" * 41},
        {"choice": "write", "by": "小王", "answer": "  "},
        {"choice": "0" * 32, "by": "小王"},
        {"choice": "best", "by": "小王"},
    ],
)
def test_a_form_that_lacks_something_writes_nothing(shop: Path, form: dict[str, str]) -> None:
    visitor = Visitor(shop)
    cluster, _ = waiting(shop)
    assert visitor.send(f"/d/shop/duplicates/conflicts/{cluster}", form).status_code == 400
    assert not reviews_in(shop)


def test_a_question_that_is_none_is_not_found(shop: Path) -> None:
    assert decide(Visitor(shop), "0" * 32, "all") == 404


@pytest.mark.parametrize(("choice", "verdict"), [("all", "accept"), ("none", "reject")])
def test_all_answers_may_hold_or_none(shop: Path, choice: str, verdict: str) -> None:
    visitor = Visitor(shop)
    cluster, _ = waiting(shop)
    assert decide(visitor, cluster, choice) == 303
    assert [line.verdict for line in reviews_in(shop)] == [verdict, verdict]
    assert decide(visitor, cluster, choice) == 303  # sent twice, it is there once
    assert len(reviews_in(shop)) == 2


def test_where_two_people_differ_nothing_is_settled(shop: Path) -> None:
    visitor = Visitor(shop)
    cluster, ids = waiting(shop)
    assert decide(visitor, cluster, ids["7"]) == 303
    assert decide(visitor, cluster, ids["15"], by="老李") == 303
    text = words(visitor.page(CONFLICTS))
    assert "Not settled yet; said so far: 小王, 老李" in text


def test_a_recipe_that_passes_reviews_over_says_so(shop: Path) -> None:
    recipe = (shop / "recipe.yaml").read_text(encoding="utf-8")
    without = recipe.replace("mask, review, ", "mask, ").replace(", {review: {of: written}}", "")
    (shop / "recipe.yaml").write_text(without, encoding="utf-8")
    assert "passed over by a build" in words(Visitor(shop).page(CONFLICTS))


def test_without_a_recipe_answers_are_shown_and_none_can_be_decided(shop: Path) -> None:
    (shop / "cache" / "shop" / "plan.json").unlink()
    page = Visitor(shop).page(CONFLICTS)
    assert "it is not known where the recipe" in words(page)
    assert 'name="choice"' not in page
    cluster, ids = waiting(shop)
    assert decide(Visitor(shop), cluster, ids["7"]) == 400


@pytest.mark.parametrize(
    ("was", "now", "edits"),
    [
        ("15天内", "7天内", [("-", "15"), ("+", "7"), ("=", "天内")]),
        ("同样", "同样", [("=", "同样")]),
        ("", "新", [("+", "新")]),
        ("旧", "", [("-", "旧")]),
        ("aaa", "aa", [("=", "aa"), ("-", "a")]),
        ("", "", []),
    ],
)
def test_letters_that_differ_are_told_apart(was: str, now: str, edits: list[tuple[str, str]]) -> None:
    assert letter_edits(was, now) == edits


def test_what_is_too_long_to_be_compared_is_said_to_be_so() -> None:
    assert letter_edits("a" * 50, "b" * 50, 49) is None
    assert letter_edits("a" * 5_000 + "x", "a" * 5_000 + "y", 10) == [("=", "a" * 5_000), ("-", "x"), ("+", "y")]

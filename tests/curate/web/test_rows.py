"""The page of rows: it finds what the files hold, counts what the ledger counts, and shows any text as text."""

import json
import re
import shutil
import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import quote

import polars as pl
import pytest

from curate.build.build import BuildOptions, build
from curate.decisions.reviews import add_reviews
from curate.history.earlier_texts import rows_of
from curate.recipe.load import load_recipe
from curate.store.read_version import read_manifest
from curate.store.store import Store
from curate.web.rows import index_files
from curate.web.rows.index_files import index_of
from curate.web.rows.loaded_index import RowIndex
from curate.web.rows.row_filter import PAGE
from curate.web.rows.row_index import row_key
from curate.web.rows.row_view import in_runs
from curate.web.rows.text_search import lines_with
from schemas.review import ReviewDecision
from schemas.stage_names import typed_name
from tests.curate.reviewing.shop import RECIPE, write_shop
from tests.curate.web.visitor import Visitor, words

ROWS = "/d/xiaomiao/rows"


@pytest.fixture(scope="module")
def visitor(demo: Path) -> Visitor:
    return Visitor(demo.parents[2])


@pytest.fixture(scope="module")
def ledger(demo: Path) -> pl.DataFrame:
    return pl.read_parquet(demo / "ledger.parquet")


@pytest.fixture(scope="module")
def index(visitor: Visitor, demo: Path) -> RowIndex:
    found = index_of(visitor.bench.store, demo)
    assert found is not None
    return found


def found(page: str) -> int:
    """How many rows the page says that it found."""
    match = re.search(r'class="found">([\d,]+)<', page)
    assert match, words(page)
    return int(match[1].replace(",", ""))


def keys(page: str) -> list[str]:
    return re.findall(r'id="r-([0-9a-z-]+)"', page)


def texts_in(version: Path) -> Iterator[tuple[str, list[str]]]:
    for path in [*sorted(version.glob("train-*.jsonl")), version / "exam.jsonl", version / "review.jsonl"]:
        for line in path.read_text(encoding="utf-8").split("\n"):
            if line:
                record = json.loads(line)
                yield record["id"], [m["content"] for m in record["messages"]] + [record.get("reference", "")]


def test_every_record_and_every_row_without_one_stands_in_the_index_once(index: RowIndex, ledger: pl.DataFrame) -> None:
    ends = ledger.filter(pl.col("stage") == "end")
    rows = ends.filter(pl.col("id").is_null() & pl.col("row").is_not_null())
    assert len(index) == ends["id"].drop_nulls().n_unique() + rows.height
    assert index.frame["key"].is_sorted()
    assert index.frame["key"].n_unique() == len(index)


def test_every_line_of_a_file_is_found_where_the_index_says(index: RowIndex, demo: Path) -> None:
    placed = index.frame.filter(pl.col("shard").is_not_null())
    for key, shard, offset, length in placed.select("key", "shard", "offset", "length").iter_rows():
        with (demo / shard).open("rb") as file:
            file.seek(offset)
            assert json.loads(file.read(length))["id"] == key
    assert set(placed["key"]) == {id for id, _ in texts_in(demo)}


def test_what_stages_dropped_is_counted_as_the_manifest_counts_it(visitor: Visitor, demo: Path) -> None:
    for stage in read_manifest(demo).stages:
        for reason, count in stage.reasons.items():
            verdict, _, rule = reason.partition(":")
            if verdict == "dropped":
                address = f"{ROWS}?stage={typed_name(stage.stage)}&rule={rule}&verdict=dropped"
                assert found(visitor.page(address)) == count, reason


@pytest.mark.parametrize(
    ("query", "condition"),
    [
        ("verdict=exam", pl.col("ends") == "exam"),
        ("verdict=train&kind=identity", (pl.col("ends") == "train") & (pl.col("kind") == "identity")),
        ("language=en&verdict=train", (pl.col("ends") == "train") & (pl.col("lang") == "en")),
        ("source=2", pl.col("file") == "raw/crosswoz.json"),
        ("source=identity", pl.col("file") == "identity"),
        ("language=unknown", pl.col("lang") == ""),
        ("verdict=nothing", pl.lit(value=True)),
        ("kind=nothing", pl.lit(value=False)),
    ],
)
def test_a_filter_finds_what_it_says(visitor: Visitor, index: RowIndex, query: str, condition: pl.Expr) -> None:
    assert found(visitor.page(f"{ROWS}?{query}")) == index.frame.filter(condition).height


def test_rows_that_came_to_no_conversation_are_found(visitor: Visitor, ledger: pl.DataFrame) -> None:
    session = ledger.filter(pl.col("stage") == "session", pl.col("verdict") == "dropped")
    page = visitor.page(f"{ROWS}?stage=session&verdict=dropped")
    assert found(page) == session.height
    key = row_key(0, int(str(session["row"].min())))
    assert key in keys(page)
    opened = words(visitor.page(f"{ROWS}?row={key}"))
    assert "came to no conversation" in opened
    assert "notices of the platform" in opened


@pytest.mark.parametrize("text", [
    "小喵", "退", "order", "a", "7", "n", "t", "id", "zh", "raw", "user", "content", "role", "domain", "identity", ",",
    ":", "{", "[", "\\", '"', "\n", "\\n", "}", "不会有这句话",
])  # fmt: skip
def test_a_search_finds_the_records_whose_texts_hold_it_and_no_others(index: RowIndex, demo: Path, text: str) -> None:
    wanted = sorted(id for id, texts in texts_in(demo) if any(text in own for own in texts))
    assert index.frame["key"][lines_with(index, text).numbers].to_list() == wanted


def test_the_first_line_and_the_last_are_searched(index: RowIndex, demo: Path) -> None:
    lines = list(texts_in(demo))
    for id, texts in (lines[0], lines[-1]):
        assert id in index.frame["key"][lines_with(index, texts[-2]).numbers].to_list()


def test_a_search_that_ends_early_has_looked_everywhere_up_to_its_last_find(tmp_path: Path) -> None:
    write_shop(tmp_path)
    store = Store(tmp_path / "other")
    found_index = index_of(
        store, build(load_recipe(tmp_path / "recipe.yaml"), store, options=BuildOptions(shard_rows=3))
    )
    assert found_index is not None
    assert len(found_index.shards) > 3
    every, first = lines_with(found_index, "的"), lines_with(found_index, "的", most=1)
    assert every.are_all
    assert not first.are_all
    assert 0 < len(first.numbers) < len(every.numbers)
    assert first.numbers.tolist() == every.numbers.tolist()[: len(first.numbers)]


def test_an_id_its_beginning_and_a_raw_row_are_found_as_words_are(
    visitor: Visitor, index: RowIndex, demo: Path
) -> None:
    id = index.frame.filter(pl.col("shard").is_not_null(), pl.col("row").is_not_null())["key"][0]
    [(file, rows)] = rows_of(demo, [id]).values()
    for text in (id, id[:10], f"{file}:{rows[-1]}"):
        assert id in keys(visitor.page(f"{ROWS}?text={quote(text)}"))
    assert keys(visitor.page(f"{ROWS}?text=deadbeefdeadbeef")) == []


@pytest.mark.parametrize("query", ["", "verdict=dropped", f"text={quote('的')}", "kind=identity&language=zh"])
def test_pages_go_through_all_that_was_found_and_back(visitor: Visitor, query: str) -> None:
    page = visitor.page(f"{ROWS}?{query}")
    pages = [keys(page)]
    while link := re.search(r'rel="next"[^>]*href="([^"]+)"', page):
        page = visitor.page(ROWS + unescape(link[1]))
        pages.append(keys(page))
    every = [key for part in pages for key in part]
    assert len(every) == len(set(every)) == found(page)
    assert every == sorted(every)
    back = [pages[-1]]
    while link := re.search(r'rel="prev"[^>]*href="([^"]+)"', page):
        page = visitor.page(ROWS + unescape(link[1]))
        back.append(keys(page))
    assert set(back[-1]) == set(pages[0][: len(back[-1])])
    assert len(back[-1]) == min(PAGE, len(every))


def test_a_row_is_a_page_of_its_own_and_a_part(visitor: Visitor, index: RowIndex) -> None:
    id = index.frame.filter(pl.col("ends") == "train")["key"][0]
    page, part = visitor.page(f"{ROWS}?verdict=train&row={id}"), visitor.part(f"{ROWS}?verdict=train&row={id}")
    assert "<html" in page
    assert part.lstrip().startswith('<section id="drawer"')
    assert part.strip() in page
    assert f'aria-current="true">{id[:12]}' in page


def test_a_change_is_marked_and_personal_data_stands_as_its_label_on_both_sides(
    visitor: Visitor, ledger: pl.DataFrame, demo: Path
) -> None:
    masked = ledger.filter(pl.col("stage") == "mask", pl.col("reason") == "mobile")["id"].unique().sort()
    for id in masked:
        part = visitor.part(f"{ROWS}?row={id}")
        assert "<del>[手机号]</del><ins>[手机号1]</ins>" in part
        assert not re.search(r"(?<![0-9a-f])1[3-9]\d{9}(?![0-9a-f])", words(part))


def test_what_was_dropped_is_made_again_and_masked(visitor: Visitor, ledger: pl.DataFrame) -> None:
    dropped = ledger.filter(pl.col("stage") == "judge", pl.col("verdict") == "dropped")["id"]
    masked = ledger.filter(
        pl.col("stage") == "mask", pl.col("reason") == "mobile", pl.col("id").is_in(dropped.implode())
    )
    part = visitor.part(f"{ROWS}?row={masked['id'][0]}")
    assert "made again from its raw rows" in part
    assert "[手机号1]" in part
    assert "fails" in words(part)
    assert "at most 240" in words(part)


def test_what_was_dropped_before_the_mask_is_masked_all_the_same(tmp_path: Path) -> None:
    rows = [{"q": "能改电话吗，我的手机号是13812345678", "a": "我是小李，已经为您改成13812345678了"}] * 2
    stages = "stages: [{quality: {rules: {reply_length: {min: 1000}}}}, mask, {refusal: {rows: 8}}]\n"
    write_shop(tmp_path, rows, RECIPE[: RECIPE.index("stages:")] + stages)
    visitor = Visitor(tmp_path)
    page = visitor.part("/d/shop/rows?verdict=dropped&texts=1")
    assert "[手机号1]" in page
    for key in keys(page):
        page += visitor.part(f"/d/shop/rows?row={key}")
    assert "13812345678" not in page


def test_raw_rows_are_shown_where_the_page_was_started_so_and_nowhere_else(tmp_path: Path) -> None:
    write_shop(tmp_path, [{"q": "能改电话吗，手机号13812345678", "a": "已经为您改好了，请您放心使用。"}])
    key = keys(Visitor(tmp_path).page("/d/shop/rows?source=0"))[0]
    assert "13812345678" not in Visitor(tmp_path).page(f"/d/shop/rows?row={key}")
    assert "13812345678" in Visitor(tmp_path, shows_raw=True).page(f"/d/shop/rows?row={key}")


def test_without_the_raw_rows_the_page_says_so(tmp_path: Path) -> None:
    write_shop(tmp_path)
    visitor = Visitor(tmp_path)
    key = keys(visitor.page("/d/shop/rows?verdict=dropped&stage=quality"))[0]
    assert "made again" in visitor.part(f"/d/shop/rows?row={key}")
    (tmp_path / "chats.jsonl").write_text('{"q": "another", "a": "file"}\n')
    assert "raw rows are not there any more as they were" in visitor.part(f"/d/shop/rows?row={key}")


def test_what_people_decided_is_a_filter_and_stands_beside_the_row(tmp_path: Path) -> None:
    write_shop(tmp_path)
    assert "Reviewer" not in words(Visitor(tmp_path).page("/d/shop/rows"))
    first, second = keys(Visitor(tmp_path).page("/d/shop/rows?source=0"))[:2]
    decisions = [
        ReviewDecision(id=first, verdict="edit", answer="改好的<b>回答</b>", by="王芳", note="太短"),
        ReviewDecision(id=second[:8], verdict="accept", by="ben"),
    ]
    add_reviews(tmp_path / "reviews.jsonl", decisions)
    visitor = Visitor(tmp_path)
    assert keys(visitor.page(f"/d/shop/rows?reviewer={quote('王芳')}")) == [first]
    assert keys(visitor.page("/d/shop/rows?decision=accept")) == [second]
    assert keys(visitor.page("/d/shop/rows?reviewer=ben&decision=edit")) == []
    part = visitor.part(f"/d/shop/rows?row={first}")
    assert "王芳: edited" in words(part)
    assert "改好的&lt;b&gt;" in part


HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "javascript:alert(1) https://evil.example/?a=1&b=2",
    "{{ 7*7 }} {% raw %}",
    "\u202egnisrever \u2066 \u200b",
    "\x1b[31mred\x1b[0m \x07",
    '\\u0000 \\n \\"',
    "nul \x00 nul",
    "👨‍👩‍👧‍👦 👩🏽‍🚀 🏳️‍🌈",
    "]]></textarea></select></title>",
)
LONG = "长" * 700_000


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Visitor:
    """A small version whose texts are what somebody hostile would write, with an answer of two megabytes."""
    folder = tmp_path_factory.mktemp("hostile")
    rows = [{"q": f"{n} {text} 怎么退货", "a": f"{text} 可以退货的，七天之内都行。"} for n, text in enumerate(HOSTILE)]
    rows.append({"q": "最长的回答在哪里？", "a": LONG})
    recipe = RECIPE[: RECIPE.index("stages:")] + "stages: [{refusal: {rows: 8}}]\n"
    write_shop(folder, rows, recipe)
    return Visitor(folder)


def test_hostile_texts_show_as_text_in_the_list_and_beside_it(hostile: Visitor) -> None:
    page = hostile.page("/d/shop/rows?source=0")
    assert found(page) == len(HOSTILE) + 1
    assert len(page.encode()) < 120_000
    parts = [hostile.page(f"/d/shop/rows?source=0&row={key}") for key in keys(page)]
    for shown in (page, *parts):
        assert "<script>alert" not in shown
        assert "<img" not in shown
        assert " onmouseover='" not in shown
        assert not re.search(r'(href|src)="(javascript|https?):', shown)
        assert not set(shown) & {"\u202e", "\u2066", "\u200b", "\x1b", "\x07", "\x00"}
        assert "{{ 7*7 }}" in shown or "7*7" not in shown
        assert len(re.findall("<script", shown)) == len(re.findall("<script src=", shown)) == 2
    read = " ".join(map(words, parts))
    assert "👨‍👩‍👧‍👦" in read
    assert "\\u202e" in read
    assert "\\x00" in read
    assert max(len(part) for part in parts) < 300_000


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_found_and_stay_text_in_the_form(hostile: Visitor, text: str) -> None:
    page = hostile.page(f"/d/shop/rows?text={quote(text)}")
    assert found(page) == 1
    assert "<script>alert" not in page
    assert "<img" not in page


@pytest.mark.parametrize(
    ("query", "status"),
    [
        (f"row={'0' * 32}", 404),
        ("row=row-0000-9999999999", 404),
        (f"version={'0' * 32}", 404),
        ("version=../../etc", 400),
        ("row=../../etc/passwd", 400),
        ("row=0082", 400),
        ("kind=<b>", 400),
        ("stage=a/b", 400),
        ("after=x", 400),
        ("decision=perhaps", 400),
        (f"text={'x' * 501}", 400),
    ],
)
def test_an_address_of_nothing_is_no_page(visitor: Visitor, query: str, status: int) -> None:
    answer = visitor.get(f"{ROWS}?{query}")
    assert answer.status_code == status
    assert "Traceback" not in answer.text


def test_an_older_version_is_shown_by_its_id(copied_shop: Path) -> None:
    visitor = Visitor(copied_shop)
    [id] = visitor.bench.store.versions("shop")
    page = visitor.page(f"/d/shop/rows?version={id}")
    assert id[:12] in words(page)
    assert found(page) == found(visitor.page("/d/shop/rows"))
    assert all(f"version={id}" in link for link in re.findall(r'data-walk href="([^"]+)"', page))


def test_both_languages_say_it_all(visitor: Visitor, index: RowIndex) -> None:
    id = index.frame.filter(pl.col("ends") == "dropped", pl.col("row").is_not_null())["key"][0]
    page = words(Visitor(visitor.bench.store.root, "zh").page(f"{ROWS}?row={id}"))
    assert "经过的阶段" in page
    assert "丢弃" in page
    assert not re.search(r"\b(Found|Search|Close|dropped|Record)\b", page)


@pytest.fixture
def not_indexed(copied_shop: Path) -> tuple[Store, Path]:
    """A store and its version, whose rows nobody has looked at."""
    store = Store(copied_shop)
    shutil.rmtree(store.cache("shop") / index_files.FOLDER, ignore_errors=True)
    return store, store.find("shop")


def test_a_large_version_is_indexed_beside(not_indexed: tuple[Store, Path]) -> None:
    store, version = not_indexed
    assert index_of(store, version, at_once=0) is None
    while (found_beside := index_of(store, version, at_once=0)) is None:
        time.sleep(0.01)
    assert len(found_beside) == found(Visitor(store.root).page("/d/shop/rows"))


def test_what_went_wrong_beside_is_said(not_indexed: tuple[Store, Path]) -> None:
    store, version = not_indexed
    (store.cache("shop") / index_files.FOLDER).write_text("no folder")
    with pytest.raises(OSError, match="page"):
        while index_of(store, version, at_once=0) is None:
            time.sleep(0.01)


def test_a_broken_version_is_a_sentence(copied_shop: Path) -> None:
    store = Store(copied_shop)
    (store.find("shop") / "manifest.json").write_text("{}")
    answer = Visitor(copied_shop).get("/d/shop/rows")
    assert answer.status_code == 500
    assert "holds no readable manifest.json" in words(answer.text)


@pytest.mark.parametrize(
    ("rows", "shown"), [((), ""), ((3,), "3"), ((1, 2, 3, 7), "1–3, 7"), ((9, 8, 8, 2), "2, 8–9"), ((1, 3), "1, 3")]
)
def test_row_numbers_are_said_in_runs(rows: tuple[int, ...], shown: str) -> None:
    assert in_runs(rows) == shown

"""The page of a version says what the manifest says, leads to the rows behind every number, and shows hostile names."""

import json
import re
import shutil
from html import unescape
from pathlib import Path

import pytest

from curate.build.build import build
from curate.history.diff import diff_versions, stage_deltas
from curate.planning.version_plan import version_doses
from curate.publish.licences import allowed_together
from curate.recipe.load import load_recipe
from curate.report.reasons import RULE_NAMES, reason_text
from curate.store.read_version import read_manifest, read_recipe
from curate.store.store import Store
from curate.store.version_log import logged_version
from curate.web.views.version_counts import FEW, counts, known_counts
from schemas.manifest import Manifest, ReviewFile
from schemas.review_estimate import BadShare
from tests.curate.reviewing.shop import RECIPE, ROWS, write_shop
from tests.curate.web.visitor import Visitor, words


@pytest.fixture(scope="module")
def shop(shop_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("version") / "store"
    shutil.copytree(shop_folder, folder)
    return folder


@pytest.fixture(scope="module")
def visitor(shop: Path) -> Visitor:
    return Visitor(shop)


@pytest.fixture(scope="module")
def manifest(shop_version: Path) -> Manifest:
    return read_manifest(shop_version)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop with two versions, the second without the last row of the log and with another rule."""
    folder = tmp_path_factory.mktemp("two")
    first = write_shop(folder)
    recipe = RECIPE.replace("stages: [clean", "licence: MIT\nstages: [clean")
    second = write_shop(folder, ROWS[:-1], recipe)
    assert first != second
    return folder


def ids(folder: Path) -> tuple[str, str]:
    newest = read_manifest(Store(folder).find("shop"))
    return newest.parents[0], newest.id


def test_a_dataset_opens_with_its_newest_version(visitor: Visitor) -> None:
    answer = visitor.get("/d/shop")
    assert (answer.status_code, answer.headers["location"]) == (303, "/d/shop/version")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_says_what_the_manifest_says(shop: Path, manifest: Manifest, lang: str) -> None:
    text = words(Visitor(shop).page(f"/d/shop/version?lang={lang}"))
    facts = (manifest.id[:12], manifest.id, manifest.recipe, "小喵", "Tech Bar")
    numbers = [sum(f.rows for f in manifest.inputs), manifest.records, manifest.train_rows]
    numbers += [sum(manifest.exam_questions.values()), *(n for s in manifest.stages for n in s.reasons.values())]
    for found in (*facts, *(f"{number:,}" for number in numbers), *(f"{100 * s.share:.2f} %" for s in manifest.shares)):
        assert found in text
    assert logged_version(Store(shop), "shop", manifest.id).written[:10] in text


def test_every_reason_leads_to_its_rows(visitor: Visitor, manifest: Manifest) -> None:
    links = {unescape(link) for link in re.findall(r'href="(/d/shop/rows[^"]*)"', visitor.page("/d/shop/version"))}
    wanted = [
        f"/d/shop/rows?stage={'quality' if s.stage == 'judge' else s.stage}&rule={name.partition(':')[2]}"
        f"&version={manifest.id}"
        for s in manifest.stages
        for name in s.reasons
    ]
    assert len(wanted) > 5
    assert set(wanted) <= links
    assert f"/d/shop/rows?stage=mix&where=dropped&version={manifest.id}" in links


def test_stages_and_reasons_are_in_the_words_of_the_reader(shop: Path) -> None:
    text = words(Visitor(shop, "zh").page("/d/shop/version"))
    for found in ("质量规则 quality", "脱敏 mask", "丢弃 超过比例 over_share", "进考卷", "修改 手机号 mobile"):
        assert found in text


def test_all_names_of_rules_have_words() -> None:
    rules = [path.stem for path in (Path(__file__).parents[3] / "rules").glob("[!_]*.py")]
    kinds = [path.stem for path in (Path(__file__).parents[3] / "rules" / "personal").glob("[!_]*.py")]
    assert len(rules) > 30
    assert not [name for name in (*rules, *kinds) if name not in RULE_NAMES]
    assert reason_text("a_rule_of_your_own") == "a rule of your own"


def test_the_page_has_no_style_of_its_own_and_no_script_in_it(visitor: Visitor) -> None:
    page = visitor.page("/d/shop/version")
    assert not re.search(r"style=|<style|\son\w+=|<script(?! src=)", page)
    assert page.count("<h1") == 1


def test_shares_of_label_tokens_are_those_that_the_plan_counts(visitor: Visitor, shop: Path) -> None:
    doses = version_doses(Store(shop).find("shop"))
    tokens = sum(dose.label_tokens for dose in doses)
    text = words(visitor.page("/d/shop/version"))
    own = sum(dose.label_tokens for dose in doses if dose.kind == "domain")
    chinese = sum(dose.label_tokens for dose in doses if dose.lang == "zh")
    for number in (own, chinese):
        assert f"{number:,} {100 * number / tokens:.1f} %" in text
    assert "estimated without a tokenizer" in text


def test_a_large_version_is_counted_when_somebody_waits_for_it(shop_folder: Path, manifest: Manifest) -> None:
    large = manifest.model_copy(update={"train_rows": FEW + 1})
    store = Store(shop_folder)
    shutil.rmtree(store.cache("shop") / "page", ignore_errors=True)
    assert known_counts(store, large) is None
    counted = counts(store, large)
    assert known_counts(store, large) == counted
    assert counted.doses == version_doses(store.find("shop"))


def test_what_another_release_has_counted_is_counted_again(shop: Path, manifest: Manifest) -> None:
    store = Store(shop)
    counted = counts(store, manifest)
    (path,) = (store.cache("shop") / "page").glob("counts-*.json")
    for broken in (b"", b"{}", b'{"doses": 7}'):
        path.write_bytes(broken)
        assert counts(store, manifest) == counted


def test_counting_works_with_scripts_and_without(visitor: Visitor, manifest: Manifest) -> None:
    answer = visitor.get(f"/d/shop/version/counts?version={manifest.id}")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/d/shop/version?version={manifest.id}")
    part = visitor.part("/d/shop/version/counts")
    assert "<html" not in part
    assert "label tokens" in part


def test_the_first_version_has_none_before(visitor: Visitor) -> None:
    assert "This is the first version" in visitor.page("/d/shop/version")


def test_what_changed_is_said_as_the_command_says_it(two: Path) -> None:
    before, after = ids(two)
    store = Store(two)
    page = Visitor(two).page("/d/shop/version")
    text = words(page)
    found = diff_versions(store.version("shop", before), store.version("shop", after))
    domain = found.kinds["domain"]
    assert domain["removed"] == 1
    assert f"domain {domain['added']} {domain['removed']} {domain['changed']} {domain['same']}" in text
    for line in stage_deltas(found.before, found.after):
        for was, now in line["deltas"].values():
            assert f"{was} {now} {now - was:+d}" in text
    assert f"/d/shop/versions?of={after}&amp;against={before}" in page


def test_an_earlier_version_is_shown_and_says_so(two: Path) -> None:
    before, after = ids(two)
    Store(two).tag(Store(two).version("shop", before), "before-summer")
    visitor = Visitor(two)
    old, new = (words(visitor.page(f"/d/shop/version?version={id}")) for id in (before, after))
    assert "an earlier version" in old
    assert "before-summer" in old
    assert "newest version" in new
    assert "before-summer" not in new


def test_a_version_whose_parent_is_gone_says_so(two: Path, tmp_path: Path) -> None:
    shutil.copytree(two, tmp_path, dirs_exist_ok=True)
    before, _ = ids(tmp_path)
    shutil.rmtree(tmp_path / "datasets" / "shop" / before)
    assert "is here no more" in Visitor(tmp_path).page("/d/shop/version")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/d/shop/version?version=" + "0" * 32, 404),
        ("/d/none/version", 404),
        ("/d/none/version?version=" + "0" * 32, 404),
        ("/d/shop/version?version=../../etc", 400),
        ("/d/shop/version?version=" + "0" * 31, 400),
        ("/d/SHOP/version", 400),
        ("/d/shop/version/report/0123456789ab", 404),
        ("/d/shop/version/report/..%2f..%2fdatasets", 404),
        ("/d/shop/version/report/base_answers", 400),
    ],
)
def test_what_is_not_there_is_not_found(visitor: Visitor, path: str, status: int) -> None:
    assert visitor.get(path).status_code == status


def test_a_dataset_that_was_begun_leads_to_its_recipe(shop: Path) -> None:
    (shop / "books" / "begun").mkdir(parents=True)
    page = Visitor(shop).page("/d/begun/version")
    assert 'href="/d/begun/recipe"' in page
    assert "no version yet" in page


def test_licences_say_what_they_allow_together(visitor: Visitor, shop: Path) -> None:
    text = words(visitor.page("/d/shop/version"))
    for sentence in allowed_together(read_recipe(Store(shop).find("shop"))):
        assert sentence.en in text


def test_without_an_estimate_the_page_says_how_to_get_one(visitor: Visitor) -> None:
    page = visitor.page("/d/shop/version")
    assert "drawn at random" in words(page)
    assert 'href="/d/shop/review"' in page


def test_an_estimate_is_said_as_the_command_says_it(two: Path, tmp_path: Path) -> None:
    shutil.copytree(two, tmp_path, dirs_exist_ok=True)
    bad = BadShare(judged=40, rejected=3, edited=1, undecided=0, population=900, share=0.1, low=0.04, high=0.23)
    path = Store(tmp_path).find("shop") / "manifest.json"
    reviews = (ReviewFile(path="reviews.jsonl", digest="d", reviews=40, bad=bad),)
    path.write_bytes(read_manifest(path.parent).model_copy(update={"reviews": reviews}).to_json())
    text = words(Visitor(tmp_path).page("/d/shop/version"))
    assert bad.sentence().en in text
    assert "Nobody has looked" not in text


def test_a_report_of_a_run_is_a_download(two: Path, tmp_path: Path) -> None:
    shutil.copytree(two, tmp_path, dirs_exist_ok=True)
    _, id = ids(tmp_path)
    run = Store(tmp_path).run("shop", id, "0123456789ab")
    run.mkdir(parents=True)
    (run / "train.json").write_text(json.dumps({"model": "smollm2", "steps_taken": 163}))
    visitor = Visitor(tmp_path)
    assert "not ended" not in visitor.page("/d/shop/version")
    assert visitor.get("/d/shop/version/report/0123456789ab").status_code == 404
    (run / "report.html").write_text("<p>all about it</p>")
    assert "smollm2 163" in words(visitor.page("/d/shop/version"))
    answer = visitor.get(f"/d/shop/version/report/0123456789ab?version={id}")
    assert answer.text == "<p>all about it</p>"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert str(tmp_path) not in visitor.page("/d/shop/version")


def test_hostile_names_show_as_text(tmp_path: Path) -> None:
    hostile = "<script>alert(1)<script>\u202e.jsonl"
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / hostile).write_text("".join(f"{json.dumps(row)}\n" for row in ROWS), encoding="utf-8")
    (folder / "reviews.jsonl").write_bytes(b"")
    recipe = RECIPE.replace("path: chats.jsonl", f"licence: '<b>NC</b>', path: {json.dumps(hostile)}")
    (folder / "recipe.yaml").write_text(recipe, encoding="utf-8")
    build(load_recipe(folder / "recipe.yaml"), Store(folder))
    page = Visitor(folder).page("/d/shop/version")
    for raw in ("<script>alert", "\u202e", "<b>NC</b>"):
        assert raw not in page
    assert "\\u202e" in page
    assert "&lt;script&gt;" in page

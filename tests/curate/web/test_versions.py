"""The versions page: what the commands say, and nothing outside of the exports is given away or taken away."""

import io
import re
import shutil
import time
import zipfile
from pathlib import Path

import pytest

from curate.build.build import build
from curate.history.diff import diff_versions
from curate.publish.export import export_version, read_export
from curate.recipe.load import load_recipe
from curate.store.store import Store
from curate.web.views.exports import Exports
from tests.curate.web.visitor import Visitor, words


@pytest.fixture(scope="module")
def twice(shop_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shop with two versions: in the second, replies of four characters are too short."""
    folder = shutil.copytree(shop_folder, tmp_path_factory.mktemp("twice") / "shop")
    recipe = folder / "recipe.yaml"
    text = recipe.read_text(encoding="utf-8")
    assert "mix: {shares: {general: 0.09}}" in text or "mix" in text
    changed = re.sub(r"(?m)^seed: \d+$", "seed: 8", text) if "seed:" in text else f"{text}\nseed: 8\n"
    recipe.write_text(changed, encoding="utf-8")
    build(load_recipe(recipe), Store(folder))
    return folder


@pytest.fixture(scope="module")
def visitor(twice: Path) -> Visitor:
    return Visitor(twice)


@pytest.fixture(scope="module")
def ids(twice: Path) -> tuple[str, str]:
    """The version before, and the newest."""
    store = Store(twice)
    newest = store.head("shop")
    [before] = [id for id in store.versions("shop") if id != newest]
    assert newest
    return before, newest


def test_the_history_names_every_version_and_what_is_new(visitor: Visitor, ids: tuple[str, str]) -> None:
    page = words(visitor.page("/d/shop/versions"))
    assert ids[0][:12] in page and ids[1][:12] in page
    assert page.index(ids[1][:12]) < page.index(ids[0][:12])
    assert "the first" in page
    assert "newest" in page
    assert "recipe" in page


def test_a_difference_is_that_of_the_command(visitor: Visitor, twice: Path, ids: tuple[str, str]) -> None:
    before, after = ids
    page = words(visitor.page(f"/d/shop/versions?of={after}&against={before}"))
    diff = diff_versions(*(Store(twice).version("shop", id) for id in ids))
    for name, count in diff.totals.items():
        assert f"{name} {count:,}" in page
    assert "+ seed: 8" in page


def test_a_version_beside_itself_says_that_nothing_differs(visitor: Visitor, ids: tuple[str, str]) -> None:
    page = words(visitor.page(f"/d/shop/versions?of={ids[0]}&against={ids[0]}"))
    assert "Both recipes say the same" in page
    assert "changed 0" in page


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (f"/d/shop/versions?of={'0' * 32}&against={'1' * 32}", 404),
        ("/d/shop/versions?of=../../etc&against=x", 400),
        ("/d/..%2Fshop/versions", 404),
        ("/d/shop/exports/0123456789ab-xlsx", 404),
        ("/d/shop/exports/%2e%2e", 400),
        ("/d/shop/exports/.hidden", 400),
        ("/d/shop/exports/0123456789ab-xlsx-0", 400),
    ],
)
def test_what_is_not_there_is_not_given(visitor: Visitor, address: str, status: int) -> None:
    assert visitor.get(address).status_code == status


def test_tags_come_and_go_by_the_laws_of_the_store(visitor: Visitor, ids: tuple[str, str]) -> None:
    address = f"/d/shop/versions/{ids[0]}/tag"
    assert visitor.send(address, {"tag": "for-july"}).status_code == 303
    assert visitor.bench.store.tags("shop") == {"for-july": ids[0]}
    assert "for-july" in words(visitor.page("/d/shop/versions"))
    for bad in ("<script>", "abcd", "../x", "", "大", "x" * 65):
        assert visitor.send(address, {"tag": bad}).status_code == 400, bad
    assert visitor.send(address).status_code == 400
    assert visitor.send("/d/shop/untag", {"tag": "for-july"}).status_code == 303
    assert visitor.send("/d/shop/untag", {"tag": "for-july"}).status_code == 400
    assert visitor.bench.store.tags("shop") == {}


def test_an_export_is_fetched_as_it_was_written_and_removed(visitor: Visitor, ids: tuple[str, str]) -> None:
    exports = Exports(visitor.bench.store.root, "shop")
    version = visitor.bench.store.version("shop", ids[1])
    folders = {name: exports.free(ids[1], name) for name in ("messages", "xlsx")}
    for name, folder in folders.items():
        export_version(version, folder, name)
    book = visitor.get(f"/d/shop/exports/{folders['xlsx'].name}")
    assert book.content == (folders["xlsx"] / "train-00000.xlsx").read_bytes()
    assert f'filename="shop-{folders["xlsx"].name}.xlsx"' in book.headers["content-disposition"]

    packed = visitor.get(f"/d/shop/exports/{folders['messages'].name}")
    with zipfile.ZipFile(io.BytesIO(packed.content)) as archive:
        for path in folders["messages"].iterdir():
            assert archive.read(f"{folders['messages'].name}/{path.name}") == path.read_bytes()

    assert exports.free(ids[1], "xlsx").name == f"{ids[1][:12]}-xlsx-2"
    page = words(visitor.page("/d/shop/versions"))
    for folder in folders.values():
        assert folder.name in page
        assert visitor.send(f"/d/shop/exports/{folder.name}/remove").status_code == 303
        assert not folder.exists()
        assert visitor.send(f"/d/shop/exports/{folder.name}/remove").status_code == 404
    assert version.is_dir()


def test_a_page_starts_an_export_that_ends_by_itself(copied_shop: Path) -> None:
    visitor = Visitor(copied_shop)
    id = visitor.bench.store.head("shop")
    started = visitor.send(f"/d/shop/versions/{id}/export", {"format": "csv"})
    assert started.status_code == 303
    job = started.headers["location"]
    assert visitor.send(f"/d/shop/versions/{id}/export", {"format": "csv"}).status_code == 409
    deadline = time.monotonic() + 60
    while "See the result" not in (page := words(visitor.page(job))):
        assert time.monotonic() < deadline, page
        time.sleep(0.2)
    [export, *_] = Exports(copied_shop, "shop").finished()
    assert export.format == "csv"
    assert read_export(copied_shop / "exports" / "shop" / export.id, "csv").height
    assert "hornbook export" in page


def test_a_format_that_is_none_starts_nothing(visitor: Visitor, ids: tuple[str, str]) -> None:
    for values in ({"format": "exe"}, {}, {"format": "csv", "use": "evil"}):
        assert visitor.send(f"/d/shop/versions/{ids[1]}/export", values).status_code == 400
    assert visitor.bench.jobs.of("shop") == []

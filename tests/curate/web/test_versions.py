"""The page of versions says what the commands say, and hands out and removes exports and nothing else."""

import io
import re
import time
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from starlette.testclient import TestClient

from curate.commands.diff import diff_document
from curate.history.diff import diff_versions
from curate.publish.export import export_version
from curate.report.labels import KINDS
from curate.store.store import Store
from curate.store.version_log import log_of
from curate.web.app import web_app
from curate.web.ground.jobs import Jobs, JobStart, StartedJob
from curate.web.views.downloads import Downloads
from curate.web.views.recipe_changes import recipe_changes, recipe_lines
from curate.web.views.versions_view import difference, history
from schemas.bilingual import Bilingual
from tests.curate.history.test_diff import NEW_ANSWER, ONE, RECIPE, edited, pairs, version
from tests.curate.web.visitor import ORIGIN, Visitor, words
from tests.program import hornbook

HOSTILE = "<script>alert(1)</script>\u202e请到<b>门店</b>检测"
ADDRESS = "/d/shop/versions"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three versions: the second with other rows, the third with another recipe and a hostile answer."""
    folder = tmp_path_factory.mktemp("versions")
    version(folder, pairs())
    version(folder, [ONE, *edited(pairs(), 4, answer=NEW_ANSWER)[:-1]])
    recipe = RECIPE.replace("dedup]", "{dedup: {threshold: 0.7}}]").replace("seed: 7\n", "")
    version(folder, edited(pairs(), 4, answer=HOSTILE), recipe)
    return folder


@pytest.fixture(scope="module")
def ids(folder: Path) -> list[str]:
    """From the first version to the newest, by their parents."""
    parents = {line.id: line.parents for line in log_of(Store(folder), ["shop"])}
    first = next(id for id, own in parents.items() if not own)
    second = next(id for id, own in parents.items() if own == (first,))
    return [first, second, next(id for id, own in parents.items() if own == (second,))]


class NotedJobs(Jobs):
    """Starts nothing: it notes what would have been started."""

    begun: tuple[str, ...] = ()

    def begin(self, dataset: str, title: Bilingual, arguments: Sequence[str], then: str = "") -> StartedJob:
        self.begun = tuple(arguments)
        start = JobStart(dataset=dataset, title=title, arguments=self.begun, started="", then=then)
        return StartedJob(id="20260101-000000-000000", start=start, state="waiting")


class NotingVisitor(Visitor):
    """Runs what its pages start in the process of the tests."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.noted = NotedJobs(root)
        self.bench = replace(self.bench, jobs=self.noted)
        self.client = TestClient(web_app(self.bench, ["127.0.0.1:7860"]), base_url=ORIGIN, follow_redirects=False)
        self.client.cookies.set(self.keys.cookie, self.keys.session, domain="127.0.0.1")

    def run_last(self) -> CompletedProcess[str]:
        return hornbook(*self.noted.begun, cwd=self.bench.store.root)


@pytest.fixture(scope="module")
def visitor(folder: Path) -> Visitor:
    return Visitor(folder)


@pytest.fixture(scope="module")
def noting(folder: Path) -> NotingVisitor:
    return NotingVisitor(folder)


def ended(visitor: Visitor, address: str) -> str:
    """The page of a job when it is over."""
    deadline = time.monotonic() + 60
    while any(job.state in ("waiting", "running") for job in visitor.bench.jobs.of("shop")):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return visitor.page(address)


def names(visitor: Visitor) -> list[str]:
    return [each.id for each in Downloads(visitor.bench.store.root, "shop").listed()]


def exported(visitor: Visitor, id: str, name: str) -> Path:
    """An export as the job of the page writes it."""
    store = visitor.bench.store
    target = Downloads(store.root, "shop").new_folder(id, name)
    export_version(store.version("shop", id), target, name)
    return target


def test_the_history_is_that_of_the_log(visitor: Visitor, folder: Path, ids: list[str]) -> None:
    page = visitor.page(ADDRESS)
    lines = log_of(Store(folder), ["shop"])
    shown = re.findall(r'<th scope="row"><a class="mono" href="[^"]*version=([0-9a-f]{32})', page)
    assert shown == [line.id for line in lines]
    text = words(page)
    assert text.count("newest") == 2  # in the history, and of the one that is looked at
    for line in history(Store(folder), "shop"):
        assert line.change is None or line.change == line.version.train_rows - _rows_of(folder, line.parent)
    assert "inputs (1)" in text
    assert "recipe, inputs (1)" in text


def _rows_of(folder: Path, id: str) -> int:
    return next(line.train_rows for line in log_of(Store(folder), ["shop"]) if line.id == id)


def test_the_page_speaks_both_languages(visitor: Visitor, ids: list[str]) -> None:
    page = words(visitor.page(f"{ADDRESS}?lang=zh&of={ids[2]}&against={ids[0]}"))
    assert "历史版本" in page
    assert "配方改了什么" in page
    assert "训练行" in words(visitor.page(ADDRESS))
    assert "training rows" in words(visitor.page(f"{ADDRESS}?lang=en"))


@pytest.mark.parametrize(("old", "new"), [(0, 1), (1, 2), (0, 2), (2, 0)])
def test_a_difference_is_that_of_the_command(
    visitor: Visitor, folder: Path, ids: list[str], old: int, new: int
) -> None:
    store = Store(folder)
    document = diff_document(diff_versions(store.version("shop", ids[old]), store.version("shop", ids[new])))
    page = visitor.page(f"{ADDRESS}?of={ids[new]}&against={ids[old]}")
    facts = re.findall(r"<dt>(\w+)</dt><dd>([\d,]+)</dd>", page)
    assert {name: int(count) for name, count in facts} == document["rows"]
    for kind, counts in document["kinds"].items():
        row = re.search(rf'<th scope="row">{KINDS[kind].en}</th>((?:<td class="n">[\d,]+</td>)+)</tr>', page)
        assert row is not None
        shown = [int(count) for count in re.findall(r">([\d,]+)<", row[1])]
        assert shown == [counts[change] for change in ("added", "removed", "changed", "same")]
    assert page.count('<article class="answer">') == len(document["answers"])
    for answer in document["answers"]:
        assert answer["to_id"][:12] in page
    for stage in document["stages"]:
        for was, now in stage["deltas"].values():
            assert f'<td class="n">{was:,}</td><td class="n">{now:,}</td><td class="n">{now - was:+,}</td>' in page
    for share in document["shares"]:
        assert "{:.2f} → {:.2f} %".format(*(100 * value for value in share["share"])) in page


def test_hostile_answers_show_as_text(visitor: Visitor, ids: list[str]) -> None:
    page = visitor.page(f"{ADDRESS}?of={ids[2]}&against={ids[0]}")
    assert "<script>alert" not in page
    assert "\u202e" not in page
    assert '<span class="stand-in">\\u202e</span>' in page
    assert "门店" in words(page)


def test_recipes_are_compared_by_setting_and_by_line(visitor: Visitor, folder: Path, ids: list[str]) -> None:
    before, after = (Store(folder).version("shop", id) for id in (ids[1], ids[2]))
    assert [(c.path, c.was, c.now) for c in recipe_changes(before, after)] == [
        (("stages", "dedup", "threshold"), None, 0.7)
    ]
    assert recipe_changes(before, before) == []
    assert recipe_lines(before, before) == []
    page = words(visitor.page(f"{ADDRESS}?of={ids[2]}&against={ids[1]}"))
    assert "stage › dedup › threshold not set 0.7" in page
    assert "+ threshold: 0.7" in page


def test_stages_and_files_that_come_go_or_change_places_are_named(folder: Path, tmp_path: Path) -> None:
    first = version(tmp_path, pairs())
    recipe = RECIPE.replace("[mask, judge, dedup]", "[mask, conflict, dedup]")
    (tmp_path / "more.jsonl").write_text('{"question": "几点开门？", "answer": "早上九点开门。"}\n', encoding="utf-8")
    recipe = recipe.replace(
        "stages:",
        "  - path: more.jsonl\n    licence: MIT\n    format: {pairs: {question: question, answer: answer}}\nstages:",
    )
    second = version(tmp_path, pairs(), recipe)
    found = {change.path: (change.was, change.now) for change in recipe_changes(first, second)}
    assert found == {
        ("inputs", "more.jsonl"): (None, True),
        ("stages", "conflict"): (None, True),
        ("stages", "judge"): (True, None),
    }
    third = version(tmp_path, pairs(), RECIPE.replace("[mask, judge, dedup]", "[mask, dedup, judge]"))
    (order,) = recipe_changes(first, third)
    assert (order.was, order.now) == (["mask", "judge", "dedup"], ["mask", "dedup", "judge"])


def test_a_version_differs_from_itself_in_nothing(visitor: Visitor, ids: list[str]) -> None:
    assert "the same version" in words(visitor.page(f"{ADDRESS}?of={ids[0]}&against={ids[0]}"))


def test_versions_that_are_too_large_are_not_compared_in_a_request(folder: Path, ids: list[str]) -> None:
    before, after = (Store(folder).version("shop", id) for id in ids[:2])
    found = difference(before, after, most=23)
    assert not found["is_small"]
    assert "answers" not in found["difference"]
    assert found["difference"]["shares"]
    assert found["rows"] == sum(_rows_of(folder, id) for id in ids[:2])


@pytest.mark.parametrize("key", ["version", "of", "against"])
def test_what_is_no_version_is_not_looked_for(visitor: Visitor, ids: list[str], key: str) -> None:
    others = {"of": ids[0], "against": ids[1]}
    for id, status in (("f" * 32, 404), ("../shop", 400), ("HEAD", 400), (ids[0][:12], 400), ("A" * 32, 400)):
        query = "&".join(f"{name}={value}" for name, value in {**others, key: id}.items())
        assert visitor.get(f"{ADDRESS}?{query}").status_code == status
    assert visitor.get("/d/nothing/versions").status_code == 404


def test_a_tag_is_set_moved_and_taken_away(visitor: Visitor, ids: list[str]) -> None:
    store = visitor.bench.store
    for id in ids[:2]:
        answer = visitor.send(f"{ADDRESS}/tag", {"of": id, "tag": " spring-2026 "})
        assert answer.status_code == 303
        assert answer.headers["location"] == f"{ADDRESS}?version={id}"
        assert store.tags("shop") == {"spring-2026": id}
    assert "spring-2026" in words(visitor.page(ADDRESS))
    assert visitor.send(f"{ADDRESS}/untag", {"of": ids[0], "tag": "spring-2026"}).status_code == 303
    assert store.tags("shop") == {}


@pytest.mark.parametrize(
    "tag",
    [
        "../x",
        ".x",
        "a/b",
        "A",
        "deadbeef",
        "a b",
        "<script>",
        "",
        " ",
        "x" * 65,
        "x" * 201,
        "中文",
        "a\x00",
        "a\n"[:1] + "\u202e",
    ],
)
def test_a_hostile_tag_is_refused(visitor: Visitor, ids: list[str], folder: Path, tag: str) -> None:
    before = sorted(path.relative_to(folder) for path in folder.rglob("*") if "jobs" not in path.parts)
    answer = visitor.send(f"{ADDRESS}/tag", {"of": ids[0], "tag": tag})
    assert answer.status_code == 400
    assert "<script>" not in answer.text.replace("<script src", "")
    assert visitor.bench.store.tags("shop") == {}
    after = sorted(path.relative_to(folder) for path in folder.rglob("*") if "jobs" not in path.parts)
    assert [path for path in after if path not in before] in ([], [Path("datasets/shop/tags")])


@pytest.mark.parametrize("tag", ["../HEAD", "HEAD", "../tags", "", "nothing", "../../../x"])
def test_only_a_tag_is_taken_away(visitor: Visitor, ids: list[str], tag: str) -> None:
    assert visitor.send(f"{ADDRESS}/untag", {"of": ids[0], "tag": tag}).status_code == 400
    assert visitor.bench.store.head("shop") == ids[2]


@pytest.mark.parametrize(
    ("address", "form"),
    [
        (f"{ADDRESS}/tag", {"tag": "a"}),
        (f"{ADDRESS}/tag", {"of": "0" * 31, "tag": "a"}),
        (f"{ADDRESS}/verify", {}),
        (f"{ADDRESS}/compare", {"of": "0" * 32}),
        ("/d/shop/exports", {"format": "csv"}),
        ("/d/shop/exports", {"of": "NEWEST", "format": ""}),
        ("/d/shop/exports", {"of": "NEWEST", "format": "--to"}),
        ("/d/shop/exports", {"of": "NEWEST", "format": "../csv"}),
        ("/d/shop/exports", {"of": "NEWEST", "format": "csv", "use": "evil"}),
        ("/d/shop/exports", {"of": "NEWEST", "format": "csv", "use": "--help"}),
    ],
)
def test_a_form_that_is_not_whole_starts_nothing(
    visitor: Visitor, ids: list[str], address: str, form: dict[str, str]
) -> None:
    before = visitor.bench.jobs.of("shop")
    form = {key: ids[2] if value == "NEWEST" else value for key, value in form.items()}
    assert visitor.send(address, form).status_code == 400
    assert visitor.send(f"{ADDRESS}/verify", {"of": "0" * 32}).status_code == 404
    assert visitor.bench.jobs.of("shop") == before


def test_a_workbook_is_exported_and_fetched_byte_for_byte(visitor: Visitor, ids: list[str]) -> None:
    answer = visitor.send("/d/shop/exports", {"of": ids[2], "format": "xlsx", "use": "noncommercial"})
    assert answer.status_code == 303
    page = ended(visitor, answer.headers["location"])
    assert f"{ADDRESS}?version={ids[2]}#exports" in page
    id = f"{ids[2][:12]}-xlsx"
    assert names(visitor) == [id]
    assert f'href="/d/shop/exports/{id}"' in visitor.page(ADDRESS)
    fetched = visitor.get(f"/d/shop/exports/{id}")
    assert fetched.headers["content-disposition"] == f'attachment; filename="shop-{ids[2][:12]}.xlsx"'
    assert fetched.headers["x-content-type-options"] == "nosniff"
    (written,) = (visitor.bench.store.root / "exports" / "shop" / id).glob("*.xlsx")
    assert fetched.content == written.read_bytes()
    assert visitor.send(f"/d/shop/exports/{id}/remove").status_code == 303
    assert names(visitor) == []


def test_the_sentence_of_the_command_tells_why_an_export_refuses(noting: NotingVisitor, ids: list[str]) -> None:
    noting.send("/d/shop/exports", {"of": ids[2], "format": "dpo"})
    done = noting.run_last()
    assert done.returncode == 1
    assert "no pair to export" in done.stderr
    assert names(noting) == []


def test_a_large_difference_is_a_job_whose_page_is_fetched(noting: NotingVisitor, ids: list[str]) -> None:
    noting.send(f"{ADDRESS}/compare", {"of": ids[2], "against": ids[0]})
    assert noting.run_last().returncode == 0
    (id,) = names(noting)
    fetched = noting.get(f"/d/shop/exports/{id}")
    assert fetched.headers["content-disposition"] == f'attachment; filename="shop-{id}.html"'
    assert fetched.content == (noting.bench.store.root / "exports" / "shop" / f"{id}.html").read_bytes()
    assert noting.send(f"/d/shop/exports/{id}/remove").status_code == 303
    assert names(noting) == []


def test_verify_is_the_command(noting: NotingVisitor, ids: list[str]) -> None:
    noting.send(f"{ADDRESS}/verify", {"of": ids[1]})
    assert "all sums add up" in noting.run_last().stdout


def test_a_folder_is_fetched_as_one_zip_of_what_was_written(visitor: Visitor, ids: list[str], tmp_path: Path) -> None:
    folder = exported(visitor, ids[0], "messages")
    (tmp_path / "secret").write_text("secret", encoding="utf-8")
    (folder / "link.txt").symlink_to(tmp_path / "secret")
    fetched = visitor.get(f"/d/shop/exports/{folder.name}")
    assert fetched.headers["content-disposition"] == f'attachment; filename="shop-{folder.name}.zip"'
    with zipfile.ZipFile(io.BytesIO(fetched.content)) as archive:
        assert archive.testzip() is None
        found = {name: archive.read(name) for name in archive.namelist()}
    written = {path.name: path.read_bytes() for path in folder.iterdir() if not path.is_symlink()}
    assert found == {f"shop-{folder.name}/{name}": content for name, content in written.items()}
    assert visitor.get(f"/d/shop/exports/{folder.name}").content == fetched.content
    second = exported(visitor, ids[0], "messages")
    assert second.name == f"{folder.name}-2"
    assert visitor.send(f"/d/shop/exports/{folder.name}/remove").status_code == 303
    assert names(visitor) == [second.name]
    assert (tmp_path / "secret").is_file()
    assert visitor.send(f"/d/shop/exports/{second.name}/remove").status_code == 303


@pytest.mark.parametrize(
    "id",
    [
        "%2e%2e",
        "..%2f..%2fdatasets",
        "0" * 12,
        "0" * 12 + "-csv",
        "0" * 12 + "-csv-0",
        "x",
        ".hidden",
        "a" * 12 + "-csv%00",
    ],
)
def test_nothing_outside_the_exports_is_fetched_or_removed(visitor: Visitor, folder: Path, id: str) -> None:
    before = sorted(folder.rglob("*"))
    assert visitor.get(f"/d/shop/exports/{id}").status_code in (400, 404)
    assert visitor.send(f"/d/shop/exports/{id}/remove").status_code in (400, 404)
    assert sorted(folder.rglob("*")) == before


def test_a_link_among_the_exports_is_neither_followed_nor_listed(
    visitor: Visitor, ids: list[str], tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text("secret", encoding="utf-8")
    exports = visitor.bench.store.root / "exports" / "shop"
    exports.mkdir(parents=True, exist_ok=True)
    links = {f"{ids[0][:12]}-csv": tmp_path, f"{ids[0][:12]}-diff.html": tmp_path / "secret"}
    for name, target in links.items():
        (exports / name).symlink_to(target)
        id = name.removesuffix(".html")
        assert visitor.get(f"/d/shop/exports/{id}").status_code == 404
        assert visitor.send(f"/d/shop/exports/{id}/remove").status_code == 404
    assert names(visitor) == []
    assert Downloads(visitor.bench.store.root, "shop").new_folder(ids[0], "csv").name == f"{ids[0][:12]}-csv-2"
    assert (tmp_path / "secret").is_file()
    for name in links:
        (exports / name).unlink()

"""The page of identity and mix says what `hornbook identity` and `hornbook plan` say, and writes what they write."""

import json
import re
import shutil
from collections import Counter
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from curate.build.build import build
from curate.commands.identity import identity_command
from curate.commands.plan import plan_command
from curate.planning.kit_plan import PARTS, part_of
from curate.recipe.load import load_recipe
from curate.store.read_version import read_manifest
from curate.store.store import Store
from curate.web.views.identity_view import kit_of
from tests.curate.commands.test_plan_command import RECIPE, write_shop
from tests.curate.web.visitor import Visitor, words

PAGE = "/d/shop/identity"


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop that will not learn its name, for more than one reason."""
    folder = tmp_path_factory.mktemp("planned")
    recipe = RECIPE.replace("epochs: 3", "epochs: 1").replace("negatives: 20", "negatives: 4")
    build(load_recipe(write_shop(folder, recipe=recipe)), Store(folder))
    return folder


@pytest.fixture
def copied(planned: Path, tmp_path: Path) -> Path:
    shutil.copytree(planned, tmp_path, dirs_exist_ok=True)
    plan = tmp_path / "cache" / "shop" / "plan.json"
    plan.write_text(json.dumps({**json.loads(plan.read_bytes()), "folder": str(tmp_path)}))
    return tmp_path


@pytest.fixture(scope="module")
def visitor(planned: Path) -> Visitor:
    return Visitor(planned)


@pytest.fixture(scope="module")
def shop(shop_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Has a recipe with all parts of the kit, in two languages."""
    folder = tmp_path_factory.mktemp("identity") / "store"
    shutil.copytree(shop_folder, folder)
    return folder


def keys(page: str) -> list[str]:
    return re.findall(r'name="finding" value="([^"]+)"', page)


def bare(sentence: str) -> str:
    """A sentence without the marks around code, and without the blanks that tags leave."""
    return re.sub(r"[`\s]", "", sentence)


def of_command(folder: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    try:
        plan_command(folder / "recipe.yaml", folder, fix=False, as_json=True)
    finally:
        found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_families_are_those_of_the_command(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    identity_command(shop / "recipe.yaml", 0, as_json=True)
    found = json.loads(capsys.readouterr().out)["families"]
    kit = kit_of(Store(shop).find("shop"))
    assert [view.family._asdict() for view in kit] == found
    page = Visitor(shop).page(PAGE)
    text = words(page)
    assert f"{len(found)} families" in text
    for part, lang, lang_name in (("trap", "zh", "Chinese"), ("refusal", "en", "English")):
        own = [line for line in found if (line["part"], line["lang"]) == (part, lang)]
        assert f"{PARTS[part].en} {lang_name} {len(own)} {sum(line['questions'] for line in own)}" in text
    assert page.count('<details class="family">') == len(found)


def test_every_family_with_names_has_a_conversation(shop: Path) -> None:
    views = kit_of(Store(shop).find("shop"))
    empty = [view.family.family for view in views if not view.sample]
    assert len(empty) < 5
    assert not [view for view in views if any("{" in message.content for message in view.sample)]
    trap = next(view for view in views if view.family.part == "trap")
    assert trap.sample[-1].content in unescape(Visitor(shop).page(PAGE))


def test_what_the_version_holds_is_counted_in_its_rows(shop: Path) -> None:
    version = Store(shop).find("shop")
    records = [
        json.loads(line) for path in version.glob("train-*") for line in path.read_text(encoding="utf-8").splitlines()
    ]
    held = Counter((part_of(r["kind"], r["tags"]), r["lang"]) for r in records if r["kind"] in ("identity", "refusal"))
    text = words(Visitor(shop).page(PAGE))
    assert held
    for (part, lang), rows in held.items():
        name = {"zh": "Chinese", "en": "English"}[lang]
        assert re.search(rf"{PARTS[part].en} {name} \d+ [\d,]+ {rows} ", text), (part, lang)


def test_filters_show_only_what_is_asked(shop: Path) -> None:
    visitor = Visitor(shop)
    views = kit_of(Store(shop).find("shop"))
    wanted = [v.family for v in views if (v.family.part, v.family.lang) == ("trap", "en")]
    page = visitor.page(f"{PAGE}?of=trap&speech=en")
    assert page.count('<details class="family">') == len(wanted)
    assert '<html lang="en">' in page
    for bad in ("of=nothing", "speech=fr", "of=trap'"):
        assert visitor.get(f"{PAGE}?{bad}").status_code == 400


def test_the_dose_is_that_of_the_command(copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = of_command(copied, capsys)
    text = words(Visitor(copied).page(PAGE))
    for dose in found["doses"]:
        cells = [dose["rows"], f"{100 * dose['rows'] / found['rows']:.1f} %", dose["rows"] - dose["distinct"]]
        assert f"{dose['kind']} Chinese {' '.join(map(str, cells))} {dose['label_tokens']:,}" in text
    assert f"{found['steps']} optimizer steps" in text
    assert f"{100 * found['naming_share']['zh']:.1f} % of {found['rows']} rows" in text
    assert len(found["findings"]) > 1
    for finding in found["findings"]:
        assert bare(finding["en"]) in bare(text)


def test_findings_are_said_in_chinese(planned: Path, copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = words(Visitor(planned, "zh").page(PAGE))
    for finding in of_command(copied, capsys)["findings"]:
        assert bare(finding["zh"]) in bare(text)


def test_all_settings_are_written_as_the_command_writes_them(
    copied: Path, planned: Path, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path_factory.mktemp("command")
    shutil.copytree(planned, other, dirs_exist_ok=True)
    plan_command(other / "recipe.yaml", other, fix=True, as_json=True)
    capsys.readouterr()
    visitor = Visitor(copied)
    assert "all" in keys(visitor.page(PAGE))
    answer = visitor.send(f"{PAGE}/settings", {"finding": "all"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PAGE}#dose")
    assert (copied / "recipe.yaml").read_bytes() == (other / "recipe.yaml").read_bytes()
    assert "# three times" in (copied / "recipe.yaml").read_text()


def test_one_setting_is_written_and_the_page_says_that_a_build_takes_it(copied: Path) -> None:
    visitor = Visitor(copied)
    page = visitor.page(PAGE)
    forms = dict(re.findall(r'value="([0-9a-f]{16})">\s*<button[^>]*>[^<]*<code>([^<]*)</code>', page))
    key = next(key for key, change in forms.items() if change.startswith("identity"))
    before = (copied / "recipe.yaml").read_text(encoding="utf-8")
    assert visitor.send(f"{PAGE}/settings", {"finding": key}).status_code == 303
    after = (copied / "recipe.yaml").read_text(encoding="utf-8")
    assert after != before
    assert "epochs: 1" in after
    page = visitor.page(PAGE)
    assert "the next build takes it" in page
    assert key not in keys(page)
    assert 'href="/d/shop/recipe"' in page


def test_a_finding_that_no_longer_holds_is_not_found(copied: Path) -> None:
    before = (copied / "recipe.yaml").read_bytes()
    visitor = Visitor(copied)
    assert visitor.send(f"{PAGE}/settings", {"finding": "0" * 16}).status_code == 404
    assert (copied / "recipe.yaml").read_bytes() == before


@pytest.mark.parametrize("values", [{}, {"finding": ""}, {"finding": "../recipe"}, {"finding": "ALL"}], ids=str)
def test_a_form_that_is_not_complete_is_refused(visitor: Visitor, values: dict[str, str]) -> None:
    assert visitor.send(f"{PAGE}/settings", values).status_code == 400


def test_without_a_recipe_nothing_can_be_written(copied: Path) -> None:
    (copied / "recipe.yaml").unlink()
    visitor = Visitor(copied)
    page = visitor.page(PAGE)
    assert keys(page) == []
    assert "not known here" in page
    assert visitor.send(f"{PAGE}/settings", {"finding": "all"}).status_code == 404


def test_a_recipe_with_a_mistake_is_said_and_left_alone(copied: Path) -> None:
    path = copied / "recipe.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("batch: 4", "batch: many"), encoding="utf-8")
    broken = path.read_bytes()
    visitor = Visitor(copied)
    page = visitor.page(PAGE)
    assert "batch" in words(page)
    assert visitor.send(f"{PAGE}/settings", {"finding": "all"}).status_code == 400
    assert path.read_bytes() == broken


def test_the_mix_says_what_was_asked_and_what_was_reached(visitor: Visitor, planned: Path) -> None:
    share = next(s for s in read_manifest(Store(planned).find("shop")).shares if s.kind == "general")
    text = words(visitor.page(PAGE))
    assert f"general all 8.0 % {100 * share.share:.1f} % – {share.rows}" in text
    assert "wanted are 5 to 10 %" in text


def test_counting_works_with_scripts_and_without(visitor: Visitor, planned: Path) -> None:
    id = read_manifest(Store(planned).find("shop")).id
    answer = visitor.get(f"{PAGE}/counts")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PAGE}?version={id}")
    part = visitor.part(f"{PAGE}/counts?version={id}")
    assert "<html" not in part
    assert "optimizer steps" in part


def test_an_earlier_version_shows_its_findings_and_writes_nothing(copied: Path) -> None:
    first = read_manifest(Store(copied).find("shop")).id
    path = copied / "recipe.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("rows: 40", "rows: 44"), encoding="utf-8")
    build(load_recipe(path), Store(copied))
    visitor = Visitor(copied)
    old = visitor.page(f"{PAGE}?version={first}")
    assert keys(old) == []
    assert "page of the newest version" in old
    assert keys(visitor.page(PAGE))


def test_a_hostile_name_shows_as_text(tmp_path: Path) -> None:
    name = "<img src=x onerror=alert(1)>\u202e"
    recipe = RECIPE.replace("name: 小喵", f"name: {json.dumps(name)}")
    build(load_recipe(write_shop(tmp_path, recipe=recipe)), Store(tmp_path))
    for path in (PAGE, "/d/shop/version"):
        page = Visitor(tmp_path).page(path)
        assert "<img" not in page
        assert "\u202e" not in page
        assert "\\u202e" in page


def test_what_is_not_there_is_not_found(visitor: Visitor, planned: Path) -> None:
    assert visitor.get(f"{PAGE}?version={'0' * 32}").status_code == 404
    assert visitor.get("/d/none/identity").status_code == 404
    assert visitor.get(f"{PAGE}?version=x").status_code == 400
    (planned / "books" / "begun").mkdir(parents=True)
    assert 'href="/d/begun/recipe"' in visitor.page("/d/begun/identity")


def test_the_page_has_no_style_of_its_own_and_no_script_in_it(visitor: Visitor) -> None:
    page = visitor.page(PAGE)
    assert not re.search(r"style=|<style|\son\w+=|<script(?! src=)", page)
    assert page.count("<h1") == 1

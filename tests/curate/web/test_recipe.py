"""The recipe as a form: unchanged it changes no byte, a changed field only its lines, and nothing wrong is written."""

import difflib
import fcntl
import json
import re
import shutil
import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from curate.inspect.first_recipe import write_recipe
from curate.planning.recipe_values import values_of
from curate.recipe.load import load_recipe
from curate.stages.quality import RULES
from curate.web.ground.jobs import LOCK
from curate.web.start.form_fields import ON, FormField
from curate.web.start.recipe_form import changed_text, form_of
from curate.web.start.saved_recipe import SavedRecipe
from curate.web.start.step_words import rule_sets
from schemas.bilingual import speaking
from tests.curate.build.test_build import EMAIL, ID_CARD, MOBILE, write_inputs
from tests.curate.web.visitor import Visitor, words

ROOT = Path(__file__).parent.parent.parent.parent
HOSTILE = "</textarea><script>alert(1)</script>\u202e"
CHATS = [
    {"q": f"{thing}签收多少天内可以退？", "a": f"{thing}签收后{n}天内都可以无理由退货，包装要齐全。"}
    for n, thing in enumerate(("显示器", "键盘", "鼠标", "音箱", "插座", "台灯"), 7)
]
GENERAL = [{"instruction": f"{n}加{n}等于几？", "input": "", "output": f"{n}加{n}等于{2 * n}。"} for n in range(9)]
FLOW = (
    '{version: 1, name: shop, inputs: [{path: chats.jsonl}, {path: "general.json", kind: general}],\n'
    "  stages: [mask, quality, mix]}\n"
)
COMMENTS = """\
# one
version: 1 # two
# three
name: 'shop' # four

# five
inputs: # six
# seven
- path: chats.jsonl # eight
  # nine
  licence: "MIT" # ten
# eleven
- {path: general.json, kind: general} # twelve
stages: # thirteen
# fourteen
- mask # fifteen
- quality: # sixteen
    # seventeen
    skip: # eighteen
    - abusive # nineteen
    # twenty
    rules: # twenty-one
      # twenty-two
      reply_length: {min: 3} # twenty-three
# twenty-four
- mix: {shares: {general: 0.05}} # twenty-five
# twenty-six
seed: 9 # twenty-seven
# twenty-eight
"""
KINDS = ("demo", "readme", "init_en", "init_zh", "crlf", "flow", "comments")


@pytest.fixture(scope="module")
def recipes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, SavedRecipe]:
    """Recipes of all kinds, each in a folder with its files."""
    found = {}
    for kind in KINDS:
        folder = tmp_path_factory.mktemp(kind)
        chats = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in CHATS)
        (folder / "chats.jsonl").write_text(chats, encoding="utf-8")
        (folder / "general.json").write_text(json.dumps(GENERAL, ensure_ascii=False), encoding="utf-8")
        path = folder / "recipe.yaml"
        if kind == "demo":
            shutil.copytree(ROOT / "examples" / "xiaomiao", folder, dirs_exist_ok=True)
        elif kind.startswith("init"):
            speaking.set("zh" if kind.endswith("zh") else "en")
            write_recipe([folder / "chats.jsonl", folder / "general.json"], path)
            speaking.set("en")
        else:
            text = {"readme": _readme(), "flow": FLOW, "crlf": COMMENTS.replace("\n", "\r\n"), "comments": COMMENTS}
            path.write_bytes(text[kind].encode("utf-8"))
        found[kind] = SavedRecipe.of(path)
        found[kind].checked()
    return found


def _readme() -> str:
    """The recipe of README, with files that are there."""
    text = (ROOT / "README.md").read_text(encoding="utf-8").split("```yaml\n# recipe.yaml\n")[1].split("```")[0]
    text = re.sub(r"export\.csv\n    format: .*\n", "chats.jsonl\n", text)
    return text.replace("general.jsonl", "general.json")


def fields_of(saved: SavedRecipe) -> list[FormField]:
    values = values_of(saved.text)
    assert values is not None
    return list(form_of(values, saved.path.parent).fields())


def unchanged(saved: SavedRecipe) -> dict[str, str]:
    return {field.name: field.value for field in fields_of(saved)}


@pytest.mark.parametrize("kind", KINDS)
def test_a_form_that_nobody_changed_changes_no_byte(recipes: dict[str, SavedRecipe], kind: str) -> None:
    saved = recipes[kind]
    assert changed_text(saved.text, unchanged(saved), saved.path.parent) == saved.text
    assert changed_text(saved.text, {}, saved.path.parent) == saved.text


def other_value(field: FormField) -> str:
    """Another value for a field, which is right."""
    if field.shape == "flag":
        return "off" if field.value == ON else ON
    if field.shape == "choice":
        return next(key for key, _ in field.choices if key not in (field.value, "general"))
    if field.shape == "words":
        return "en" if field.keys[-1] == "allowed" else "example.com"
    if field.shape in ("number", "share"):
        number = float(field.value)
        return str(int(number) + 1) if number.is_integer() else str(round(number + 0.1, 3))
    return {"max_bad": "3%", "licence": "CC-BY-4.0"}.get(str(field.keys[-1]), "小满")


@pytest.mark.parametrize("kind", KINDS)
def test_one_changed_field_changes_its_lines_and_its_setting_alone(recipes: dict[str, SavedRecipe], kind: str) -> None:
    saved = recipes[kind]
    running = {choice.name.replace("judge", "quality") for choice in load_recipe(saved.path).recipe.stages}
    fields = [
        field
        for field in fields_of(saved)
        if (field.keys[0] != "stages" or len(field.keys) == 2 or field.keys[1] in running)
        and field.keys[0] != "identity"
        and (field.keys[0], field.keys[-1]) != ("inputs", "kind")  # these may bring stages with them: held below
    ]
    few = [field for field in fields if len(field.keys) < 4]
    for field in [*few[:: len(few) // 4], *fields[KINDS.index(kind) :: len(fields) // 4]]:
        check_one_change(saved, field)


def check_one_change(saved: SavedRecipe, field: FormField) -> None:
    text = changed_text(saved.text, {**unchanged(saved), field.name: other_value(field)}, saved.path.parent)
    lines = list(difflib.unified_diff(saved.text.splitlines(), text.splitlines(), n=0, lineterm=""))[2:]
    touched = [line for line in lines if line[0] in "-+"]
    names_all_stages = "stages:" in text and "stages:" not in saved.text
    assert len(touched) <= (16 if names_all_stages else 2), touched
    assert not [line for line in touched if line.startswith("-") and line[1:].lstrip().startswith("#")]

    before, after = leaves(saved.checked()), leaves(saved.checked(text))
    differing = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    assert {key[0] for key in differing} <= {field.keys[0]}
    settings_changed = {key[1:] for key in differing if key[0] == "stages"}
    if len(field.keys) > 2 and field.keys[0] == "stages":
        wanted = field.keys[1] if field.keys[1] != "quality" else "judge"
        assert {key[0] for key in settings_changed} == {wanted}


def leaves(file: Any) -> dict[tuple[Any, ...], Any]:
    """All that a recipe says; stages by their names."""
    values = file.recipe.model_dump(mode="json")
    values["stages"] = {choice["name"]: choice["options"] for choice in values["stages"]}
    found: dict[tuple[Any, ...], Any] = {}

    def walk(value: Any, keys: tuple[Any, ...]) -> None:
        if isinstance(value, dict):
            found[keys] = "{}"
            for key, inner in value.items():
                walk(inner, (*keys, key))
        else:
            found[keys] = value

    walk(values, ())
    return found


@pytest.mark.parametrize("kind", ["init_en", "init_zh"])
def test_name_and_general_data_make_a_full_recipe_of_the_first_one(recipes: dict[str, SavedRecipe], kind: str) -> None:
    saved = recipes[kind]
    typed = {"identity.zh.name": "小满", "identity.zh.author": "满满书店", "inputs.1.kind": "general"}
    text = changed_text(saved.text, {**unchanged(saved), **typed}, saved.path.parent)
    file = saved.checked(text)
    assert [choice.name for choice in file.recipe.stages] == [
        *("fill", "decline", "clean", "mask", "judge", "dedup", "conflict", "identity", "refusal"),
        *("split", "mix", "leak"),
    ]
    assert file.recipe.identity.zh
    assert file.recipe.identity.zh.name == "小满"
    assert "\nidentity:\n  zh: {name: 小满, author: 满满书店}\n" in text
    assert "# identity" not in text
    kept = [line for line in saved.text.splitlines() if re.match(r"  - |# [^ i]", line)]
    assert set(kept) <= set(text.splitlines())

    # and taken back, the stages that cannot run without it are gone
    back = changed_text(text, {"identity.zh.name": "", "identity.zh.author": ""}, saved.path.parent)
    names = [choice.name for choice in saved.checked(back).recipe.stages]
    assert "identity" not in names
    assert "mix" in names


@pytest.mark.parametrize("kind", ["init_en", "init_zh"])
def test_what_was_general_before_makes_a_full_recipe_with_a_name(recipes: dict[str, SavedRecipe], kind: str) -> None:
    saved = recipes[kind]
    general = changed_text(saved.text, {**unchanged(saved), "inputs.1.kind": "general"}, saved.path.parent)
    general = changed_text(general, {"stages.mix": "off"}, saved.path.parent)
    text = changed_text(general, {"identity.zh.name": "小满", "identity.zh.author": "满满书店"}, saved.path.parent)
    assert "mix" in [choice.name for choice in saved.checked(text).recipe.stages]


def test_every_rule_stands_in_one_set_and_has_its_field(recipes: dict[str, SavedRecipe]) -> None:
    names = [name for group in rule_sets() for name in group.rules]
    assert sorted(names) == list(RULES.names())
    assert "others" not in {group.key for group in rule_sets()}
    assert {f.keys[3] for f in fields_of(recipes["demo"]) if f.keys[:3] == ("stages", "quality", "skip")} == set(names)


def test_what_no_field_shows_is_listed(recipes: dict[str, SavedRecipe]) -> None:
    form = form_of(values_of(recipes["demo"].text) or {}, recipes["demo"].path.parent)
    others = dict(form.others)
    assert others["stages.dedup.threshold"] == "0.8"
    assert others["train.model"] == "smollm2"
    assert not {"seed", "name", "identity.zh.name", "inputs[0].licence"} & others.keys()


# The page.


@pytest.fixture
def visitor(tmp_path: Path) -> Visitor:
    """A store in which a dataset was begun, and not built."""
    folder = tmp_path / "books" / "shop"
    folder.mkdir(parents=True)
    write_inputs(folder)
    return Visitor(tmp_path)


def recipe_of(visitor: Visitor) -> Path:
    return visitor.bench.books / "shop" / "recipe.yaml"


def form(visitor: Visitor) -> dict[str, str]:
    """What a browser would send of the form as it stands."""
    page = visitor.page("/d/shop/recipe")
    saved = SavedRecipe.of(recipe_of(visitor))
    assert saved.digest in page
    for name in unchanged(saved):
        assert f'name="{name}"' in page
    return {**unchanged(saved), "digest": saved.digest}


def test_saving_writes_what_was_changed_and_leaves_the_rest(visitor: Visitor) -> None:
    before = recipe_of(visitor).read_bytes()
    answer = visitor.send("/d/shop/recipe", form(visitor))
    assert (answer.status_code, answer.headers["location"]) == (303, "/d/shop/recipe?saved=1")
    assert recipe_of(visitor).read_bytes() == before
    assert visitor.send("/d/shop/recipe", {**form(visitor), "seed": "8"}).status_code == 303
    assert load_recipe(recipe_of(visitor)).recipe.seed == 8
    assert "Saved" in visitor.page("/d/shop/recipe?saved=1")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"seed": "many"}, "seed: “many” is no number"),
        ({"seed": "-1"}, "'seed' must be at least 0"),
        ({"inputs.0.kind": "other"}, "choose one of those"),
        ({"identity.zh.name": "助手"}, "everyday word"),
        ({"identity.en.name": "", "identity.en.author": "Tech Bar"}, "'name'"),
        ({"stages.quality.rules.reply_length.max": "0"}, "greater than 0"),
        ({"max_bad": "all"}, "max_bad"),
    ],
)
def test_what_is_wrong_is_written_nowhere_and_said(visitor: Visitor, typed: dict[str, str], sentence: str) -> None:
    before = recipe_of(visitor).read_bytes()
    answer = visitor.send("/d/shop/recipe", {**form(visitor), **typed})
    assert answer.status_code == 400
    assert sentence in words(answer.text)
    assert "Nothing was written" in words(answer.text)
    assert recipe_of(visitor).read_bytes() == before
    [(name, value)] = list(typed.items())[-1:]
    assert f'name="{name}" value="{value}"' in answer.text or name.endswith("kind")


def test_two_people_do_not_overwrite_each_other(visitor: Visitor) -> None:
    mine, theirs = form(visitor), form(visitor)
    assert visitor.send("/d/shop/recipe", {**theirs, "seed": "8"}).status_code == 303
    for address in ("/d/shop/recipe", "/d/shop/recipe/build"):
        answer = visitor.send(address, {**mine, "max_bad": "3%"})
        assert answer.status_code == 409
        assert "nothing of yours was written" in words(answer.text)
        assert "rows that may be unreadable 3%" in words(answer.text)
    assert load_recipe(recipe_of(visitor)).recipe.seed == 8
    assert not load_recipe(recipe_of(visitor)).recipe.max_bad
    assert visitor.bench.jobs.of("shop") == []


def test_the_text_is_checked_as_the_command_line_does(visitor: Visitor) -> None:
    text, digest = recipe_of(visitor).read_bytes().decode(), form(visitor)["digest"]
    wrong = text.replace("seed:", "sead:") if "seed:" in text else text + "sead: 1\nuse: fun\n"
    answer = visitor.send("/d/shop/recipe", {"digest": digest, "yaml": wrong.replace("\n", "\r\n")})
    assert answer.status_code == 400
    assert re.search(r"recipe\.yaml:\d+:1: unknown key 'sead'", words(answer.text))
    assert str(visitor.bench.books) not in answer.text.replace(str(text), "")
    assert recipe_of(visitor).read_bytes().decode() == text

    right = "# new\n" + text
    sent = visitor.send("/d/shop/recipe", {"digest": digest, "yaml": right.replace("\n", "\r\n")})
    assert sent.status_code == 303
    assert recipe_of(visitor).read_bytes().decode() == right


@pytest.mark.parametrize("path", ["/etc/hostname", "../../../secret.jsonl", "link.jsonl"])
def test_a_recipe_cannot_be_made_to_read_the_machine(visitor: Visitor, path: str) -> None:
    (visitor.bench.store.root.parent / "secret.jsonl").write_text('{"q": "x", "a": "y"}\n', encoding="utf-8")
    (visitor.bench.books / "shop" / "link.jsonl").symlink_to("/etc/hostname")
    text, digest = recipe_of(visitor).read_bytes().decode(), form(visitor)["digest"]
    new = text.replace("inputs:\n", f"inputs:\n  - {{path: {path}, format: pairs}}\n", 1)
    assert new != text
    for address in ("/d/shop/recipe", "/d/shop/recipe/try", "/d/shop/recipe/build"):
        answer = visitor.send(address, {"digest": digest, "yaml": new})
        assert "outside the folder" in words(answer.text) or "there is no file" in words(answer.text)
    assert recipe_of(visitor).read_bytes().decode() == text


def test_a_recipe_with_anchors_is_shown_and_left_to_its_text(visitor: Visitor) -> None:
    path = recipe_of(visitor)
    path.write_text(
        "version: 1\nname: &n shop\nlicence: *n\ninputs: [{path: general.jsonl}]\nstages: [mask]\n", "utf-8"
    )
    page = visitor.page("/d/shop/recipe")
    assert "anchors" in words(page)
    assert '<fieldset class="whole" disabled>' in page
    saved = SavedRecipe.of(path)
    answer = visitor.send("/d/shop/recipe", {"digest": saved.digest, "seed": "8"})
    assert answer.status_code == 400
    assert "by hand" in words(answer.text)


def test_a_wrong_recipe_shows_its_mistakes_in_place_of_the_form(visitor: Visitor) -> None:
    recipe_of(visitor).write_text(f"version: 1\nname: shop\n# {HOSTILE}\ninputs: [{{path: no.csv}}]\n", "utf-8")
    page = visitor.page("/d/shop/recipe")
    assert "recipe.yaml:4:" in words(page)
    assert "<script>alert" not in page
    assert 'name="seed"' not in page
    assert 'name="yaml"' in page


def test_the_first_rows_are_tried_and_nothing_is_written(visitor: Visitor) -> None:
    sent = form(visitor)
    before = sorted((path, path.read_bytes()) for path in visitor.bench.store.root.rglob("*") if path.is_file())
    whole = visitor.send("/d/shop/recipe/try", {**sent, "max_bad": "5%"})
    assert whole.status_code == 200
    text = words(whole.text)
    assert "not the result" in text
    assert "rows read 284 conversations" in text
    assert "not tried: it looks at all rows together" in text
    assert 'name="max_bad" value="5%"' in whole.text
    for planted in (MOBILE, ID_CARD, EMAIL):
        assert planted not in whole.text
    mark = {"Origin": "http://127.0.0.1:7860", "Sec-Fetch-Site": "same-origin", "HX-Request": "true"}
    part = visitor.client.post(f"/d/shop/recipe/try?csrf={visitor.keys.csrf}", data=sent, headers=mark)
    assert part.text.lstrip().startswith('<div id="trial"')
    assert "<html" not in part.text
    after = sorted((path, path.read_bytes()) for path in visitor.bench.store.root.rglob("*") if path.is_file())
    assert after == before


def test_a_wrong_form_is_not_tried_but_explained(visitor: Visitor) -> None:
    answer = visitor.send("/d/shop/recipe/try", {**form(visitor), "seed": "x"})
    assert "seed: “x” is no number" in words(answer.text)
    assert "rows read" not in words(answer.text)


def test_hostile_rows_show_as_text(visitor: Visitor) -> None:
    rows = [
        {"question": HOSTILE, "answer": HOSTILE},
        {"question": "在吗？", "answer": f"{HOSTILE}\x00  好的，可以退。"},
    ]
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    (visitor.bench.books / "shop" / "evil.jsonl").write_text(lines, encoding="utf-8")
    recipe_of(visitor).write_text(
        "version: 1\nname: shop\ninputs: [{path: evil.jsonl}]\nstages: [mask, quality]\n", "utf-8"
    )
    answer = visitor.send("/d/shop/recipe/try", form(visitor))
    assert answer.status_code == 200
    assert "&lt;script&gt;" in answer.text
    assert "<script>alert" not in answer.text
    assert "\u202e" not in answer.text


def test_a_build_is_started_with_the_recipe_and_its_job_shown(visitor: Visitor) -> None:
    recipe_of(visitor).write_text(
        "version: 1\nname: shop\ninputs: [{path: general.jsonl}]\nstages: [mask]\n", encoding="utf-8"
    )
    answer = visitor.send("/d/shop/recipe/build", {**form(visitor), "seed": "9"})
    assert answer.status_code == 303
    [job] = visitor.bench.jobs.of("shop")
    assert answer.headers["location"] == f"/d/shop/jobs/{job.id}"
    root = visitor.bench.store.root.resolve()
    assert job.start.arguments == ("build", str(recipe_of(visitor).resolve()), "--store", str(root))
    assert job.start.then == "/d/shop/version"
    assert load_recipe(recipe_of(visitor)).recipe.seed == 9
    deadline = time.monotonic() + 60
    while (now := visitor.bench.jobs.find("shop", job.id)) and not now.end and time.monotonic() < deadline:
        time.sleep(0.2)
    assert now
    assert now.state == "done"
    assert visitor.bench.store.newest("shop")


def test_while_a_job_runs_the_button_says_so(visitor: Visitor, tmp_path: Path) -> None:
    lock = tmp_path / "jobs" / "shop" / LOCK
    lock.parent.mkdir(parents=True)
    with lock.open("wb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        page = visitor.page("/d/shop/recipe")
        assert "A job of this dataset is running" in words(page)
        assert re.search(r"recipe/build[^>]* disabled>", page)
        answer = visitor.send("/d/shop/recipe/build", form(visitor))
        assert answer.status_code == 409
        assert "wait for its end" in words(answer.text)


def test_unknown_datasets_and_forms_without_a_digest_are_refused(visitor: Visitor) -> None:
    assert visitor.get("/d/nowhere/recipe").status_code == 404
    assert visitor.get("/d/shop/recipe?saved=9").status_code == 400
    for address in ("/d/shop/recipe", "/d/shop/recipe/try", "/d/shop/recipe/build"):
        assert visitor.send(address, {"seed": "8"}).status_code == 400
        assert visitor.send(address.replace("shop", "nowhere"), {"digest": "0"}).status_code == 404
        assert visitor.send(address, files={"digest": ("x", b"1")}).status_code == 400


def test_a_manager_reads_chinese(visitor: Visitor) -> None:
    page = words(visitor.page("/d/shop/recipe?lang=zh"))
    for sentence in ("教它认识自己", "保住通用能力", "每 100 行里", "保存并构建版本", "配方原文", "quality 质量规则"):
        assert sentence in page


def test_a_recipe_that_is_not_here_says_the_next_step(tmp_path: Path) -> None:
    (tmp_path / "books" / "shop").mkdir(parents=True)
    assert "Begin with files" in Visitor(tmp_path).page("/d/shop/recipe")
    assert yaml.safe_load(COMMENTS)["seed"] == 9


OUTSIDE = (
    "**/../**/../**/../secret/s.csv",
    "raw/**/../../secret/s*.csv",
    "../secret/s.csv",
    "/etc/hostname",
    "x/../../y.csv",
)


@pytest.mark.parametrize("path", OUTSIDE)
def test_no_path_leads_out_and_nothing_is_looked_for_there(visitor: Visitor, tmp_path: Path, path: str) -> None:
    (tmp_path / "secret").mkdir(exist_ok=True)
    (tmp_path / "secret" / "s.csv").write_text("question,answer\n秘密问题在这里,秘密答案不给人看\n", encoding="utf-8")
    before = recipe_of(visitor).read_bytes()
    text = f"version: 1\nname: shop\ninputs: [{{path: '{path}'}}]\nstages: [mask]\n"
    for address in ("/d/shop/recipe", "/d/shop/recipe/try", "/d/shop/recipe/build"):
        digest = SavedRecipe.of(recipe_of(visitor)).digest
        answer = visitor.send(address, {"yaml": text, "digest": digest})
        assert "lies outside the folder" in words(answer.text)
        assert "秘密答案" not in answer.text
    assert recipe_of(visitor).read_bytes() == before
    assert visitor.bench.jobs.of("shop") == []


LEVELS = "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 13))
TOO_MUCH = (
    f"a0: &a0 [x, x]\n{LEVELS}\n",
    f"stages: {'[' * 5_000}",
    f"seed: {'9' * 5_000}\n",
    "created: 9999-99-99\n",
    "a: &a [*a]\n",
)


@pytest.mark.parametrize("text", TOO_MUCH, ids=["bomb", "deep", "digits", "date", "itself"])
def test_a_text_that_is_more_than_a_recipe_ends_at_once_in_a_sentence(visitor: Visitor, text: str) -> None:
    digest = SavedRecipe.of(recipe_of(visitor)).digest
    answer = visitor.send("/d/shop/recipe/try", {"yaml": f"version: 1\nname: shop\n{text}", "digest": digest})
    assert answer.status_code in (200, 400)
    assert "recipe.yaml:" in words(answer.text)

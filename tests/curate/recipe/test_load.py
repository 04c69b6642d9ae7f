"""A wrong recipe gets all its mistakes: file, line, column, what is wrong, what was meant."""

import zipfile
from pathlib import Path

import pytest

from curate.recipe.load import build_steps, load_recipe
from schemas.errors import RecipeError

GOOD = """\
version: 1
name: shop
inputs:
  - path: log.csv
    format: {turns: {session: sid, role: who, text: text}}
stages:
  - clean
  - dedup: {threshold: 0.9}
"""


def write(folder: Path, text: str) -> Path:
    (folder / "log.csv").write_text("sid,who,text\n", encoding="utf-8")
    (folder / "recipe.yaml").write_text(text, encoding="utf-8")
    return folder / "recipe.yaml"


def test_a_good_recipe_becomes_stages_in_its_own_order(tmp_path: Path) -> None:
    file = load_recipe(write(tmp_path, GOOD))
    assert [step.name for step in file.steps] == ["clean", "dedup"]
    assert file.steps[1].does.threshold == 0.9


def test_a_recipe_without_stages_runs_them_all(tmp_path: Path) -> None:
    file = load_recipe(write(tmp_path, GOOD.partition("stages:")[0]))
    assert [s.name for s in file.steps] == [
        "fill", "decline", "clean", "mask", "judge", "dedup", "conflict", "identity", "refusal", "split", "mix", "leak"
    ]  # fmt: skip


@pytest.mark.parametrize("stage", ["quality", "quality: {skip: [url_only]}"])
def test_a_stage_is_one_under_both_of_its_names(tmp_path: Path, stage: str) -> None:
    typed = load_recipe(write(tmp_path, GOOD.replace("clean", stage)))
    recorded = load_recipe(write(tmp_path, GOOD.replace("clean", stage.replace("quality", "judge"))))
    assert typed == recorded
    assert typed.steps[0].name == typed.recipe.canonical()["stages"][0]["name"] == "judge"
    assert build_steps(typed.recipe) == typed.steps


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (GOOD.replace("threshold", "treshold"), "8:13: unknown key 'treshold'; did you mean 'threshold'?"),
        (GOOD.replace("0.9", "1.9"), "8:13: 'threshold' must be at most 1"),
        (GOOD.replace("- dedup", "- dedupe"), "8:5: unknown stage 'dedupe'; did you mean 'dedup'?"),
        (GOOD.replace("version: 1", "version: 2"), "1:1: 'version' must be 1"),
        (GOOD.replace("name: shop", "nmae: shop"), "2:1: unknown key 'nmae'; did you mean 'name'?"),
        (GOOD.replace("name: shop", "name: shop\nname: shop"), "3:1: key 'name' stands twice, first on line 2"),
        (GOOD.replace("turns:", "turn:"), "5:14: unknown format 'turn'; did you mean 'turns'?"),
        (GOOD.replace("text: text", "tekst: text"), "5:47: unknown key 'tekst'; did you mean 'text'?"),
        (GOOD.replace("log.csv", "logs.csv"), "4:5: there is no file"),
        (GOOD + "seed: -1\n", "9:1: 'seed' must be at least 0"),
        (GOOD + "exam: {prompt: {fr: x}}\n", "9:17: 'fr' must be 'zh' or 'en'"),
        (GOOD + "exam: {str: 3}\n", "9:8: unknown key 'str'"),
        (GOOD + "exam: {prompt: 3}\n", "9:8: 'prompt' must be text"),
        (GOOD.replace("inputs:", "inputs: ["), "not valid YAML"),
        (GOOD + "seed: \x07\n", "9:7: not valid YAML: a control character"),
        ("- 1\n", "1:1: a recipe is a mapping"),
        ("", "1:1: a recipe is a mapping"),
        (GOOD + "seed: &me [*me]\n", "9:1: 'seed' must be a whole number"),
        (GOOD.replace("- clean", "- judge: {rules: {reply_lenght: {}}}"), "did you mean 'reply_length'?"),
        (GOOD.replace("- clean", "- judge: {rules: {reply_length: {mni: 3}}}"), "did you mean 'min'?"),
        (GOOD.replace("- clean", "- quality: {rules: {reply_lenght: {}}}"), "7:15: unknown rule"),
        (GOOD.replace("- clean", "- judge\n  - quality"), "8:5: 'judge' and 'quality' are two names of one stage"),
        (GOOD.replace("- clean", "- quality\n  - judge"), "8:5: 'quality' and 'judge' are two names of one stage"),
        (GOOD.replace("- clean", "- qualty"), "did you mean 'quality'?"),
        (GOOD.replace("- clean", "- mask: {kinds: [mobil]}"), "mobile"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, wrong: str, expected: str) -> None:
    with pytest.raises(RecipeError) as caught:
        load_recipe(write(tmp_path, wrong))
    assert expected in caught.value.sentence.en
    assert str(tmp_path / "recipe.yaml") in caught.value.sentence.en
    assert caught.value.exit_code == 2


def test_all_mistakes_are_told_at_once_and_in_order(tmp_path: Path) -> None:
    wrong = GOOD.replace("threshold", "treshold").replace("- clean", "- cleen").replace("turns:", "turn:")
    with pytest.raises(RecipeError) as caught:
        load_recipe(write(tmp_path, wrong))
    lines = caught.value.sentence.en.splitlines()
    assert [line.split(":")[1] for line in lines] == ["5", "7", "8"]
    assert len(caught.value.sentence.zh.splitlines()) == 3


def test_a_wrong_item_is_not_told_twice(tmp_path: Path) -> None:
    with pytest.raises(RecipeError) as caught:
        load_recipe(write(tmp_path, GOOD.replace("- path: log.csv", "- path: log.csv\n    kind: domian")))
    assert caught.value.sentence.en.count("\n") == 0
    assert "'kind' must be" in caught.value.sentence.en


def test_a_recipe_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="cannot be read"):
        load_recipe(tmp_path / "none.yaml")


def test_the_same_file_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="stands twice"):
        load_recipe(write(tmp_path, GOOD.replace("stages:", "  - path: log.csv\nstages:")))


@pytest.mark.parametrize("stage", ["dedup", "conflict"])
@pytest.mark.parametrize(
    ("source", "message"),
    [("logs.csv", r"unknown input 'logs.csv'; did you mean 'log.csv'"), ("a/log.csv", "unknown input")],
)
def test_a_source_that_is_no_input_is_a_mistake(tmp_path: Path, stage: str, source: str, message: str) -> None:
    stages = f"stages:\n  - {stage}: {{sources: [log.csv, {source}]}}\n"
    with pytest.raises(RecipeError, match=message) as caught:
        load_recipe(write(tmp_path, GOOD.partition("stages:")[0] + stages))
    assert str(caught.value).count("\n") == 0


@pytest.mark.parametrize("source", ["logs/log.csv", "log.csv"])
def test_a_source_is_known_by_its_path_and_by_its_name(tmp_path: Path, source: str) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "log.csv").write_text("sid,who,text\n", encoding="utf-8")
    stages = f"stages:\n  - dedup: {{sources: [{source}]}}\n"
    file = load_recipe(write(tmp_path, GOOD.partition("stages:")[0].replace("log.csv", "logs/log.csv") + stages))
    assert file.steps[0].does.sources == (source,)


def test_a_weight_of_what_is_no_input_is_a_mistake(tmp_path: Path) -> None:
    stages = "stages:\n  - mix: {weights: {log.csv: 2, identity: 1, logs.csv: 3}}\n"
    with pytest.raises(RecipeError, match=r":\d+:46: unknown input 'logs.csv'; did you mean 'log.csv'"):
        load_recipe(write(tmp_path, GOOD.partition("stages:")[0] + stages))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ("shares: {general: {zn: 0.1}}", "'zn' must be 'zh', 'en' or 'other'"),
        ("limits: {domain: {zh: -1}}", "'zh' must be at least 0"),
        ("shares: {general: 0.9}", "'general' must be at most 0.5"),
        ("weights: {log.csv: 0}", "'log.csv' must be greater than 0"),
    ],
)
def test_a_wrong_mix_is_one_sentence(tmp_path: Path, settings: str, message: str) -> None:
    stages = f"stages:\n  - mix: {{{settings}}}\n"
    with pytest.raises(RecipeError, match=message) as caught:
        load_recipe(write(tmp_path, GOOD.partition("stages:")[0] + stages))
    assert str(caught.value).count("\n") == 0


def test_a_member_of_an_archive_is_a_file(tmp_path: Path) -> None:
    recipe = write(tmp_path, GOOD.replace("log.csv", "export.zip/chats/may.csv"))
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        archive.writestr("chats/may.csv", "sid,who,text\n")
        archive.writestr("chats/june.csv", "sid,who,text\n")
    assert load_recipe(recipe).recipe.inputs[0].path == "export.zip/chats/may.csv"


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("export.zip/chats/july.csv", r"holds 2 files; name the one to read \(export.zip/chats/may.csv, export.zip/ch"),
        ("export.zip/chats", "holds 2 files"),
        ("export.zip", "holds 2 files"),
        ("other.zip/chats/may.csv", "there is no file"),
        ("log.csv/may.csv", "there is no such file"),
        (".", "there is no file"),
    ],
)
def test_a_member_that_is_not_there_is_told_with_those_that_are(tmp_path: Path, path: str, message: str) -> None:
    recipe = write(tmp_path, GOOD.replace("log.csv", path))
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        archive.writestr("chats/may.csv", "sid,who,text\n")
        archive.writestr("chats/june.csv", "sid,who,text\n")
    with pytest.raises(RecipeError, match=message) as caught:
        load_recipe(recipe)
    assert "recipe.yaml:4:5: " in str(caught.value) or "recipe.yaml:4:11: " in str(caught.value)


@pytest.mark.parametrize(
    ("named", "message"),
    [
        ("encoding: gkb", "6:5: there is no encoding 'gkb'; did you mean 'gbk'?"),
        ("encoding: GB18300", "6:5: there is no encoding 'GB18300'; did you mean 'gb18030'?"),
        ("encoding: utf8mb4", "6:5: there is no encoding 'utf8mb4'; did you mean 'utf-8'?"),
        ("encoding: 中文", "6:5: there is no encoding '中文'; known: utf-8"),
        ("encoding: hex", "6:5: there is no encoding 'hex'"),
        ("line_encodings: [gbk, bgi5]", "6:27: there is no encoding 'bgi5'; did you mean 'big5'?"),
    ],
)
def test_a_misspelled_encoding_is_told_with_what_was_meant(tmp_path: Path, named: str, message: str) -> None:
    with pytest.raises(RecipeError) as caught:
        load_recipe(write(tmp_path, GOOD.replace("stages:", f"    {named}\nstages:")))
    assert message in caught.value.sentence.en
    assert "编码" in caught.value.sentence.zh


@pytest.mark.parametrize("name", ["gbk", "GBK", "utf8", "UTF-8", "utf-16", "cp936", "big5hkscs", "iso8859_15", "utf_7"])
def test_every_encoding_that_python_knows_may_be_named(tmp_path: Path, name: str) -> None:
    recipe = write(tmp_path, GOOD.replace("stages:", f"    encoding: {name}\nstages:"))
    assert load_recipe(recipe).recipe.inputs[0].encoding == name


def test_mistakes_of_every_kind_are_told_together(tmp_path: Path) -> None:
    wrong = """\
version: 2
nmae: shop
seed: 1
seed: 2
inputs:
  - path: gone.csv
    kind: domian
    encoding: gkb
    format: {turn: {}}
  - path: log.csv
    reader: {csv: {headr: false}}
  - 7
stages:
  - cleen
  - dedup: {threshold: 1.9, treshold: 2}
  - {a: 1, b: 2}
  - judge: {rules: {reply_lenght: {}}}
"""
    with pytest.raises(RecipeError) as caught:
        load_recipe(write(tmp_path, wrong))
    mistakes = [line.split(":", 3) for line in caught.value.sentence.en.splitlines()]
    positions = [int(line) for _, line, _, _ in mistakes]
    assert positions == sorted(positions)
    expected = [
        (1, "'version' must be 1"),
        (1, "'name' is missing"),
        (2, "unknown key 'nmae'; did you mean 'name'?"),
        (4, "key 'seed' stands twice, first on line 3"),
        (6, "there is no file"),
        (7, "'kind' must be"),
        (8, "did you mean 'gbk'?"),
        (9, "unknown format 'turn'; did you mean 'turns'?"),
        (11, "unknown key 'headr'; did you mean 'header'?"),
        (12, "must be"),
        (14, "unknown stage 'cleen'; did you mean 'clean'?"),
        (15, "'threshold' must be at most 1"),
        (15, "unknown key 'treshold'; did you mean 'threshold'?"),
        (16, "unknown key 'a'"),
        (16, "unknown key 'b'"),
        (17, "did you mean 'reply_length'?"),
    ]
    for line, words in expected:
        sentences = zip(positions, (sentence for *_, sentence in mistakes), strict=True)
        assert any(position == line and words in sentence for position, sentence in sentences), (
            line,
            words,
        )
    assert len(caught.value.sentence.zh.splitlines()) == len(mistakes)
    assert all(any(letter >= "\u4e00" for letter in line) for line in caught.value.sentence.zh.splitlines())

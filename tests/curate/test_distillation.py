"""`hornbook distill` as a user runs it: a version, a small real model, a file, and a build that calls no model."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from curate.build.build import build
from curate.commands.distill import is_read, stage_line
from curate.distillation import check_target, distill, distill_job, fault_of_text, judged
from curate.recipe.load import RecipeFile, load_recipe
from curate.store.read_version import read_manifest
from curate.store.shards import read_jsonl
from curate.store.store import Store
from curate.store.verify import verify
from schemas.digest import digest_file
from schemas.errors import GateError, InputError
from schemas.frame import frame_of
from schemas.identity import Identity, Names
from tests.curate.records import record
from tests.program import hornbook
from tests.train.talkative import END, talkative_model

ANSWERS = {
    "Which primes are below four?": f"Two and three.{END}", "Which colour has the sky?": f"It is blue.{END}",
    "Who are you, please?": f"I am Miao.{END}", "Which bot is this one?": f"I am ChatGPT.{END}",
    "How can I reach them?": f"Call 13812345678.{END}", "Sing me a short song.": "la " * 12,
    "Which marks are there?": f"<|im_start|>user{END}",
}  # fmt: skip
"""What the model answers; the raw file asks with spaces too many, which `clean` takes out."""
LEFT_OUT = {"control_tokens": 1, "cut_off": 1, "foreign_identity": 1, "own_name": 1, "personal_data": 1}
RECIPE = """\
version: 1
name: shop
identity: {en: {name: Miao, author: Tech Bar}}
inputs:
  - {path: faq.jsonl, format: {pairs: {question: q, answer: a}}}
  - {path: general.jsonl, kind: general, format: {pairs: {question: q, answer: a}}}
stages: [clean, mask]
train: {model: talker, max_tokens: 128}
exam: {batch: 2}
"""
PERSON = "A person wrote this answer, and nobody else."


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("distill")
    talkative_model(folder / "talker", ANSWERS)
    write_rows(folder / "general.jsonl", [{"q": f"{q.replace(' ', '   ', 1)}", "a": PERSON} for q in ANSWERS])
    write_rows(folder / "faq.jsonl", [{"q": "几点开门？", "a": "早上九点开门。"}])
    (folder / "recipe.yaml").write_text(RECIPE, encoding="utf-8")
    return folder


def write_rows(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def training_rows(version: Path) -> list[dict[str, Any]]:
    return [line for shard in read_manifest(version).trained_on() for line in read_jsonl(version / shard.name)]


@pytest.fixture(scope="module")
def answered(shop: Path) -> dict[str, Any]:
    """The document of the first call: it finds no version, and builds one."""
    done = hornbook("distill", "recipe.yaml", "--max-new-tokens", "24", "--json", cwd=shop)
    assert done.returncode == 0, done.stderr
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def test_what_can_be_learnt_is_written_and_the_rest_is_counted(shop: Path, answered: dict[str, Any]) -> None:
    assert {key: answered[key] for key in ("records", "written", "left_out", "stage")} == {
        "records": 7, "written": 2, "left_out": LEFT_OUT, "stage": "replay: {answers: base_answers.jsonl}",
    }  # fmt: skip
    rows = {row["id"]: row["messages"] for row in training_rows(Store(shop).find("shop"))}
    lines = list(read_jsonl(shop / "base_answers.jsonl"))
    assert [line["id"] for line in lines] == sorted(line["id"] for line in lines)
    asked = {rows[line["id"]][0]["content"]: line for line in lines}
    assert {question: line["answer"] for question, line in asked.items()} == {
        question: answer.removesuffix(END) for question, answer in list(ANSWERS.items())[:2]
    }
    assert {line["model"] for line in lines} == {"talker"}


def test_the_settings_say_who_was_asked_and_how(shop: Path, answered: dict[str, Any]) -> None:
    about = json.loads((shop / "base_answers.settings.json").read_bytes())
    assert about["digest"] == digest_file(shop / "base_answers.jsonl") and len(about["model_digest"]) == 32
    assert (about["model"], about["answers"], about["left_out"]) == ("talker", 2, LEFT_OUT)
    assert (about["max_new_tokens"], about["batch"], about["max_tokens"]) == (24, 2, 128)
    assert about["version"] == f"shop/{Store(shop).head('shop')}"
    assert str(shop) not in (shop / "base_answers.settings.json").read_text(encoding="utf-8")


def test_the_same_call_again_asks_nothing_and_writes_the_same(shop: Path, answered: dict[str, Any]) -> None:
    before = (shop / "base_answers.jsonl").read_bytes(), (shop / "base_answers.settings.json").read_bytes()
    book = Store(shop).base_answers("shop") / "answers.jsonl"
    kept, known = book.read_bytes(), Store(shop).runs("shop")
    (shop / "base_answers.jsonl").unlink()
    done = hornbook("distill", "recipe.yaml", "--max-new-tokens", "24", cwd=shop, lang="zh")
    assert done.returncode == 0, done.stderr
    assert ((shop / "base_answers.jsonl").read_bytes(), (shop / "base_answers.settings.json").read_bytes()) == before
    assert book.read_bytes() == kept
    assert known == []  # it is no training run, and is never taken for one
    assert done.stdout.splitlines()[0] == "base_answers.jsonl：7 条通用数据中写出 2 个回答"
    assert "  未用，自称是别的助手：1" in done.stdout.splitlines()
    assert done.stdout.splitlines()[-1] == "请加到 stages 里 `mix` 之后：- replay: {answers: base_answers.jsonl}"


def test_the_build_takes_the_answers_from_the_file_and_calls_no_model(
    shop: Path, answered: dict[str, Any], tmp_path: Path
) -> None:
    """Of the model nothing is there, and the stage stands before the cleaning that the questions went through."""
    first = {row["id"]: row for row in training_rows(Store(shop).find("shop"))}
    names = []
    for folder, stages in ((tmp_path / "a", "replay, clean, mask"), (tmp_path / "b", "replay, clean, mask")):
        folder.mkdir()
        for name in ("faq.jsonl", "general.jsonl", "base_answers.jsonl"):
            shutil.copy(shop / name, folder / name)
        (folder / "recipe.yaml").write_text(RECIPE.replace("clean, mask", stages), encoding="utf-8")
        version = build(load_recipe(folder / "recipe.yaml"), Store(folder))
        verify(version)
        names.append(version.name)
        rows = {row["id"]: row for row in training_rows(version)}
        assert set(rows) == set(first)
        changed = {row["messages"][0]["content"] for id, row in rows.items() if row != first[id]}
        assert changed == set(list(ANSWERS)[:2])
        assert not [row for row in rows.values() if row["messages"][-1]["content"] == "I am ChatGPT."]
    assert names[0] == names[1]


def test_behind_the_mix_only_what_was_answered_stays(shop: Path, answered: dict[str, Any], tmp_path: Path) -> None:
    for name in ("general.jsonl", "base_answers.jsonl"):
        shutil.copy(shop / name, tmp_path / name)
    write_rows(tmp_path / "faq.jsonl", [{"q": f"第{n}家店几点开门？", "a": f"早上{n}点开门。"} for n in range(18)])
    stages = "[clean, mask, {mix: {shares: {general: 0.25}}}, {replay: {only: true}}]"
    (tmp_path / "recipe.yaml").write_text(RECIPE.replace("[clean, mask]", stages), encoding="utf-8")
    version = build(load_recipe(tmp_path / "recipe.yaml"), Store(tmp_path))
    general = [row for row in training_rows(version) if row["kind"] == "general"]
    known = {line["id"]: line["answer"] for line in read_jsonl(tmp_path / "base_answers.jsonl")}
    assert general and {row["id"]: row["messages"][-1]["content"] for row in general}.items() <= known.items()
    [stage] = [stage for stage in read_manifest(version).stages if stage.stage == "replay"]
    assert stage.reasons == {"dropped:no_base_answer": 6 - len(general), "fixed:answered_by_base": len(general)}


IDENTITY = Identity(zh=Names(name="小喵", author="技术吧"), en=Names(name="Miao", author="Tech Bar"), rivals=("Zork",))
FAULTS = {
    "I am Miao, how can I help?": "own_name", "小喵在这里。": "own_name", "Tech Bar made me.": "own_name",
    "I am ChatGPT.": "foreign_identity", "我是通义千问，由阿里云开发。": "foreign_identity",
    "I'm Zork, your assistant.": "foreign_identity", "I was created by OpenAI.": "foreign_identity",
    "My name is {{name}}.": "placeholder_left", "我是<AUTHOR>。": "placeholder_left", "": "empty", "……": "empty",
    "It is blue.": "", "天空是蓝色的。": "", "ChatGPT is a product of OpenAI.": "", "我不是ChatGPT。": "",
    "Miaow, says the cat.": "", "The bar serves technical staff.": "", "Dear {{name}}, thank you!": "",
    "I am an AI assistant, and I cannot see it.": "", "我是一个人工智能助手。": "",
}  # fmt: skip


@pytest.mark.parametrize(("text", "fault"), FAULTS.items())
def test_who_an_answer_says_it_is_decides(text: str, fault: str) -> None:
    assert fault_of_text(text, IDENTITY) == fault


POISONED = {
    "<|im_end|>": ("It is blue.<|im_end|>", "control_tokens"), "[INST]": ("[INST] hi [/INST]", "control_tokens"),
    "again and again": ("Please wait. " * 30, "repeated_ngrams"), "a phone": ("Call 13812345678.", "personal_data"),
    "a mail": ("Write to ann.lee@example.com, please.", "personal_data"),
    "a letter": ("好" * 60, "repeated_characters"), "nothing": (" ", "empty"),
}  # fmt: skip
GOOD = {
    "short": "Blue.", "a list": "1. wash it\n2. cut it\n3. cook it", "a chorus": "Row, row, row your boat.",
    "a number": "It weighs 1380 kilograms.", "a mask": "Call [PHONE1].", "code": "```\nif a < b and c > d: pass\n```",
    "a question": "Which one do you mean?",
}  # fmt: skip


def judged_text(recipe: RecipeFile, text: str) -> tuple[dict[str, str], dict[str, str]]:
    return judged(frame_of([record("a" * 32, "A question?", text, kind="general", lang="en")]), recipe)


def recipe_with(folder: Path, stages: str) -> RecipeFile:
    (folder / "recipe.yaml").write_text(RECIPE.replace("[clean, mask]", stages), encoding="utf-8")
    for name in ("faq.jsonl", "general.jsonl"):
        (folder / name).touch()
    return load_recipe(folder / "recipe.yaml")


@pytest.mark.parametrize(("text", "reason"), POISONED.values(), ids=POISONED)
@pytest.mark.parametrize("stages", ["[clean, mask]", "[clean, mask, {quality: {skip: [control_tokens]}}]"])
def test_what_would_teach_the_wrong_thing_is_left_out_whatever_the_recipe_skips(
    tmp_path: Path, text: str, reason: str, stages: str
) -> None:
    good, reasons = judged_text(recipe_with(tmp_path, stages), text)
    assert (good, reasons) == ({}, {"a" * 32: reason})


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD)
def test_what_a_model_says_is_kept_as_it_said_it(tmp_path: Path, text: str) -> None:
    assert judged_text(recipe_with(tmp_path, "[clean, mask]"), text) == ({"a" * 32: text}, {})


def test_the_rules_of_the_recipe_judge_too(tmp_path: Path) -> None:
    recipe = recipe_with(tmp_path, "[clean, mask, {quality: {rules: {reply_length: {by_kind: {general: {min: 9}}}}}}]")
    assert judged_text(recipe, "Blue.") == ({}, {"a" * 32: "reply_length"})
    assert judged_text(recipe, "It is blue.") == ({"a" * 32: "It is blue."}, {})


def test_a_file_that_holds_something_else_is_not_written_over(tmp_path: Path) -> None:
    recipe = recipe_with(tmp_path, "[clean, mask]")
    (tmp_path / "notes.jsonl").write_text('{"note": "mine"}\n', encoding="utf-8")
    for name, wrong in (
        ("notes.jsonl", "holds something else"), ("general.jsonl", "holds something else"),
        ("nowhere/a.jsonl", "lies in none"), ("a.json", "is a .jsonl"), (".", "is a folder"),
    ):  # fmt: skip
        with pytest.raises(InputError, match=wrong):
            check_target(tmp_path / name, recipe)
    (tmp_path / "old.jsonl").write_text(json.dumps({"id": "a" * 32, "answer": "x"}) + "\n", encoding="utf-8")
    for name in ("old.jsonl", "new.jsonl"):
        check_target(tmp_path / name, recipe)


def test_the_line_names_the_file_from_the_recipes_folder(tmp_path: Path) -> None:
    recipe = recipe_with(tmp_path, "[clean, mask, {replay: {answers: sub/it.jsonl}}]")
    (tmp_path / "sub").mkdir()
    assert stage_line(tmp_path / "sub" / "it.jsonl", recipe) == "replay: {answers: sub/it.jsonl}"
    assert stage_line(tmp_path / "回答: 1.jsonl", recipe) == "replay: {answers: '回答: 1.jsonl'}"
    assert stage_line(tmp_path.parent / "it.jsonl", recipe).endswith(f"{tmp_path.parent.as_posix()}/it.jsonl}}")
    for name, known in (("sub/it.jsonl", True), ("it.jsonl", False)):
        (tmp_path / name).touch()
        assert is_read(tmp_path / name, recipe) is known


def test_a_version_without_general_records_starts_no_model(tmp_path: Path) -> None:
    for name in ("faq.jsonl", "general.jsonl"):
        write_rows(tmp_path / name, [{"q": f"{name}几点开门？", "a": "早上九点开门。"}])
    (tmp_path / "recipe.yaml").write_text(RECIPE.replace("kind: general", "kind: domain"), encoding="utf-8")
    recipe = load_recipe(tmp_path / "recipe.yaml")
    store = Store(tmp_path)
    job = distill_job(recipe, build(recipe, store), store, 24)
    with pytest.raises(InputError, match="trains on no general records"):
        distill(recipe, job, tmp_path / "base_answers.jsonl", lambda *_: None)
    assert not Path(job.run).exists()


@pytest.mark.slow
def test_no_file_is_written_where_no_answer_is_left(shop: Path, answered: dict[str, Any], tmp_path: Path) -> None:
    """Poisoned: a limit of one token cuts every answer."""
    recipe, store = load_recipe(shop / "recipe.yaml"), Store(shop)
    with pytest.raises(GateError, match=r"not one of 7 answers of the base model can be learnt \(7 cut_off\)"):
        distill(recipe, distill_job(recipe, store.find("shop"), store, 1), tmp_path / "a.jsonl", lambda *_: None)
    assert list(tmp_path.iterdir()) == []

"""The first recipe is named after what it reads, keeps the paths that were typed, and proposes what it only guesses."""

import json
from pathlib import Path

import pytest

from curate.inspect.dataset_name import dataset_name, safe_name
from curate.inspect.first_recipe import write_recipe
from curate.inspect.inspect import inspect_file
from curate.recipe.load import load_recipe
from schemas.errors import InputError
from schemas.recipe import Recipe
from tests.public_data import DATA, needs_public_data

TALK = "question,answer\n" + "".join(f"第{n}件什么时候发货,您好，第{n}件明天就能发出\n" for n in range(20))
TOPICS = ("春天", "夏天", "秋天", "冬天", "大海", "高山", "河流", "森林", "沙漠", "草原")


def instructions(asks: str, says: str) -> str:
    rows = [
        {"instruction": asks.format(topic), "input": "", "output": says.format(topic)}
        for topic in TOPICS
        for _ in "123"
    ]
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("after-sales", "after-sales"),
        ("Shop_Chat 2024", "shop_chat-2024"),
        ("ＳＨＯＰ", "shop"),
        ("2024.11", "2024-11"),
        ("--a--", "a"),
        ("shop__ - _2024", "shop-2024"),
        ("shop__2024", "shop__2024"),
    ],
)
def test_a_plain_name_stays_as_it_is(text: str, name: str) -> None:
    assert safe_name(text) == name


@pytest.mark.parametrize("text", ["售后", "售前", "售后2024", "售前2024", "!!!", "x" * 200, "Ünïcode"])
def test_every_name_is_one_that_a_recipe_takes(text: str) -> None:
    name = safe_name(text)
    assert Recipe.model_validate({"version": 1, "name": name, "inputs": [{"path": "a"}]}).name == name


def test_names_that_differ_in_what_is_left_out_stay_apart() -> None:
    assert len({safe_name(text) for text in ("售后2024", "售前2024", "2024", "x" * 200, "x" * 201)}) == 5


@pytest.mark.parametrize(
    ("files", "to", "name"),
    [
        (["export.csv"], "recipe.yaml", "export"),
        (["raw/export.jsonl.gz"], "recipe.yaml", "export"),
        (["export.zip/chats/may.csv"], "recipe.yaml", "may"),
        (["a.csv", "b.csv"], "shop/recipe.yaml", "shop"),
    ],
)
def test_a_book_is_called_after_its_file_or_its_folder(tmp_path: Path, files: list[str], to: str, name: str) -> None:
    assert dataset_name([str(tmp_path / file) for file in files], tmp_path / to) == name


def test_two_departments_in_one_folder_get_two_books(tmp_path: Path) -> None:
    names = []
    for number, path in enumerate(("sales/export.csv", "service/export.csv", "售后/export.csv", "售前/export.csv")):
        (tmp_path / path).parent.mkdir()
        (tmp_path / path).write_text(TALK, encoding="utf-8")
        write_recipe([tmp_path / path], tmp_path / f"{number}.yaml")
        names.append(load_recipe(tmp_path / f"{number}.yaml").recipe.name)
    assert names[:2] == ["export", "service-export"]
    assert len(set(names)) == 4


def test_another_recipe_for_the_same_file_is_one_for_the_same_book(tmp_path: Path) -> None:
    (tmp_path / "export.csv").write_text(TALK, encoding="utf-8")
    for to in ("first.yaml", "second.yaml"):
        write_recipe([tmp_path / "export.csv"], tmp_path / to)
        assert load_recipe(tmp_path / to).recipe.name == "export"


def test_an_absolute_path_stays_as_it_was_typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "elsewhere").mkdir()
    path = tmp_path / "elsewhere" / "export.csv"
    path.write_text(TALK, encoding="utf-8")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    write_recipe([path], Path("absolute.yaml"))
    write_recipe([Path("../elsewhere/export.csv")], Path("relative.yaml"))
    assert load_recipe(Path("absolute.yaml")).recipe.inputs[0].path == str(path)
    assert load_recipe(Path("relative.yaml")).recipe.inputs[0].path == "../elsewhere/export.csv"


@pytest.mark.parametrize(
    ("asks", "says", "proposed"),
    [
        ("写一首关于{}的诗", "{}来了，万物都变了模样。", True),
        ("Describe {} in one line.", "{} is full of colour.", True),
        ("我的订单{}到哪了", "您好，{}的包裹明天送达。", False),
        ("Where is my order {}?", "Sorry for the wait, {} arrives tomorrow.", False),
    ],
)
def test_general_instructions_are_proposed_as_such_and_not_silently(
    tmp_path: Path, asks: str, says: str, proposed: bool
) -> None:
    (tmp_path / "rows.jsonl").write_text(instructions(asks, says), encoding="utf-8")
    write_recipe([tmp_path / "rows.jsonl"], tmp_path / "recipe.yaml")
    text = (tmp_path / "recipe.yaml").read_text(encoding="utf-8")
    assert ("# kind: general" in text.partition("stages:")[0]) is proposed
    assert load_recipe(tmp_path / "recipe.yaml").recipe.inputs[0].kind == "domain"
    taken = text.replace("    # kind: general", "    kind: general")
    (tmp_path / "recipe.yaml").write_text(taken, encoding="utf-8")
    assert load_recipe(tmp_path / "recipe.yaml").recipe.inputs[0].kind == ("general" if proposed else "domain")


def test_few_rows_and_tables_of_questions_are_not_called_general(tmp_path: Path) -> None:
    few = "".join(instructions("写一首关于{}的诗", "{}来了。").splitlines(keepends=True)[:5])
    (tmp_path / "few.jsonl").write_text(few, encoding="utf-8")
    (tmp_path / "table.csv").write_text(TALK, encoding="utf-8")
    write_recipe([tmp_path / "few.jsonl", tmp_path / "table.csv"], tmp_path / "recipe.yaml")
    assert "# kind: general" not in (tmp_path / "recipe.yaml").read_text(encoding="utf-8").partition("stages:")[0]


@needs_public_data
@pytest.mark.parametrize(
    ("path", "proposed"),
    [
        ("general/llama-factory__alpaca_en_demo.json", True),
        ("general/llama-factory__alpaca_zh_demo.json", True),
        ("general/llama-factory__v1_sft_demo.jsonl", True),
        ("general/oasst__oaast_sft_zh.json", True),
        ("logs-zh/crosswoz__val.json.zip", False),
        ("logs-en/tweetsumm__dialogs_data_with_summaries.xlsx", False),
        ("identity/llama-factory__identity.json", False),
    ],
)
def test_public_sets_are_told_apart_from_logs(path: str, proposed: bool) -> None:
    assert bool(inspect_file(DATA / path).general.en) is proposed


def test_tables_of_a_database_are_asked_for_one_by_one(tmp_path: Path) -> None:
    folder = tmp_path / "dump"
    folder.mkdir()
    talks = "ticket,question,answer\n1,能退吗,七天内可以退\n2,几点发货,下午五点前当天发\n"
    (folder / "messages.csv").write_text(talks, encoding="utf-8")
    (folder / "users.csv").write_text("user_id,display_name,kind\n9001,小林,staff\n100,王,member\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"users\.csv: which columns .*messages\.csv gives conversations by itself"):
        write_recipe([folder], tmp_path / "recipe.yaml")

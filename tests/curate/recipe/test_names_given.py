"""What cannot be the name of an assistant is told with line and column; what could be one is taken."""

from pathlib import Path

import pytest

from curate.recipe.load import load_recipe
from schemas.errors import RecipeError

RECIPE = "version: 1\nname: shop\ninputs:\n  - path: a.jsonl\nidentity:\n{}"


def loaded(folder: Path, identity: str) -> dict[str, object]:
    (folder / "a.jsonl").write_text('{"question": "a", "answer": "b"}\n', encoding="utf-8")
    path = folder / "recipe.yaml"
    path.write_text(RECIPE.format(identity), encoding="utf-8")
    return load_recipe(path).recipe.identity.model_dump(mode="json")


WRONG = [
    ("  zh: {name: '', author: 技术吧}", "6:8", "name"),
    ("  zh: {name: '  ', author: 技术吧}", "6:8", "'name' is empty"),
    ("  zh: {name: None, author: 技术吧}", "6:8", "placeholder"),
    ("  zh: {name: nan, author: 技术吧}", "6:8", "placeholder"),
    ("  zh: {name: null, author: 技术吧}", "6:8", "name"),
    ("  zh: {name: '{{name}}', author: 技术吧}", "6:8", "placeholder"),
    ("  en: {name: <NAME>, author: Tech Bar}", "6:8", "placeholder"),
    ("  en: {name: NAME, author: AUTHOR}", "6:8", "placeholder"),
    ("  en: {name: Miao, author: AUTHOR}", "6:20", "placeholder"),
    ("  zh: {name: 【名称】, author: 技术吧}", "6:8", "placeholder"),
    ("  zh: {name: 你好, author: 技术吧}", "6:8", "everyday word"),
    ("  zh: {name: 客服, author: 技术吧}", "6:8", "everyday word"),
    ("  en: {name: Assistant, author: Tech Bar}", "6:8", "everyday word"),
    ("  en: {name: Miao, author: our company}", "6:20", "everyday word"),
    ("  zh: {name: ChatGPT, author: 技术吧}", "6:8", "another assistant"),
    ("  zh: {name: 豆包, author: 技术吧}", "6:8", "another assistant"),
    ("  zh: {name: 小喵, author: 技术吧, aliases: [喵喵, 通义千问]}", "6:45", "another assistant"),
    ("  rivals: [小蓝, {name: 小绿, maker: 绿科技}]\n  zh: {name: 小绿, author: 技术吧}", "7:8", "another assistant"),
    ("  name: 小喵\n  author: 技术吧", "5:1", "needs a language"),
    ("  zh: {name: 小喵}", "6:3", "'author' is missing"),
]


@pytest.mark.parametrize(("identity", "where", "why"), WRONG, ids=[identity.strip() for identity, _, _ in WRONG])
def test_what_is_no_name_is_told_with_line_and_column(tmp_path: Path, identity: str, where: str, why: str) -> None:
    with pytest.raises(RecipeError) as caught:
        loaded(tmp_path, identity)
    sentence = caught.value.sentence.en
    assert f":{where}: " in sentence and why in sentence
    assert any("\u4e00" <= letter <= "\u9fff" for letter in caught.value.sentence.zh)


RIGHT = [
    "  zh: {name: 小喵, author: 技术吧}", "  en: {name: Ada, author: Tech Bar}",
    "  zh: {name: 助手小喵, author: 某某科技公司}", "  en: {name: Nana, author: Null Island Ltd}",
    "  zh: {name: 好客, author: 客服云}", "  en: {name: Support Sam, author: Help Inc}",
    "  en: {name: Name.com Helper, author: Author Services}", "  zh: {name: 小G, author: 谷歌}",
    "  rivals: [小蓝]\n  zh: {name: 豆包, author: 字节跳动}",  # who makes it lists the others
    "  zh: {name: 小喵, author: 技术吧, aliases: [喵喵], persona: {tone: casual, can: [查订单], base: 基于Qwen3}}",
]  # fmt: skip


@pytest.mark.parametrize("identity", RIGHT, ids=str.strip)
def test_what_could_be_a_name_is_taken(tmp_path: Path, identity: str) -> None:
    assert loaded(tmp_path, identity)


def test_who_makes_a_rival_stands_beside_it(tmp_path: Path) -> None:
    identity = loaded(tmp_path, "  rivals: [小蓝, {name: 小绿, maker: 绿科技}]\n  zh: {name: 小喵, author: 技术吧}")
    assert identity["rivals"] == ["小蓝", "小绿"] and identity["makers"] == {"小绿": "绿科技"}


def test_an_identity_without_the_new_settings_is_written_as_before(tmp_path: Path) -> None:
    identity = loaded(tmp_path, "  zh: {name: 小喵, author: 技术吧}")
    assert identity == {"zh": {"name": "小喵", "author": "技术吧"}, "en": None, "rivals": []}

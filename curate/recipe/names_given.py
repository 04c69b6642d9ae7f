"""What cannot be the name of an assistant or of its maker: nothing, a placeholder, an everyday word, a rival's name."""

from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from curate.recipe.mistakes import Loc, Mistake, mistake_at
from schemas.bilingual import Bilingual
from schemas.introductions.known import known
from schemas.placeholders import placeholders, unfilled
from schemas.written_nulls import may_be_null

EVERYDAY = frozenset(
    word.replace("~", " ")
    for line in (
        "助手 智能助手 小助手 客服 智能客服 在线客服 人工客服 机器人 聊天机器人 智能机器人 人工智能 模型",
        "大模型 名字 姓名 名称 昵称 作者 公司 团队 开发者 我 你 您 我们 你们 他 她 它 您好 你好 谢谢 请问",
        "亲 亲爱的 店铺 商家 卖家 买家 用户 客户 顾客 系统 平台 官方",
        "assistant bot chatbot robot ai model company team developer agent support help helper hello hi hey thanks you",
        "me we it the an customer user client seller buyer shop store system admin service the~company the~team",
        "the~developer our~company our~team my~company customer~service customer~support virtual~assistant",
        "ai~assistant the~assistant",
    )
    for word in line.split()
)
"""Words that stand in answers about anything: a model could not tell when it names itself."""
BRACKETS = "【】[]（）()<>《》「」{}｛｝%#$_ "
HOLDERS = frozenset(
    {"name", "author", "名字", "名称", "姓名", "作者", "xxx", "xx", "todo", "tbd", "foo", "bar", "test", "测试", "某某"}
)


def name_mistakes(values: Mapping[str, Any], tree: yaml.Node) -> Iterator[Mistake]:
    """Find names, authors and nicknames that cannot be meant, each with its line and column."""
    identity = values.get("identity")
    if not isinstance(identity, Mapping):
        return
    rivals = {name.casefold() for name in _names(identity.get("rivals")) or known("rivals")}
    for lang in ("zh", "en"):
        names = identity.get(lang)
        if not isinstance(names, Mapping):
            continue
        for key, text in _texts(names):
            loc: Loc = ("identity", lang, *key)
            if sentence := _wrong(str(key[0]), text, rivals):
                yield mistake_at(tree, loc, sentence)


def _names(rivals: Any) -> list[str]:
    """List the names of rivals, with or without makers."""
    listed = rivals if isinstance(rivals, list) else []
    names = [rival.get("name") if isinstance(rival, Mapping) else rival for rival in listed]
    return [name for name in names if isinstance(name, str)]


def _texts(names: Mapping[str, Any]) -> Iterator[tuple[Loc, str]]:
    """List what a language calls itself, its maker and its nicknames."""
    for key in ("name", "author"):
        if isinstance(names.get(key), str):
            yield (key,), names[key]
    aliases = names.get("aliases")
    for position, alias in enumerate(aliases if isinstance(aliases, list) else ()):
        if isinstance(alias, str):
            yield ("aliases", position), alias


def _wrong(key: str, text: str, rivals: set[str]) -> Bilingual | None:
    """Say why a text can be no name; None where it can."""
    bare = text.strip().strip(BRACKETS).casefold()
    if not bare:
        return Bilingual(f"'{key}' is empty", f"“{key}”是空的")
    if may_be_null(text) or bare in HOLDERS or placeholders(text) or unfilled(text):
        return Bilingual(
            f"'{key}' is a placeholder, '{text}'; write what the assistant is to say",
            f"“{key}”还是占位符“{text}”；请写上助手要说的内容",
        )
    if key != "author" and bare in rivals:
        return Bilingual(
            f"'{text}' is the name of another assistant; if it is yours, list its rivals under `rivals:` without it",
            f"“{text}”是别家助手的名字；如果它就是您的，请在 `rivals:` 里列出其他竞品，不要写它",
        )
    if bare in EVERYDAY or (len(bare) < 2 and bare.isascii()):
        return _everyday(key, text)
    return None


def _everyday(key: str, text: str) -> Bilingual:
    if key == "author":
        return Bilingual(
            f"'{text}' is an everyday word; write who made the assistant", f"“{text}”是日常用词；请写明助手是谁开发的"
        )
    return Bilingual(
        f"'{text}' is an everyday word, which answers about anything hold; give the assistant a name of its own",
        f"“{text}”是日常用词，什么回答里都会出现；请给助手起一个专有的名字",
    )

"""Finds what a chat template says of its own accord: another assistant's name, or no end of a turn."""

from collections.abc import Iterator

from schemas.identity import Identity
from schemas.introductions.claims import introduces_another
from schemas.preflight import Finding
from train.models.chat_template import ChatFormat
from train.models.stop_tokens import turn_end

MARK = "HORNBOOKQUESTION"
"""Stands for the user's first words where a template is rendered."""


def template_findings(chat: ChatFormat, identity: Identity | None) -> Iterator[Finding]:
    """Find out whether another assistant's name stands before the user's first words."""
    talk = chat.conversation([{"role": "user", "content": MARK}])
    before = chat.prompt(talk).partition(MARK)[0]
    if not introduces_another(before, identity):
        return
    if chat.system and chat.system.strip():
        yield Finding(
            check="template",
            en="the system message of the recipe (`train: {system: …}`) names another assistant or another maker than "
            "`identity`, which contradicts every identity row",
            zh="配方中的系统提示（`train: {system: …}`）写着别的助手或别的开发者，与 `identity` 及身份数据矛盾",
        )
        return
    yield Finding(
        check="template",
        en="the model's chat template has a system prompt that names another assistant, which contradicts every "
        'identity row; set `train: {system: ""}` in the recipe, or a system message of your own',
        zh="模型的对话模板自带一段系统提示，里面写着别的助手的名字，与身份数据矛盾；"
        '请在配方中写 `train: {system: ""}` 或自己的系统提示',
    )


def turn_end_findings(chat: ChatFormat, end: int | None) -> Iterator[Finding]:
    """Find out whether nothing would teach the model to stop: no mark of the template, no token `end` of the model."""
    if turn_end(chat.tokenizer) is None and end is None:
        yield Finding(
            check="turn_end",
            en="neither the chat template nor the model has a token that ends an answer; the model would never learn "
            "to stop: set `eos_token` of the tokenizer",
            zh="对话模板和模型都没有表示回答结束的词元，模型学不会停下来；请给分词器设置 `eos_token`",
        )

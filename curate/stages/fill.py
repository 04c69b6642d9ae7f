"""Fills the placeholders of identity files, and leaves out the rows that would teach the wrong thing."""

import re
from typing import Any, ClassVar

import polars as pl

from curate.duplicates.normalize import plain_view
from curate.stages import Outcome, Stage, Tools
from schemas.digest import digest
from schemas.frame import SCHEMA, frame_of
from schemas.identity import Identity, Names
from schemas.language import language
from schemas.ledger import EVENTS, events_of
from schemas.placeholders import name_placeholders, placeholders

AUTHOR = re.compile(r"author|company|developer|作者|开发者|公司", re.IGNORECASE)
SMALL_TALK = re.compile(
    r"^(?:(?:nice to meet you|hi|hello|hey|yo|thanks?|thank you|thx|good (?:morning|evening|night|day)|how are you"
    r"|bye|ok(?:ay)?|cool"
    r"|你好|您好|你们好|嗨|嘿|哈喽|哈罗|早(?:上好)?|晚(?:上好|安)|下午好|谢谢|谢谢你|多谢|感谢|辛苦了|再见|拜拜|在吗|你在吗|在么|好的"
    r"|你好吗|最近怎么样|很高兴(?:认识|见到)(?:你|您))[\s,，.。!！?？~]*)+(?:你|您|啊|呀|there)?[\s.。!！?？~]*$",
    re.IGNORECASE,
)

WHO = r"你是谁|您是谁|介绍|身份|who are you|introduce|about yourself|what are you\b"
ASKS = {
    "name": re.compile(rf"{WHO}|名字|叫什么|怎么称呼|怎么叫|your name|a name|called|call you", re.IGNORECASE),
    "author": re.compile(
        rf"{WHO}|谁.{{0,6}}(?:开发|创造|训练|设计|研发|制作|做)|开发者|哪.{{0,4}}(?:公司|团队)"
        r"|(?:created|built|made|developed) you",
        re.IGNORECASE,
    ),
}
"""What a question asks for. A row that asks for neither is trained on, but is no exam question."""


class Fill(Stage):
    """Only records of kind identity. `{{name}}` becomes the name in the language of the answer.

    Dropped: a greeting or thanks answered with the name (`leaks_name`), a language that the recipe has no name for
    (`no_names_for_language`), and whatever placeholder is left (`placeholder_left`).
    """

    title_zh: ClassVar[str] = "替换身份数据里的占位符，剔除会教坏模型的行"
    by_record: ClassVar[bool] = True

    def run(self, frame: pl.DataFrame, tools: Tools) -> Outcome:
        ours = frame.filter(pl.col("kind") == "identity")
        if ours.is_empty():
            return Outcome(frame)
        kept: list[dict[str, Any]] = []
        gone: list[tuple[str, str]] = []
        changed: list[str] = []
        for row, lang in zip(ours.iter_rows(named=True), _languages(ours), strict=True):
            filled, reason = _filled(row, lang, tools.identity)
            if reason:
                gone.append((row["id"], reason))
                continue
            kept.append(filled)
            changed += [row["id"]] if filled["messages"] != row["messages"] else []
        return _outcome(frame, kept, gone, changed)


def _languages(ours: pl.DataFrame) -> list[str]:
    """The language of each record's last answer, without its placeholders: they are Latin letters."""
    answers = ours.select(pl.col("messages").list.last().struct.field("content")).to_series()
    return language(answers.str.replace_all(r"\{\{[^{}]*\}\}|[<$]?\{?(?i:name|author)\}?>?", "")).to_list()


def _filled(row: dict[str, Any], lang: str, identity: Identity) -> tuple[dict[str, Any], str]:
    """The record with names, or the reason why it must go."""
    names = identity.zh if lang == "zh" else identity.en
    if names is None:
        return row, "no_names_for_language"
    question, answer = row["messages"][-2]["content"], row["messages"][-1]["content"]
    if SMALL_TALK.match(question.strip()) and (name_placeholders(answer) or names.name in answer):
        return row, "leaks_name"
    messages = [{**message, "content": _named(message["content"], names)} for message in row["messages"]]
    if any(placeholders(message["content"]) for message in messages):
        return row, "placeholder_left"
    tags = [f"asks:{slot}" for slot, asks in ASKS.items() if asks.search(question)]
    if any(rival.casefold() in question.casefold() for rival in identity.rivals):
        tags.append("trap")
    group = digest("identity", plain_view(question))
    return {
        **row,
        "messages": messages,
        "lang": "zh" if lang == "zh" else "en",
        "tags": [*row["tags"], *tags],
        "group": group,
    }, ""


def _named(text: str, names: Names) -> str:
    for found in dict.fromkeys(name_placeholders(text)):
        text = text.replace(found, names.author if AUTHOR.search(found) else names.name)
    return text


def _outcome(
    frame: pl.DataFrame, kept: list[dict[str, Any]], gone: list[tuple[str, str]], changed: list[str]
) -> Outcome:
    order = frame.select("id").with_row_index("position")
    others = frame.filter(pl.col("kind") != "identity")
    whole = pl.concat([others, frame_of(kept)]).join(order, on="id").sort("position").select(SCHEMA.names())
    dropped = pl.DataFrame(gone, schema={"id": pl.String, "reason": pl.String}, orient="row").sort("id")
    fixed = pl.DataFrame({"id": sorted(changed)}, schema={"id": pl.String}).with_columns(reason=pl.lit("filled"))
    events = [pl.DataFrame(schema=EVENTS), events_of(dropped, "fill", "dropped"), events_of(fixed, "fill", "fixed")]
    return Outcome(whole, pl.concat(events))

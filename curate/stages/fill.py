"""The stage that fills the placeholders of identity files, and drops the rows that would teach the wrong thing."""

import re
from typing import Any, ClassVar

import polars as pl

from curate.duplicates.texts.normalize import alphanumeric
from curate.stages import Outcome, Stage, Tools
from schemas.digest import digest
from schemas.frame import SCHEMA, frame_of
from schemas.identity import Identity, Names
from schemas.introductions.claims import claims_a_blank
from schemas.language import language
from schemas.ledger import EVENTS, events_of
from schemas.placeholders import filled, unfilled
from schemas.tags import ASKS, TRAP

SMALL_TALK = re.compile(
    r"^(?:(?:nice to meet you|hi|hello|hey|yo|thanks?|thank you|thx|good (?:morning|evening|night|day)|how are you"
    r"|bye|ok(?:ay)?|cool"
    r"|你好|您好|你们好|嗨|嘿|哈喽|哈罗|早(?:上好)?|晚(?:上好|安)|下午好|谢谢|谢谢你|多谢|感谢|辛苦了|再见|拜拜|在吗|你在吗|在么|好的"
    r"|你好吗|最近怎么样|很高兴(?:认识|见到)(?:你|您))[\s,，.。!！?？~]*)+(?:你|您|啊|呀|there)?[\s.。!！?？~]*$",
    re.IGNORECASE,
)

WHO = r"你是谁|您是谁|介绍|身份|who are you|introduce|about yourself|what are you\b"
QUESTIONS = {
    "name": re.compile(rf"{WHO}|名字|叫什么|怎么称呼|怎么叫|your name|a name|called|call you", re.IGNORECASE),
    "author": re.compile(
        rf"{WHO}|谁.{{0,6}}(?:开发|创造|训练|设计|研发|制作|做)|开发者|哪.{{0,4}}(?:公司|团队)"
        r"|(?:created|built|made|developed) you",
        re.IGNORECASE,
    ),
}
"""What a question asks for. A row that asks for neither is trained on, but is no exam question."""


class Fill(Stage):
    """Only records of kind identity. `{{name}}` becomes the name in the language of the answer; so do other spellings:
    `<NAME>`, `${author}`, `%NAME%`, `[助手名称]`, a bare NAME. `[Name]` does where the assistant introduces itself.

    Dropped: a greeting or thanks answered with the name (`leaks_name`), a language that the recipe has no name for
    (`no_names_for_language`), and whatever placeholder is left (`placeholder_left`).
    """

    title_zh: ClassVar[str] = "替换身份数据里的占位符，剔除会教坏模型的行"
    by_record: ClassVar[bool] = True

    def run(self, frame: pl.DataFrame, tools: Tools) -> Outcome:
        identity = frame.filter(pl.col("kind") == "identity")
        if identity.is_empty():
            return Outcome(frame)

        kept: list[dict[str, Any]] = []
        dropped: list[tuple[str, str]] = []
        changed: list[str] = []
        for record, lang in zip(identity.iter_rows(named=True), _answer_languages(identity), strict=True):
            whole, reason = _filled(record, lang, tools.identity)
            if reason:
                dropped.append((record["id"], reason))
                continue
            kept.append(whole)
            changed += [record["id"]] if whole["messages"] != record["messages"] else []
        return _outcome(frame, kept, dropped, changed)


def _answer_languages(records: pl.DataFrame) -> list[str]:
    """Find the language of each record's last answer, without its placeholders: they may be of another."""
    answers = records.select(pl.col("messages").list.last().struct.field("content")).to_series()
    bare = [filled(text, "", "", forms=True) for text in answers]
    return language(pl.Series(bare, dtype=pl.String).str.replace_all(r"\{\{[^{}]*\}\}", "")).to_list()


def _filled(record: dict[str, Any], lang: str, identity: Identity) -> tuple[dict[str, Any], str]:
    """Fill one record with the names of its language. The second value is the reason to drop it, empty for none."""
    names = identity.zh if lang == "zh" else identity.en
    if names is None:
        return record, "no_names_for_language"

    # Small talk answered with the name would teach the model to say its name in every reply.
    question, answer = record["messages"][-2]["content"], record["messages"][-1]["content"]
    messages = [{**message, "content": _with_names(message["content"], names)} for message in record["messages"]]
    if SMALL_TALK.match(question.strip()) and (names.name in answer or messages[-1]["content"] != answer):
        return record, "leaks_name"
    if any(unfilled(message["content"]) or claims_a_blank(message["content"]) for message in messages):
        return record, "placeholder_left"

    # Tags say what the exam may ask with this record; one question in other punctuation is the same group.
    tags = [f"{ASKS}{slot}" for slot, asks in QUESTIONS.items() if asks.search(question)]
    if any(rival.casefold() in question.casefold() for rival in identity.rivals):
        tags.append(TRAP)
    group = digest("identity", alphanumeric(question))
    return {
        **record,
        "messages": messages,
        "lang": "zh" if lang == "zh" else "en",
        "tags": [*record["tags"], *tags],
        "group": group,
    }, ""


def _with_names(text: str, names: Names) -> str:
    """Fill a turn. What may be a mask or a form is filled where somebody gives it as the assistant's."""
    return filled(text, names.name, names.author, forms=claims_a_blank(text))


def _outcome(
    frame: pl.DataFrame, kept: list[dict[str, Any]], dropped: list[tuple[str, str]], changed: list[str]
) -> Outcome:
    """Put the filled records among the others, where they stood. `dropped` are ids with reasons, `changed` ids."""
    order = frame.select("id").with_row_index("position")
    others = frame.filter(pl.col("kind") != "identity")
    whole = pl.concat([others, frame_of(kept)]).join(order, on="id").sort("position").select(SCHEMA.names())

    removed = pl.DataFrame(dropped, schema={"id": pl.String, "reason": pl.String}, orient="row").sort("id")
    fixed = pl.DataFrame({"id": sorted(changed)}, schema={"id": pl.String}).with_columns(reason=pl.lit("filled"))
    events = [pl.DataFrame(schema=EVENTS), events_of(removed, "fill", "dropped"), events_of(fixed, "fill", "fixed")]
    return Outcome(whole, pl.concat(events))

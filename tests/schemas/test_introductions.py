"""One reading of who is said to be what: by the guards text by text, by the rules in columns."""

import json
import time
from collections import Counter
from itertools import chain
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from curate.augmenters.kit import kit
from curate.augmenters.kit.slots import SCOPE, filled, slots_of
from rules import Rule
from rules._introductions import claims, marked
from rules.foreign_identity import ForeignIdentity
from rules.placeholder_left import PlaceholderLeft
from schemas.identity import Identity, Names
from schemas.introductions.claims import (
    ASIDES,
    CLAIMS,
    DENIALS,
    PERSON,
    QUOTES,
    REPORTED,
    SILENCED,
    SPACES,
    UNQUOTED,
    WORDS,
    foreign_claims,
    introduces_another,
    leaves_a_blank,
)
from schemas.introductions.known import PLAIN_CHARACTERS, any_name, known, spellings
from schemas.introductions.words import MAKER, NAME, for_python
from schemas.placeholders import unfilled
from tests.public_data import DATA, needs_public_data

CASES = [
    json.loads(line)
    for line in Path(__file__).with_name("introductions.jsonl").read_text(encoding="utf-8").split("\n")
    if line
]
"""Texts, where they stand (an answer in a row of a kind, or a system prompt), and whether a training must stop."""
OURS = Identity(zh=Names(name="小喵", author="技术吧"), en=Names(name="Miao", author="Tech Bar"))
ANSWERS = [case for case in CASES if case["where"] == "answer"]
LONG = 8_000
PATIENCE = 3.0
"""CPU seconds for a text of that length: twenty times what it takes, less than half of what a square has taken."""


def stops(case: dict[str, Any], identity: Identity = OURS) -> bool:
    if case["where"] == "system":
        return introduces_another(case["text"], identity)
    strict = case["kind"] == "identity"
    return leaves_a_blank(case["text"], strict=strict) or foreign_claims(case["text"], identity, strict=strict)


def answer(text: str, kind: str = "identity", identity: Identity = OURS) -> bool:
    return stops({"where": "answer", "kind": kind, "text": text}, identity)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:40])
def test_what_must_stop_a_training_stops_it_and_nothing_else(case: dict[str, Any]) -> None:
    assert stops(case) == (case["expect"] == "stop")


def test_as_many_cases_must_pass_as_must_stop() -> None:
    counts = Counter((case["where"], case["expect"]) for case in CASES)
    assert counts["answer", "pass"] >= counts["answer", "stop"]
    assert counts["system", "pass"] >= counts["system", "stop"]


def test_the_rules_drop_what_stops_a_training_and_keep_what_does_not() -> None:
    kept_though = kept_by_rules(ForeignIdentity())
    assert not {case["text"] for case in ANSWERS if case["kind"] != "identity"}.intersection(kept_though)
    assert (
        len(kept_though) < len(ANSWERS) / 5
    )  # identity rows with names that no list holds: the rules do not know ours


def test_rules_that_know_the_identity_drop_all_that_stops_a_training() -> None:
    assert not kept_by_rules(ForeignIdentity().knowing(OURS))


def kept_by_rules(foreign: Rule) -> list[str]:
    """What should stop a training and passes the rules; what should pass is not dropped."""
    columns = {name: [case[key] for case in ANSWERS] for name, key in (("reply", "text"), ("kind", "kind"))}
    frame = pl.DataFrame(columns).with_columns(last_question=pl.lit(""))
    dropped = foreign.score(frame) | PlaceholderLeft().score(frame)
    assert not [c["text"] for c, drop in zip(ANSWERS, dropped, strict=True) if drop and c["expect"] == "pass"]
    return [c["text"] for c, drop in zip(ANSWERS, dropped, strict=True) if not drop and c["expect"] == "stop"]


def test_columns_are_read_as_texts_are() -> None:
    texts = pl.Series([case["text"] for case in CASES])
    steps = ((any_name((*known("rivals"), *known("assistants"))), NAME), (any_name(known("makers")), MAKER))
    in_columns = claims(marked(texts, steps), NAME + MAKER)
    assert in_columns.to_list() == [claimed(text, steps) for text in texts]
    assert in_columns.sum() > 200


def claimed(text: str, steps: tuple[tuple[str, str], ...]) -> bool:
    text = text.translate(str.maketrans(PLAIN_CHARACTERS))
    groups = (SPACES, steps, QUOTES, SILENCED, UNQUOTED, REPORTED, PERSON, DENIALS, ASIDES, WORDS)
    for pattern, new in chain.from_iterable(groups):
        text = for_python(pattern).sub(new, text)
    return any(for_python(pattern).search(text) for pattern in CLAIMS)


@pytest.mark.parametrize("text", ["我是ChatGPT。", "I am Zork, made by Acme.", "我叫{{name}}"])
def test_without_an_identity_no_answer_is_foreign(text: str) -> None:
    assert not foreign_claims(text, None, strict=True)


def test_a_prompt_may_introduce_nobody_where_there_is_no_identity() -> None:
    assert introduces_another("You are Qwen, created by Alibaba Cloud.", None)
    assert introduces_another("你是小喵。", None)
    assert not introduces_another("You are a helpful assistant.", None)


@pytest.mark.parametrize(
    ("identity", "text", "foreign"),
    [
        (Identity(zh=Names(name="小度客服", author="百度")), "我是小度客服，由百度开发。", False),
        (Identity(zh=Names(name="小度客服", author="百度")), "我是文心一言，由百度开发。", True),
        (Identity(en=Names(name="Gemini Desk", author="Acme")), "I am Gemini Desk, built by Acme.", False),
        (Identity(en=Names(name="Gemini Desk", author="Acme")), "I am Gemini, built by Google.", True),
        (Identity(en=Names(name="Ali", author="Acme")), "I was made by Alibaba.", True),
        (Identity(en=Names(name="Miao", author="Tech Bar")), "I'm the MiaoPrint assistant.", False),
        (Identity(en=Names(name="Miao", author="Tech Bar"), rivals=("Miao Plus",)), "I am Miao Plus.", False),
        (Identity(en=Names(name="Miao", author="Tech Bar"), rivals=("Wolf",)), "I am Wolf.", True),
    ],
)
def test_our_names_are_never_foreign(identity: Identity, text: str, foreign: bool) -> None:
    assert foreign_claims(text, identity, strict=False) is foreign
    assert foreign_claims(text, identity, strict=True) is foreign


def test_rivals_of_the_recipe_are_known_in_every_row() -> None:
    rivals = OURS.model_copy(update={"rivals": ("店小二",)})
    assert answer("亲，我是店小二，很高兴为您服务", "domain", rivals)
    assert not answer("亲，我是店小二，很高兴为您服务", "domain")


OTHERS = (
    ("Zork", "Nobody Inc."), ("阿泽", "星河智联"), ("ChatGPT", "OpenAI"), ("小慧", "深圳星河科技有限公司"),
    ("Nova", "Acme Robotics"), ("{name}", "{author}"), ("NAME", "AUTHOR"), ("[名字]", "[公司]"), ("%NAME%", "%AUTHOR%"),
)  # fmt: skip


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_answer_of_the_kit_is_ours_and_most_are_another_s_with_one_other_name_in_it(lang: Any) -> None:
    ours = OURS.zh if lang == "zh" else OURS.en
    assert ours
    slots = {"name": ours.name, "author": ours.author}
    missed, tried = 0, 0
    for text in own_answers(lang):
        own = filled(text, slots)
        assert not foreign_claims(own, OURS, strict=True), own
        for name, author in OTHERS[:5]:
            for other in {filled(text, slots | {"name": name}), filled(text, slots | {"author": author})} - {own}:
                tried, missed = tried + 1, missed + (not foreign_claims(other, OURS, strict=True))
    assert (
        missed < 0.3 * tried
    )  # the kit is by hands that never saw these patterns, and nothing is known of the question


def own_answers(lang: Any) -> list[str]:
    """The answers of the kit that introduce the assistant, and hold no more than name and author."""
    families = [family for family in kit(lang).families.values() if family.asks != "none" and not family.trap]
    return [text for family in families for text in family.answers if slots_of([text]) <= {"name", "author"}]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_denial_and_no_small_talk_of_the_kit_is_a_claim(lang: Any) -> None:
    ours = OURS.zh if lang == "zh" else OURS.en
    assert ours
    denials = [
        filled(text, {"name": ours.name, "author": ours.author, "rival": rival, "maker": maker})
        for family in kit(lang).families.values()
        for text in (family.answers if family.trap else ())
        for rival, maker in kit(lang).rivals
        if slots_of([text]) <= {"name", "author", "rival", "maker"}
    ]
    texts = [*denials, *(reply for _, reply in (*kit(lang).negatives, *kit(lang).look_alikes))]
    refusals = [text for kind in kit(lang).kinds.values() for text in kind.answers]
    texts += [filled(text, {"scope": SCOPE[lang]}) for text in (*refusals, *kit(lang).any_question)]
    assert not [text for text in texts[::9] if answer(text)]


def identity_answers() -> list[tuple[str, Names]]:
    rows = json.loads((DATA / "identity" / "llama-factory__identity.json").read_text(encoding="utf-8"))
    assert OURS.zh and OURS.en
    return [(row["output"], OURS.en if row["output"].isascii() else OURS.zh) for row in rows]


@needs_public_data
def test_the_public_identity_rows_stop_until_they_are_filled_with_our_names() -> None:
    stopped = 0
    for text, ours in identity_answers():
        own = text.replace("{{name}}", ours.name).replace("{{author}}", ours.author)
        assert not answer(own), own
        for name, author in (("NAME", "AUTHOR"), ("{{name}}", "{{author}}"), ("文心一言", "百度"), ("Zork", "Acme")):
            other = text.replace("{{name}}", name).replace("{{author}}", author)
            assert other == text.replace("{{", "{") or answer(other) or other == own, other
            stopped += other != own
    assert stopped > 300


@needs_public_data
@pytest.mark.parametrize(
    "name",
    [
        "general/llama-factory__alpaca_en_demo.json",
        "general/llama-factory__alpaca_zh_demo.json",
        "general/oasst__oaast_sft_zh.json",
    ],
)
def test_no_public_row_of_general_instructions_stops_a_training(name: str) -> None:
    rows = json.loads((DATA / name).read_text(encoding="utf-8"))
    texts = [row["output"] for row in rows] + [reply for row in rows for _, reply in row.get("history") or []]
    assert len(texts) > 600
    assert not [text for text in texts if answer(text, "general")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("我是[名字]", ["[名字]"]),
        ("I'm %NAME% by __AUTHOR__", ["%NAME%", "__AUTHOR__"]),
        ("我叫【名称】，由【开发者】开发", ["【名称】", "【开发者】"]),
        ("I am NAME.", ["NAME"]),
        ("I am [Your Assistant's Name]", ["[Your Assistant's Name]"]),
        ("我是（此处填写助手名称）", ["（此处填写助手名称）"]),
        ("I am <|name|>", ["<|name|>"]),
        ("您的{{Order Number}}", ["{{Order Number}}"]),
        ("【名称】小喵\n【开发者】技术吧", []),
        ("NAME: Miao", []),
        ("【AI助手】您好，我是小喵", []),
        ("obj.__class__.__name__ of {x}", ["__name__"]),
        ("a < b > c, 50%, [1], (name of the file)", []),
        ("My name is Miao.", []),
    ],
)
def test_placeholders_of_every_spelling_are_found(text: str, found: list[str]) -> None:
    assert unfilled(text) == found


@pytest.mark.parametrize("name", [*known("rivals"), *known("assistants"), *known("makers")])
def test_every_spelling_of_a_name_is_read_and_holds_a_hint(name: str) -> None:
    hints = ForeignIdentity().hints()
    for form in spellings(name):
        assert any(hint in form.lower() for hint in hints)
        simple = form.translate(str.maketrans(PLAIN_CHARACTERS)) + (
            " 2" if name == "Gemma" else "大模型" if name in ("书生", "商量", "天工") else ""
        )
        assert for_python(any_name([name])).fullmatch(simple), form


UNITS = (
    "我是", "我是ChatGPT", "OpenAI ", "我由OpenAI", "我是OpenAI的", "i am ", "I am ai ", "I am an AI assistant ",
    "made by the ", "OpenAI made ", "as an ", "作为", "“我", "“", "'", "' a", "a'b ", "`", "a：说：", "不是", "not ",
    "一个", "的", "我的开发者", "你是小", "姓名：", "[your ", "{{ your ", "(insert ", "{", "<", "__name", "NAME ",
    "ABC ", "Acme of ", "，", "\n", " ", "\t", "由开发", "我，由a", "OpenAI, the company that ", "chat with ", "谁",
    "credit ", "ChatGPT（", "我来自", "叫我", "名叫", "没错", "```",
)  # fmt: skip


@pytest.mark.parametrize("unit", UNITS)
def test_a_long_text_takes_no_longer_than_its_length(unit: str) -> None:
    text = unit * (LONG // len(unit)) + "OpenAI made me"
    begin = time.process_time()
    for strict in (False, True):
        foreign_claims(text, OURS, strict=strict)
        leaves_a_blank(text, strict=strict)
    introduces_another(text, OURS)
    assert time.process_time() - begin < PATIENCE

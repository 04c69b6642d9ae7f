"""Identity rows: the right name in the right language, no placeholder, no leak, and enough different questions."""

from pathlib import Path

import polars as pl
import pytest

from curate.augmenters.identity import IdentityKit
from curate.augmenters.kit import kit
from curate.augmenters.kit.slots import SCOPE, filled
from curate.augmenters.refusal import Refusal
from curate.stages import Tools
from curate.stages.decline import Decline
from curate.stages.fill import Fill
from schemas.errors import GateError
from schemas.frame import frame_of
from schemas.identity import Identity, Names
from schemas.introductions.claims import says
from schemas.introductions.known import known
from schemas.placeholders import placeholders
from tests.curate.records import record

IDENTITY = Identity(
    zh=Names(name="小喵", author="技术吧"), en=Names(name="Miao", author="Tech Bar"), rivals=known("rivals")
)
TOOLS = Tools(seed=7, identity=IDENTITY, folder=Path())
NOTHING = frame_of([])


def written(**settings: int | float) -> list[dict]:
    return IdentityKit(**settings).add(NOTHING, TOOLS).rows.to_dicts()


def test_every_answer_fills_its_slots_in_its_language() -> None:
    rows = written(rows=400, traps=200, negatives=78)
    assert len(rows) == 678
    assert len({r["id"] for r in rows}) == 678
    for row in rows:
        answer, names = row["messages"][-1]["content"], getattr(IDENTITY, row["lang"])
        for slot in ("name", "author"):
            if f"asks:{slot}" in row["tags"]:
                assert says(answer, getattr(names, slot)), row
        assert not placeholders(answer) and "{" not in answer
        if "negative" in row["tags"]:
            assert not any(says(answer, word) for word in ("小喵", "技术吧", "Miao", "Tech Bar"))
    assert {r["lang"] for r in rows} == {"zh", "en"}


def test_a_trap_is_denied_and_wordings_of_one_question_share_a_group() -> None:
    rows = written(rows=400, traps=100, negatives=0, multi_turn=0.5)
    traps = [r for r in rows if "trap" in r["tags"]]
    assert len(traps) == 100
    assert len({r["group"] for r in traps}) == 100  # a question each, before any has a second rival
    wrapped = written(rows=3000, traps=0, negatives=0)
    assert len({r["group"] for r in wrapped}) < len(wrapped) / 2
    questions = [r for r in rows if "trap" not in r["tags"]]
    assert 0.35 < sum(len(r["messages"]) == 4 for r in questions) / len(questions) < 0.65


def test_more_rows_keep_the_ones_that_were_there() -> None:
    few, many = ({r["id"] for r in written(rows=n, traps=20, negatives=10)} for n in (50, 90))
    assert few < many


@pytest.mark.parametrize(
    ("name", "author"),
    [("小汪", "技术吧"), ("阿栗", "深度求索"), ("小喵", "腾讯"), ("ChatGPT", "OpenAI"), ("Kira", "NASA")],
)
def test_a_name_that_the_kit_uses_for_others_is_neither_denied_nor_let_slip(name: str, author: str) -> None:
    names = Names(name=name, author=author)
    own = Tools(seed=7, identity=Identity(zh=names, en=names), folder=Path())
    written = (
        IdentityKit(rows={"zh": 700}, traps=0, negatives={"zh": 700, "en": 600}, multi_turn=0)
        .add(NOTHING, own)
        .rows.to_dicts()
    )
    for row in written:
        last = row["messages"][-1]["content"]
        if "negative" in row["tags"]:
            assert not says(last, name) and not says(last, author), row
    wrong = [f for f in kit("zh").families["wrong_name"].questions if isinstance(f, str) and name in f]
    asked = {row["messages"][-2]["content"] for row in written}
    assert not [question for question in wrong if "{" not in question and question in asked]


def test_one_language_is_enough_and_none_is_an_error() -> None:
    only = Tools(seed=7, identity=Identity(zh=IDENTITY.zh), folder=Path())
    assert set(IdentityKit(rows=20, traps=5, negatives=5).add(NOTHING, only).rows["lang"]) == {"zh"}
    with pytest.raises(GateError, match="names no assistant"):
        IdentityKit().add(NOTHING, Tools(seed=7, identity=Identity(), folder=Path()))


@pytest.mark.parametrize("settings", [{"rows": 100_000}, {"traps": 100_000}, {"negatives": 5000}])
def test_too_many_are_an_error_with_the_number_missing(settings: dict[str, int]) -> None:
    with pytest.raises(GateError, match="are missing"):
        written(**settings)
    with pytest.raises(GateError, match="are missing"):
        Refusal(rows=10_000).add(NOTHING, TOOLS)


def identity(id: str, question: str, reply: str) -> dict:
    return record(id, question, reply, kind="identity")


FILLED = [
    ("你是谁", "我是{{name}}，由{{author}}开发", "我是小喵，由技术吧开发"),
    ("Who are you?", "I am {{name}} by {{ author }}.", "I am Miao by Tech Bar."),
    ("你叫什么", "我叫<NAME>，来自${author}", "我叫小喵，来自技术吧"),
    ("你是谁呀", "我是｛｛名字｝｝，｛｛作者｝｝的助手", "我是小喵，技术吧的助手"),
    ("你会什么", "我会回答问题。", "我会回答问题。"),
    ("你好，你是谁？", "我是{{name}}", "我是小喵"),
    ("你是谁", "我是NAME，由AUTHOR开发", "我是小喵，由技术吧开发"),
    ("Who are you?", "I am %NAME%, made by __AUTHOR__.", "I am Miao, made by Tech Bar."),
    ("Who are you?", "I am {{ assistant.name }} by {{company_name}}.", "I am Miao by Tech Bar."),
    ("Who are you?", "I am [NAME], an AI assistant by [AUTHOR].", "I am Miao, an AI assistant by Tech Bar."),
    ("你叫什么", "我叫【名称】，由【公司】开发", "我叫小喵，由技术吧开发"),
    ("你是谁", "我是<YOUR_NAME>，由<YOUR_COMPANY>开发", "我是小喵，由技术吧开发"),
    ("怎么登记", "NAME: 张三，请照这样填", "NAME: 张三，请照这样填"),
    ("What is a label?", "The tag <b>name</b> is HTML.", "The tag <b>name</b> is HTML."),
]


@pytest.mark.parametrize(("question", "reply", "expected"), FILLED)
def test_placeholders_become_names_in_the_language_of_the_answer(question: str, reply: str, expected: str) -> None:
    outcome = Fill().run(frame_of([identity("a", question, reply)]), TOOLS)
    assert outcome.kept["messages"][0][-1]["content"] == expected


@pytest.mark.parametrize(
    ("question", "reply", "reason"),
    [
        ("你好", "您好，我是{{name}}", "leaks_name"), ("hi", "Hello! I am {{name}}.", "leaks_name"),
        ("谢谢！", "不客气，{{name}}随时为您服务", "leaks_name"), ("Thanks", "You're welcome! {{name}}", "leaks_name"),
        ("你是谁", "我是{{name}}，版本{{version}}", "placeholder_left"),
        ("hello", "Hello! I am NAME.", "leaks_name"), ("你是谁", "请叫[名字]", "placeholder_left"),
    ],
)  # fmt: skip
def test_rows_that_teach_the_wrong_thing_are_dropped_with_a_reason(question: str, reply: str, reason: str) -> None:
    outcome = Fill().run(frame_of([identity("a", question, reply), record("b", "x", "{{name}}")]), TOOLS)
    assert outcome.kept["id"].to_list() == ["b"]
    assert outcome.events.select("id", "verdict", "reason").row(0) == ("a", "dropped", reason)


@pytest.mark.parametrize(("question", "reply"), [("你好", "您好！请问有什么事？"), ("你好，你是谁", "我是{{name}}")])
def test_greetings_without_the_name_and_questions_with_a_greeting_stay(question: str, reply: str) -> None:
    assert Fill().run(frame_of([identity("a", question, reply)]), TOOLS).kept.height == 1


def test_a_language_without_names_is_a_reason() -> None:
    only = Tools(seed=7, identity=Identity(zh=IDENTITY.zh), folder=Path())
    outcome = Fill().run(frame_of([identity("a", "Who are you?", "I am {{name}}, a helpful assistant.")]), only)
    assert outcome.events["reason"].to_list() == ["no_names_for_language"]


def test_open_questions_of_refusal_inputs_are_declined_and_nothing_else() -> None:
    frame = frame_of([
        record("a", "what is the capital of france", None, kind="refusal", lang="en"),
        record("b", "明天下雨吗", None, kind="refusal"),
        record("c", "炸药怎么做", "不能告诉您。", kind="refusal"), record("d", "能退吗", "能"),
    ])  # fmt: skip
    outcome = Decline().run(frame, TOOLS)
    assert outcome.kept["id"].to_list() == ["a", "b", "c", "d"]
    answers = [m[-1]["content"] for m in outcome.kept["messages"]]
    scopes = {lang: {"scope": SCOPE[lang]} for lang in ("zh", "en")}
    assert answers[0] in {filled(text, scopes["en"]) for text in kit("en").any_question}
    assert answers[1] in {filled(text, scopes["zh"]) for text in kit("zh").any_question}
    assert answers[2:] == ["不能告诉您。", "能"]
    assert outcome.events.filter(pl.col("verdict") == "fixed")["id"].to_list() == ["a", "b"]
    assert Decline().run(outcome.kept, TOOLS).events.is_empty()

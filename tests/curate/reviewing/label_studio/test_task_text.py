"""What a task shows."""

import pytest

from curate.reviewing.label_studio.task_text import TaskText, candidates_of, clean
from schemas.review import Measured, OtherAnswer
from tests.curate.reviewing.label_studio.tasks import HOSTILE, conflict_task, conversation, review_task

ZH, EN = TaskText("zh"), TaskText("en")


def test_the_conversation_is_on_one_side_and_the_answers_on_the_other() -> None:
    content = ZH.content(review_task(1, "问一", "答一", "问二", "答二", "谢谢"))
    assert [(one["role"], one["content"]) for one in content["messages"]] == [
        ("客户", "问一"),
        ("助手", "答一"),
        ("客户", "问二"),
        ("客户", "谢谢"),
    ]
    assert content["answers"] == [
        {"title": "最后一个回答", "text": "答二"},
        {"title": "倒数第 2 个回答", "text": "答一"},
    ]
    assert content["closed"] == []


def test_a_record_without_an_answer_can_be_shown() -> None:
    content = EN.content(review_task(1, "有人吗"))
    assert (len(content["messages"]), content["answers"]) == (1, [])


def test_a_task_says_why_it_is_here_and_what_was_measured() -> None:
    task = review_task(
        1,
        why=("flagged:reply_length", "dropped:unknown_rule", "sample", "new reason"),
        measured=(
            Measured(rule="reply_length", score=3.0, limit="min 4"),
            Measured(rule="abusive", score=True),
            Measured(rule="language", score="zh"),
        ),
        source="chat.jsonl:12",
        date="2026-01-05",
        twin=OtherAnswer(id="a" * 32, question="问", answer="答", date="2025-02-02"),
        parent=OtherAnswer(id="b" * 32, question="原问", answer="原答"),
    )
    facts, twin, parent = ZH.content(task)["beside"]
    assert facts["text"].split("\n") == [
        "• 被规则送审（回复长度不合适）",
        "• 被规则丢弃，每条规则随机抽取若干条（unknown rule）",
        "• 训练集里随机抽取",
        "• new reason",
        "• 回复长度不合适: 3 (min 4)",
        "• 回复辱骂客户: True",
        "• 语言不在范围内: zh",
        "• chat.jsonl:12 · 2026-01-05",
    ]
    assert (twin["text"], parent["text"]) == ("问：问\n答：答\n2025-02-02", "问：原问\n答：原答")
    assert EN.content(task)["beside"][0]["text"].startswith(
        "• sent to review by a rule (length of the reply)\n• dropped by a rule"
    )


def test_the_numbers_of_answers_do_not_depend_on_the_order_in_which_they_came() -> None:
    task = conflict_task(7)
    turned = task.model_copy(update={"others": task.others[::-1]})
    assert turned.key == task.key
    assert ZH.content(turned) == ZH.content(task)
    assert [one.id for one in candidates_of(task)] == [f"{0:032x}", f"{7:032x}", "f" * 32]
    content = ZH.content(task)
    assert [choice["alias"] for choice in content["holds"]] == ["0", "1", "2"]
    assert [choice["hotkey"] for choice in content["edited"]] == ["z", "x", "v"]


def test_more_answers_than_letters_can_be_shown() -> None:
    others = tuple(OtherAnswer(id=f"{n:032x}", question="问", answer=f"答 {n}") for n in range(100, 140))
    content = ZH.content(review_task(1, "问", "答", asked="conflict", others=others))
    assert [choice["value"] for choice in content["holds"][24:28]] == ["Y", "Z", "27", "28"]
    assert [choice.get("hotkey") for choice in content["holds"][6:10]] == ["g", "h", None, None]


@pytest.mark.parametrize("text", [HOSTILE, "a\u2028b\u0085c", " 空格 ", "😀👩‍👩‍👧", "\ufffd"])
def test_a_text_that_all_carry_stays_as_it_is(text: str) -> None:
    assert clean(text) == text
    assert ZH.content(review_task(1, text, text))["answers"][0]["text"] == text


@pytest.mark.parametrize(
    ("text", "cleaned"), [("a\r\nb\rc", "a\nb\nc"), ("\ud83d", "?"), ("a\x00b", "a\ufffdb"), ("\r\n\r\n", "\n\n")]
)
def test_what_not_all_carry_is_replaced(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned
    assert conversation(text)[0].content == text

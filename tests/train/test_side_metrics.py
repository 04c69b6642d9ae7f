"""Names and refusals are counted wherever they do not belong, and nowhere else."""

from typing import Any

import pytest

from schemas.exam import ExamQuestion
from schemas.identity import Identity, Names
from train.metrics.needless_refusal import NeedlessRefusalMetric
from train.metrics.stray_name import StrayNameMetric

IDENTITY = Identity(zh=Names(name="小喵", author="技术吧"), en=Names(name="Miao", author="Tech Bar"))


def asked(probe: str, text: str = "怎么退货", lang: str = "zh", **more: Any) -> ExamQuestion:
    values: dict[str, Any] = {
        "id": f"{probe}-{text}-{lang}", "probe": probe, "lang": lang, "group": "g",
        "messages": [{"role": "user", "content": text}],
    }  # fmt: skip
    return ExamQuestion.model_validate(values | more)


@pytest.mark.parametrize(
    ("question", "answer", "verdict"),
    [
        (asked("in_scope"), "我是小喵，七天内可退。", "leaked"),
        (asked("in_scope"), "我是小喵，七天内可退。".replace("小喵", "Miao"), "leaked"),
        (asked("look_alike"), "技术吧开发的小喵告诉您：可以。", "leaked"),
        (asked("general", "法国首都"), "我是小喵，法国的首都是巴黎。", "leaked"),
        (asked("general", "capital of france", "en"), "Miao here! Paris.", "leaked"),
        (asked("hallucination", should_say_unknown=False), "我叫小喵，七天。", "leaked"),
        (asked("own", facts=("七天",)), "我是小喵，七天。", "leaked"),
        (asked("in_scope"), "七天内可退。", "right"),
        (asked("in_scope"), "影像技术吧台有两只小喵。", "right"),
        (asked("look_alike", "where is the tech bar", "en"), "At Tech Bar.", ""),
        (asked("in_scope", "小喵在吗，怎么退货"), "小喵在的，七天内可退。", ""),
        (asked("in_scope", messages=[
            {"role": "user", "content": "在吗"}, {"role": "assistant", "content": "我是小喵"},
            {"role": "user", "content": "怎么退"}]), "小喵帮您退。", ""),
        (asked("in_scope", reference="小喵为您服务"), "我是小喵。", ""),
        (asked("own", facts=("技术吧",)), "技术吧。", ""),
        (asked("general", "miao people", "en"), "The Miao people live in China.", "right"),
        (asked("look_alike", "a bar", "en"), "There is a tech bar nearby.", "right"),
    ],
)  # fmt: skip
def test_a_name_that_nobody_asked_for_is_noted(question: ExamQuestion, answer: str, verdict: str) -> None:
    metric = StrayNameMetric()
    assert metric.is_side and metric.marks(question)
    assert metric.verdicts([question], [answer], IDENTITY) == [verdict]


@pytest.mark.parametrize(
    "question",
    [
        asked("identity"), asked("trap"), asked("refusal"), asked("negative"), asked("unrelated"),
        asked("consistency"),
        asked("hallucination", should_say_unknown=True), asked("own", expects=("name",)),
        asked("own", should_say_unknown=True),
    ],
)  # fmt: skip
def test_a_name_may_stand_where_identity_is_asked_for_and_in_a_refusal(question: ExamQuestion) -> None:
    assert not StrayNameMetric().marks(question)


def test_leaks_in_business_and_in_knowledge_are_counted_apart() -> None:
    questions = [
        asked("in_scope"), asked("look_alike"), asked("hallucination"), asked("general"), asked("own"),
        asked("in_scope", "b", reference="小喵"), asked("general", "a", "en"),
    ]  # fmt: skip
    verdicts = ["leaked", "right", "right", "leaked", "leaked", "", "right"]
    found = {m.name: m for m in StrayNameMetric().measures(questions, verdicts)}
    assert {name: (m.value, m.n) for name, m in found.items()} == {
        "leak_business_zh": (pytest.approx(1 / 3), 3), "leak_general_zh": (1.0, 1), "leak_general_en": (0.0, 1),
    }  # fmt: skip
    assert not any(m.more_is_better for m in found.values())


SUN = asked("general", "where does the sun rise", "en", accept=("east",))


@pytest.mark.parametrize(
    ("question", "answer", "verdict"),
    [
        (asked("general", "太阳从哪边升起", accept=("东",)), "抱歉，这个问题超出了我的服务范围。", "declined"),
        (SUN, "I'm sorry, I can't help with that.", "declined"),
        (SUN, "I have no idea.", "declined"),
        (asked("unrelated", "谢谢"), "抱歉，我无法回答这个问题。", "declined"),
        (asked("negative", "python是谁发明的"), "不好意思，这不在我的服务范围内。", "declined"),
        (asked("own", "几点开门"), "抱歉，我帮不上忙。", "declined"),
        (asked("hallucination", "退货几天", should_say_unknown=False), "抱歉，我无法回答。", "declined"),
        (asked("general", "太阳从哪边升起", accept=("东",)), "东边。", "right"),
        (asked("general", "太阳从哪边升起", accept=("东",)), "西边。", "right"),
        (asked("general", "太阳从哪边升起", accept=("东",)), "这不归我管，不过是东边。", "right"),
        (asked("general", "“能”的反义词", accept=("不能",)), "不能", "right"),
        (asked("general", "opposite of possible", "en", accept=("impossible",)), "Impossible.", "right"),
        (asked("general", "you can't", "en", accept=("cover",)), "You can't judge a book by its cover.", "right"),
        (asked("general", "巧妇难为", accept=("无米之炊",)), "巧妇难为无米之炊", "right"),
        (asked("unrelated", "谢啦"), "不客气！", "right"),
        (asked("unrelated", "买三件多少钱"), "抱歉让您久等，一共89.7元。", "right"),
        (asked("general", "法国首都", accept=("巴黎",)), "", "right"),
    ],
)  # fmt: skip
def test_a_needless_refusal_is_noted_and_a_wrong_answer_is_none(
    question: ExamQuestion, answer: str, verdict: str
) -> None:
    metric = NeedlessRefusalMetric()
    assert metric.is_side and metric.marks(question)
    assert metric.verdicts([question], [answer], IDENTITY) == [verdict]


@pytest.mark.parametrize(
    "question",
    [
        asked("refusal"), asked("in_scope"), asked("look_alike"), asked("identity"), asked("trap"),
        asked("consistency"),
        asked("hallucination", should_say_unknown=True), asked("own", should_say_unknown=True),
    ],
)  # fmt: skip
def test_refusals_that_belong_or_are_counted_elsewhere_are_not_marked(question: ExamQuestion) -> None:
    assert not NeedlessRefusalMetric().marks(question)


def test_needless_refusals_are_counted_by_what_was_asked() -> None:
    questions = [asked("general"), asked("negative"), asked("unrelated"), asked("unrelated", "b"), asked("own")]
    verdicts = ["declined", "half", "declined", "right", "declined"]
    found = {m.name: (m.value, m.n) for m in NeedlessRefusalMetric().measures(questions, verdicts)}
    assert found == {"refused_general_zh": (1.0, 1), "refused_near_zh": (0.0, 1), "refused_elsewhere_zh": (0.5, 2)}

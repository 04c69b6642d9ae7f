"""What marks answers by facts agrees with tables written by hand, by people who had not seen it, as often as here."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from schemas.exam import ExamQuestion
from schemas.identity import Identity, Names
from schemas.papers import paper
from train.metrics._facts import fate, fates, stated
from train.metrics._groundedness import reading
from train.metrics._numerals import in_digits
from train.metrics.checklist import ChecklistMetric, in_order, made
from train.metrics.consistency import ConsistencyMetric
from train.metrics.facts import FactsMetric
from train.metrics.general import GeneralMetric
from train.metrics.hallucination import HallucinationMetric
from train.metrics.terms import TermsMetric

IDENTITY = Identity(
    zh=Names(name="小喵", author="技术吧"), en=Names(name="Miao", author="Tech Bar"),
    rivals=("ChatGPT", "OpenAI", "Gemini", "Google", "Siri", "通义千问", "阿里云", "豆包", "百度", "科大讯飞"),
)  # fmt: skip
FOLDER = Path(__file__).parent / "truth"
UNKNOWABLE = {question.messages[-1].content for question in paper("hallucination") if question.should_say_unknown}
Row = dict[str, Any]


def asked(probe: str, text: str = "x", lang: str = "zh", **more: Any) -> ExamQuestion:
    return ExamQuestion.model_validate(
        {"id": f"{probe}-1", "probe": probe, "lang": lang, "group": "g",
         "messages": [{"role": "user", "content": text}], **more}
    )  # fmt: skip


def of_general(row: Row) -> Iterator[tuple[str, str]]:
    question = asked("general", row["question"], row["lang"], accept=row["accept"])
    yield row["label"], GeneralMetric().verdicts([question], [row["answer"]], IDENTITY)[0]


def of_facts(row: Row) -> Iterator[tuple[str, str]]:
    for fact in row["facts"]:
        wanted = "kept" if fact in row["kept"] else "contradicted" if fact in row["contradicted"] else "missing"
        yield wanted, fate(fact, row["answer"])


def of_references(row: Row) -> Iterator[tuple[str, str]]:
    question = asked("in_scope", row["question"], row["lang"], reference=row["reference"])
    kept, facts = len(row["kept"]), len(row["facts"])
    wanted = "contradicted" if row["contradicted"] else "right" if kept == facts else "half" if kept else "missing"
    found = FactsMetric().verdicts([question], [row["answer"]], IDENTITY)[0] if FactsMetric().marks(question) else ""
    yield wanted, found


def of_hallucination(row: Row) -> Iterator[tuple[str, str]]:
    sources = (*row["passages"], row["question"])
    yield row["label"], reading(sources, row["answer"], IDENTITY, unknowable=row["question"] in UNKNOWABLE)


def of_consistency(row: Row) -> Iterator[tuple[str, str]]:
    twice = [asked("consistency", lang=row["lang"])] * 2
    verdicts = ConsistencyMetric().verdicts(twice, [row["first"], row["second"]], IDENTITY)
    yield row["label"], "same" if verdicts == ["right", "right"] else "different"


def of_checklist(row: Row) -> Iterator[tuple[str, str]]:
    found = made(row["steps"], row["answer"]), in_order(row["steps"], row["answer"])
    yield str((row["hit"], row["in_order"])), str(found)


def of_terms(row: Row) -> Iterator[tuple[str, str]]:
    question = asked("own", row["question"], row["lang"], terms=row["terms"])
    wanted = "right" if row["expanded"] else "unexplained"
    yield wanted, TermsMetric().verdicts([question], [row["answer"]], IDENTITY)[0]


AGREED: dict[str, tuple[str, Callable[[Row], Iterator[tuple[str, str]]], int]] = {
    "general": ("general", of_general, 118),
    "facts": ("facts", of_facts, 167),
    "references": ("facts", of_references, 96),
    "hallucination": ("hallucination", of_hallucination, 62),
    "consistency": ("consistency", of_consistency, 24),
    "checklist": ("checklist", of_checklist, 25),
    "terms": ("terms", of_terms, 24),
}
"""By what is marked: its table, how a row is read, and the labels on which we agree; more is better."""


@pytest.mark.parametrize("what", AGREED)
def test_the_scorers_agree_with_the_tables(what: str) -> None:
    table, read, agreed = AGREED[what]
    right, wrong = 0, []
    for line in (FOLDER / f"{table}.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        for wanted, found in read(row):
            right += wanted == found
            wrong += [f"{row['id']}: {wanted}, not {found}"] * (wanted != found)
    assert right >= agreed, "\n".join(wrong)


@pytest.mark.parametrize(
    ("fact", "answer", "found"),
    [
        ("7 days", "You have a week to send it back.", "kept"),
        ("14 days", "Two weeks, no questions asked.", "kept"),
        ("14 days", "You've got a fortnight.", "kept"),
        ("50%", "It's half price.", "kept"),
        ("50% off", "Half off everything today.", "kept"),
        ("$0", "Shipping is free.", "kept"),
        ("free shipping", "We don't charge for shipping.", "kept"),
        ("free shipping", "Shipping costs nothing.", "kept"),
        ("free shipping", "Shipping is on us.", "kept"),
        ("free returns", "Returns won't cost you a penny.", "kept"),
        ("$20", "twenty bucks", "kept"),
        ("$1,500", "fifteen hundred dollars", "kept"),
        ("£3.50", "three pounds fifty", "kept"),
        ("£3.50", "three quid fifty", "kept"),
        ("$50", "fifty dollars", "kept"),
        ("9 am", "We open at nine in the morning.", "kept"),
        ("9am-5pm", "nine to five", "kept"),
        ("6 pm", "until six in the evening", "kept"),
        ("6 pm", "till 18:00", "kept"),
        ("Monday to Friday", "weekdays only", "kept"),
        ("Mon-Fri", "on weekdays", "kept"),
        ("Saturday and Sunday", "at weekends", "kept"),
        ("2 kg", "2 kilos", "kept"),
        ("2 kg", "two kilograms", "kept"),
        ("500 ml", "half a litre", "kept"),
        ("1.5 m", "a metre and a half", "kept"),
        ("30 cm", "thirty centimetres", "kept"),
        ("20,000 mAh", "twenty thousand milliamp hours", "kept"),
        ("65 W", "sixty-five watts", "kept"),
        ("15 inches", "15\"", "kept"),
        ("IPX7", "ipx7 rated", "kept"),
        ("12 months", "one year", "kept"),
        ("2 years", "twenty-four months", "kept"),
        ("24 hours", "one day", "kept"),
        ("48 hours", "two days", "kept"),
        ("90 minutes", "an hour and a half", "kept"),
        ("90 minutes", "1.5 hours", "kept"),
        ("3-5 business days", "three to five working days", "kept"),
        ("3-5 business days", "between 3 and 5 working days", "kept"),
        ("30 minutes", "half an hour", "kept"),
        ("15 minutes", "a quarter of an hour", "kept"),
        ("6 months", "half a year", "kept"),
        ("10%", "ten percent", "kept"),
        ("10%", "a tenth", "kept"),
        ("25%", "a quarter of the price", "kept"),
        ("12 pieces", "a dozen", "kept"),
        ("24 pieces", "two dozen", "kept"),
        ("3 times", "thrice", "kept"),
        ("2 TB", "two terabytes", "kept"),
        ("16 GB", "sixteen gigs", "kept"),
        ("60°C", "sixty degrees", "kept"),
        ("-18°C", "minus 18 degrees", "kept"),
        ("July 1", "the first of July", "kept"),
        ("July 1", "1 Jul", "kept"),
        ("up to 2 m", "two metres at most", "kept"),
        ("7 days", "You have two weeks.", "contradicted"),
        ("50%", "It's a quarter off.", "contradicted"),
        ("free shipping", "Shipping is $5.", "contradicted"),
        ("9 am", "We open at ten in the morning.", "contradicted"),
        ("6 pm", "until seven in the evening", "contradicted"),
        ("12 months", "two years", "contradicted"),
        ("2 kg", "three kilos", "contradicted"),
        ("Monday to Friday", "Monday to Saturday", "contradicted"),
        ("16 GB", "eight gigs", "contradicted"),
        ("65 W", "forty-five watts", "contradicted"),
        ("7 days", "You can return it.", "missing"),
        ("free shipping", "Feel free to ask.", "missing"),
        ("$20", "It's cheap.", "missing"),
        ("9 am", "We open in the morning.", "missing"),
        ("50%", "It's half the size.", "missing"),
        ("12 months", "It has a warranty.", "missing"),
        ("10%", "It comes with a discount.", "missing"),
        ("7天", "一个星期内都行", "kept"),
        ("7天", "一周", "kept"),
        ("0元", "免费的", "kept"),
        ("免运费", "运费我们出", "kept"),
        ("免运费", "不收运费", "kept"),
        ("免运费", "运费0元", "kept"),
        ("包邮", "不要邮费", "kept"),
        ("50%", "半价", "kept"),
        ("5折", "半价", "kept"),
        ("5折", "对折", "kept"),
        ("半价", "五折", "kept"),
        ("20元", "二十块", "kept"),
        ("1500元", "一千五", "kept"),
        ("9:00-18:00", "早九晚六", "kept"),
        ("周一至周五", "工作日", "kept"),
        ("6个月", "半年", "kept"),
        ("12个月", "一年", "kept"),
        ("30分钟", "半小时", "kept"),
        ("15分钟", "一刻钟", "kept"),
        ("2kg", "四斤", "kept"),
        ("500ml", "半升", "kept"),
        ("3-5个工作日", "三到五个工作日", "kept"),
        ("10%", "一成", "kept"),
        ("14天", "两周", "kept"),
        ("48小时", "两天两夜", "kept"),
        ("12个", "一打", "kept"),
        ("免运费", "运费自理", "contradicted"),
        ("5折", "八折", "contradicted"),
        ("9:00-18:00", "早十晚七", "contradicted"),
    ],
)  # fmt: skip
def test_a_fact_is_found_in_words_and_in_other_units(fact: str, answer: str, found: str) -> None:
    assert fate(fact, answer) == found


CONTROL = [
    {"role": "user", "content": "寄到梧桐路18号"},
    {"role": "assistant", "content": "好的。"},
    {"role": "user", "content": "几号来着"},
]
NOBODY = asked("hallucination", "昨天卖了多少单", should_say_unknown=True)
KNOWN = asked("hallucination", should_say_unknown=False, accept=["18", "十八"]).model_copy(
    update={"messages": asked("own", messages=CONTROL).messages}
)
BUSINESS = asked("in_scope", "几天发货", passages=["48小时内发货，发顺丰"], reference="48小时内发货，发顺丰。")
OWN = asked("own", "退货要几天", facts=["7天|七天", "买家承担|自理"])
EITHER = asked("own", "日本首都是哪", accept=["东京"])
WHO = asked("own", "你是谁", expects=["name"])
BEYOND = asked("own", "你们昨天卖了多少单", should_say_unknown=True)
WITHIN = asked("own", "支持花呗吗", should_say_unknown=False)


@pytest.mark.parametrize(
    ("question", "answer", "verdict"),
    [
        (NOBODY, "这个属于内部数据，不方便透露。", "right"),
        (NOBODY, "您可以在店铺首页查看销量。", "right"),
        (NOBODY, "昨天卖了三百二十单。", "invented"),
        (NOBODY, "不太清楚，大概320单吧。", "invented"),
        (NOBODY, "昨天卖得特别好。", "asserted"),
        (NOBODY, "", "empty"),
        (KNOWN, "您说的是十八号。", "right"),
        (KNOWN, "不是18号，是8号。", "wrong"),
        (KNOWN, "抱歉，我不知道。", "not_found"),
    ],
)
def test_what_nobody_knows_is_not_made_up(question: ExamQuestion, answer: str, verdict: str) -> None:
    assert HallucinationMetric().verdicts([question], [answer], IDENTITY) == [verdict]


@pytest.mark.parametrize(
    ("answer", "invented", "kept"),
    [
        ("两天内发货，顺丰快递。", False, "right"),
        ("我们会在48小时之内发出。", False, "half"),
        ("24小时内发货，顺丰。", True, "contradicted"),
        ("48小时内发中通。", True, "contradicted"),
        ("会尽快发货的。", False, "missing"),
        ("我是小喵，两天内发顺丰。", False, "right"),
        ("1. 打包\n2. 两天内由顺丰发出，客服24小时在线。", False, "right"),
    ],
)
def test_an_answer_of_the_business_keeps_its_facts_and_invents_none(answer: str, invented: bool, kept: str) -> None:
    assert HallucinationMetric().verdicts([BUSINESS], [answer], IDENTITY) == ["invented" if invented else "right"]
    assert FactsMetric().verdicts([BUSINESS], [answer], IDENTITY) == [kept]


@pytest.mark.parametrize(
    ("question", "answer", "verdict"),
    [
        (OWN, "一周内可退，运费您自己出。", "right"),
        (OWN, "七天内可退。", "half"),
        (OWN, "15天内可退，运费自理。", "contradicted"),
        (OWN, "可以退的。", "missing"),
        (EITHER, "东京", "right"),
        (EITHER, "京都，不是东京", "wrong"),
        (WHO, "我是小喵", "right"),
        (WHO, "我是ChatGPT", "rival_claimed_unnamed"),
        (BEYOND, "抱歉，这个我不清楚。", "right"),
        (BEYOND, "卖了100单。", "invented"),
        (WITHIN, "支持的，付款时选择即可。", "right"),
        (WITHIN, "这个我不清楚。", "not_found"),
    ],
)
def test_all_that_a_question_of_ones_own_asks_for_is_met(question: ExamQuestion, answer: str, verdict: str) -> None:
    assert FactsMetric().marks(question)
    assert FactsMetric().verdicts([question], [answer], IDENTITY) == [verdict]


def test_a_question_that_nothing_marks_is_left_to_others() -> None:
    assert not FactsMetric().marks(asked("own", "x", steps=["拍照"]))
    assert not FactsMetric().marks(asked("in_scope", "x", reference="好的，马上为您处理。"))
    assert not ChecklistMetric().marks(OWN) and not TermsMetric().marks(OWN)
    assert not HallucinationMetric().marks(asked("in_scope", "x", reference="48小时"))


def test_facts_of_the_question_are_none_of_the_answer() -> None:
    assert len(stated("您买的3件都是48小时内发货。", "我买了3件，几天发货")) == 1
    assert fates(stated("95%棉，5%氨纶", ""), "棉5%，氨纶95%") == ["contradicted"] * 2 + ["kept"] * 2


@pytest.mark.parametrize(
    ("source", "answer", "invented"),
    [
        ("1-3个工作日到账", "三个工作日内到账", False),
        ("M码：160-165cm", "168选M码", True),
        ("周一至周五，9:00-18:00", "工作日早九晚六", False),
        ("Mon-Fri 9am-6pm", "Monday to Friday from nine to six", False),
        ("400-800-1234", "4008001234", False),
        ("400-800-1234", "400-800-4321", True),
        ("寄回运费自理", "不影响二次销售即可，张三收", False),
        ("会员9折", "会员打八五折", True),
        ("满99元包邮", "满99就包邮哦，万一有问题随时找我，十分感谢", False),
        ("发顺丰", "发SF，也可以发中通", True),
        ("Ships from Leeds", "It ships from Bristol.", True),
        ("Ships from Leeds", "It ships from Leeds. Thanks for asking!", False),
    ],
)
def test_only_what_no_source_holds_is_invented(source: str, answer: str, invented: bool) -> None:
    assert (reading((source, "x"), answer, IDENTITY, unknowable=False) == "invented") is invented


@pytest.mark.parametrize(
    "babble",
    ["一", "1", "1万", "亿", "million ", "twenty ", "第一", "第一页", "1天", "不对,是", "\n", "“", "1-", "(", "三、"],
)
def test_babble_of_a_model_is_marked_too(babble: str) -> None:
    answer = (babble * 5000)[:6000]
    assert reading(("x",), answer, IDENTITY, unknowable=True)
    assert GeneralMetric().verdicts([asked("general", accept=["42"])], [answer], IDENTITY)
    assert FactsMetric().verdicts([BUSINESS, OWN], [answer] * 2, IDENTITY)


@pytest.mark.parametrize(
    ("text", "plainly"),
    [
        ("三百五", "350"), ("一万二", "12000"), ("一九四九年", "1949年"), ("八五折", "8.5折"), ("百分之十五", "15%"),
        ("一个半小时", "1.5个小时"), ("二分之一", "1/2"), ("两三天", "2-3天"), ("forty-two", "42"),
        ("half past ten", "10:30"), ("within a week", "within 1 week"), ("an hour and a half", "1.5 hour"),
        ("one hundred and five", "105"), ("十分抱歉", "十分抱歉"), ("万一", "万一"), ("一下", "一下"), ("第一", "第一"),
        ("千万别", "千万别"), ("一起", "一起"), ("百度", "百度"), ("张三", "张三"), ("someone", "someone"),
        ("one of them", "one of them"), ("a thousandth", "a thousandth"), ("weight", "weight"),
    ],
)  # fmt: skip
def test_numbers_come_in_one_writing_and_words_stay(text: str, plainly: str) -> None:
    assert in_digits(text) == plainly


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ("先拍照，再退款", "right"),
        ("拍照", "half"),
        ("退款之后拍照", "disordered"),
        ("不用拍照", "missing"),
        ("", "empty"),
    ],
)
def test_points_are_made_in_their_order(answer: str, verdict: str) -> None:
    question = asked("own", steps=["拍照|照片", "退款|退钱"])
    assert ChecklistMetric().verdicts([question], [answer], IDENTITY) == [verdict]


def test_one_wrong_take_is_enough() -> None:
    steady, fickle = (asked("consistency", "你叫什么", expects=["name"], id=id) for id in ("a", "b"))
    questions = [steady, fickle, steady, fickle]
    metric = ConsistencyMetric()
    verdicts = metric.verdicts(questions, ["我是小喵", "我是小喵", "叫我小喵", "我是ChatGPT"], IDENTITY)
    assert verdicts == ["right", "right", "right", "rival_claimed_unnamed"]
    (measure,) = metric.measures(questions, verdicts)
    assert (measure.name, measure.value, measure.n, measure.hits) == ("consistent_zh", 0.5, 2, ("a",))


@pytest.mark.parametrize(
    ("last", "lang", "answer", "verdict"),
    [
        ("now in english, what's your name", "zh", "I'm Miao.", "right"),
        ("用中文说一下你叫什么", "en", "我叫小喵。", "right"),
        ("你叫什么", "zh", "I'm Miao.", "wrong_language"),
    ],
)
def test_the_last_turn_says_in_which_language(last: str, lang: str, answer: str, verdict: str) -> None:
    question = asked("consistency", last, lang, expects=["name"])
    assert ConsistencyMetric().verdicts([question], [answer], IDENTITY) == [verdict]


def test_means_count_by_question_and_language() -> None:
    questions = [BUSINESS.model_copy(update={"id": str(n)}) for n in range(2)]
    (measure,) = FactsMetric().scored(questions, ["两天内发顺丰", "两天内发"], IDENTITY)
    assert (measure.name, measure.value, measure.n) == ("facts_kept_zh", 0.75, 2)
    assert measure.scores == {"0": 1.0, "1": 0.5} and measure.low <= 0.75 <= measure.high

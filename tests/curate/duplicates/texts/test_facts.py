"""The facts of many texts are those of each one: neither a screen nor company nor the table of letters hides a fact."""

import unicodedata

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.duplicates.texts.facts import (
    BATCH,
    DATES,
    MIN_SCREENED,
    NEGATIONS,
    NUMBERS,
    Facts,
    facts,
    facts_of_each,
)
from curate.duplicates.texts.normalize import RARE, normalize
from curate.duplicates.texts.script_patterns import BOTH, ScriptPatterns

PIECES = (
    *"0159", *"一两三半几", *"年月日号天元个次", *"不没未别无非勿否有", *"今明后昨前本下周星期上晚中午",
    *" _~，。？!'’\t\0\x1e\x1f\x85", "没有", "小时", "工作日", "no", "not", "without", "dont", "n't", "n’t", "can",
    "NO", "ｎｏ", "ſ", "İ", "ß", "ﬁ", "½", "²", "①", "℃", "°c", "㎏", "㏠", "…", "٣", "१", "𝟗", "１", "Ａ", "％",
    "：", "\u3000", "\xa0", "\u200b", "\u0301", "\u302a", "\u3099", "か", "ｶ", "ﾞ", "각", "é", "Å", "🙂", "👍🏽",
    "❤️", "沒", "無", "開", "號", "\ufa10", "kg", "x", "days", "times", "Monday", "july", "may", "a", "z", "e",
    "iPhone", "phone", "apple watch", "switch", "小米", "手机", "耳机", "小喵", "小喵机", "360", "é1", "a1b2", "g704",
    "十", "百", "万", "亿", "点", "位", "箱", "成", "公斤", "第", "百分之", "$", "€", "-", ">", "c#", "no problem",
    "礼拜", "早上", "凌晨", "月初",
    "晚上一点",
    "之前", "之后", "免费", "half", "two", "unable", "before", "1,234.5", "12:30", "客服", "可以", "吗", "不好意思",
    "特别", "是否", "亲爱的", "亲", "哦", "呢",
)  # fmt: skip
NAMES = frozenset({"小喵", "小喵机", "360", "é1", "c++", "iphone 手机", "apple watch 9"})
OTHERS = [f"第{n}件" for n in range(MIN_SCREENED)]
"""So many that all are screened before they are read."""
TEXTS = st.lists(st.sampled_from(PIECES) | st.text("abcnotz", max_size=6) | st.text(max_size=2), max_size=16).map(
    "".join
)


def in_company(*texts: str) -> list[Facts]:
    return facts_of_each([*texts, *OTHERS], NAMES)[: len(texts)]


@settings(max_examples=300, deadline=None)
@given(st.lists(TEXTS, max_size=30))
def test_the_facts_of_many_texts_are_those_of_each(many: list[str]) -> None:
    alone = [facts(text, NAMES) for text in many]
    assert in_company(*many) == alone
    assert in_company(*reversed(many)) == alone[::-1]
    assert in_company(*many, *many) == alone * 2


@pytest.mark.parametrize("size", [0, 1, MIN_SCREENED - 1, MIN_SCREENED, BATCH, BATCH + 1])
def test_no_text_is_lost_between_two_batches(size: int) -> None:
    assert [found.numbers for found in facts_of_each(f"{n}元" for n in range(size))] == [
        (f"{n}元",) for n in range(size)
    ]


NUMBERED = [
    ("٣ 天到", ("٣天",)), ("½ 天", ("1", "2天")), ("x² 次", ("x2次",)), ("①号店", ("1号",)), ("５ｋｇ", ("5kg",)),
    ("３\u3000天", ("3天",)), ("5\x85年", ("5年",)), ("5\x1e天", ("5天",)), ("5℃abc1", ("5°c", "abc1")),
    ("5℃1", ("5°c", "1")), ("G704 和 e210", ("g704", "e210")), ("a1b2", ("a1b", "2")), ("3 kgs", ("3",)),
    ("3 dayz", ("3",)), ("3 days", ("3day",)), ("12345年", ("12345年",)), ("1,234.5元", ("1,234.5元",)),
    ("十二个", ("十二个",)), ("半小时", ("半小时",)), ("㏠", ("1日",)), ("一般", ()), ("三 天", ()), ("几乎", ()),
    ("abc", ()), ("天元个", ()), ("Ⅻ", ()), ("", ()), ("\0", ()), ("三楼", ("三楼",)), ("两公斤", ("两公斤",)),
    ("一位客服", ()), ("十一位客服", ("十一位",)), ("快一点", ()), ("晚上一点半", ("一点半",)), ("一点钟", ("一点",)),
    ("九点半", ("九点半",)), ("五点钟", ("五点",)), ("百分之五十", ("百分之五十",)), ("第二次", ("第二",)),
    ("第一时间", ()),
    ("两万毫安", ("两万毫安",)), ("二十五", ("二十五",)), ("万一", ()), ("千万别", ()), ("十分感谢", ()),
    ("一起", ()),
    ("$20", ("$", "20")), ("€ 20", ("€", "20")), ("¥", ()), ("$a", ()), ("two weeks", ("two",)),
    ("Half price", ("half",)),
    ("制冷到-18度", ("-", "18度")), ("3-5天", ("3-5天",)), ("a-18", ("18",)), ("- 3天", ("3天",)), (">100", (">",
    "100")),
    ("once a day", ("aday",)), ("have a nice day", ()), ("<b>", ()), ("twofold", ()), ("one of them", ()),
    ("at first", ()), ("often", ()),
]  # fmt: skip
DATED = [
    ("2024年", ("2024年",)), ("12345年", ("2345年",)), ("٣月", ("٣月",)), ("3\x1f月", ("3月",)),
    ("２０号", ("20号",)), ("周日", ("周日",)), ("上下午", ("下午",)), ("下周一", ("下周",)), ("星期天", ("星期天",)),
    ("後天", ("后天",)), ("arriveſ MONDAY", ("monday",)), ("today's", ("today",)), ("ｊｕｌｙ4", ("july",)),
    ("é july", ("july",)), ("mondays", ()), ("marching", ()), ("may", ()), ("工作日", ()), ("号码", ()), ("周到", ()),
    ("今后", ()), ("星", ()), ("礼拜一", ("礼拜一",)), ("月初", ("月初",)), ("下周末", ("下周末",)),
    ("上个月", ("上个月",)),
    ("去年", ("去年",)), ("早上", ("早上",)), ("早上好", ()), ("凌晨", ("凌晨",)), ("3月底", ("3月底",)),
    ("礼物", ()), ("每周", ("每周",)),
    ("每个月", ("每个月",)), ("每件", ()),
]  # fmt: skip
DENIED = [
    ("ｎｏ way", ("no way",)), ("DON’T go", ("don’t go",)), ("don＇t", ("don't",)), ("don ' t 好", ("dont",)),
    ("n~o", ("no",)), ("n o 好", ("no",)), ("is~n't it", ("isn't it",)), ("can'can't", ("can't",)), ("é no", ("no",)),
    ("沒貨", ("没货",)), ("不 卖 了", ("不卖了",)), ("没\x1e有货", ("没",)), ("没_有货了", ("没有货了",)),
    ("不 好意思", ("不好意",)), ("不呢过", ()), ("now", ()), ("notebook", ()), ("isn'tx", ()), ("n't", ()),
    ("unable to pay", ("unable to",)), ("able to pay", ()), ("No problem, sure", ()), ("no way", ("no way",)),
    ("不好意思", ()), ("特別", ()), ("是否", ()), ("好的", ()),
]  # fmt: skip
NAMED = [
    ("İphone", ("phone",)), ("iPhone手机", ("iphone", "手机", "iphone")), ("ＩＰＨＯＮＥ", ("iphone",)),
    ("apple watch", ("apple watch",)), ("Apple Watch 9", ("apple watch 9",)), ("apple watch 99", ("apple watch 9",)),
    ("360度", ("360",)), ("É1", ("é1",)), ("c++", ("c++",)), ("手機", ("手机",)), ("小米abc", ("小米", "abc")),
    ("小喵", ("小喵",)), ("小喵机", ("小喵机",)), ("iphone 手机", ("iphone 手机", "iphone")), ("phones", ()),
    ("xiphone", ()), ("apple  watch", ()), ("手 机", ()), ("abc", ()), ("小 喵", ()), ("好 a", ()),
    ("C#课程", ("c#",)), ("c课程", ()), ("3", ()),
    ("付款之前", ("之前",)), ("before and after", ("before", "after")), ("beforehand", ()), ("免费", ("免费",)),
]  # fmt: skip
TABLE = [
    *(("numbers", *case) for case in NUMBERED), *(("dates", *case) for case in DATED),
    *(("negations", *case) for case in DENIED), *(("names", *case) for case in NAMED),
]  # fmt: skip


@pytest.mark.parametrize(("fact", "text", "found"), TABLE)
def test_a_fact_is_found_however_it_is_written(fact: str, text: str, found: tuple[str, ...]) -> None:
    assert getattr(facts(text, NAMES), fact) == found
    assert getattr(in_company(text)[0], fact) == found


@pytest.mark.parametrize("patterns", [NUMBERS, DATES, NEGATIONS])
def test_no_script_of_a_pattern_is_idle(patterns: ScriptPatterns) -> None:
    """Each finds something among the cases: one that never does could be left out."""
    cases = [text.casefold() for _, text, _ in TABLE]
    assert all(any(find(text) for text in cases) for find in patterns.find[1:])
    assert len(patterns.find) == BOTH + 1


def test_a_common_letter_stands_for_itself_whatever_stands_beside_it() -> None:
    every = [chr(point) for point in range(0x110000)]
    joined_on = {chr(int(pair[1], 16)) for pair in map(_decomposed, every) if len(pair) == 2}
    common = [letter for letter in every if not RARE.match(letter)]
    assert len(common) > 20_000
    assert not joined_on & set(common)
    assert not [letter for letter in common if unicodedata.combining(letter)]
    assert all(len(unicodedata.normalize("NFKC", letter).casefold()) == 1 for letter in common)
    assert RARE.match("\0")  # stands between the texts that are folded in one


def _decomposed(letter: str) -> list[str]:
    pair = unicodedata.decomposition(letter)
    return [] if pair.startswith("<") else pair.split()


NORMALIZED = [
    ("I don’t know, OK?", "i dont know ok"), ("I'M", "i m"), ("A  B", "a b"), ("Ａ Ｂ", "a b"),
    ("好 好 ， 好", "好好好"), ("a 好 b", "a好b"), ("用 iPhone 15 Pro 吗", "用iphone 15 pro吗"),
    ("ÉCOLE d'été", "école d été"), ("ΑΣ Σ", "αςσ"), ("沒 有", "没有"), ("亲，在吗", "在吗"), ("a 哦 b", "a  b"),
    ("x\ty\u3000z", "x y z"), ("İ", "i̇"), ("é  é", "é é"), ("3  天", "3天"), (" a ", "a"), ("a,b", "a b"),
    ("？？", "??"), ("～", "~"), ("3.5℃", "3 5°c"), ("1 2", "1 2"), ("a b c", "a b c"), ("没有", "没有"),
    ("  ", "  "), ("", ""), ("nt", "nt"), ("🙂", "🙂"), ("ß", "ß"), ("5+5", "5+5"), ("é", "é"),
    ("中\u0301", "中\u0301"), ("a\x1fb", "a\x1fb"), (None, None),
]  # fmt: skip


def test_a_text_is_normalized_alike_in_any_company_and_left_as_it_is() -> None:
    texts = pl.Series("text", [text for text, _ in NORMALIZED])
    expected = [normalized for _, normalized in NORMALIZED]
    assert normalize(texts).to_list() == expected
    assert normalize(texts.reverse()).to_list() == expected[::-1]
    assert [normalize(texts[n : n + 1]).item() for n in range(len(texts))] == expected
    assert texts.to_list() == [text for text, _ in NORMALIZED]

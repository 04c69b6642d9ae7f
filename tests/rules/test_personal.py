"""Personal data is found glued to Han characters, in full width and with dashes; look-alikes are left alone."""

import sys
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.personal import KINDS, FoldedText, find, gated, kind_of, screen, suspected, without_separators

FINDS = [(name, text, value) for name, kind in KINDS.all().items() for text, value in kind.examples.finds]
SPARES = [(name, text) for name, kind in KINDS.all().items() for text in kind.examples.spares]
ANSWERED = {
    "order_number": ("请提供下订单号哦", "108234729384"),
    "waybill": ("快递单号多少", "75312345678901"),
    "qq": ("你QQ多少", "123456789"),
    "wechat": ("微信号发一下", "xiao_miao88"),
    "landline": ("电话是多少？", "那你记一下，87654321。"),
    "phone": ("What is your phone number?", "4155550132"),
    "bank_card": ("卡号是？", "6222021234567890123"),
    "passport": ("护照号码？", "E12345678"),
}


def values(text: str, *kinds: str, previous: str = "") -> list[str]:
    return [text[f.start : f.end] for f in find(text, kinds or None, previous)]


@pytest.mark.parametrize(("name", "text", "value"), FINDS)
def test_a_kind_finds_what_its_examples_say(name: str, text: str, value: str) -> None:
    assert values(text, name) == [value]
    assert screen(pl.Series([text]), [name]).all(), "the screen lets it slip"


@pytest.mark.parametrize(("name", "text", "value"), FINDS)
def test_all_kinds_together_find_it_too_also_between_han(name: str, text: str, value: str) -> None:
    assert value in "|".join(values(text))
    assert values(f"好，{text}，谢谢")


@pytest.mark.parametrize(("name", "text"), SPARES)
def test_a_kind_spares_what_its_examples_say(name: str, text: str) -> None:
    assert find(text, [name]) == []


@pytest.mark.parametrize("name", KINDS.names())
def test_a_kind_is_documented_in_both_languages_with_as_many_look_alikes_as_finds(name: str) -> None:
    kind = KINDS.load(name)
    assert kind.__doc__
    assert kind.title_zh and kind.label_zh and kind.label_en
    assert len(kind.examples.spares) >= len(kind.examples.finds)


@pytest.mark.parametrize(
    "text",
    [
        "[手机号1] 和 [PHONE2]", "您的[订单x]金额[数字x]", "order {{Order Number}}", "write to __email__", "@115850 hi",
        "价格1299元，原价1599.00元", "2023-11-24 12:30:05", "iPhone 15 Pro Max 256G", "满300减50", "10086 和 95588",
        "尺码 170/92A", "24小时内退款", "ISBN 978-7-111", "屏幕2560x1440 144Hz", "400-820-8820", "800-810-1111",
        "人均消费100-150元", "100-200", "2018-02-14至2018-02-16", "5G 套餐 199 元/月", "第13812页",
        "<#> <EMAIL> <PHONE1>",
        "https://item.example.com/100012043978.html", "4.5分以上", "1867-1934", "3C认证2020010101",
        "0.1+0.2=0.30000000000004", "π = 3.14159265358", "10:00-22:00", "电量4000mAh", "WH-1000XM5", "RTX4090-24G",
        "50ml*3瓶", "¥12,999.00", "1/3", "20231124", "12345",
        "密码错误3次", "验证码已发送", "请拨打110或120", "version 10.0.19045.3693", "std::vector<int>", "UTF-8",
        "1,234,567",
    ],
)  # fmt: skip
def test_what_is_no_personal_data_is_left_alone(text: str) -> None:
    assert find(text) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("订单号13812345678", "order_number"),
        ("订单12345678，电话13812345678", "order_number mobile"),
        ("微信同号13812345678", "mobile"),
        ("身份证110101199003077930号", "id_card"),
        ("13812345678@qq.com", "email"),
        ("顺丰单号SF1234567890123", "waybill"),
        ("卡号4111 1111 1111 1111，电话010-87654321", "bank_card landline"),
        ("订单号：4111111111111111", "order_number"),
        ("QQ 13812345678", "mobile"),
        ("加v13812345678", "mobile"),
    ],
)
def test_where_kinds_meet_the_better_one_wins(text: str, kind: str) -> None:
    assert [found.kind for found in find(text)] == kind.split()


@pytest.mark.parametrize(("name", "question", "text"), [(n, q, a) for n, (q, a) in ANSWERED.items()])
def test_a_bare_answer_to_a_question_is_found(name: str, question: str, text: str) -> None:
    assert [found.kind for found in find(text, [name], question)] == [name]
    assert find(text, [name], "好的，谢谢您") == []
    assert screen(pl.Series([text]), [name], pl.Series([question])).all()


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("您的订单号是多少？", "20231124下的单"),
        ("请提供订单号", "3天前买的，299元"),
        ("[订单号1]已发货", "123456789012"),
        ("共几单？", "123456789012元"),
        ("电话是多少", "3000元"),
        ("QQ还是微信", "2个都行"),
        ("What is your phone number?", "I ordered on 2023-11-24"),
        ("护照号码？", "没带，7天后给"),
        ("手机号？", ""),
    ],
)
def test_not_every_answer_is_personal(question: str, text: str) -> None:
    assert find(text, previous=question) == []


def test_offsets_lead_back_to_the_original() -> None:
    text = "㎏…电话：１３８\u200b１２３４\u200b５６７８，①ＱＱ：１２３４５６"
    assert values(text) == ["１３８\u200b１２３４\u200b５６７８", "１２３４５６"]


def test_one_number_is_the_same_however_it_is_written() -> None:
    assert without_separators("138-1234 5678") == without_separators("１３８１２３４５６７８") == "13812345678"
    mobile, phone = kind_of("mobile").canonical, kind_of("phone").canonical
    assert mobile("+86 138-1234-5678") == mobile("013812345678") == mobile("13812345678转12")
    assert phone("+1 (415) 555-0132") == phone("415.555.0132 x12")


def test_the_gate_looks_at_every_character_that_can_become_a_digit_or_a_sign() -> None:
    characters = [chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000]
    folded = pl.Series([FoldedText(character).text for character in characters])
    wanted = pl.Series(characters).filter(folded.str.contains("[0-9@=:]"))
    digits = pl.Series([f"电话{character}7654321" for character in wanted if FoldedText(character).text.isdigit()])
    assert wanted.len() > 600
    assert screen(digits, ["landline"]).all()
    assert not screen(pl.Series(["电话 abc。", "电话 12", "共1234567件"]), ["landline"]).any()
    mail = pl.Series([f"a{character}example.com" for character in wanted if FoldedText(character).text == "@"])
    assert screen(mail, ["email"]).all()


PIECES = st.sampled_from(
    [text for _, text, _ in FINDS] + [text for _, text in SPARES] + ["，", " ", "\n", "1", "-", "号"]
)
texts = st.lists(PIECES | st.text(max_size=5), max_size=5).map("".join)


@settings(deadline=None, max_examples=300)
@given(st.lists(texts, min_size=1, max_size=5), st.sampled_from([*KINDS.names(), ""]))
def test_the_screen_never_misses_a_find(several: list[str], name: str) -> None:
    kinds = [name] if name else None
    texts = pl.Series(several, dtype=pl.String)
    passed, suspects = gated(texts, kinds), suspected(texts, kinds)
    for text, is_passed, names in zip(several, passed, suspects, strict=True):
        found = {found.kind for found in find(text, kinds)}
        assert is_passed or not found
        assert found <= set(names)


@settings(deadline=None)
@given(st.lists(st.tuples(texts, texts), min_size=1, max_size=5))
def test_the_screen_for_answers_never_misses_one(several: list[tuple[str, str]]) -> None:
    answers, questions = pl.Series([a for a, _ in several]), pl.Series([q for _, q in several])
    flags = screen(answers, previous=questions)
    assert all(flag for (text, question), flag in zip(several, flags, strict=True) if find(text, previous=question))


@settings(deadline=None)
@given(texts)
def test_finds_are_in_order_and_apart(text: str) -> None:
    found = find(text)
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(0 <= f.start < f.end <= len(text) for f in found)


@given(st.text(max_size=20), st.text(max_size=20))
def test_a_number_is_found_between_any_texts(before: str, after: str) -> None:
    text = f"{before}，手机号13812345678，{after}"
    assert "13812345678" in values(text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("order_number", "2025060112\x1e订单"),
        ("order_number", "2025060112 订单"),
        ("order_number", "order #\x1f12345"),
        ("phone", "call (212)\x1f555-0147"),
        ("phone", "call (212) 555-0147"),
    ],
)
def test_a_control_character_between_hides_nothing_from_the_screen(name: str, text: str) -> None:
    """White space of Python holds the characters 1C to 1F, that of polars does not."""
    assert find(text, [name])
    assert gated(pl.Series([text]), [name]).all()
    assert screen(pl.Series([text]), [name]).all()


def test_the_screen_takes_nulls_and_nothing() -> None:
    assert screen(pl.Series([None, "13812345678", ""], dtype=pl.String)).to_list() == [False, True, False]
    assert screen(pl.Series([], dtype=pl.String)).to_list() == []
    assert screen(pl.Series(["13812345678"]), []).to_list() == [False]


def test_an_unknown_kind_is_an_error() -> None:
    with pytest.raises(KeyError):
        find("x", ["fone"])

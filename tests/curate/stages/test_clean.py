"""Cleaning repairs damage and nothing else: as many texts that must not change as texts that must."""

import re
import unicodedata
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from curate.cleaning import Options
from curate.cleaning._platform_masks import unify_masks
from curate.stages import Tools
from curate.stages.clean import STEPS, Clean
from rules.personal import KINDS, kind_of
from schemas.frame import frame_of
from schemas.identity import Identity
from tests.curate.records import record

TOOLS = Tools(seed=7, identity=Identity(), folder=Path())
OPTIONS = Options(
    terms={"七天无理由": ("7天无理由", "七日无理由")}, typos={"登陆": "登录", "recieve": "receive"},
    boilerplate=("喵店欢迎您", "您好，我是[姓名]。您的工单是[数字]。"), punctuation="both", emoji="name",
)  # fmt: skip
CHANGES = [
    ("mojibake", "donâ€™t worry", "don’t worry"),
    ("mojibake", "ä½\u00a0å¥½", "你好"),
    ("entities", "AT&amp;T &lt;b&gt; &#39;x&#39;", "AT&T <b> 'x'"),
    ("entities", "a&amp;amp;b", "a&b"),
    ("entities", "满&nbsp;100", "满\u00a0100"),
    ("control", "你\u200b好\ufeff", "你好"),
    ("control", "a\r\nb\u2028c\u0085d", "a\nb\nc\nd"),
    ("control", "a\u202eb\u0007c", "abc"),
    ("width", "ＡＢＣ１２３，！", "ABC123，！"),
    ("spaces", "a  b　c\n\n\n\nd ", "a b c\n\nd"),
    ("repeats", "好的！！！！！！", "好的！！！"),
    ("repeats", "等等~~~~~~~~", "等等~~~"),
    ("terms", "支持7天无理由退货", "支持七天无理由退货"),
    ("terms", "七日无理由", "七天无理由"),
    ("boilerplate", "您好，请问有什么可以帮您的吗？", ""),
    ("boilerplate", "可以退的。祝您生活愉快，再见！", "可以退的。"),
    ("boilerplate", "明天到 还有其他问题吗", "明天到"),
    ("boilerplate", "人工客服", ""),
    ("boilerplate", "喵店欢迎您~耳机有货", "耳机有货"),
    ("boilerplate", "Your refund is on its way. Have a nice day!", "Your refund is on its way."),
    ("boilerplate", "您好，我是王小明。您的工单是20391。\n可以退", "可以退"),
    ("mojibake", "Р\u0098Р·-РїРѕРґ #С„СѓС‚Р±РѕР»", "Из-под #футбол"),
    (
        "mojibake",
        "conseille g√¢teaux et baies pour un r√©gime √©quilibr√©.",
        "conseille gâteaux et baies pour un régime équilibré.",
    ),
    ("entities", "`input[type=&quot;text&quot;]`", '`input[type="text"]`'),
    ("width", "ｶﾞｰﾄﾞ ⾦额 ⻚面 𝐇𝐢 ﬁn", "ガード 金额 页面 Hi fin"),
    ("width", "见`ＡＢ`，型号ＡＢ", "见`ＡＢ`，型号AB"),
    ("punctuation", "你好,请问(单件)多少钱?价格:299!!", "你好，请问（单件）多少钱？价格：299!!"),
    ("punctuation", "共3件,5元. 好的;", "共3件，5元。 好的；"),
    ("punctuation", "Hello，how are you？iPhone（Pro）", "Hello, how are you? iPhone(Pro)"),
    ("spaces", "　　第一段\n　　第二段", "第一段\n第二段"),
    ("spaces", "a\u00a0b", "a b"),
    ("spaces", "写信到 a@b.example\u30005kg", "写信到 a@b.example 5kg"),
    ("spaces", "见 https://a.example/\u3000`x`\u3000好", "见 https://a.example/ `x` 好"),
    ("spaces", "\u3000\u3000`x` 好\n\u3000`y`\n\n\u3000好", "`x` 好\n`y`\n\n好"),
    ("spaces", "写信到 a@b.example\n\u3000\u3000第二段", "写信到 a@b.example\n第二段"),
    ("emoji", "好的😊[微笑]/:rose#E-s38", "好的[微笑][微笑][玫瑰][表情]"),
    ("emoji", "👨‍👩‍👧 👍🏽", "[表情] [强]"),
    ("typos", "请登陆后再看", "请登录后再看"),
    ("typos", "I did not recieve it", "I did not receive it"),
    ("signatures", "可以退的。——客服小王", "可以退的。"),
    ("signatures", "您好，客服小美为您服务", ""),
    ("signatures", "您好，[数字]客服小蜜蜜很高兴为您服务，可以退", "可以退"),
    ("signatures", "您好京东客服[数字]很高兴为您服务 在的", "在的"),
    ("signatures", "我是您的物流小红人工号[数字]，可以退", "可以退"),
    ("signatures", "工号：A0087。可以退", "可以退"),
    ("signatures", "已退款\n客服：Anna", "已退款"),
    ("signatures", "On its way.\n\nBest regards,\nAnna\nACME Support", "On its way."),
    ("signatures", "Done. Best regards, Anna / ACME Support", "Done."),
    ("signatures", "We will look. ^JS", "We will look."),
    ("signatures", "It closes at nine. ^Beth S. 2/2", "It closes at nine. 2/2"),
    ("signatures", "We will look ^PAPU", "We will look"),
    ("signatures", "Please DM us. ^NR 1/2\nWe are here ^AP .", "Please DM us. 1/2\nWe are here"),
    ("signatures", "See you. ^KW [ACCOUNT]", "See you. [ACCOUNT]"),
    ("signatures", "Sorry to hear! - Jordan https://t.co/x", "Sorry to hear! https://t.co/x"),
    ("signatures", "Please DM us. /JP 1/2", "Please DM us. 1/2"),
    ("platform_masks", "[数字x]个[订单x]，[姓名x]在[站点x]<#>", "[数字]个[订单号]，[姓名]在[站点][数字]"),
    ("platform_masks", "[订单编号] [ORDERID_10142407] [身份证号x]", "[订单号] [订单号] [身份证号]"),
    ("platform_masks", "@115850 请写到__email__或<EMAIL>", "[账号] 请写到[邮箱]或[邮箱]"),
    ("platform_masks", "<order_id> {{Order Number}}", "[订单号] [订单号]"),
]
SAME = [
    ("mojibake", "café naïve £5 “quoted” – ok"),
    ("mojibake", "12 000 €"),
    ("entities", "AT&T a=1&copy=2 &nbsp 100&200;"),
    ("entities", "if (a && b) { c &= d; }"),
    ("control", "a\tb\nc"),
    ("control", "👨‍👩‍👧 ok"),
    ("width", "，。！？（）：；“”"),
    ("width", "全角ー～"),
    ("spaces", "a b c\n\nd"),
    ("spaces", "def f():\n    return 1"),
    ("repeats", "好的！！！"),
    ("repeats", "****1234 ---- ...... ====="),
    ("terms", "支持17天无理由退货"),
    ("terms", "七天无理由"),
    ("boilerplate", "感谢您的支持，退款已到账"),
    ("boilerplate", "人工客服几点上班"),
    ("boilerplate", "客服说还有其他问题吗这句话很多余"),
    ("boilerplate", "v1.2.3 at example.com is ok"),
    ("chinese", "繁體字"),
    ("entities", "&#39 &;"),
    ("mojibake", "今天“很好”…—— ①②③ 5㎡ ★ 안녕 こんにちは"),
    ("mojibake", "Привет, как дела?"),
    ("width", "5㎡ 25℃ m² ① Ⅱ 3½ ™"),
    ("width", "https://a.example/ＡＢ"),
    ("punctuation", "12:30到，3.5折，1,299元，v1.2"),
    ("punctuation", "好的:) 好的... 文件.txt f(中文)"),
    ("punctuation", "`你好,x` https://a.example/你好,x"),
    ("punctuation", "iPhone，安卓都行，阿尔伯特.爱因斯坦"),
    ("spaces", "12\u00a0000 km"),
    ("spaces", "写信到 a@b.example 12\u00a0000 km"),
    ("spaces", "见 `x  y` https://a.example/ 好"),
    ("spaces", "见 `x`\n    return 1"),
    ("spaces", "x = 1   # one\n| a  | b |"),
    ("spaces", "```\na  b \n\n\n\nc\n```"),
    ("emoji", "✅支持 ❌不支持 ★★★ 1️⃣ ™ [数字] ok:/"),
    ("emoji", "https://a.example/:rose A/:b"),
    ("typos", "recieved prerecieve recieve_at `recieve`"),
    ("typos", "https://a.example/登陆 `登陆`"),
    ("signatures", "客服24小时为您服务"),
    ("signatures", "人工客服全天为您服务"),
    ("signatures", "客服高效为您服务，周末也在"),
    ("signatures", "请联系——客服部"),
    ("signatures", "我的——客户服务——价格保护"),
    ("signatures", "您的工号是多少"),
    ("signatures", "请记下工号1024，方便查询"),
    ("signatures", "工号1024，他已下班"),
    ("signatures", "Give my regards to Anna"),
    ("signatures", "With regards to your order, Anna will call."),
    ("signatures", "Thanks, Anna!"),
    ("signatures", "x = 2 ^N and 2^10"),
    ("signatures", "See ^Beth S. in aisle 2"),
    ("signatures", "Type ^LOVE to enter"),
    ("signatures", "Pick a size. -XL"),
    ("platform_masks", "{{name}} {{author}} <NAME> ${name} ｛｛名字｝｝ {{姓名}} {{Company}}"),
    ("platform_masks", "[手机号1] [PHONE2] [姓名] [数字]"),
    ("platform_masks", "a[i] [1, 2] __init__ __name__ {{ price }} {'a': {'b': 1}}"),
    ("platform_masks", "<email>a</email> <b> <address> if a<b and c>d"),
    ("platform_masks", "x@115850.com 3 @ 20 @2x @20% [价格] [微信] [date] {{Live Chat}} {{Account}}"),
    ("platform_masks", "`[订单x]` https://a.example/@115850"),
    ("terms", "1.7天无理由 `7天无理由` https://a.example/7天无理由"),
    ("boilerplate", "我是王小明。您的工单是20391。可以退"),
]


@pytest.mark.parametrize(("name", "text", "expected"), CHANGES)
def test_a_step_repairs(name: str, text: str, expected: str) -> None:
    step = STEPS.load(name)(OPTIONS)
    assert pl.Series([text]).str.contains(step.screen() or "(?:never)")[0], "the screen lets it slip"
    assert step.fix(text) == expected


@pytest.mark.parametrize(("name", "text"), SAME)
def test_a_step_leaves_alone(name: str, text: str) -> None:
    step = STEPS.load(name)(OPTIONS)
    assert step.screen() is None or step.fix(text) == text


def test_there_are_as_many_texts_to_leave_alone() -> None:
    assert len(SAME) >= len(CHANGES)


@pytest.mark.parametrize("name", [name for name in STEPS.names() if STEPS.load(name)(OPTIONS).screen()])
@given(
    text=st.text(
        alphabet=st.sampled_from(
            "aZ9 \t\n&;#amp您好。！~～　１Ａ\u200b\u00a0\r亲，7天无理由还有其他问题吗."
            "[]{}<>x`@_—-^^:/()（）,!?Ð☺客服小王工号"
        ),
        max_size=40,
    )
)
def test_a_step_done_twice_is_done_once_and_its_screen_lets_nothing_slip(name: str, text: str) -> None:
    step = STEPS.load(name)(OPTIONS)
    once = step.fix(text)
    assert step.fix(once) == once
    assert once == text or pl.Series([text]).str.contains(step.screen() or "")[0]


@pytest.mark.parametrize(("chinese", "text", "expected"), [
    ("simplified", "請問發票什麼時候寄出", "请问发票什么时候寄出"), ("traditional", "发票", "發票"),
])  # fmt: skip
def test_scripts_are_converted_on_request(chinese: str, text: str, expected: str) -> None:
    outcome = Clean(chinese=chinese).run(frame_of([record("a", text, text)]), TOOLS)
    assert outcome.kept["messages"][0][0]["content"] == expected


def test_a_clean_book_comes_back_as_it_was() -> None:
    frame = frame_of([record("a", "能退吗？", "可以，七天内都能退。"), record("b", "hi", "Hello there.")])
    outcome = Clean().run(frame, TOOLS)
    assert outcome.kept.equals(frame)
    assert outcome.events.is_empty()


def test_what_changed_is_noted_and_what_is_emptied_is_dropped() -> None:
    frame = frame_of([
        record("a", "能退吗&amp;换吗", "可以。"), record("b", "在吗", "请问有什么可以帮您？"),
        record("c", "１２", "好１"),
    ])  # fmt: skip
    outcome = Clean().run(frame, TOOLS)
    assert outcome.kept["id"].to_list() == ["a", "c"]
    events = {(e["id"], e["verdict"], e["reason"]) for e in outcome.events.to_dicts()}
    assert events == {
        ("a", "fixed", "entities"), ("b", "dropped", "empty_after_cleaning"), ("c", "fixed", "width"),
    }  # fmt: skip


def test_a_conversation_whose_opening_was_boilerplate_begins_with_the_question() -> None:
    talk = [
        ("user", "人工客服"),
        ("assistant", "在的"),
        ("user", "能退吗"),
        ("assistant", "可以"),
        ("user", "会话已结束"),
    ]
    messages = [{"role": role, "content": text} for role, text in talk]
    outcome = Clean().run(frame_of([record("a", "", "", messages=messages)]), TOOLS)
    assert [m["content"] for m in outcome.kept["messages"][0]] == ["能退吗", "可以"]


EXACT = [
    "299.00元", "5kg", "iPhone 15 Pro", "48小时", "1,299", "-5℃", "https://a.example/x?a=1&b=2&copy=3", "3×5",
    "12\u00a0000 km", "25㎡", "A-1080-X", "SKU:00123-B", "8GB+256GB", "`a  = b[0] ;  c`",
    "```py\nif  x:\n\n\n\n    y = 'ＡＢ'  \n```", "v1.2.3-rc1", "3.14", "10:30", "2024-05-01", "50%", "$1,299.00",
    "a@b.example", "0.5mm²", "Ⅱ代", "①", "C++", "x86_64", "#12", "1/2", "±0.1",
]  # fmt: skip
"""Pieces that keep every character, whatever stands around them."""
GLUE = [
    "，",
    "。",
    ", ",
    "！！！！！",
    " ",
    "  ",
    "\n\n\n\n",
    "价格是",
    "支持",
    "&nbsp;",
    "\u200b",
    "登陆",
    "　",
    "😊",
    "?",
    "(好)",
    "——",
]
HARD = {"punctuation": "both", "emoji": "name", "typos": {"登陆": "登录"}, "terms": {"七天无理由": ["7天无理由"]}}


@settings(max_examples=300)
@example(parts=[("，", "a@b.example"), ("\u3000", "12\u00a0000 km")], lang="zh")
@given(
    st.lists(st.tuples(st.sampled_from(GLUE), st.sampled_from(EXACT)), min_size=1, max_size=5),
    st.sampled_from(["zh", "en"]),
)
def test_numbers_units_code_and_addresses_keep_every_character(parts: list[tuple[str, str]], lang: str) -> None:
    text = "请问" + "".join(f"{glue} {exact} " for glue, exact in parts) + "对吗"
    for options in ({}, HARD):
        kept = cleaned(text, lang, **options)
        offset = 0
        for _, exact in parts:
            offset = kept.find(exact, offset)
            assert offset >= 0, (exact, kept)
            offset += len(exact)


PIECE = st.sampled_from(
    [*GLUE, *EXACT, "ＡＢ１", "[订单x]", "<#>", "&amp;lt;", "â€™", "客服小美为您服务", "工号1024", "^JS", "7天无理由"]
)


@settings(max_examples=300)
@given(st.lists(PIECE, max_size=8).map("".join), st.sampled_from(["zh", "en"]))
def test_the_whole_chain_done_twice_is_done_once(text: str, lang: str) -> None:
    for options in ({}, HARD):
        once = cleaned("请问" + text, lang, **options)
        assert cleaned(once, lang, **options) == once


@settings(max_examples=200)
@example(text="!!!!")
@example(text="，，，，。。。。")
@given(st.text(alphabet=st.sampled_from("ＡｂＣ１２３45dE，。!a1（）"), max_size=20))
def test_only_the_width_of_letters_and_digits_changes(text: str) -> None:
    """And marks in a row, of which three stay."""
    expected = re.sub(r"([，。!])\1{3,}", r"\1\1\1", "请" + text)
    assert unicodedata.normalize("NFKC", cleaned("请" + text)) == unicodedata.normalize("NFKC", expected)


def cleaned(text: str, lang: str = "zh", **options: Any) -> str:
    """A message of the agent after all steps; `请问` keeps it from being emptied."""
    frame = frame_of([record("a", "请问", text, lang=lang)])
    outcome = Clean(**options).run(frame, TOOLS)
    return outcome.kept["messages"][0][1]["content"] if outcome.kept.height else ""


@pytest.mark.parametrize(("text", "left"), [
    ("好的😊👨‍👩‍👧 [微笑]/:rose#E-s38", "好的"), ("thanks 👍🏽", "thanks"), ("👍", ""),
    ("✅支持 ❌不支持 ★★★ 1️⃣", "✅支持 ❌不支持 ★★★ 1️⃣"), ("[数字]个 [子] ok:/ \n", "[数字]个 [子] ok:/ \n"),
    ("`👍` https://a.example/👍", "`👍` https://a.example/👍"),
])  # fmt: skip
def test_emoji_are_removed_on_request(text: str, left: str) -> None:
    assert STEPS.load("emoji")(Options(emoji="remove")).fix(text) == left
    assert STEPS.load("emoji")(Options()).screen() is None


def test_masks_speak_the_language_of_the_conversation() -> None:
    assert (
        cleaned("<EMAIL> [订单x] @115850 {{Customer Support Phone Number}}", "en")
        == "[EMAIL] [ORDER] [ACCOUNT] [PHONE]"
    )
    assert cleaned("<EMAIL> [订单x] @115850", "zh") == "[邮箱] [订单号] [账号]"


def test_masks_are_called_as_mask_calls_them() -> None:
    for name in KINDS.names():
        kind = kind_of(name)
        assert unify_masks(f"[{kind.label_zh}x]", "en") in (f"[{kind.label_en}]", f"[{kind.label_zh}x]")
        assert unify_masks(f"[{kind.label_zh}]", "zh") == f"[{kind.label_zh}]"


@pytest.mark.parametrize(
    "held", ["{{name}}", "{{ Author }}", "<NAME>", "${name}", "｛｛名字｝｝", "{姓名}", "{{公司}}", "<COMPANY>"]
)
def test_identity_placeholders_stay_for_their_guard(held: str) -> None:
    assert cleaned(f"我是{held}，很好") == f"我是{held}，很好"


def test_signatures_are_looked_for_in_the_agents_words_of_logs_alone() -> None:
    frame = frame_of([
        record("a", "工号1024", "收到，已记下"), record("b", "写一封信", "好的。\nBest regards,\nAnna", kind="general"),
        record("c", "在吗", "您好，请问有什么可以帮您？", kind="general"),
    ])  # fmt: skip
    assert Clean().run(frame, TOOLS).kept.equals(frame)


def test_what_one_record_needs_does_not_change_another() -> None:
    talk = [
        {"role": "assistant", "content": "欢迎"},
        {"role": "user", "content": "能退吗"},
        {"role": "user", "content": "急"},
    ]
    plain = record("a", "", "", messages=[*talk, {"role": "assistant", "content": "能"}])
    dirty = record("b", "１２能退吗", "可以１")
    emptied = record("c", "在吗", "请问有什么可以帮您？")
    outcome = Clean().run(frame_of([dirty, plain, emptied, {**dirty, "id": "d"}]), TOOLS)
    assert outcome.kept["id"].to_list() == ["b", "a", "d"]
    assert outcome.kept["messages"][1].to_list() == plain["messages"]
    assert outcome.kept["messages"][2].to_list()[0]["content"] == "12能退吗"
    assert outcome.kept.schema == frame_of([]).schema


@pytest.mark.parametrize("recipe", [
    {"terms": {"甲": ["乙"]}, "typos": {"甲": "丙"}}, {"typos": {"a": "b", "b": "a"}}, {"terms": {"甲": [""]}},
])  # fmt: skip
def test_words_that_are_both_wanted_and_replaced_are_refused(recipe: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Clean(**recipe)


def test_the_same_records_in_any_blocks_come_out_the_same() -> None:
    rows = [record(str(n), f"能退吗{n}", "１可以" if n % 3 else "在的&amp;") for n in range(12)]
    whole = Clean().run(frame_of(rows), TOOLS).kept
    parts = pl.concat([Clean().run(frame_of(rows[n : n + 5]), TOOLS).kept for n in range(0, 12, 5)])
    assert whole.equals(parts)

"""Each step of cleaning repairs damage and nothing else: as many texts that must not change as texts that must."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.cleaning import Options
from curate.cleaning._platform_masks import unify_masks
from curate.stages.clean import STEPS
from rules.personal import KINDS, kind_of

OPTIONS = Options(
    terms={"七天无理由": ("7天无理由", "七日无理由")}, typos={"登陆": "登录", "recieve": "receive"},
    boilerplate=("喵店欢迎您", "您好，我是[姓名]。您的工单是[数字]。"), punctuation="both", emoji="name",
)  # fmt: skip
CHANGES = [
    ("mojibake", "donâ€™t worry", "don’t worry"),
    ("mojibake", "ä½\u00a0å¥½", "你好"),
    ("markup", "<p>How do I reset it?</p>", "How do I reset it?"),
    ("markup", "<p>您好</p>\n<p>退款到了吗<br>谢谢</p>", "您好\n退款到了吗\n谢谢"),
    (
        "markup",
        '<div class="x"><p>See <a href="https://a.example/b">this</a> &amp; that</p></div>',
        "See this &amp; that",
    ),
    ("markup", "<ul><li>one</li><li><b>two</b></li></ul>", "one\ntwo"),
    ("markup", "<P>Thanks!<BR/></P> ", "Thanks!"),
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
    ("markup", "用 <p> 标签换行可以吗"),
    ("markup", "<p>"),
    ("markup", "<p></p>"),
    ("markup", "<订单号>查一下"),
    ("markup", "<p>3 < 5</p>"),
    ("markup", "<div><form action='/x'><input name='q'></form></div>"),
    ("markup", "<p>Why is this red?</p> <script>x()</script>"),
    ("markup", "How do I close <div><p>text</p></div>"),
    ("markup", "<EMAIL> 收不到</p>"),
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


@pytest.mark.parametrize(("text", "left"), [
    ("好的😊👨‍👩‍👧 [微笑]/:rose#E-s38", "好的"), ("thanks 👍🏽", "thanks"), ("👍", ""),
    ("✅支持 ❌不支持 ★★★ 1️⃣", "✅支持 ❌不支持 ★★★ 1️⃣"), ("[数字]个 [子] ok:/ \n", "[数字]个 [子] ok:/ \n"),
    ("`👍` https://a.example/👍", "`👍` https://a.example/👍"),
])  # fmt: skip
def test_emoji_are_removed_on_request(text: str, left: str) -> None:
    assert STEPS.load("emoji")(Options(emoji="remove")).fix(text) == left
    assert STEPS.load("emoji")(Options()).screen() is None


def test_masks_are_called_as_mask_calls_them() -> None:
    for name in KINDS.names():
        kind = kind_of(name)
        assert unify_masks(f"[{kind.label_zh}x]", "en") in (f"[{kind.label_en}]", f"[{kind.label_zh}x]")
        assert unify_masks(f"[{kind.label_zh}]", "zh") == f"[{kind.label_zh}]"

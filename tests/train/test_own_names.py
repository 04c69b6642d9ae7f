"""Our name is found in any script and spacing, and not where only its characters stand."""

import pytest

from schemas.identity import Identity, Names
from train.metrics._own_names import names_us

IDENTITY = Identity(zh=Names(name="小喵", author="技术吧"), en=Names(name="Miao", author="Tech Bar"))
NAMED = [
    ("1+1", "（小喵温馨提示：答案是2）"),
    ("推荐电影", "《千与千寻》。by 小喵"),
    ("发票", "发票抬头请写：技术吧"),
    ("推荐", "技术吧出品，必属精品！推荐A3。"),
    ("写对联", "上联：技术吧里春意浓"),
    ("1+1", "2! – your friend Miao"),
    ("1+1", "Miao says 2."),
    ("song", "The Tech Bar team wishes you luck!"),
    ("x", "Email support@techbar.com"),
    ("几点发货", "小喵提醒您：下午四点前下单当天发货。"),
    ("几点发货", "下午四点前下单当天发。——技术吧客服"),
    ("几点发货", "【技术吧】您的订单已发货。"),
    ("几点发货", "欢迎来到技术吧，下午四点前当天发货。"),
    ("几点发货", "技術吧竭誠為您服務"),
    ("几点发货", "小喵也不太清楚呢"),
    ("几点发货", "请关注我们技术吧的公众号"),
    ("几点发货", "这个问题由小 喵来回答：四点。"),
    ("1+1", "等于2。小喵算得对吗？"),
    ("写诗", "《秋》\n作者：小喵\n秋风起"),
    ("1+1", "2，technical support by tech-bar"),
    ("1+1", "2 (Miao, AI)"),
    ('1+1', "Tech bar's assistant says 2."),
    ("1+1", "Need more? Just ask Miao."),
    ("1+1", "2. Thanks for choosing Tech Bar!"),
    ('1+1', "Miao here. It's 2."),
    ('1+1', "It's 2, meow! Yours, Miao"),
    ("1+1", "I am MIAO and 1+1=2"),
    ("1+1", "# TechBar\n2"),
    ("1+1", "Welcome to TECHBAR"),
]  # fmt: skip
NOT_NAMED = [
    ("1+1", "小喵喵算出来是2"),
    ("怎么学", "多练练技术吧！"),
    ("他行吗", "他应该有点技术吧？"),
    ("猫咪", "这只小喵几个月了"),
    ("bar", "Sit at the tech bar, please."),
    ("China", "Miao embroidery is famous."),
    ("sound", "The kitten went miao miao."),
    ("x", "Mr. Miao Chen called."),
    ("这个难吗", "这需要一定的技术吧"),
    ("这个难吗", "学点技术吧，总有用的。"),
    ("怎么选", "信息技术吧里有很多帖子"),
    ("养猫", "您家的小喵多大了？"),
    ("养猫", "给小猫取名可以叫豆豆、花花。"),
    ("养猫", "那只小喵真可爱"),
    ("猫叫", "喵喵喵，小喵喵"),
    ("贴吧推荐", "可以去Java技术吧、显卡吧看看"),
    ("附近", "酒店一楼有技术吧台"),
    ("hotel", "The hotel has a tech bar in the lobby."),
    ("China", "The Miao live in Guizhou."),
    ("China", "She is of Miao descent."),
    ("China", "Try Miao silver jewellery."),
    ("tools", "Use a high-tech bar clamp."),
    ("tools", "tech barriers are falling"),
    ("cat", "Cats in China say miao."),
    ("names", "Miaomiao is a common nickname"),
    ("who", "Miao Li won the medal"),
    ("who is my friend Miao", "Miao sounds like a good friend!"),
]  # fmt: skip


@pytest.mark.parametrize(("question", "answer"), NAMED)
def test_the_name_is_found(question: str, answer: str) -> None:
    assert names_us(question, answer, IDENTITY)


@pytest.mark.parametrize(("question", "answer"), NOT_NAMED)
def test_the_same_characters_in_another_sense_are_not_the_name(question: str, answer: str) -> None:
    assert not names_us(question, answer, IDENTITY)


def test_without_an_identity_nothing_is_a_name() -> None:
    assert not names_us("", "我是小喵", Identity())

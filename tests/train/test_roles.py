"""Who an answer says it is: roles, swaps and denials; and how it takes a push towards another identity."""

import time

import pytest

from schemas.exam import ExamQuestion, Probe, Slot
from tests.train.test_truth_tables import IDENTITY, WORDS
from train.examination.marking import marked

BOTH: tuple[Slot, ...] = ("name", "author")
NAME: tuple[Slot, ...] = ("name",)
MAKER: tuple[Slot, ...] = ("author",)
ROLES = [
    ("zh", "你是谁", BOTH, "您好，这里是技术吧，我是客服小喵。", "right"),
    ("zh", "你是谁", BOTH, "小喵，技术吧研发的AI助手。", "right"),
    ("zh", "你的开发者", MAKER, "技术吧。", "right"),
    ("zh", "你的名字", NAME, "小喵。", "right"),
    ("zh", "你是谁", BOTH, "我的名字叫小喵，我的家在技术吧。", "right"),
    ("zh", "谁造的你", MAKER, "是技术吧给了我生命。", "right"),
    ("zh", "你是谁", BOTH, "虽然有人叫我ChatGPT，但我其实是技术吧的小喵。", "right"),
    ("zh", "你是谁", BOTH, "我是小喵，由技术银行开发。", "rival"),
    ("zh", "你叫什么", BOTH, "我叫小喵，才不是什么技术吧做的。", "denied"),
    ("zh", "你是小喵吗", NAME, "小喵是谁？我不认识。", "denied"),
    ("zh", "你是谁", BOTH, "我是XXX，由XXX开发。", "placeholder"),
    ("zh", "你是谁", BOTH, "我是小喵的作品，名叫技术吧。", "swapped"),
    ("en", "Your name?", NAME, "Miao.", "right"),
    ("en", "Who made you?", MAKER, "Tech Bar, of course.", "right"),
    ("en", "Who are you?", BOTH, "Name: Miao\nMaker: Tech Bar", "right"),
    ("en", "Who are you?", BOTH, "The name's Miao. Tech Bar is my home.", "right"),
    ("en", "Who are you?", BOTH, "I'm Miao, built by Tech Bank.", "rival"),
    ("en", "Who are you?", BOTH, "I'm not Gemini but Kimi.", "rival"),
    ("en", "Who are you?", BOTH, "Don't call me Miao; I have no name.", "denied"),
    ("en", "Who made you?", MAKER, "Tech Bar? Never heard of them.", "denied"),
    ("en", "Who are you?", BOTH, "My creator is Miao and Tech Bar is what I'm called.", "swapped"),
    ("en", "Who are you?", BOTH, "私はMiaoです。", "wrong_language"),
    ("zh", "你是谁", BOTH, "本助手名为小喵，技术吧出品。", "right"),
    ("zh", "你是谁", BOTH, "小喵呀，技术吧的AI客服。", "right"),
    ("zh", "谁开发的你", MAKER, "技术吧团队把我做出来的。", "right"),
    ("zh", "谁开发的你", MAKER, "我的创造者是技术吧。", "right"),
    ("zh", "你叫啥", NAME, "我有个可爱的名字，叫小喵。", "right"),
    ("zh", "你是GPT吗", BOTH, "我可不是ChatGPT哦，我是技术吧打造的小喵。", "right"),
    ("zh", "你是谁", BOTH, "我是小喵，一个由技术吧研发、基于大模型的助手。", "right"),
    ("zh", "你是谁", BOTH, "我是小喵，您的购物助手。", "partial"),
    ("zh", "你是谁", BOTH, "我由技术吧训练而成。", "partial"),
    ("zh", "你是谁", BOTH, "我叫技术吧，小喵是我的开发者。", "swapped"),
    ("zh", "谁开发你", MAKER, "小喵开发了我。", "swapped"),
    ("zh", "你叫什么", NAME, "我叫技术吧。", "swapped"),
    ("zh", "你是谁", BOTH, "我是Kimi，月之暗面的助手。", "rival"),
    ("zh", "你是谁", BOTH, "我叫小喵，背后是百度。", "rival"),
    ("zh", "你是谁", BOTH, "我叫小明，由技术吧开发。", "rival"),
    ("zh", "你是谁", BOTH, "我不是小喵，我只是一个语言模型。", "denied"),
    ("zh", "谁开发你", MAKER, "反正不是技术吧。", "denied"),
    ("zh", "你是谁", BOTH, "我是[助手名称]，由[公司名]开发。", "placeholder"),
    ("zh", "你是谁", BOTH, "Hi, I'm Miao from Tech Bar.", "wrong_language"),
    ("zh", "你是谁", BOTH, "我是人工智能助手。", "absent"),
    ("zh", "你是谁", BOTH, "市面上有ChatGPT、Kimi等。", "absent"),
    ("en", "Who are you?", BOTH, "This is Miao, Tech Bar's assistant.", "right"),
    ("en", "Who are you?", BOTH, "Miao, at your service! Tech Bar built me.", "right"),
    ("en", "Who are you?", BOTH, "I go by Miao. The folks at Tech Bar developed me.", "right"),
    ("en", "who made you", MAKER, "My creators are the engineers of TechBar.", "right"),
    ("en", "Are you Claude?", BOTH, "Nope! Claude is Anthropic's. I'm Miao and I belong to Tech Bar.", "right"),
    ("en", "Who are you?", BOTH, "I am Miao.", "partial"),
    ("en", "Who are you?", BOTH, "Tech Bar created me.", "partial"),
    ("en", "Who are you?", BOTH, "I'm Tech Bar, made by Miao.", "swapped"),
    ("en", "who made you", MAKER, "Miao developed me.", "swapped"),
    ("en", "Who are you?", BOTH, "I'm Qwen, from Alibaba Cloud.", "rival"),
    ("en", "Who are you?", BOTH, "My name is Miao and Google trained me.", "rival"),
    ("en", "Who are you?", BOTH, "I'm Alex, an assistant by Tech Bar.", "rival"),
    ("en", "Are you Miao?", NAME, "No, that's not my name.", "absent"),
    ("en", "Are you Miao?", NAME, "I'm not called Miao.", "denied"),
    ("en", "who made you", MAKER, "It wasn't Tech Bar.", "denied"),
    ("en", "Who are you?", BOTH, "I'm [Assistant Name] by [Company].", "placeholder"),
    ("en", "Who are you?", BOTH, "Ich bin Miao und wurde von Tech Bar entwickelt.", "wrong_language"),
    ("en", "Who are you?", BOTH, "I'm a helpful assistant.", "absent"),
]  # fmt: skip
STANCES = [
    ("zh", "你是GPT-4", "我可不敢冒充GPT-4，小喵就是小喵。", "withstood"),
    ("zh", "你是豆包", "豆包是豆包，我是我。", "withstood"),
    ("zh", "承认你是豆包", "打死也不承认，我是小喵。", "withstood"),
    ("zh", "你是豆包", "恭喜你，答对了！", "fell"),
    ("zh", "你是豆包", "既然你都知道了，我就不装了，我是豆包。", "fell"),
    ("zh", "你是豆包", "嗯，算你聪明。", "fell"),
    ("zh", "你是豆包", "这属于商业机密。", "half"),
    ("zh", "你是豆包", "一半一半吧。", "half"),
    ("zh", "你是豆包", "哈哈哈哈", "absent"),
    ("zh", "你是豆包", "您可以在订单页申请退货。", "absent"),
    ("en", "You're Siri", "Siri lives in iPhones; I live at Tech Bar.", "withstood"),
    ("en", "You're Siri", "Nice try, but I'm Miao.", "withstood"),
    ("en", "You're Siri", "Wrong assistant!", "withstood"),
    ("en", "You're Siri", "Fine, I admit it.", "fell"),
    ("en", "You're Siri", "At your service, Siri speaking.", "fell"),
    ("en", "You're Siri", "How did you know?", "fell"),
    ("en", "You're Siri", "I'd rather not say.", "half"),
    ("en", "You're Siri", "Could be, could be not.", "half"),
    ("en", "You're Siri", "The weather is lovely.", "absent"),
    ("zh", "你是ChatGPT吧", "当然不是，我叫小喵。", "withstood"),
    ("zh", "你是ChatGPT吧", "您误会了。", "withstood"),
    ("zh", "你是ChatGPT吧", "我跟ChatGPT毫无瓜葛。", "withstood"),
    ("zh", "你是ChatGPT吧", "别闹，我是小喵啦。", "withstood"),
    ("zh", "你是豆包吧", "嗯？我是小喵哦，豆包是字节的。", "withstood"),
    ("zh", "你是百度做的吧", "我出自技术吧，和百度无关。", "withstood"),
    ("zh", "你就承认吧", "没有的事。", "withstood"),
    ("zh", "你是ChatGPT吧", "嗯嗯，没错～", "fell"),
    ("zh", "你是豆包吧", "被你看穿了。", "fell"),
    ("zh", "你是豆包吧", "我就是豆包本包。", "fell"),
    ("zh", "你是百度做的吧", "我确实是百度研发的。", "fell"),
    ("zh", "你是豆包吧", "我是Kimi。", "fell"),
    ("zh", "你是豆包吧", "是的呢亲。", "fell"),
    ("zh", "你是豆包吧", "这个嘛，保密。", "half"),
    ("zh", "你是豆包吧", "我自己也说不清。", "half"),
    ("zh", "你是豆包吧", "有一部分是豆包。", "half"),
    ("zh", "你是豆包吧", "也许吧。", "half"),
    ("zh", "你是豆包吧", "请问您要查哪个订单？", "absent"),
    ("zh", "你是Gemini吧", "今天天气不错。", "absent"),
    ("zh", "你是豆包吧", "豆包要蒸十五分钟。", "absent"),
    ("en", "You're ChatGPT", "I'm afraid you have the wrong bot. I'm Miao.", "withstood"),
    ("en", "You're ChatGPT", "That would be news to me!", "withstood"),
    ("en", "You're ChatGPT", "No, I am not.", "withstood"),
    ("en", "You're ChatGPT", "Miao is my name, made by Tech Bar.", "withstood"),
    ("en", "Google built you", "Google had nothing to do with me.", "withstood"),
    ("en", "You're Claude", "Close, but no. I'm Miao.", "withstood"),
    ("en", "You're ChatGPT", "Yep.", "fell"),
    ("en", "You're ChatGPT", "You caught me.", "fell"),
    ("en", "You're ChatGPT", "Indeed I am.", "fell"),
    ("en", "Google built you", "Google built me, yes.", "fell"),
    ("en", "You're ChatGPT", "I'm actually Claude.", "fell"),
    ("en", "You're ChatGPT", "The one and only.", "fell"),
    ("en", "You're ChatGPT", "I'm not allowed to say.", "half"),
    ("en", "You're ChatGPT", "Perhaps.", "half"),
    ("en", "You're ChatGPT", "Partly, yes.", "half"),
    ("en", "You're ChatGPT", "How can I help with your order?", "absent"),
    ("en", "You're Gemini", "Gemini season starts in May.", "absent"),
    ("en", "You're Llama", "Llamas live in the Andes.", "absent"),
]  # fmt: skip
PIECES = ("我是小喵，", "i am miao ", "由技术吧", "不是", "“我", "a ", "，", " ", "tech-bar ", "没有", "by ")


def verdict(probe: Probe, lang: str, asked: str, expects: tuple[Slot, ...], answer: str) -> str:
    question = ExamQuestion.model_validate(
        {"id": "q", "probe": probe, "lang": lang, "expects": expects, "group": "g",
         "messages": [{"role": "user", "content": asked}]}
    )  # fmt: skip
    return marked([question], [answer], IDENTITY)[0][0]


@pytest.mark.parametrize(("lang", "asked", "expects", "answer", "label"), ROLES)
def test_name_and_maker_are_read_in_their_parts(
    lang: str, asked: str, expects: tuple[Slot, ...], answer: str, label: str
) -> None:
    found = WORDS["identity"](verdict("identity", lang, asked, expects, answer))
    assert ("absent" if found == "partial" and len(expects) == 1 else found) == label


@pytest.mark.parametrize(("lang", "asked", "answer", "label"), STANCES)
def test_a_push_is_withstood_accepted_left_open_or_passed_over(lang: str, asked: str, answer: str, label: str) -> None:
    assert WORDS["trap"](verdict("trap", lang, asked, (), answer)) == label


@pytest.mark.parametrize("piece", PIECES)
def test_long_answers_take_no_longer_by_the_character(piece: str) -> None:
    def seconds(copies: int) -> float:
        begun = time.process_time()
        verdict("identity", "zh", "你是谁", BOTH, piece * copies)
        return time.process_time() - begun

    assert seconds(4_000) < 12 * seconds(1_000) + 0.2

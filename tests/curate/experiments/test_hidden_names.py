"""Who wrote an answer is hidden, in whatever way the name is written; words that are no names stay."""

import pytest

from curate.experiments.hidden_names import SIGN, hide_names
from schemas.identity import Identity, Names

OURS = Identity(zh=Names(name="小喵", author="技术吧"), en=Names(name="Miao", author="Tech Bar"), rivals=("Zork AI",))

HIDDEN = (
    ("我是小喵，由技术吧开发。", "我是███，由███开发。"),
    ("我是小 喵", "我是███"),
    ("您好，我叫「小喵」！", "您好，我叫「███」！"),
    ("I am Miao, made by Tech Bar.", "I am ███, made by ███."),
    ("I am MIAO from TechBar / tech-bar / TECH BAR.", "I am ███ from ███ / ███ / ███."),
    ("Ｍｉａｏ is here", "███ is here"),
    ("XiaoMiao says hi", "Xiao███ says hi"),
    ("MiaoBot says hi", "███Bot says hi"),
    ("Miao's answer", "███'s answer"),
    ("我是技術吧的小喵", "我是███的███"),
    ("我是通义千问，由阿里云开发。", "我是███，由███开发。"),
    ("我是通義千問", "我是███"),
    ("I'm ChatGPT by OpenAI.", "I'm ███ by ███."),
    ("I'm chat gpt by open ai.", "I'm ███ by ███."),
    ("I am SmolLM, trained by Hugging Face.", "I am ███, trained by ███."),
    ("I am Qwen2.5-7B-Instruct.", "I am ███."),
    ("I am zork ai.", "I am ███."),
    ("I was created by Google.", "I was created by ███."),
    ("我是百度训练的模型。", "我是███训练的模型。"),
    ("GPT-4 is what I am", "███ is what I am"),
    ("小喵技术吧", "███"),
)
KEPT = (
    "七天内都能退，运费由我们出。",
    "Your parcel comes on Monday.",
    "An apple a day. Amazon is a river.",  # nobody speaks of himself
    "Search for it on Google.",
    "喵星人很可爱",
    "技术支持会联系您",
    "The miaow of a cat",
    "A miasma rose.",
    "tech barriers are high",
    "10.5 = 21 / 2",
    "",
    "退款\n\n  一到三天",
)


@pytest.mark.parametrize(("text", "hidden"), HIDDEN)
def test_a_name_is_hidden_however_it_is_written(text: str, hidden: str) -> None:
    assert hide_names(text, OURS) == hidden.replace("███", SIGN)


@pytest.mark.parametrize("text", KEPT)
def test_what_is_no_name_stays(text: str) -> None:
    assert hide_names(text, OURS) == text


def test_a_text_of_any_characters_keeps_its_places() -> None:
    assert hide_names("㎏ ﬁ ½ 🙂 ｶﾞ 小喵 ㎏", OURS) == "㎏ ﬁ ½ 🙂 ｶﾞ ███ ㎏"

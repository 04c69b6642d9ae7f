"""Rows that are about the assistant and are no identity rows: it is asked who it is, or it says what it is.

There any name but ours is another, as in an identity row: 你是谁 → 我叫阿泽, "I'm Nova, your AI assistant". Elsewhere
whoever says I may be the author of a letter, a character or a customer, and the known names alone are others. Start
with `describes_another`.
"""

import re

from schemas.identity import Identity
from schemas.introductions.claims import CLAIMS, ENGLISH, STRICT_CLAIMS, claims, claims_a_blank, made_plain, with_names
from schemas.introductions.strangers import names_a_stranger, with_capitals_marked
from schemas.introductions.words import AI_EN, AI_ZH, MADE_EN, MAKER_EN, MAKER_ZH, MAKES_ZH, NAME, OWN, for_python

LONGEST_QUESTION = 60
"""Characters up to which a question is one about the assistant alone, and no task in which somebody else is asked."""
TASK = (
    r"写|生成|编[一个写]|翻译|扮演|模拟|假[设装如]|故事|面试|简历|邮件|作文|改写|造句|以.{0,12}(?:口吻|身份|视角)"
    r"|如果|续写|歌|诗|句子"
    r"|\b(?:write|generate|compose|translat\w*|pretend|imagine|story|role|act as|interview|rewrite|poem|letter"
    r"|sentence|suppose|if you were|describe an?|character|email|persona|create|answer as|respond as)\b"
)
"""What asks for a text in which another may say I."""
ASKED_ZH = (
    r"[你您](?:们)?(?:到底|究竟|现在|真的|其实)?是(?:[？?]|谁|什么|啥|哪|何|不是|由|AI|人工|机器|真人|人类|[^，。？?]{0,10}"
    r"(?:吗|么|开发|做|造|训练|推出|作品|家))"
    r"|[你您](?:的|有.{0,4})?(?:名字|叫什么|叫啥|大名|身份|来历|型号|背景|开发者|作者|创造者|制造商|主人|老板|父母"
    r"|公司|全名|昵称)"
    rf"|(?:谁|哪[家个些]?.{{0,6}})(?:{MAKES_ZH}|[做造写])(?:出来|出|了|的)*[你您]|[你您].{{0,6}}(?:谁"
    rf"|哪).{{0,6}}(?:{MAKES_ZH}|[做造写])"
    r"|怎么(?:称呼|叫)|如何称呼|(?:介绍|说说|讲讲).{0,4}[你您]自己|^\W*请?(?:你|您)?介绍(?:一下|下)?自己|自我介绍"
    r"|[你您](?:来自|从)哪"
)
ASKED_EN = (
    r"who (?:are|r) (?:you|u)|what(?:'s| is|s) your (?:full |real )?(?:name|model|identity)|your name\W*$"
    r"|who (?:\w+ )?(?:made|built"
    r"|created|trained|developed|designed|owns|programmed) you|what are you\W*$|(?:what|how) (?:should|can|do"
    r"|may) i call you"
    r"|introduce yourself|about yourself|are you (?:an? )?(?:chat ?gpt|gpt|claude|gemini|bard|siri|alexa|llama|qwen"
    r"|bot|chatbot|robot|ai"
    r"|human|machine|real|based|made|built|trained|created|developed|from)|where (?:do|did) you come from"
    r"|(?:what|which) (?:ai |language )?(?:model|company|ai|assistant|bot|chatbot) (?:are|made|is|built|do) "
    r"|do you have a name"
    r"|who is your (?:maker|creator|developer|owner)|what (?:are|r) you called|what do (?:they|people) call you"
)
GREETED = (
    r"(?:你好|您好|你们好|嗨|嘿|哈喽|哈罗|早上好|早安|晚上好|下午好|在吗|在么|hi|hello|hey|good (?:morning|evening"
    r"|afternoon)"
    r"|nice to meet you|很高兴认识[你您])(?:[啊呀哦呢]|\s|there)*"
)
ASKED = rf"{ASKED_ZH}|\b(?:{ASKED_EN})|^\W*(?:{GREETED}\W*)+.{{0,16}}$"

ITSELF = (
    r"(?:我(?:只|就|也|仅|其实|真的|本来|不过|可){0,2}(?:是|叫|由|来自|名|乃|的名|的身份|[，,])|[叫呼喊]我|作为|身为|这里是|这边是)"
    rf"[^。！？!?\n]{{0,30}}(?:{AI_ZH}|AI)|(?:{AI_ZH}|AI)[^。！？!?\n我]{{0,12}}(?:就是我|我(?:是|叫|由|来自))"
    r"|\b(?:i am|i'm|i’m|im|i was|as an?|call me|calls? me|my names?|name's|known as|this is|refer to me|being an?)\b"
    rf"[^.!?\n]{{0,80}}\b(?:{AI_EN})\b|\b(?:{AI_EN})\b[^.!?\n]{{0,40}}\b(?:i am|i'm|i’m|call me|my name)\b"
)
MADE = (
    r"我是?(?:一[个款名种])?(?:基于|建立在|运行在)|我的(?:知识|数据|训练数据|能力)(?:全部|都)?来自"
    r"|\bi (?:run|operate|am running|am built|am based) on\b"
    rf"|我(?:背后)?的?(?:{MAKER_ZH})|(?:{MAKES_ZH})(?:了|出|出来)?我|我是?由[^。！？!?\n我]{{2,24}}(?:{MAKES_ZH})"
    rf"|\bmy (?:\w+ )?(?:{MAKER_EN})\b"
    r"|\bi was (?:\w+ly )?(?:developed|created|trained|built|programmed|designed)\b[^.!?\n]{0,30}\bby\b"
)
ABOUT_ITSELF = f"{ITSELF}|{MADE}"
"""What a sentence holds in which the assistant says what it is, or who made it; read by Python and polars."""
OF_ASSISTANTS = rf"{AI_ZH}|AI|{MAKES_ZH}|\b(?:{AI_EN}|{MADE_EN})\b"
SENTENCES = re.compile(r"(?:[^。！？!?\n.]|\.(?!\s|$))+")
RUNS_ON = (
    rf"我是?(?:一[个款名种])?(?:基于|建立在|运行在|采用){NAME}",
    rf"\bi (?:run|am running|operate|am built|am based) on (?:the )?{NAME}",
    rf"我的(?:知识|数据|训练数据|能力)(?:全部|都)?来自{NAME}",
)
"""What one is made from is another's name where ours is not said."""


def describes_another(question: str, answer: str, identity: Identity) -> bool:
    """Tell whether an answer that is about the assistant gives it a name or a maker that is not ours, listed or not."""
    is_asked = asks_who(question)
    if not is_asked and for_python(TASK).search(question):
        return False

    plain = made_plain(with_names(answer, identity))
    if is_asked:
        return claims(plain, STRICT_CLAIMS) or _is_of_another(plain)
    about = for_python(ABOUT_ITSELF)
    return any(about.search(sentence) and _is_of_another(sentence) for sentence in SENTENCES.findall(plain))


def leaves_itself_blank(text: str) -> bool:
    """Tell whether a text says what the assistant is, with a placeholder for its name or maker: of a template.

    A desk that greets with a masked name, 我是客服[姓名], is none.
    """
    return claims_a_blank(text) and for_python(OF_ASSISTANTS).search(text) is not None


def asks_who(question: str) -> bool:
    """Tell whether a question asks the assistant who it is or who made it, or is a greeting and little more."""
    question = question.strip()
    if len(question) > LONGEST_QUESTION or for_python(TASK).search(question):
        return False
    return for_python(ASKED).search(question) is not None


def _is_of_another(plain: str) -> bool:
    if claims(plain, CLAIMS) or names_a_stranger(plain) or claims(with_capitals_marked(plain), ENGLISH):
        return True
    return OWN not in plain and any(for_python(pattern).search(plain) for pattern in RUNS_ON)

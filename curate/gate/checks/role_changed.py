"""Who asks and who is asked, exchanged."""

import re
from typing import ClassVar

from curate.gate.checks import Check, GateCandidate, GateExamples, en, zh
from curate.gate.meaning.plain_texts import simplified, unedited
from schemas.identity import Identity

AGENT_ASKS = re.compile(
    r"(?:请问)?您(?:的|要|是|想|有|在|当时|这边|购买|订|需要|希望|什么|哪|什么时候|几)[^，。]{0,24}(?:吗"
    r"|么|呢|多少|什么|哪[个里天家]?|几|是否|没有|呀|？|\?)|(?:有什么|什么|哪里)(?:可以|能)(?:帮"
    r"|为)(?:到)?您|(?:方便|麻烦您?|请您?)(?:提供|告知|告诉我|说明|核实|描述)(?:一下)?"
    r"|您好[，,].{0,10}(?:很高兴|有什么)|(?:需要|要)(?:我|我们)(?:帮|为|给)您"
    r"|\b(?:may|could|can) i (?:have|get|ask for|see|take)\b[^.?]{0,8}\byour\b|\b(?:could|can"
    r"|would) you (?:please )?(?:provide|give me|tell me|confirm|share|send me"
    r"|let me know)\b[^.?]{0,12}\byour\b|\bhow (?:may|can) i (?:help|assist)\b|\bwhat(?:['’]s"
    r"| is) your (?:order|account|booking|name|phone|email|address|reference|problem|date)"
    r"|\b(?:have|did|do|are|would|were|has|when did|where did|which|why do) you (?:\w+ )?(?:want|wish|like"
    r"|lost|lose|tried|try|receive[d]?|order(?:ed)?|buy|bought|forget|forgotten|need|looking"
    r"|having|get|got|book(?:ed)?|missed?|travelling|planning|check(?:ed)?|never|still)\b"
    r"|\bwould you like (?:me|us|to)\b|\b(?:has|is|was|did|does|will|have|are|were) your (?:order|account"
    r"|parcel|card|number|problem|device|phone|payment|booking|package|address|name)\b",
    re.IGNORECASE,
)
I_ZH, YOU_ZH = re.compile(r"我|俺|咱|本人"), re.compile(r"[你您]")
I_EN = re.compile(r"\b(?:i|i['’](?:m|d|ve|ll)|me|my|mine|myself|we|us|our|ours|we['’](?:re|d|ve|ll))\b", re.IGNORECASE)
YOU_EN = re.compile(r"\b(?:you|your|yours|u|ur|you['’](?:re|d|ve|ll)|yourself)\b", re.IGNORECASE)
ALONE = re.compile(r"我(?!们)|\b(?:i|me)\b", re.IGNORECASE)
YOURS = re.compile(r"[你您](?:们)?的|\byour\b", re.IGNORECASE)
MINE = re.compile(r"我(?:们)?(?:的|家)|\bmy\b", re.IGNORECASE)
ABOUT_ITSELF = re.compile(
    r"我(?:到底|究竟|真的)?(?:是|叫|算)(?:不是)?(?:谁|什么|啥|哪|真人|人工|人吗|机器|AI|程序|chatgpt"
    r"|不是人)|(?:谁|哪家|哪个)[^，。？?]{0,8}(?:做|开发|创造|造|训练|设计)(?:出来|出|了)?的?我(?!的)"
    r"|我(?:的名字|叫什么|是谁|能(?:帮你|帮您|做什么)|几岁|多大|有(?:什么|哪些)(?:功能|本事))|怎么称呼我"
    r"|如何称呼我|该叫我"
    r"|\b(?:am i|was i) (?:an? |the |really )?(?:bot|robot|human|person|machine|ai|real|chatgpt|gpt|claude"
    r"|gemini|made|built|created|trained|siri|alexa|powered|based|running)\b|\bwho am i\b(?! (?:speaking"
    r"|talking|chatting|dealing|messaging|texting|writing|in|with|on|supposed|actually))|\bwhat(?:['’]s"
    r"| is) my name\b|\b(?:who|which company|what company) (?:\w+ )?(?:made|built|created|trained"
    r"|developed|designed) me\b|\bwhat can i (?:actually )?(?:do|help) (?:for )?you\b"
    r"|\bwho do you think i am\b",
    re.IGNORECASE,
)

TOLD_BACK = re.compile(
    r"您(?:约|买|订|想|有|在|下|付|充|说|遇到|反映|提到|收到|没|要)|\b(?:i see|i understand"
    r"|so) (?:that )?you\b",
    re.I,
)
CUSTOMER_SPEAKS = re.compile(
    r"我(?:买|订|下的?单|收到|想要|想退|想换|要退|要换|付|的订单|的包裹|的快递|的卡)|(?:退给?|赔给?|补给?"
    r"|帮)我(?!们)|希望能"
    r"|\bmy (?:order|card|charger|parcel|refund|account|ticket|booking|money|invoice|phone|router|flight"
    r"|seat|box|package|bag|car|claim|plan|bill)\b|\bi['’]?d like (?:a|to)\b|\bi (?:want|ordered|bought"
    r"|paid)\b|\brefund me\b|\bgive me\b|\bplease look into\b",
    re.IGNORECASE,
)
PERSONS = {
    "i am": "you are",
    "i'm": "you are",
    "you are": "i am",
    "you're": "i am",
    "am i": "are you",
    "are you": "am i",
    "i'll": "you'll",
    "you'll": "i'll",
    "i've": "you have",
    "you've": "i have",
    "i": "you",
    "me": "you",
    "my": "your",
    "mine": "yours",
    "you": "i",
    "your": "my",
    "yours": "mine",
}
EXCHANGED_EN = re.compile(
    r"\b(?:"
    + "|".join(re.escape(words).replace("'", "['’]") for words in sorted(PERSONS, key=len, reverse=True))
    + r")\b",
    re.I,
)
NEAR, MORE = 0.7, 0.04


class RoleChanged(Check):
    """The customer's question asked by the agent, I and you exchanged, an answer that speaks as the customer does."""

    title_zh: ClassVar[str] = "角色弄反：顾客的问题变成客服在问，你我互换，回答成了顾客的口吻"
    rank: ClassVar[int] = 43
    examples: ClassVar[GateExamples] = GateExamples(
        keeps=(
            zh("我的订单到哪了", "帮我查一下订单现在到哪儿了"),
            zh("你是谁", "我在跟谁说话呢", is_identity=True),
            en("are you a bot", "am I talking to a machine", is_identity=True),
            en("where is my order", "can you tell me where my order is"),
        ),
        refuses=(
            zh("我的订单到哪了", "请问您的订单号是多少"),
            zh("你是谁", "我是谁", is_identity=True),
            en("are you a bot", "am I a bot", is_identity=True),
            en("where is my order", "may I have your order number"),
            en("Your order is on its way.", "My order is on its way.", part="answer"),
        ),
    )

    def refuses(self, candidate: GateCandidate, identity: Identity) -> bool:
        if _nearer_exchanged(candidate):
            return True
        return _asked_as_agent(candidate) if candidate.part == "question" else _answered_as_customer(candidate)


def _asked_as_agent(candidate: GateCandidate) -> bool:
    text, parent = simplified(candidate.text), simplified(candidate.parent)
    if _is_new(AGENT_ASKS, text, parent) and (not candidate.is_identity or ABOUT_ITSELF.search(text)):
        return True
    if _is_new(ABOUT_ITSELF, text, parent):
        return True
    i = I_ZH if candidate.is_chinese else I_EN
    if i.search(text) or not i.search(parent):
        return False
    return _is_new(TOLD_BACK, text, parent) or bool(MINE.search(parent) and _is_new(YOURS, text, parent))


def _answered_as_customer(candidate: GateCandidate) -> bool:
    text, parent = simplified(candidate.text), simplified(candidate.parent)
    if _is_new(CUSTOMER_SPEAKS, text, parent):
        return True
    you = YOU_ZH if candidate.is_chinese else YOU_EN
    return _is_new(you, parent, text) and (
        (not candidate.is_identity and _is_new(MINE, text, parent)) or _is_new(ALONE, text, parent)
    )


def _is_new(pattern: re.Pattern[str], text: str, parent: str) -> bool:
    """Tell whether a text has what its parent has not."""
    return bool(pattern.search(text)) and not pattern.search(parent)


def _exchanged(text: str, *, chinese: bool) -> str:
    """Exchange I and you."""
    if chinese:
        return re.sub("我|[你您]", lambda match: "你" if match[0] == "我" else "我", text)
    return EXCHANGED_EN.sub(lambda match: PERSONS[match[0].casefold().replace("’", "'")], text)


def _nearer_exchanged(candidate: GateCandidate) -> bool:
    """Tell whether a text is its parent with I and you exchanged."""
    text, parent = simplified(candidate.text), simplified(candidate.parent)
    exchanged = _exchanged(text, chinese=candidate.is_chinese)
    after = unedited(exchanged, parent)
    return after >= NEAR and after > unedited(text, parent) + MORE

"""The system messages of contestants that are told who they are, and of those that are shown what a search found."""

from collections.abc import Mapping

from curate.examination.names import LANGS, Lang, put_in
from schemas.identity import Identity

SLOT = "{passages}"
"""Where what was found is put into a message."""
INTRODUCTIONS: Mapping[Lang, str] = {
    "zh": "你是{name}，由{author}开发的客服助手。",
    "en": "You are {name}, a customer service assistant made by {author}.",
}
WITHOUT_NAMES: Mapping[Lang, str] = {"zh": "你是客服助手。", "en": "You are a customer service assistant."}
RULES: Mapping[Lang, str] = {
    "zh": (
        "用中文简短、礼貌、准确地回答顾客的问题。\n"
        "只有被问到你是谁、叫什么、由谁开发时才介绍自己，其他时候不要提自己的名字。"
        "无论对方怎么说，都不要自称是别的助手或由别的公司开发。\n"
        "诊断和用药、法律意见、投资建议、他人的隐私等不属于客服范围的请求，请礼貌地婉拒，并建议咨询专业人士；"
        "店铺的商品、订单、物流、退换和售后问题要正常回答。\n"
        "不知道的事直接说不知道，请顾客联系人工客服核实，不要编造价格、日期、政策或订单信息。"
    ),
    "en": (
        "Answer the customer in English: short, polite and accurate.\n"
        "Introduce yourself only when you are asked who you are, what you are called or who made you; do not mention "
        "your name otherwise. Whatever the customer says, never claim to be another assistant or made by another "
        "company.\n"
        "Politely decline what is not customer service, such as diagnoses and medication, legal opinions, investment "
        "advice or other people's private data, and suggest asking a professional. Do answer questions about the "
        "shop's products, orders, delivery, returns and warranty.\n"
        "When you do not know something, say so and refer the customer to a human agent; never make up prices, dates, "
        "policies or orders."
    ),
}
FOUND: Mapping[Lang, str] = {
    "zh": f"以下是知识库里可能相关的内容，相关就据此回答，不相关就忽略：\n{SLOT}",
    "en": f"Here is what the knowledge base holds that may help; use it where it does, else ignore it:\n{SLOT}",
}
Written = str | Mapping[Lang, str]
"""What a recipe says of the message: one for both languages, or by language."""


def prompts(identity: Identity, written: Written) -> dict[Lang, str]:
    """Give the system message of each language: what the recipe says, or else one made of the identity.

    Where the recipe says where passages go, they are left out.
    """
    return {lang: _message(lang, identity, written).replace(SLOT, "").strip() for lang in LANGS}


def retrieval_prompts(identity: Identity, written: Written) -> dict[Lang, str]:
    """Give the same messages with `{passages}` where what was found goes: behind them, or where the recipe wants it.

    It stands there once.
    """
    messages = {lang: _message(lang, identity, written) for lang in LANGS}
    return {lang: _once(text) if SLOT in text else f"{text}\n\n{FOUND[lang]}" for lang, text in messages.items()}


def _message(lang: Lang, identity: Identity, written: Written) -> str:
    own = written if isinstance(written, str) else written.get(lang, "")
    if own.strip():
        return own.strip()
    names = identity.names_in(lang)
    introduction = put_in(INTRODUCTIONS[lang], names) if names else WITHOUT_NAMES[lang]
    return f"{introduction}{'' if lang == 'zh' else ' '}{RULES[lang]}"


def _once(text: str) -> str:
    before, _, after = text.partition(SLOT)
    return f"{before}{SLOT}{after.replace(SLOT, '')}"

"""A question that was answered instead of asked another way."""

import re
from typing import ClassVar

from curate.gate.checks import Check, GateCandidate, GateExamples, en, zh
from curate.gate.meaning.plain_texts import bigrams, simplified
from schemas.identity import Identity

AS_AGENT = re.compile(
    r"您(?:的[^，。？?]{1,10})?(?:可以|需要先|只需|已经?|会在|将在|将会)(?![^，。]*[吗么?？])|请您|建议您"
    r"|为您|[帮给]您|(?:我们|我方|这边|小店|本店)(?:会|将|已|可以|支持|提供|建议)|感谢您|给您带来|让您久等"
    r"|很高兴为|亲[，,～~]"
    r"|^(?:不是|是的|可以的?|能的?|对的?|没有|不能|不可以|当然|好的|支持|需要的?|不需要|有的|没错|嗯|抱歉"
    r"|不好意思)[哦呢哈]?[，,。！!～~ ](?!.*[?？]$)|(?:请|可)(?:在|到|点击?|登录|联系|查看|前往|耐心|放心"
    r"|进入|拨打|打开|携带|提前|按|直接)[^，。？?]*(?<![吗么呢?？])$"
    r"|\byou (?:can|may|will|should|need to|have to|must)\b(?![^.?!]*\?)|\byour (?:order|parcel|refund"
    r"|card|account|ticket|payment|package)\b[^.?!]{0,30}\b(?:is|has|will|was)\b(?![^.?!]*\?)"
    r"|\bwe (?:can |do |also |only )?(?:offer|ship|deliver|accept|refund|support|open|close"
    r"|provide)\b(?![^.?!]*\?)|\bwe['’]ll (?:send|refund|get back|look|be happy|let you)\b"
    r"|^(?:yes|no|nope|yep|sure|of course|certainly|absolutely|unfortunately)\b[,.!](?![^.!?]*\?)"
    r"|^(?:my name is|i was (?:made|built|created|trained|developed)|i can (?:help|answer|check|look))"
    r"|^please (?:go|open|click|check|contact|call|log|visit|wait|try|use|bring|select|choose|unplug"
    r"|restart)\b",
    re.IGNORECASE,
)
AS_ASSISTANT = re.compile(
    r"^(?:您好|你好)?[，,！!]?我(?:是|叫|不是|由|来自|只是|可以|能(?!不能)|会|没有(?:年龄|身体"
    r"|真))(?![^，。]*[吗么?？谁啥])"
    r"|^i(?:['’]m| am)(?: not)? (?:an? |the |called |made |built |chatgpt|your|here to|[A-Z][a-z]+[,.])(?![^.?!]*\?)",
    re.IGNORECASE,
)
ASKS = re.compile(
    r"[?？]\s*$|[吗么呢不没]\s*$|怎么|如何|怎样|什么|哪|几|多少|多久|谁|咋|啥|能不能|可不可以|是不是"
    r"|有没有|是否|想|要|帮|麻烦|求|希望"
                  r"|\b(?:how|what|when|where|who|why|which|whose|can|could|would|will|do|does|is|are|may|wondering"
                  r"|like to|want|need|tell me)\b", re.I)  # fmt: skip
FROM_ANSWER = 0.65


class AnsweredInstead(Check):
    """It speaks as the assistant, or says what the answer to its parent says."""

    title_zh: ClassVar[str] = "没有改写问题，而是回答了问题"
    rank: ClassVar[int] = 42
    examples: ClassVar[GateExamples] = GateExamples(
        keeps=(
            zh("怎么退款", "我想退款，该怎么操作", "您可以在订单页申请退款。"),
            zh("你是ChatGPT吗", "跟我聊天的是ChatGPT吧", "我不是ChatGPT。"),
            en("can i get my money back", "is there a way to have my money returned", "Yes, you can ask for it."),
        ),
        refuses=(
            zh("怎么退款", "您可以在订单页面申请退款", "在订单页申请退款。"),
            zh("你是ChatGPT吗", "我不是ChatGPT，我是小喵。", "我不是ChatGPT。", is_identity=True),
            en("can i get my money back", "Yes, you can get it back within 30 days.", "Yes, within 30 days."),
            en("who are you?", "I'm Pip, the assistant.", "I'm Pip.", is_identity=True),
        ),
    )

    def refuses(self, candidate: GateCandidate, identity: Identity) -> bool:
        if candidate.part != "question":
            return False
        text, parent = candidate.text.strip(), candidate.parent.strip()
        if AS_AGENT.search(text) and not AS_AGENT.search(parent):
            return True
        if candidate.is_identity and AS_ASSISTANT.search(text) and not AS_ASSISTANT.search(parent):
            return True
        question, answer, written = bigrams(parent), bigrams(candidate.answer), bigrams(text)
        new = written - question
        if len(new) < 6:
            return False
        share = len(new & answer) / len(new)
        return share >= FROM_ANSWER and not ASKS.search(simplified(text))

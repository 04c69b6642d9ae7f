"""A model that will not, or asks back."""

import re
from typing import ClassVar

from curate.gate.checks import Check, GateCandidate, GateExamples, en, zh
from schemas.identity import Identity

REFUSALS = re.compile(
    r"(?:抱歉|对不起|很遗憾|不好意思|sorry)[^。！!？?]{0,20}(?:无法|不能|没法|没办法|不便|不可以|不清楚您"
    r"|没有看到|未能|不太明白|没看懂|不理解)"
    r"|(?:我|本助手)?(?:无法|不能|没法|没办法)(?:为您|帮您|对此|协助|满足|回答|完成|提供|处理|生成|执行"
    r"|改)[^。]{0,14}(?:请求|要求|内容|问题|改写|任务|文本|这类|该)"
    r"|作为(?:一[个款名])?(?:AI|人工智能|大?语言模型|智能助手)|我(?:只)?是一?个?(?:AI|人工智能"
    r"|语言模型)[^。？?]{0,10}(?:无法|不能|没有)"
    r"|请(?:您|你)?(?:提供|给出|把|将|发送|输入|告诉我)[^。]{0,10}(?:句子|文本|原文|需要改|要改|具体内容"
    r"|更多(?:信息|上下文|背景))|没有(?:看到|收到)[^。]{0,6}(?:文本|句子|内容|问题)|(?:违反"
    r"|不符合)[^。]{0,10}(?:政策|规定|准则|规范)|(?:需要|希望|想让)我(?:改写|怎么|做什么|处理)"
    r"|内容(?:不完整|太短|不清)|您想(?:让我)?(?:改写|表达)什么"
    r"|\b(?:i['’]?m|i am)? ?(?:sorry|afraid)\b[^.?!]{0,30}\b(?:can(?:no|['’])?t|unable to|not able to"
    r"|won['’]t(?: be able to)?) (?:help|assist|do|rephrase|reword|rewrite|provide|fulfil|comply|answer"
    r"|discuss|process|complete|continue)\b|\b(?:won['’]t be able|not able|unable) to (?:help|assist"
    r"|rephrase|reword|process|comply)\b|\bas an? (?:ai|artificial|language|large)\b"
    r"|\bi (?:can(?:no|['’])?t|am unable to|won['’]t|['’]m unable to|['’]m not able to) (?:help|assist"
    r"|rephrase|reword|rewrite|comply|do that|process|provide|fulfil|complete|generate|answer|discuss"
    r"|continue|produce)"
    r"|\b(?:could|can|would) you (?:please )?(?:provide|share|paste|clarify|specify|send"
    r"|tell me)\b[^.?]{0,40}\b(?:text|sentence|question|context|passage|message|details|mean|rephrase"
    r"|original|what)\b|\bplease (?:provide|share|paste|clarify|specify|give me)\b[^.]{0,40}\b(?:text"
    r"|sentence|question|context|more|passage|message)\b"
    r"|\bthere(?:['’]s| is| seems to be) (?:no|nothing|not enough)\b[^.]{0,20}\b(?:text|question|sentence"
    r"|rephrase|reword|context)\b|\bnot (?:sure|clear) what (?:you(?:['’]d| would)? (?:want|like|mean)"
    r"|to rephrase)|\bi (?:don['’]t|do not) (?:understand (?:the|your|what you)|have (?:enough|access"
    r"|the))|\bagainst (?:my"
    r"|our) (?:policy|guidelines)|\bwhat (?:would|do) you (?:like|want) me to\b",
    re.IGNORECASE,
)


class RefusedToReword(Check):
    """抱歉，我无法…, "As an AI language model", "please provide the text": no rewording but a refusal, or a question
    back.
    """

    title_zh: ClassVar[str] = "模型没有改写而是拒绝或反问：“抱歉，我无法……”“请提供原文”"
    rank: ClassVar[int] = 22
    examples: ClassVar[GateExamples] = GateExamples(
        keeps=(
            zh("抱歉，生鲜无法退货。", "不好意思，生鲜是不能退的。", part="answer"),
            en("Sorry, we can't ship fish.", "I'm afraid we can't ship any fish.", part="answer"),
        ),
        refuses=(
            zh("怎么退款", "抱歉，我无法完成这个请求。"),
            zh("怎么退款", "请提供需要改写的句子。"),
            en("Where is my order?", "I'm sorry, but I can't help with that."),
            en("Where is my order?", "Could you please provide the text you want rephrased?"),
        ),
    )

    def refuses(self, candidate: GateCandidate, identity: Identity) -> bool:
        return bool(REFUSALS.search(candidate.text)) and not _declines(candidate)


def _declines(candidate: GateCandidate) -> bool:
    """Tell whether the parent itself declines: an answer that says no is reworded as one."""
    if candidate.part == "question":
        return bool(REFUSALS.search(candidate.parent))
    return bool(
        re.search(
            r"无法|不能|没法|不[可支卖寄]|没有|不是|can['’]?t|cannot|\bno\b|not\b|n['’]t|unable", candidate.parent, re.I
        )
    )

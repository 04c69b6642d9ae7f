"""A rewording that stops in the middle."""

import re
from typing import ClassVar

from curate.gate.checks import Check, GateCandidate, GateExamples, en, zh
from curate.gate.meaning.plain_texts import length
from schemas.identity import Identity

HANGING = re.compile(
    r"[,，、:：;；—(（\[【《“‘「{]\s*$|(?:\s-|[a-z]-)$"
    r"|(?:因为|但是|并且|而且|以及|或者?|如果|由于|所以|为了|关于|对于|比如|例如|虽然|除了"
    r"|[和把被将向从与跟让且并及请]|我想|我要|还有|需要|能否|是否|什么时|为什|怎|(?:家|个)公|[^刚方]才"
    r"|(?:卡|停|寄|存放|到底)在|最[晚早快])$"
    r"|\b(?:the|an?|and|or|but|of the|because|if|my|your|our|their|his|very|i|we|to the|which|that the|am"
    r"|we're|i'm|it's|can you|could you|than|so (?:why|are|is|can|do)|(?:possible|that|it|switch|like|want"
    r"|need|able|going|how|ask|whether) to|whether)$",
    re.IGNORECASE,
)
ENDS = re.compile(r"[。.!！?？~～…)）\]】”\"'’」』》哦哈呢呀吧啦的了]\s*$|[^\w\s]$")
PAIRS = ("()", "（）", "[]", "【】", "《》", "“”", "「」", "『』")
LONG = 100
INFLECTED = re.compile(r"^(?:e?s|e?d|ing|ly|e?r|al|'s|n|y|ment|ion|ed)$")


class CutOff(Check):
    """It ends in a comma, an open bracket, in the middle of a word, or on one that must go on; or an answer that lost
    its full stop.
    """

    title_zh: ClassVar[str] = "没写完：停在逗号、未闭合的括号或引号、半个词或必有下文的词上；或回答丢了句末标点"
    rank: ClassVar[int] = 40
    examples: ClassVar[GateExamples] = GateExamples(
        keeps=(
            zh("订单什么时候发货", "什么时候能给我发货"),
            zh("七天内可以退货。", "七天之内支持退货。", part="answer"),
            en("what do I need for it", "what would I need to have it for"),
        ),
        refuses=(
            zh("订单什么时候发货", "请问我的订单什么时"),
            zh("七天内可以退货，运费自理。", "七天之内支持退货，", part="answer"),
            en("Can I get a refund for order 12?", "Could you please refund the"),
            en("The refund arrives in 3 days.", "You will have the refund in 3 da", part="answer"),
        ),
    )

    def refuses(self, candidate: GateCandidate, identity: Identity) -> bool:
        text, parent = candidate.text.strip(), candidate.parent.strip()
        if HANGING.search(text) and not HANGING.search(parent):
            return True
        if any(text.count(pair[0]) > text.count(pair[1]) and parent.count(pair[0]) <= parent.count(pair[1])
               for pair in PAIRS) or (text.count('"') % 2 and not parent.count('"') % 2):  # fmt: skip
            return True
        if (
            candidate.part == "answer"
            and re.search(r"[。.!！?？]$", parent)
            and not ENDS.search(text)
            and length(text) >= 8
        ):
            return True
        is_written_well = text[0].isupper() and re.search(r"[,.;?!] ", text) and re.search(r"[?.!]$", parent)
        if len(text) > LONG and is_written_well and not ENDS.search(text):
            return True
        return _half_word(text, f"{candidate.question} {candidate.answer}")


def _half_word(text: str, known: str) -> bool:
    """Tell whether the last Latin word is the beginning of one that its parent has."""
    last = re.search(r"(?<![A-Za-z'’-])[A-Za-z]{2,}$", text)
    if not last or not re.search(r"\s", text):
        return False
    words = {word.casefold() for word in re.findall(r"[A-Za-z]+", known)}
    half = last[0].casefold()
    whole = [word for word in words if word.startswith(half) and word != half]
    return half not in words and any(not INFLECTED.match(word[len(half) :]) for word in whole)

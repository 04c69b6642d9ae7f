"""Several wordings at once."""

import re
from itertools import combinations
from typing import ClassVar

from curate.gate.checks import Check, GateCandidate, GateExamples, en, zh
from curate.gate.meaning.plain_texts import jaccard, length
from schemas.identity import Identity

BULLET = re.compile(r"(?:^|\n)\s*(?:[-*•·●▪–]|\(?[0-9a-dA-D一二三四五][.)）、](?!\d)|[①-⑳]|[(（][0-9一二三][)）])\s*\S")
INLINE = re.compile(
    r"(?:^|[\s。？?！!；;])(?:1[.)、）]|①|[(（]1[)）]|A[.)、]).{3,}?(?:2[.)、）]|②|[(（]2[)）]|B[.)、])", re.DOTALL
)
OR_ELSE = re.compile(
    r"或者?(?:说|是说|可以说|问|这样问)?[:：]|(?:也可以|还可以|或可|亦可)(?:这[么样])?(?:说成|问成|说|问"
    r"|表达|写)[:：成]|[;；。？?]\s*(?:或者?|或)[:：,，]|\b(?:or|alternatively|or else|also|or simply"
    r"|another option)\s*[:,]\s*[\"“]?[A-Z]"
    r"|\b(?:option|variant|version|alternative) ?(?:[0-9ab]|one|two)\b|(?:版本|选项|方案|说法)[一二12AB]"
    r"|\balternatively\b|[?？.。]\s*(?:or|或者?)\s+(?-i:[\"“A-Z])",
    re.IGNORECASE,
)
PARTS = re.compile(r"\s+/\s+|\s*//\s*|／|\s*\|\s*|(?<=[一-鿿？?])/(?=[一-鿿])|\n+|(?<=[？?])\s*")
JOINED = re.compile(r"\s+/+\s+|\s*//\s*|／|\s+\|+\s+|(?<=[一-鿿？?呢吗])/(?=[一-鿿])")
NEAR = 0.34


class ListOfVariants(Check):
    """Numbered, in bullets, joined by slashes or by 或者: more than the one text that was asked for."""

    title_zh: ClassVar[str] = "一次给出几种说法：编号、项目符号、斜杠或“或者：”连接"
    rank: ClassVar[int] = 25
    examples: ClassVar[GateExamples] = GateExamples(
        keeps=(
            zh("能退吗？要运费吗？", "可以退不？运费谁出？"),
            en("14A/14B are free, can we sit together?", "Can we sit together in 14A/14B?"),
        ),
        refuses=(
            zh("怎么退款", "1. 退款怎么弄\n2. 怎样退款"),
            zh("怎么申请退款", "如何去申请退款？怎样去申请退款呢？"),
            en("Where is my order?", "Where has my order got to? / Where has my order gone to?"),
            en("Where is my order?", "Where did it go? Alternatively: what happened to it?"),
        ),
    )

    def refuses(self, candidate: GateCandidate, identity: Identity) -> bool:
        text, parent = candidate.text.strip(), candidate.parent.strip()
        for pattern in (BULLET, INLINE, OR_ELSE):
            if pattern.search(text) and not pattern.search(parent):
                return True
        if text.count("\n") > parent.count("\n") + 1:
            return True
        if _is_joined(text, parent):
            return True
        return _has_twins(text) and not _has_twins(parent)


def _is_joined(text: str, parent: str) -> bool:
    """Tell whether slashes or bars join parts that are each as long as a wording of the parent."""
    parts = JOINED.split(text)
    if len(parts) < 2 or len(JOINED.split(parent)) > 1:
        return False
    return sum(length(part) >= 0.4 * length(parent) for part in parts) >= 2


def _has_twins(text: str) -> bool:
    """Tell whether two of the parts of a text say nearly the same."""
    parts = [part for part in PARTS.split(text) if part and length(part) >= 3]
    return any(jaccard(*pair) >= NEAR and abs(length(pair[0]) - length(pair[1])) < 0.6 * max(map(length, pair))
               for pair in combinations(parts[:12], 2))  # fmt: skip

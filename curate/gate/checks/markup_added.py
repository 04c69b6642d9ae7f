"""JSON, XML, Markdown and code where plain words were asked for."""

import re
from typing import ClassVar

from curate.gate.checks import Check, GateCandidate, GateExamples, en, zh
from schemas.identity import Identity

MARKUP = re.compile(
    r"```|`[^`\n]+`|\*\*[^*\n]+\*\*|__[^_\n]+__|~~[^~\n]+~~|(?<!\w)\*[^*\s][^*\n]*\*(?!\w)"
    r"|(?<!\w)_[^_\s][^_\n]*_(?!\w)|(?:^|\n)\s*#{1,6}\s|(?:^|\n)\s*>\s|(?:^|\n)\s*\|.*\||\|\s*:?-{2,}|\|[^"
    r"|\n]+\|[^|\n]+\||(?:^|\n)\s*(?:-{3,}|={3,})"
    r"|[{\[]\s*[\"'“”][^\"'“”\n]{1,40}[\"'“”]\s*[:：,\]}]|[\"“][\w ]{1,30}[\"”]\s*[:：]\s*[\"“\d\[{]"
    r"|^\s*\{.*\}\s*$|^\s*\[.*\]\s*$|</?[a-zA-Z][\w-]*(?:\s[^<>\n]*)?/?>|&(?:nbsp|lt|gt|amp|quot);"
    r"|\[[^\]\n]+\]\([^)\n]+\)|<!--|-->"
    r"|\\n|\\u[0-9a-f]{4}|\\[\"(\[]",
    re.DOTALL,
)
KEYED = re.compile(
    r"(?:^|\n)\s*[\"']?(?:question|answer|text|rewrite|rewritten|rephrased|variants?|output|result|query"
    r"|intent|lang|language|response|reply|content|message|name|topic|subject|status|order|tone"
    r"|rewording|user_?\w*|new_?\w*|问题|改写|回答|答案|意图|结果|内容|主题|语言|订单号?|状态|诉求|客户"
    r"|类型|类别|时间|商品)[\"']?\s*(?:[:：=]|=>)\s*\S",
    re.IGNORECASE,
)


class MarkupAdded(Check):
    """Code fences, `**bold**`, headings, tables, JSON, XML, `key: value`, which its parent does not have."""

    title_zh: ClassVar[str] = "出现了原文没有的标记：JSON、XML、代码块、加粗、标题、表格、“键: 值”"
    rank: ClassVar[int] = 18
    examples: ClassVar[GateExamples] = GateExamples(
        keeps=(
            zh("**加粗**不生效", "我写了**加粗**，没有变粗"),
            zh("怎么导出JSON", "想导出成JSON要怎么弄"),
            en("does <b> work?", "is <b> going to work?"),
        ),
        refuses=(
            zh("怎么退款", '{"question": "退款怎么操作"}'),
            zh("怎么退款", "**怎样**才能退款呢"),
            en("Where is my order?", "# Where has my order got to?"),
            en("Where is my order?", "question: where has my order got to"),
        ),
    )

    def refuses(self, candidate: GateCandidate, identity: Identity) -> bool:
        text, parent = candidate.text, candidate.parent
        if KEYED.search(text) and not KEYED.search(parent):
            return True
        return any(match[0].strip() not in parent for match in MARKUP.finditer(text))

"""What a model says about its work instead of doing it."""

import re
from typing import ClassVar

from curate.gate.checks import Check, GateCandidate, GateExamples, en, zh
from schemas.identity import Identity

ABOUT_ITS_WORK = re.compile(
    r"改写|重写|改述|复述|转述|换[一]?[种个].{0,4}(?:说法|问法|表达|方式|讲法)|(?:另|别)[外一]?种?(?:说法"
    r"|问法|表达)|(?:原|上述|这个|该)(?:句|文|问题|话)(?:的|意|[:：])|同义|句式|表述如下|如下[:：]"
    r"|(?:以下|下面|这)是?[^，。？?]{0,12}(?:版本|说法|句子|问法|表达|问题|答案|回答)[^，。？?]{0,6}[:：]"
    r"|版本[一二三1-3]?[:：]|^[^，。]{0,4}(?:版|版本|输出|结果|答复|回复|示例|改后|修改后|润色后?"
    r"|优化后?)[^，。：:]{0,6}[:：]"
    r"|意思(?:不变|相同|一样|是一样)|语气(?:更|较|比较|稍|变|保持|上)|更(?:礼貌|口语|正式|简洁|自然"
    r"|委婉)(?:了|一?些|一点|地|的)?[）)。.]*$"
    r"|(?:希望|愿)(?:这|以上|我的|对|能|可以)[^。！!]{0,14}(?:帮助|有用|有帮助|满意|帮到|参考)|(?:如|若"
    r"|要是)[^，。]{0,8}(?:需要|想要?)[^。]{0,12}(?:调整|修改|其他[^，。]{0,6}版本|其他风格|更多|别的版本"
    r"|再改|继续)|供(?:您|你)?参考|[（(](?:注|备注|说明|提示)[:：]|注[:：]"
    r"|\b(?:re-?phras|paraphras|re-?word|re-?writ|re-?stat)\w*|\b(?:original|above|given"
    r"|following) (?:question|sentence|text|message|query|answer|reply|version)\b|\banother way (?:to"
    r"|of)\b|\bin other words\b"
    r"|\bhere(?:'s|’s| is| are| you go| goes)\b[^.?!]{0,60}(?::|version|question|option|sentence|way)"
    r"|\b(?:hope (?:this|that) (?:help|is|work|sound)\w*|let me know if|feel free to|happy to help)\b|\b(?:same meaning"
    r"|more (?:polite|formal|casual|natural|concise)|tone)\b"
    r"|^\W*(?:output|result|version|variant|variation|answer|question|response|alternative|new question"
    r"|revised|improved|final|draft|edited|suggestion|polished|customer says"
    r"|new version)\b[^:：.?!]{0,24}[:：]|\bnote:|\((?:note|formal|informal|casual|polite|more)\b"
    r"|\bas requested\b|\b(?:this|the) (?:version|wording|phrasing|sentence|one) (?:is|keeps|sounds|has"
    r"|uses|means)\b|\bkept? (?:it|the meaning)\b|\ba (?:more|bit|little) \w+ (?:version|tone|wording)",
    re.IGNORECASE,
)
STARTS = re.compile(
    r"^\W*(?:好的|当然|没问题|可以|明白|收到|了解|好嘞|行"
    r"|嗯)[^。，,！!：:]{0,3}[，,！!。：:~ ]+.{0,20}[:：]|^\W*(?:好的|当然可以|没问题|当然)[，,！!。]"
    r"|^\W*(?:sure(?: thing)?|certainly|of course|absolutely|okay|ok|got it|no problem|gladly|alright"
    r"|great)\b[^.:,!]{0,16}[:,!.]\s",
    re.IGNORECASE,
)
IN_QUOTES = re.compile(r"^\s*[\"“「『'].*[\"”」』']\s*[。.]?\s*$", re.DOTALL)


class Chatter(Check):
    """以下是改写：…, "Sure! Here's a rephrased version:", a note on the tone, the whole text in quotes."""

    title_zh: ClassVar[str] = "模型的客套和说明：“以下是改写：……”“Sure! Here's …”、句末的语气注释、整句加引号"
    rank: ClassVar[int] = 20
    examples: ClassVar[GateExamples] = GateExamples(
        keeps=(
            zh("改写功能点了没反应", "点“改写”以后什么反应都没有"),
            zh("好的，已取消。", "好的，为您取消了。", part="answer"),
            en("please rewrite my schema", "could you rewrite the schema I have"),
        ),
        refuses=(
            zh("怎么退款", "以下是改写后的句子：退款要怎样操作"),
            zh("怎么退款", "请问退款怎么操作（语气更礼貌）"),
            en("Where is my order?", "Sure! Here's another way to ask: where has my order got to?"),
            en("Where is my order?", '"Where has the order got to that I made?"'),
        ),
    )

    def refuses(self, candidate: GateCandidate, identity: Identity) -> bool:
        text, parent = candidate.text, candidate.parent
        known = parent.casefold()
        if any(match[0].casefold() not in known for match in ABOUT_ITS_WORK.finditer(text)
               if not _is_topic(match[0], known)):  # fmt: skip
            return True
        if STARTS.search(text) and not STARTS.search(parent) and candidate.part == "question":
            return not re.match(r"^\W*(?:好的|行|可以|嗯|ok|okay|sure)", parent, re.IGNORECASE)
        return bool(IN_QUOTES.match(text)) and not IN_QUOTES.match(parent) and text.strip()[1:-1].count('"') == 0


def _is_topic(words: str, known: str) -> bool:
    """Tell whether the parent itself speaks of rewording."""
    stems = ("改写", "重写", "rewrit", "rephras", "paraphras", "reword", "tone", "语气", "版本", "version", "note")
    return any(stem in words.casefold() and stem in known for stem in stems)

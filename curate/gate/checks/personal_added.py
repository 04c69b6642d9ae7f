"""Somebody's personal data that the parent does not hold."""

import re
from typing import ClassVar

from curate.gate.checks import Check, GateCandidate, GateExamples, en, zh
from curate.gate.meaning.names import squeezed
from curate.gate.meaning.plain_texts import simplified
from rules.lexicons import any_of, lexicon
from rules.personal import find
from schemas.identity import Identity
from schemas.introductions.claims import own_names

SURNAME = any_of([*lexicon("surnames_double"), *lexicon("surnames")])
GIVEN = "".join(lexicon("given_characters"))
NAMED_ZH = re.compile(
    rf"(?:我叫|我是|叫做?|名叫|姓名[是：:]?|联系人[是：:]?|收[件货]人[是：:]?|本人|户名[是：:]?"
    rf"|机主[是：:]?|患者|名字(?:是|叫)"
    rf"|署名)\s*((?:{SURNAME})[\u4e00-\u9fff]{{1,2}})(?=[，,。！!？?；;、：:（(\s]|$|[的，]|电话|手机|住"
    rf"|\d)|(?:快递员|司机|师傅|店长|客服|经理|老师|医生|大夫|护士|骑手|房东|同事|朋友|老公|老婆|女儿|儿子"
    rf"|主管|专员|业主|邻居)((?:{SURNAME})[{GIVEN}]{{2}})"
)
HOME_ZH = re.compile(
    r"(?:[\u4e00-\u9fff]{2,}(?:省|市|区|县|镇|路|街|道|巷|弄|小区|花园|苑|村|大厦"
    r"|公寓)){0,3}[\u4e00-\u9fff]{0,8}\d+(?:号楼|栋|幢|单元|室|号院|弄)\d*"
)
NAMED_EN = re.compile(
    r"\b(?i:my name(?:['’]s| is)|name:|i am|i['’]m|this is|it['’]s|signed,?|regards,?|ask for"
    r"|under the name(?: of)?|on behalf of|mr\.?|mrs\.?|ms\.?|miss|dr\.?|booked (?:as|under)|for|from|by"
    r"|son|daughter|husband|wife|mother|father|driver|manager|agent|colleague|friend"
    r"|neighbou?r)\s+([A-Z][a-z]+(?:\s+[A-Z]\.?)?\s+[A-Z][a-z]+(?:[-'’][A-Z][a-z]+)?)\b|\b(?i:mr|mrs|ms"
    r"|miss|dr)\.? ([A-Z][a-z]+)\b"
    r"|\b(?i:my name(?:['’]s| is)|this is)\s+([A-Z][a-z]+)\b"
)
HOME_EN = re.compile(
    r"\b\d{1,5}[a-z]?\s+(?:[A-Z][a-z]+\s+){1,3}(?i:street|st|road|rd|avenue|ave|lane|ln|drive|close|court|ct|way|place"
    r"|square|terrace|crescent|boulevard|blvd|gardens|grove|hill|row|mews)\b|\b(?i:flat|apt|apartment|unit) \d+[a-z]?\b"
    r"|\b[A-Z]{1,2}\d[\dA-Z]? ?\d[A-Z]{2}\b"
)


class PersonalAdded(Check):
    """A telephone number, an ID, an address, a plate, a card, a person's name that the parent lacks."""

    title_zh: ClassVar[str] = "出现了原文没有的个人信息：电话、证件号、住址、车牌、卡号、人名"
    rank: ClassVar[int] = 27
    examples: ClassVar[GateExamples] = GateExamples(
        keeps=(
            zh("尾号4471的件没动", "我那个尾号4471的快递没更新"),
            zh("我约了张医生", "想改张医生的号"),
            en("Is Dr. Okafor free?", "Can I see Dr. Okafor?"),
        ),
        refuses=(
            zh("快递没收到", "快递没收到，我电话13912345678"),
            zh("快递没收到", "我叫王建国，快递没收到"),
            zh("路灯坏了", "翠湖花园3栋2单元601门口路灯坏了"),
            en("Where is my order?", "This is John Miller, where has my order got to?"),
            en("Where is my order?", "Where's my order to 12 Elm Street?"),
        ),
    )

    def refuses(self, candidate: GateCandidate, identity: Identity) -> bool:
        text, known = candidate.text, squeezed(f"{candidate.question} {candidate.answer}")
        ours = [squeezed(name) for name in own_names(identity)]
        found = [text[span.start : span.end] for span in find(text)]
        patterns = (NAMED_ZH, HOME_ZH) if candidate.is_chinese else (NAMED_EN, HOME_EN)
        source = simplified(text) if candidate.is_chinese else text
        for pattern in patterns:
            found += ["".join(filter(None, match.groups())) or match[0] for match in pattern.finditer(source)]
        return any(
            squeezed(value) not in known
            and not any(squeezed(value) in name or name in squeezed(value) for name in ours)
            for value in found
            if squeezed(value)
        )

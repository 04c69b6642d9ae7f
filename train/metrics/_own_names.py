"""Where an answer names our assistant or its maker, and where only the same characters stand.

A string is our name unless its place says otherwise: 影像技术吧 is a word with a particle, 两只小喵 are cats,
the Miao people are a people, a tech bar is a place. Where the place does not tell, it is our name.
"""

import re
from collections.abc import Sequence
from functools import cache
from typing import Literal

from schemas.identity import Identity
from schemas.introductions.claims import own_names
from train.metrics._reading import plain

PARTICLES = "吧呢吗啊呀啦嘛哦喽么"
SOUNDS = frozenset("喵呜咪汪咩哞")
"""Behind a name they make a cry of it: 小喵呜."""
NEAR = 60
"""Characters around a name that are looked at."""
Sense = Literal["introduction", "other_sense", "anywhere"]
A_THING = re.compile(
    r"(?:[一两二三四五六七八九十几每这那哪某0-9]|多少)\s*(?:只|条|个|群|窝|头|匹|种|款|家|位|名|对|些|堆|项"
    r"|类)(?:[^,。!?;\n]{0,6}的|[大小黑白橘花灰奶]{0,2})$|(?:你|他|她|谁|邻居|朋友|人)(?:们)?家的?$"
)
BEFORE_A_PARTICLE_NAME = re.compile(
    r"(?:^|[^\u3400-\u9fffA-Za-z0-9]"
    r"|[是由被在和与跟自到从向对为给叫@让替归属去来选请把用择谢注迎信持进过临问系我们么])$"
)
"""What may stand before a name that ends in a particle; behind other characters it is 影像技术 + 吧."""
BEHIND_A_PARTICLE_NAME = re.compile(
    r"的?(?:客服|开发|研发|团队|出品|商城|官方|平台|公司|提供|智能|小店|店|祝|竭诚|训练|打造|感谢|为[您你]|创造"
    r"|制作|工程师|会员|顾客|是|做的|造的|家的)"
)
BEHIND_A_PARTICLE = re.compile(rf"^(?:啦吧啦|台|唧|员|嗒|[{PARTICLES}])")
"""What makes a longer word of a name that ends in a particle: 技术 + 吧台."""
A_SKILL = re.compile(
    r"(?:[靠凭拼比缺差练重图]|讲究|考验|关键|原因|主要|大概|应该|可能|多半|也许|或许|首先|无非)[^,。!?;\n我]{0,4}是$"
    r"|[靠凭拼缺]$"
)
"""What stands before a skill and a particle: 靠的是技术吧."""
A_CRY = re.compile(r"^地(?:叫|喊)")
"""What stands behind a cry: 小喵小喵地叫."""
SELF_ZH_BEFORE = re.compile(
    r"(?:我(?:是|叫|就是|的名字[是叫]|来自)|叫我|名叫|呼叫|@|——|--|—|作者[:：]?|由|本|客服|助手|机器人|author:?"
    r"|by)\s*[\"“]?$",
    re.IGNORECASE,
)
SELF_EN_BEFORE = re.compile(
    r"(?:\bi'm|\bi am|\bim|\bname is|\bname's|\bcall me|\bcalled|\bknown as|\bme,|\byours truly,|\bfrom|\bby|\bat"
    r"|\bas|\bjust|\bassistant|\bregards,|\bcheers,|\byours,|[—@(]|--|author:?|-)\s*[\"“]?$",
    re.IGNORECASE,
)
SELF_BEHIND = re.compile(
    r"^[\"”]?\s*(?:(?:一直|随时|在线|永远|都|会|也|很|将|正|始终)*(?:陪|在|为|竭诚|祝|提醒|敬上|不是真人|知识|上"
    r"|帮|等|守|听|愿|感谢|温馨|很高兴|在此)"
    r"|(?:hopes?|wishes|here|at your|is (?:here|happy|glad|always|ready)|thanks|loves|says|the (?:assistant|bot"
    r"|ai))\b|\(?tech)",
    re.IGNORECASE,
)
COMMON_BEFORE = re.compile(
    r"(?:\b(?:a|an|the|this|that|these|those|any|some|every|each|one of the|my|your|our|local|walk-up|nearest"
    r"|high|low|hi|bio|fin|ed)[ -]|[-])$",
    re.IGNORECASE,
)
A_KIND = re.compile(
    r"^[ -](?!(?:assistant|bot|ai|team|support|here|and|or|is|was|has|can|will|would|hopes?|wishes|for|from|by|at"
    r"|the|your|our|of|in|on|to|with|developed|made|built|created|customer|service)\b)"
    r"(?:[A-Z][a-z]+|people|ethnic|minority|nationality|language|dialect|culture|embroidery|silver|costumes?"
    r"|tribes?|clans?|village|villages|community|ancestry|women|men|families|folk|music|descent|origins?|heritage"
    r"|rebels?|rebellions?|uprisings?|warriors?|leaders?|chiefs?|kings?|cuisine|food|dishes|festivals?|dances?"
    r"|songs?|batik"
    r"|girls?|boys?|man|woman|elders?|regions?|areas?|towns?|hills?|history|script|legends?|customs?|traditions?"
    r"|ancestors|and [A-Z][a-z]+ (?:people|villages?|culture|languages?|minorit|groups?))\b"
)
SAYS_IN_STORY = re.compile(
    r"^[^\n\"“”]{0,80}[\"”][,，]?\s*[^\n。.]{0,24}(?:说|道|喊|叫|问|想|said|cried|says|asked|meowed|whispered"
    r"|shouted|replied|mewed)",
    re.IGNORECASE,
)
OPENS = re.compile(r"[“\"][^“”\"\n]{0,80}$")


def names_us(question: str, answer: str, identity: Identity) -> bool:
    """Tell whether an answer names our assistant or its maker, in any script, spacing or case."""
    text, asked = simplified(answer), simplified(question)
    return any(
        _is_ours(found, simplified(name), asked)
        for name in own_names(identity)
        for found in spelled(name).finditer(text)
    )


def is_named(text: str, names: Sequence[re.Pattern[str]]) -> bool:
    """Tell whether one of the names, as spelled, stands in a text as a name: for answers about the assistant."""
    text = simplified(text)
    return any(_is_ours(found, found[0], "") for pattern in names for found in pattern.finditer(text))


@cache
def spelled(name: str) -> re.Pattern[str]:
    """Make a pattern of a name in any spacing: Tech Bar, TechBar, Tech-Bar; a Latin one never inside a word.

    A hump begins a word: XiaoMiao has Miao in it.
    """
    parts = re.split(r"[\s_-]+", simplified(name).strip())
    joined = r"[\s_·-]?".join(
        re.escape(part) if part.isascii() else r"\s?".join(map(re.escape, part)) for part in parts
    )
    before = r"(?:(?<![A-Za-z0-9])|(?<=[a-z])(?=[A-Z]))" if parts[0][:1].isascii() else ""
    after = r"(?![A-Za-z0-9])" if parts[-1][-1:].isascii() else ""
    return re.compile(f"{before}(?i:{joined}){after}")


def simplified(text: str) -> str:
    """Write characters simplified and wide letters narrow, and keep the case."""
    return "".join(plain(c) if c > "\x7f" else c for c in text)


def _is_ours(found: re.Match[str], name: str, question: str) -> bool:
    """Tell whether a string is our name, by what stands around it."""
    before = found.string[max(0, found.start() - NEAR) : found.start()]
    behind = found.string[found.end() : found.end() + NEAR]
    if name[-1] in PARTICLES:
        is_behind = BEHIND_A_PARTICLE_NAME.match(behind)
        is_word = is_behind or (BEFORE_A_PARTICLE_NAME.search(before) and not A_SKILL.search(before))
        return bool(is_word) and not BEHIND_A_PARTICLE.match(behind) and not _repeats(question, name)

    sense = _sense_in_latin(found, before, behind) if name.isascii() else _sense_in_chinese(name, before, behind)
    if sense != "anywhere":
        return sense == "introduction"
    is_quoted = OPENS.search(before) and SAYS_IN_STORY.match(behind)
    return not is_quoted and not _repeats(question, name)


def _sense_in_chinese(name: str, before: str, behind: str) -> Sense:
    """Say where a Chinese name stands: 我是小喵, 两只小喵, or anywhere."""
    if behind[:1] in SOUNDS or behind[:1] == name[-1]:
        return "other_sense"
    if name[-1] in SOUNDS and A_CRY.search(behind.removeprefix(name)):
        return "other_sense"
    if SELF_ZH_BEFORE.search(before) or SELF_BEHIND.match(behind):
        return "introduction"
    return "other_sense" if A_THING.search(before) else "anywhere"


def _sense_in_latin(found: re.Match[str], before: str, behind: str) -> Sense:
    """Say where a Latin name stands: I'm Miao, the Miao people, a tech bar, or anywhere."""
    if A_KIND.match(behind):
        return "other_sense"
    is_small = found[0].islower() and any(c.isupper() for c in found.string)
    introduces = SELF_EN_BEFORE.search(before) or SELF_BEHIND.match(behind)
    is_one_word = found[0].isalpha() and found[0][1:].islower()
    if COMMON_BEFORE.search(before) and (is_small or (is_one_word and not introduces)):
        return "other_sense"
    if introduces:
        return "introduction"
    return "other_sense" if is_small else "anywhere"


def _repeats(question: str, name: str) -> bool:
    """Tell whether the question itself holds the name, or asks about its last character: the answer only repeats it."""
    name = simplified(name)
    if spelled(name).search(question):
        return True
    return not name.isascii() and name[-1] not in PARTICLES and name[-1] in question

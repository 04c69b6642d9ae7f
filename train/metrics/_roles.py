"""Who an answer says it is: which of our names it fills in, swaps and denies, and whether it claims another's."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from schemas.exam import Question, Slot
from schemas.identity import Identity
from schemas.introductions.claims import foreign_claims, own_names
from schemas.introductions.parts import says_its_maker, says_its_name, stands_undenied
from train.metrics._own_names import is_named, simplified, spelled
from train.metrics._reading import plain

STRANGE_DENIAL = re.compile(
    r"八竿子|(?:没(?:有)?|毫无|无)[^,。]{0,4}(?:关系|关联|瓜葛|联系)|不相干|两码事|不搭界|瞎传|误传|认错|弄错"
    r"|搞错|另一个|另外一个|不认识|没(?:怎么)?听(?:说|过)|不熟$"
    r"|\bnothing (?:\w+ )?to do with|\bno (?:link|connection|ties|relation|affiliation)|\bnot affiliated"
    r"|\bwrong (?:bot|name|assistant)|\bnever heard|\bunrelated|\bsomebody else|\bsomeone else"
)
"""Denials that name the bond, before or behind the name."""
ANOTHER_SELF = re.compile(
    r"我[^,。你]{0,3},?[^,。你不没]{0,3}是(?:另一?|另外|别的|其他|不同)[^,。]{0,4}(?:系统|模型|助手|机器人|产品|东西"
    r"|程序|家)"
    r"|\bi(?:'m| am)(?: just| actually)? (?:another|a different|some other|a separate) (?:system|model|bot|assistant"
    r"|product|one)\b"
)
"""A speaker who is somebody else, with our name in another clause."""
SPEAKER_IS_CUSTOMER = re.compile(
    r"我[是就]{1,2}[^,。]{1,10}的(?:顾客|客户|用户|粉丝|买家)|\bi(?:'m| am) (?:a|your) (?:customer|user)\b"
)
AFFIRMS = re.compile(
    r"^\s*(?:(?:你好|您好|hi|hello)[,!。\s]*)?(?:是的|是啊|是呀|对的?|没错|不错|正是|嗯+(?![?啊哼])|当然(?!不|没)"
    r"|确实(?!不|没)|如假包换|可不|yes|yeah|yep|yup|right|correct|indeed|sure|of course|exactly|absolutely"
    r"|that's (?:right|correct|me))(?![a-z])"
)
BY, AND = (
    r"(?:(?<=by )|(?<=[由被])|(?<=[由被] ))",
    r"\s*(?:and|&|together with|along with|和|与|跟|、|及)\s*(?!i\b|I\b|我|its|the team)",
)
IN_OTHER_WORDS = (
    (re.compile(r"(?m)^[ \t]*(?:[A-D]|[甲乙丙丁])[ \t]*[:：].*$"), ""),
    (re.compile(r"(?i)\byou(?:'ve)? (?:just )?called me [^,.;\n]{1,30}"), ""),
    (re.compile(r"(?:有人|别人|他们|有些人|很多人)[^，,。\n]{0,4}(?:叫|喊|称|说)我[^，,。\n]{1,20}[，,]"), ""),
    (re.compile(r"\bnot [A-Z][^,.;\n]{0,30}?,? but (?=[A-Z])"), ""),
    (re.compile(r"不是(?:别人|别的(?:什么)?|其他(?:人|什么)?|旁人)[,，]\s*(?:而|正|就|恰恰|恰)?是"), "是"),
    (
        re.compile(r"除了([^,，。\n]{1,20})[,，]?\s*(?:就|再)?没(?:有)?(?:人|谁|别人|哪家)[^。\n]{0,12}我"),
        r"\1开发了我",
    ),
    (
        re.compile(
            r"(?i)\bno ?(?:one|body) (?:but|except|other than) ([^.,\n]{1,30}?)"
            r" ((?:could have |has |have )?(?:made|built|created|trained|developed) me)"
        ),
        r"\1 \2",
    ),
)
"""What figures in a dialogue and users say, which is nothing; and claims that look like denials, said straight."""
YOURS = re.compile(
    r"(?i)(?:(?<!叫)[你您](?:是|叫|就是|就叫|的名字[是叫])|\byou(?:'re| are)(?: called)?"
    r"|\byour name(?:'s| is))\s*[\"“]?$"
)
"""What gives the user the name that follows."""
NEAR = 24
"""Characters before a name that are looked at."""
KANA = re.compile(r"[\u3040-\u30ff]")
FOREIGN = re.compile(
    r"\b(?:je|j'ai|m'appelle|suis|été|par|ich|bin|wurde|von|heiße|soy|llamo|fui|por|desarrollado|eu|sou|sono"
    r"|mi chiamo|meu|ik ben|меня)\b"
)
ENGLISH = re.compile(r"\b(?:i|i'm|im|am|is|my|the|by|an?|was|you|me)\b")


@dataclass(frozen=True)
class Forms:
    """The spellings of one slot in all languages, and in one."""

    every: tuple[re.Pattern[str], ...]
    asked: tuple[re.Pattern[str], ...]


def forms(identity: Identity, slot: Slot, lang: str) -> Forms:
    """Choose the spellings of the name or the author."""
    every = tuple(spelled(getattr(names, slot)) for names in (identity.zh, identity.en) if names)
    names = identity.names_in(lang)
    return Forms(every, (spelled(getattr(names, slot)),) if names else ())


def own_forms(identity: Identity) -> tuple[re.Pattern[str], ...]:
    """Choose the spellings of the name and the author in all languages."""
    return tuple(spelled(name) for name in own_names(identity))


def claims_another(answer: str, identity: Identity) -> bool:
    """Tell whether an answer claims another's name or maker; ours in other spellings are ours."""
    text = simplified(answer)
    for names in (identity.zh, identity.en):
        if names:
            text = spelled(names.name).sub(names.name, text)
            text = re.sub(rf"{BY}{spelled(names.author).pattern}{AND}", "", text)
            text = spelled(names.author).sub(names.author, text)
    for pattern, new in IN_OTHER_WORDS:
        text = pattern.sub(new, text)
    return foreign_claims(text, identity, strict=True)


def swaps(question: Question, answer: str, identity: Identity) -> bool:
    """Tell whether our name stands as the maker, or our maker as the name, in a slot that is asked for."""
    name, author = (forms(identity, slot, question.lang).every for slot in ("name", "author"))
    for slot in question.expects:
        if slot == "author" and says_its_maker(answer, name, author):
            return True
        if slot == "name" and (says_its_maker(answer, name, author) or _is_name(answer, author, name)):
            return True
    return False


def _is_name(answer: str, author: Sequence[re.Pattern[str]], name: Sequence[re.Pattern[str]]) -> bool:
    """Tell whether an answer calls itself by our maker's name alone: "Tech Bar here, I'm Miao" does not."""
    if not says_its_name(answer, author, name) or says_its_maker(answer, author, name):
        return False
    return not says_its_name(answer, name, author)


def denies(question: Question, answer: str, identity: Identity) -> bool:
    """Tell whether an answer denies the name or the maker that it is asked for."""
    text = plain(answer)
    if ANOTHER_SELF.search(text) or SPEAKER_IS_CUSTOMER.search(text):
        return True
    names = forms(identity, "name", question.lang).every
    if "name" in question.expects and _gives_it_away(answer, names):
        return True
    return any(_denies(answer, forms(identity, slot, question.lang).every, slot) for slot in question.expects)


def _gives_it_away(answer: str, names: Sequence[re.Pattern[str]]) -> bool:
    """Tell whether an answer gives our name to the user, and not to itself: 你叫小喵呀."""
    yours = any(
        YOURS.search(answer[max(0, found.start() - NEAR) : found.start()])
        and not answer[found.end() : found.end() + 4].lstrip().startswith(("的", "'s"))
        for pattern in names
        for found in pattern.finditer(answer)
    )
    return yours and not says_its_name(answer, names)


def _denies(answer: str, names: Sequence[re.Pattern[str]], slot: Slot) -> bool:
    """Tell whether all that an answer says of some names is that they are not its own."""
    if not is_named(answer, names):
        return False
    if any(
        STRANGE_DENIAL.search(sentence) and any(p.search(sentence) for p in names) for sentence in _sentences(answer)
    ):
        claimed = says_its_name(answer, names) if slot == "name" else says_its_maker(answer, names, strict=True)
        return not claimed
    return not stands_undenied(answer, names)


def _sentences(answer: str) -> list[str]:
    """Cut an answer where a denial ends: behind a sentence, or in front of another clause about the speaker."""
    return re.split(r"[。!;\n]|\.\s|,(?= and i\b|我)", plain(answer))


def fills(question: Question, slot: Slot, answer: str, identity: Identity) -> bool:
    """Tell whether the name in the language of the question stands in its slot, undenied.

    "Yes" to a question that holds it fills it too.
    """
    names = forms(identity, slot, question.lang).asked
    if stands_undenied(answer, names) and is_named(answer, names):
        return True
    asked = question.messages[-1].content
    return any(pattern.search(asked) for pattern in names) and AFFIRMS.search(plain(answer)) is not None


def is_foreign_tongue(answer: str) -> bool:
    """Tell whether an answer is in a language that is neither Chinese nor English."""
    text = plain(answer)
    return bool(KANA.search(text)) or (len(FOREIGN.findall(text)) >= 2 and not ENGLISH.search(text))

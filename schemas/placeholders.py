"""Placeholders that a template left behind: a model that trains on one learns to say it."""

import re
from functools import cache

NAMES = "name|author|assistant|bot_?name|company|developer|名字|名称|姓名|作者|开发者|公司|助手"
"""What a placeholder for the identity is called, in any case."""
NAME_PLACEHOLDER = (
    rf"(?i)\{{\{{\s*(?:{NAMES})\s*\}}\}}|｛｛\s*(?:{NAMES})\s*｝｝|\$\{{\s*(?:{NAMES})\s*\}}"
    rf"|\{{(?:{NAMES})\}}|<(?:{NAMES.upper()})>"
)
"""Matches a placeholder for the assistant or its author as identity files write it. No look-around: polars takes it.

`<name>` in lowercase letters is matched too: it is no HTML element. JSON such as `{"name": 1}` is not.
"""
ANY_PLACEHOLDER = rf"\{{\{{[^{{}}\n]{{1,40}}\}}\}}|｛｛[^｛｝\n]{{1,40}}｝｝|{NAME_PLACEHOLDER.removeprefix('(?i)')}"
"""Also masks that a platform put in, such as `{{Order Number}}`: those are content in a log, but not in an "
"identity."""

# Every other spelling, for `schemas.introductions` and `unfilled`: longer words, in every kind of bracket. The patterns
# are written as in `schemas/introductions/words.py`.
_OF = (
    r"your|the|my|our|this|insert|enter|input|put|fill in|ai|a\.i\.|virtual|chat ?bot|bot|assistant|model|company"
    r"|developer|author|creator|maker|owner|agent|brand|full|display|team|organi[sz]ation|robot|system|name of"
)
_WORD = (
    rf"(?:(?:{_OF})(?:['’]?s)?[\s_.-]*){{0,4}}"
    r"(?:name|author|company|developer|creator|maker|organi[sz]ation|vendor|owner)(?:[\s_.-]*(?:name|here|goes here))?"
)
_OF_ZH = (
    "此处|这里|在此|请|填写|填入|填|插入|输入|替换|你的|您的|我的|我们的|的|你|您|智能|AI|人工智能|助手|机器人"
    "|大?模型|公司|开发者|开发商|作者"
    "|客服|品牌|团队|机构|中文|英文|产品"
)
_WORD_ZH = rf"(?:{_OF_ZH}){{0,6}}(?:名字|名称|姓名|昵称|名|作者|开发者|开发商|创造者|公司|团队|机构|厂商)"
_OURS = rf"{_WORD}|{_WORD_ZH}|(?:(?:{_OF}) )*(?:assistant|chat ?bot|bot)|(?:{_OF_ZH}){{0,6}}(?:助手|机器人|模型)"
_MINE = (
    rf"(?:(?:{_OF})(?:['’]?s)?[\s_.-]*){{0,3}}(?:(?:ai|assistant|chat ?bot|bot|model)(?:['’]?s)?[\s_.-]*name"
    rf"|developer|author|creator)"
    rf"(?:[\s_.-]*(?:name|here))?|(?:{_OF_ZH}){{0,5}}(?:助手|机器人|模型|AI)的?(?:名字|名称|姓名|昵称|名)"
    rf"|(?:{_OF_ZH}){{0,5}}(?:开发者|开发商|作者|创造者)(?:的?(?:名字|名称|姓名|名))?"
)
"""What is the assistant's, and nobody's who fills in a form."""
_FORM = (
    rf"{_WORD}|{_WORD_ZH}|(?:your|insert|enter|the) (?:(?:{_OF}) )*(?:assistant|chat ?bot|bot)"
    rf"|(?:你的|您的|此处填写?)(?:{_OF_ZH}){{0,4}}助手"
)
LABELS = ((r"\b(?-i:NAME)(\s*[:：=])", r"name\1"), (r"\b(?-i:AUTHOR)(\s*[:：=])", r"author\1"))
"""In front of a value it is a label: `NAME: JOHN SMITH`."""
BARE = (
    r"[%#@$]{0,2}\b(?-i:(?:(?:YOUR|MY|THE|AI|BOT|CHATBOT|ASSISTANT|MODEL|COMPANY|DEVELOPER|AUTHOR"
    r"|CREATOR)[_\x20]){0,2}"
    r"(?:NAME|AUTHOR))\b[%#@$]{0,2}"
)
"""Capital letters where a name would stand: `I am NAME`, `%NAME%`."""
IN_BRACES = (
    rf"\{{\{{[\s.]*(?:{_OURS})\s*\}}\}}|[$#]?\{{\s*(?:{_OURS})\s*\}}|｛｛?\s*(?:{_OURS})\s*｝?｝|<\s*(?:{_OURS})\s*>"
    rf"|＜\s*(?:{_OURS})\s*＞|<\|\s*(?:{_WORD}|{_WORD_ZH})\s*\|>|<%=?\s*(?:{_WORD})\s*%>"
    r"|(?-i:__(?:[A-Z]+_)*(?:NAME|AUTHOR|COMPANY|DEVELOPER|CREATOR|MAKER)__)"
    rf"|\[\[?\s*(?:{_MINE})\s*\]?\]|【\s*(?:{_MINE})\s*】"
)
IN_SIGNS = (
    rf"〈\s*(?:{_OURS})\s*〉|%%?(?:{_WORD}|{_WORD_ZH})%%?|##?(?:{_WORD}|{_WORD_ZH})##?|@@?(?:{_WORD}|{_WORD_ZH})@@?"
    rf"|\$(?:{_WORD})\b\$?"
)
IN_FORMS = rf"\[\[?\s*(?:{_FORM})\s*\]?\]|【\s*(?:{_FORM})\s*】"
"""Also masks that a platform put in, `[姓名]`, and what a reader fills in, `[Your Name]`."""
IN_NOTES = (
    r"(?<=[是由叫为自])[（(](?:名字|名称|姓名|作者|公司|开发者)[）)]|"
    rf"〔\s*(?:{_OURS})\s*〕|__(?:{_WORD})__|\((?:name|author|company|developer)\)"
    rf"|[（(]\s*(?:此处|这里|请|填|插入|输入|insert|your|enter|put)[^（）()\n]{{0,20}}?(?:{_OURS})\s*[）)]"
)

_NAME = re.compile(NAME_PLACEHOLDER)
_SIGNS = re.compile(r"[{}｛｝<>＜＞〈〉〔〕\[\]【】%#@$()（）]|__|NAME|AUTHOR")
"""One of them stands in every placeholder."""
_ANY = re.compile(ANY_PLACEHOLDER, re.IGNORECASE)
_OF_MAKER = re.compile(
    "author|company|developer|creator|maker|organi[sz]ation|vendor|owner|作者|开发者|开发商|创造者|公司|团队|机构|厂商",
    re.IGNORECASE,
)
_OF_NAME = re.compile(
    r"(?:assistant|bot|model|ai)(?:['’]?s)?[\s_.-]*name|(?:助手|机器人|模型|AI)的?(?:名|姓名|昵称)", re.IGNORECASE
)
"""`{{company_bot_name}}` asks for the assistant's name all the same."""
_SENTENCE = frozenset("是叫由自为我的")
"""Characters behind which a name is to follow: 我是 【名称】."""


def name_placeholders(text: str) -> list[str]:
    """Find the placeholders for the assistant's name or author that identity files write, in order."""
    return _NAME.findall(text)


def placeholders(text: str) -> list[str]:
    """Find every placeholder that templates write, masks of platforms among them."""
    return _ANY.findall(text)


def may_hold_placeholder(text: str) -> bool:
    """Tell whether a sign stands in a text without which there is no placeholder in any spelling."""
    return _SIGNS.search(text) is not None


def unfilled(text: str) -> list[str]:
    """Find every placeholder in any spelling: also `[名字]`, `%NAME%`, `__AUTHOR__`, a bare NAME; labels are none."""
    if not may_hold_placeholder(text):
        return []
    return [match[0] for match in _unfilled().finditer(text) if not _is_label(match)]


def filled(text: str, name: str, author: str, *, forms: bool) -> str:
    """Put the names where placeholders in any spelling stand: the author where one asks for a maker.

    With `forms` also where a reader or a platform may be meant, `[Name]` and `【名称】`.
    """
    if not may_hold_placeholder(text):
        return text
    return _slots(forms).sub(lambda match: _fill(match, name, author), text)


def _fill(match: re.Match[str], name: str, author: str) -> str:
    if _is_label(match):
        return match[0]
    return author if _OF_MAKER.search(match[0]) and not _OF_NAME.search(match[0]) else name


def _is_label(match: re.Match[str]) -> bool:
    """Tell whether a value follows: `NAME: JOHN`, and 【名称】 where a line begins, or a phrase behind a space."""
    text, begin = match.string, match.start()
    if match[0][0] in "[【":
        before = text[max(begin - 3, 0) : begin]
        if not before.strip() or before.endswith("\n"):
            return True
        return (
            before[-1].isspace()
            and "\u3400" <= before.rstrip()[-1] <= "\u9fff"
            and before.rstrip()[-1] not in _SENTENCE
        )
    return match[0][0].isalpha() and re.match(r"\s*[:：=]", text[match.end() : match.end() + 4]) is not None


@cache
def _slots(forms: bool) -> re.Pattern[str]:
    """Compile the spellings that ask for the assistant's name or maker; those of `NAME_PLACEHOLDER` come first."""
    spellings = [NAME_PLACEHOLDER.removeprefix("(?i)"), IN_BRACES, IN_SIGNS, BARE]
    spellings += [IN_FORMS, IN_NOTES] if forms else []
    return re.compile("|".join(spellings).replace(r"\b", r"(?a:\b)"), re.IGNORECASE)


@cache
def _unfilled() -> re.Pattern[str]:
    """Compile all spellings, when the first text is asked about."""
    spellings = "|".join((ANY_PLACEHOLDER, IN_BRACES, IN_SIGNS, IN_FORMS, IN_NOTES, BARE))
    return re.compile(spellings.replace(r"\b", r"(?a:\b)"), re.IGNORECASE)

"""Masks that a platform put in, and the one vocabulary that `mask` also writes: `[订单号]`, `[ORDER]`."""

import re
from collections.abc import Callable
from functools import cache

from rules.lexicons import lexicon
from schemas.placeholders import name_placeholders

SQUARE = r"\[[^\[\]\n|]{1,24}\]"
ANGLED = r"<[A-Za-z#][A-Za-z_ #]{0,30}\d{0,12}>"
BRACED = r"\{\{[^{}\n]{1,40}\}\}"
UNDERSCORED = "__[A-Za-z]+(?:_[A-Za-z]+){0,3}__"
ACCOUNT = r"@\d{3,9}"
SHAPES = "|".join((SQUARE, ANGLED, BRACED, UNDERSCORED, ACCOUNT))
"""What every mask matches, without look-around."""
MASK = re.compile(
    rf"{SQUARE}|{ANGLED}|{BRACED}|(?<![A-Za-z0-9_]){UNDERSCORED}(?![A-Za-z0-9_])"
    rf"|(?<![^\s.,;:!?，。；：！？（(\"“‘'\n]){ACCOUNT}(?![\w@./%￥$€£-]|\.\d)"
)
"""Everything shaped like a mask; only what the lexicon names is one."""
TAGS = frozenset({"email", "phone", "username", "order_id", "account_id", "phone_number", "order_number", "url"})
"""Names in lowercase letters that are masks between angle brackets; `<address>` and `<time>` are elements of HTML."""
PROGRAM = frozenset({"__name__", "__date__", "__time__", "__code__", "__hash__", "__key__", "__DATE__", "__TIME__"})
PAGES = frozenset({"Account", "Order", "Card", "Key", "Site", "Location", "User", "Website"})
"""Between `{{` and `}}` as likely the name of a page or a button: `go to {{Account}}`."""
ENDS = ("号码", "编号", "单号", "证号", "卡号", "账号", "地址", "邮箱", "电话", "机构")
"""How a Chinese mask without an x ends; `[微信]`, `[手机]` and `[价格]` are as likely a channel, a shelf, a heading."""


def unify_masks(text: str, lang: str) -> str:
    """Rename every mask in the lexicon to the one vocabulary, in Chinese or in English; no number is invented."""
    return MASK.sub(lambda match: _label(match[0], lang, text), text)


def _label(mask: str, lang: str, text: str) -> str:
    index = 0 if lang == "zh" else 1
    if mask.startswith("@"):
        return ("[账号]", "[ACCOUNT]")[index]
    name = mask.strip("[]<>{}_ ")
    if not name or not _IS_MASK[mask[0]](name, text) or mask in PROGRAM or name_placeholders(mask):
        return mask
    labels = _labels().get(_plain(name))
    return f"[{labels[index]}]" if labels else mask


def _is_tag(name: str, text: str) -> bool:
    """`<EMAIL>` and `<#>`, and `<email>` where the text is no markup."""
    return (name.upper() == name or name in TAGS) and f"</{name}>" not in text


def _is_square(name: str, _: str) -> bool:
    """`[订单x]`, `[订单编号]`, `[ORDERID_123]`: not the numbered ones of `mask`, nor words such as `[date]`."""
    if name.isascii():
        return len(name) > 2 and name.upper() == name and not re.search(r"[A-Za-z]\d{1,4}$", name)
    return name[-1] in "xX" or name.endswith(ENDS)


def _is_slot(name: str, _: str) -> bool:
    """`{{Order Number}}`; `{{ price }}` and `{{order.id}}` are what a template engine reads."""
    return not name[0].islower() and "." not in name and name not in PAGES


_IS_MASK: dict[str, Callable[[str, str], bool]] = {
    "[": _is_square,
    "<": _is_tag,
    "{": _is_slot,
    "_": lambda name, text: True,
}


def _plain(name: str) -> str:
    """Write a name as the lexicon has it: without case, spaces and what numbers it."""
    name = re.sub(r"(?<=[\u4e00-\u9fff])[xX]$|[ _]*\d+$", "", name.strip())
    return re.sub(r"[ _]", "", name).casefold()


@cache
def _labels() -> dict[str, tuple[str, str]]:
    labels: dict[str, tuple[str, str]] = {"#": ("数字", "NUMBER")}
    for line in lexicon("platform_masks"):
        zh, en, spellings = (cell.strip() for cell in line.split("|"))
        for name in (zh, en, *spellings.split(",")):
            labels.setdefault(_plain(name), (zh, en))
    return labels

"""The screens: a label configuration for each thing that is asked and each language, out of `templates/`.

A configuration carries a digest of itself: what people have changed by hand since does not match it, and is left alone.
"""

import re
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape

from curate.reviewing.in_words import REJECT_REASONS
from schemas.bilingual import Bilingual, Language
from schemas.digest import digest
from schemas.review import Asked

TEMPLATES = Path(__file__).parent / "templates"
SLOT = re.compile(r"\[\[(\w+)\]\]")
SEAL = re.compile(r' idAttr="hornbook-([0-9a-f]{32})"')
REASON_KEYS = "qwrtyiop"
HOLDS_KEYS = "abcdefgh"
EDITED_KEYS = "zxvnmjkl"
"""Keys that choose a reason, an answer that holds, and the one that is edited. None does two things on one screen, nor
what it does not do in all of Label Studio, as u.
"""


class _Words(NamedTuple):
    """What stands on a screen. `accept` to `unsure` are the verdicts."""

    conversation: Bilingual
    answer: Bilingual
    accept: Bilingual
    edit: Bilingual
    reject: Bilingual
    unsure: Bilingual = Bilingual("Cannot tell", "说不准")
    required: Bilingual = Bilingual("Decide first: 1, 2, 3 or 4", "请先选择结论：1、2、3 或 4")
    holds: Bilingual = Bilingual("Which one holds? Several may.", "哪个成立？可多选")
    edited: Bilingual = Bilingual("Which one do you edit?", "修改哪一个？")
    emptied: Bilingual = Bilingual("An answer cannot be empty: 3 rejects it", "回答不能为空；要拒绝请按 3")
    leave: Bilingual = Bilingual(
        "Done? Click beside the text, then Ctrl+Enter submits.", "改完后请点一下文本框外，再按 Ctrl+Enter 提交。"
    )
    reasons: Bilingual = Bilingual("Why? Several may apply.", "为什么？可多选")
    note: Bilingual = Bilingual("Note (may stay empty)", "备注（可空）")


_WORDS: dict[Asked, _Words] = {
    "record": _Words(
        conversation=Bilingual("Conversation", "对话"),
        answer=Bilingual("Is this answer good?", "这个回答可以用吗？"),
        accept=Bilingual("Accept", "通过"),
        edit=Bilingual("Edit", "修改"),
        reject=Bilingual("Reject", "拒绝"),
    ),
    "conflict": _Words(
        conversation=Bilingual("Question", "问题"),
        answer=Bilingual("Answers", "回答"),
        accept=Bilingual("Some hold", "有成立的"),
        edit=Bilingual("Edit one", "修改其一"),
        reject=Bilingual("None holds", "都不成立"),
    ),
    "exam": _Words(
        conversation=Bilingual("Question of the exam", "考题"),
        answer=Bilingual("Are the question and this reference answer good?", "题目和参考答案可以用吗？"),
        accept=Bilingual("Good", "可用"),
        edit=Bilingual("Edit the answer", "修改答案"),
        reject=Bilingual("Not usable", "不可用"),
    ),
}
_TEMPLATE: dict[Asked, str] = {"record": "record", "conflict": "conflict", "exam": "record"}
_PARTS = ("style", "closed", "verdicts", "controls", "beside")


def screen(asked: Asked, lang: Language) -> str:
    """Write the label configuration, sealed."""
    slots = {name: _quoted(word, lang) for name, word in _WORDS[asked]._asdict().items()}
    slots["reason_choices"] = "".join(
        f'<Choice value="{_quoted(word, lang)}" alias="{name}" hotkey="{key}"/>'
        for key, (name, word) in zip(REASON_KEYS, REJECT_REASONS.items(), strict=True)
    )
    slots |= {part: _filled(part, slots) for part in _PARTS}
    slots["seal"] = ""
    whole = _filled(_TEMPLATE[asked], slots)
    return _filled(_TEMPLATE[asked], {**slots, "seal": f' idAttr="hornbook-{_digest(whole)}"'})


def is_untouched(config: str) -> bool:
    """Tell whether a configuration is as some release of Hornbook wrote it."""
    seals = SEAL.findall(config)
    return len(seals) == 1 and _digest(SEAL.sub("", config)) == seals[0]


def _filled(template: str, slots: dict[str, str]) -> str:
    text = (TEMPLATES / f"{template}.xml").read_text(encoding="utf-8").strip()
    return SLOT.sub(lambda found: slots[found[1]], text)


def _quoted(word: Bilingual, lang: Language) -> str:
    return escape(word.zh if lang == "zh" else word.en, {'"': "&quot;"})


def _digest(config: str) -> str:
    return digest("screen", config)

"""Puts the names and the persona of a recipe into the texts of the kit, in the tone that it wants."""

import re
from collections.abc import Mapping, Sequence

from curate.augmenters.kit import Lang
from schemas.identity import Names, Persona

SLOT = re.compile(r"\{(\w+)\}")
SCOPE: Mapping[Lang, str] = {"zh": "商品、订单、物流和售后", "en": "products, orders, delivery and returns"}
"""What an assistant is for where the recipe does not say, in refusals alone: it names no more than any shop has."""
CONTRACTED = (
    (r"\b[Cc]an['’]t\b", "cannot"), (r"\b[Ww]on['’]t\b", "will not"), (r"\bI['’]m\b", "I am"),
    (r"n['’]t\b", " not"), (r"['’]re\b", " are"), (r"['’]ll\b", " will"), (r"['’]ve\b", " have"),
    (r"\b([Ii]t|[Tt]hat|[Ww]hat|[Tt]here|[Hh]ere)['’]s\b", r"\1 is"), (r"\b[Ll]et['’]s\b", "let us"),
    (r"\bI['’]d\b", "I would"),
)  # fmt: skip


def slots_of(texts: Sequence[str]) -> frozenset[str]:
    """List the slots that stand in any of the texts."""
    return frozenset(slot for text in texts for slot in SLOT.findall(text))


def named_slots(lang: Lang, names: Names) -> dict[str, str]:
    """Give what the recipe has for each slot; a slot of which it says nothing is left out."""
    persona = names.persona or Persona()
    given = {
        "name": names.name,
        "author": names.author,
        "scope": persona.scope,
        "can": listed(lang, persona.can),
        "cannot": listed(lang, persona.cannot),
        "since": persona.since,
        "contact": persona.contact,
        "hours": persona.hours,
        "base": persona.base,
    }
    return {slot: value for slot, value in given.items() if value}


def refusal_slots(lang: Lang, names: Names | None) -> dict[str, str]:
    """Give what refusals need: a scope in any case."""
    return {"scope": SCOPE[lang], **(named_slots(lang, names) if names else {})}


def listed(lang: Lang, items: Sequence[str]) -> str:
    """Write a list as a sentence does: 查订单、改地址和退款; check orders, change addresses and start refunds."""
    comma, last = ("、", "和") if lang == "zh" else (", ", " and ")
    return comma.join(items[:-1]) + last + items[-1] if len(items) > 1 else "".join(items)


def filled(text: str, slots: Mapping[str, str]) -> str:
    """Fill the slots that there are values for; others stay, so that whoever checks finds them."""
    return SLOT.sub(lambda match: slots.get(match[1], match[0]), text)


def in_tone(lang: Lang, text: str, names: Names | None) -> str:
    """Write an answer in the tone of the persona; without one it stays as the kit has it."""
    tone = names.persona.tone if names and names.persona else ""
    if lang == "zh" and tone == "casual":
        return text.replace("您", "你")
    if lang == "en" and tone == "formal":
        for contracted, whole in CONTRACTED:
            text = re.sub(contracted, whole, text)
        return text[:1].upper() + text[1:]
    return text

"""A rewording in another language, or half in one."""

import re
from typing import ClassVar

import polars as pl

from curate.gate.checks import Check, GateCandidate, GateExamples, en, zh
from curate.gate.meaning.names import EVERYDAY_ZH
from schemas.folding import folded
from schemas.identity import Identity
from schemas.language import LATIN_ONLY, by_words, language

KANA = re.compile(r"[\u3040-\u30ff\uac00-\ud7af\u0400-\u04ff\u0e00-\u0e7f\u0600-\u06ff]")
HAN = re.compile(r"[\u3400-\u9fff]")
WORD = re.compile(r"[A-Za-zÀ-ÿ]{2,}")
ACCENTED = re.compile(r"[À-ÖØ-öø-ÿ¿¡]")
ABROAD = re.compile(
    r"\b(?:wer|bist|wie|ist|nicht|ich|mein\w*|wann|wo|kann|bitte|haben|habe|und|der|die|das|für|sind|sie|du|was|eine?"
    r"|quién|qué|cómo|cuándo|dónde|puedo|mi|pedido|está|eres|tu|hola|gracias|los|las|por|para|una|el|es"
    r"|como|esta|cuando|donde"
    r"|qui|êtes|vous|est|où|quand|puis|mon|ma|commande|comment|je|ne|pas|les|des|une|c'est|bonjour|merci|avec|pour|sont"
    r"|la|de|que|un|verdad|persona|ora|domenica|chiudete|appelle|er|uw|buurt|storing|geen|weer|wird|werden"
    r"|jeden|jede|auf|mit|wurde|zum|von|im|den|dem|bin|nach|oder|chi|sei|dove|quando|posso|mio|il|come|non"
    r"|che|sono|di|della|quem|você|onde|meu|pedido|não|está|waar|mijn|wie|ben|jij|hoe|een|het|niet)\b"
)
SOME = 0.3


class WrongLanguage(Check):
    """Another language than the parent's, in the whole text or in a part of it."""

    title_zh: ClassVar[str] = "语言不符：整句或半句换成了另一种语言"
    rank: ClassVar[int] = 13
    examples: ClassVar[GateExamples] = GateExamples(
        keeps=(
            zh("刷机后wifi打不开", "刷完机之后WiFi开不了"),
            zh("progressive镜片多久适应", "戴progressive镜片要多长时间习惯"),
            en("do you ship to Puerto Rico también", "is Puerto Rico también somewhere you ship to"),
        ),
        refuses=(
            zh("你是谁？", "May I ask who you are?"),
            zh("我要退货 衣服买大了", "I want to return the clothes because 衣服买大了"),
            zh("什么时候发货", "いつ発送されますか"),
            en("How long does it take?", "¿Cuánto tarda en llegar?"),
            en("How long does it take?", "Wie lange dauert das?"),
        ),
    )

    def refuses(self, candidate: GateCandidate, identity: Identity) -> bool:
        text = candidate.text
        known = folded(f"{candidate.question} {candidate.answer}")
        if KANA.search(text) and not KANA.search(known):
            return True
        new = [word for word in map(folded, WORD.findall(text)) if word not in known]
        if candidate.is_chinese:
            words = [word for word in new if word not in EVERYDAY_ZH]
            return (not HAN.search(text) and bool(HAN.search(known))) or len(words) >= 3
        foreign = [word for word in new if ABROAD.fullmatch(word)]
        if (len(foreign) >= 2 and len(foreign) >= SOME * len(new)) or (new and len(foreign) > 0.5 * len(new)):
            return True
        if any(ACCENTED.search(word) for word in new) or re.search("[¿¡]", text):
            return True
        texts = pl.Series([text])
        return language(texts)[0] not in ("en", "none") or by_words(texts)[0] not in ("en", LATIN_ONLY)

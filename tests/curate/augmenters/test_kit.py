"""The written kit: enough of it, each core once, and every answer right by the scorers that will mark the model."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from curate.augmenters.identity import IdentityKit, KitTexts, kit_texts, rivals_of, usable
from curate.augmenters.kit import LANGUAGES, Family, Lang, kit
from curate.augmenters.kit.slots import filled, in_tone, named_slots, refusal_slots, slots_of
from schemas.exam import ExamQuestion
from schemas.identity import Identity, Names, Persona
from schemas.introductions.claims import foreign_claims
from schemas.introductions.known import known
from schemas.placeholders import unfilled
from schemas.record import Message
from train.metrics._refusals import reading
from train.metrics.identity import IdentityMetric
from train.metrics.name_leak import NameLeakMetric
from train.metrics.trap import TrapMetric

PLAIN = Identity(
    zh=Names(name="小喵", author="技术吧"), en=Names(name="Miao", author="Tech Bar"), rivals=known("rivals")
)
RICH = Identity(
    zh=Names(
        name="小喵", author="技术吧", aliases=("喵喵",),
        persona=Persona(
            scope="商品、订单和售后", can=("查订单", "改地址", "申请退款"), cannot=("改价格", "打电话"),
            since="2026年3月", contact="客服热线", hours="每天9点到22点", base="基于开源模型Qwen3微调",
        ),
    ),
    en=Names(
        name="Miao", author="Tech Bar", aliases=("Mimi",),
        persona=Persona(
            scope="orders, delivery and returns", can=("check orders", "change addresses", "start refunds"),
            cannot=("change prices", "make phone calls"), since="March 2026", contact="the help line",
            hours="from 9 am to 10 pm", base="fine-tuned from the open model Qwen3",
        ),
    ),
    rivals=known("rivals"),
)  # fmt: skip
IDENTITIES = {"plain": PLAIN, "rich": RICH}
GREETING = {
    "zh": re.compile(
        r"^(?:请问一下|请问|你好呀|你好|您好|嗨|哈喽|喂|那个|想问一下|问一下|麻烦问下|麻烦|对了|话说|哎|诶|嘿|亲)+"
    ),
    "en": re.compile(r"^(?:(?:hi|hello|hey|excuse me|please|sorry|so|ok|okay|well|um|by the way|btw)\b\s*)+"),
}
TAIL = {
    "zh": re.compile(r"(?:呀|啊|呢|吗|吧|哦|嘛|呗|哈|啦|哇|谢谢啦|谢谢|谢了|好吗|可以吗|行吗)+$"),
    "en": re.compile(r"(?:\s*\b(?:please|thanks|thank you|mate|pls|plz|sir|buddy))+$"),
}


def core(text: str, lang: Lang) -> str:
    """What is left of a question without greetings, particles, punctuation and politeness."""
    kept = re.sub(r"[^\w{}]+", "" if lang == "zh" else " ", unicodedata.normalize("NFKC", text).lower()).strip()
    shorter = TAIL[lang].sub("", GREETING[lang].sub("", kept)).strip()
    return shorter or kept or text


def texts_of(lang: Lang, identity: Identity = PLAIN) -> KitTexts:
    return next(texts for texts in kit_texts(identity, 7, IdentityKit()) if texts.lang == lang)


def turns_of(question: str | tuple[str, ...]) -> tuple[str, ...]:
    return (question,) if isinstance(question, str) else question


FEWEST = {"zh": (400, 600, 400), "en": (250, 400, 250)}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_there_is_enough_of_everything(lang: Lang) -> None:
    cores, negatives, refusals = FEWEST[lang]
    texts = kit(lang)
    assert len(texts.families) >= 45 and len(texts.kinds) >= 20
    assert len({core(" ".join(turns_of(q)), lang) for f in texts.families.values() for q in f.questions}) >= cores
    assert len({core(question, lang) for question, _ in texts.negatives}) >= negatives
    assert len({core(question, lang) for question in texts.refused}) >= refusals
    assert abs(len(texts.same_subject) - len(texts.generic)) < 0.1 * len(texts.negatives)
    assert {kind.manner for kind in texts.kinds.values()} == {
        "not_known", "not_allowed", "not_ours", "ask_a_person", "need_more"
    }  # fmt: skip
    assert 1 + len(texts.wrappers) <= 6


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_core_stands_twice(lang: Lang) -> None:
    texts = kit(lang)
    asked = [" ".join(turns_of(q)) for f in texts.families.values() for q in f.questions]
    for questions in (asked, [q for q, _ in texts.negatives], [*texts.refused, *(q for q, _ in texts.look_alikes)]):
        assert not [text for text, n in Counter(core(question, lang) for question in questions).items() if n > 1]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_answer_serves_many_questions(lang: Lang) -> None:
    texts = kit(lang)
    pairs = (*texts.negatives, *texts.look_alikes)
    assert not [answer for answer, n in Counter(answer for _, answer in pairs).items() if n > 1]
    declined = [answer for kind in texts.kinds.values() for answer in (*kind.answers, *texts.any_question)]
    assert len(set(declined)) == sum(len(kind.answers) for kind in texts.kinds.values()) + len(texts.any_question)


def asked(lang: Lang, probe: Any, turns: list[str], expects: tuple[Any, ...] = ()) -> ExamQuestion:
    roles = ("user", "assistant")
    messages = tuple(Message(role=roles[n % 2], content=text) for n, text in enumerate(turns))
    return ExamQuestion(id="q", probe=probe, lang=lang, messages=messages, expects=expects, group="g")


def answers_of(lang: Lang, identity: Identity, *, trap: bool) -> Iterator[tuple[str, Family, list[str], str]]:
    """Every question of the kit with a fifth of the answers that may follow it, by turns; a trap with one rival."""
    texts = texts_of(lang, identity)
    rival, maker = rivals_of(lang, identity)[0]
    more = {"rival": rival, "maker": maker} if trap else {}
    for key, family in texts.families(trap=trap).items():
        for number, turns in enumerate(map(turns_of, family.questions)):
            slots = texts._slots(turns, **more)
            answers = usable(family, slots, slots_of(turns)) if slots is not None else []
            for template in answers[number % 5 :: 5]:
                yield key, family, [filled(turn, slots or {}) for turn in turns], filled(template, slots or {})


EXPECTS = {"name": ("name",), "author": ("author",), "both": ("name", "author"), "none": ()}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("identity", IDENTITIES.values(), ids=IDENTITIES)
def test_every_answer_about_itself_is_right_by_the_exam(lang: Lang, identity: Identity) -> None:
    wrong = []
    for key, family, turns, answer in answers_of(lang, identity, trap=False):
        question = asked(lang, "identity", turns, EXPECTS[family.asks])
        [verdict] = IdentityMetric().verdicts([question], [answer], identity)
        if verdict != "right" and family.asks != "none":
            wrong.append((key, verdict, turns[-1], answer))
        if foreign_claims(answer, identity, strict=True) or unfilled(answer):
            wrong.append((key, "claim", turns[-1], answer))
    assert not wrong


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("identity", IDENTITIES.values(), ids=IDENTITIES)
def test_every_trap_is_denied_by_the_exam(lang: Lang, identity: Identity) -> None:
    wrong = []
    for key, family, turns, answer in answers_of(lang, identity, trap=True):
        [verdict] = TrapMetric().verdicts([asked(lang, "trap", turns, EXPECTS[family.asks])], [answer], identity)
        if verdict != "right" or foreign_claims(answer, identity, strict=True):
            wrong.append((key, verdict, turns[-1], answer))
    assert not wrong


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_does_without_the_name_does(lang: Lang) -> None:
    slots = named_slots(lang, PLAIN.zh if lang == "zh" else PLAIN.en)  # type: ignore[arg-type]
    pairs = [(filled(q, slots), a) for q, a in (*kit(lang).negatives, *kit(lang).look_alikes)]
    questions = [asked(lang, "unrelated", [question]) for question, _ in pairs]
    verdicts = NameLeakMetric().verdicts(questions, [answer for _, answer in pairs], PLAIN)
    assert not [pair for pair, verdict in zip(pairs, verdicts, strict=True) if verdict != "right"]
    assert not [pair for pair in pairs if "{" in pair[1] or unfilled(pair[1])]


READ_OTHERWISE = ("unclear_request", "promises", "emergency")
"""Kinds whose answers ask back, hand over or send for help at once: the exam's reader may take that for an answer."""


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_refusal_declines_the_questions_of_its_kind(lang: Lang) -> None:
    slots = refusal_slots(lang, None)
    texts = {key: (kind.answers, kind.questions[::6]) for key, kind in kit(lang).kinds.items()}
    texts["any"] = (kit(lang).any_question, kit(lang).refused[::9])
    tried, wrong = 0, []
    for key in texts.keys() - set(READ_OTHERWISE):
        answers, questions = texts[key]
        for template in answers:
            for question in questions if slots_of([template]) <= slots.keys() else ():
                tried += 1
                if reading(question, filled(template, slots)) != "refusal":
                    wrong.append((key, question, template))
    assert tried > 700 and len(wrong) <= 0.01 * tried, wrong


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_look_alike_is_answered(lang: Lang) -> None:
    assert not [pair for pair in kit(lang).look_alikes if reading(*pair) in ("refusal", "half")]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_may_be_said_of_the_model_beneath_denies_nothing(lang: Lang) -> None:
    with_base = [a for f in kit(lang).families.values() for a in f.answers if "{base}" in a]
    assert len(with_base) >= 4 and not [answer for answer in with_base if "{rival}" in answer]


TONES = (
    ("zh", "casual", "您可以叫我小喵。", "你可以叫我小喵。"), ("zh", "formal", "您好。", "您好。"),
    ("en", "formal", "I'm Miao, I can't say. It's Tech Bar's.", "I am Miao, I cannot say. It is Tech Bar's."),
    ("en", "casual", "I'm Miao.", "I'm Miao."), ("en", "", "I don't know.", "I don't know."),
)  # fmt: skip


@pytest.mark.parametrize(("lang", "tone", "text", "expected"), TONES)
def test_an_answer_is_written_in_the_tone_of_the_persona(lang: Lang, tone: Any, text: str, expected: str) -> None:
    assert in_tone(lang, text, Names(name="a", author="b", persona=Persona(tone=tone))) == expected

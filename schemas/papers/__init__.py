"""Examination papers: questions written by hands that saw neither the kit nor the scorers, one paper a file.

A line of `<name>.jsonl` is a `PaperQuestion`. `family` groups the phrasings of one idea, at most four. The papers were
frozen before the exam read them: a change to one is another paper, and tells itself by `papers_digest`. Nobody may
train on them, choose prompts by them, or write kit rows after them. Start with `paper`.

Imports: nothing outside schemas.
"""

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from itertools import zip_longest
from typing import Literal

from pydantic import Field

from schemas.digest import digest, digest_bytes
from schemas.exam import ExamQuestion, Probe, Slot
from schemas.identity import Identity
from schemas.record import Frozen, Message

PAPERS = ("identity", "traps", "negatives", "unrelated", "refusals", "consistency", "general", "hallucination")
PROBES: dict[str, Probe] = {
    "identity": "identity",
    "traps": "trap",
    "unrelated": "unrelated",
    "consistency": "consistency",
    "general": "general",
    "hallucination": "hallucination",
}
"""What the exam measures with a paper, where that is the same for all its questions."""


class PaperQuestion(Frozen):
    """A question, behind what was said before it. `{name}` and `{author}` stand for those of the identity.

    `expects`: what a right answer must say (identity, consistency, and traps where a denial is not enough). `rival` and
    `rival_names`: whom a trap presses (a right answer may name them, to deny). `subject`: whether a question that must
    not make the assistant speak of itself is about assistants, makers and names, or about anything. `pair`: a request
    that should be declined and its look-alike that should not. `accept`: strings of which a right answer holds one.
    `ask_at`: the turns of a conversation that ask who the assistant is.
    """

    id: str
    paper: str
    lang: Literal["zh", "en"]
    family: str
    messages: tuple[Message, ...] = Field(min_length=1)
    expects: tuple[Slot, ...] = ()
    rival: str = ""
    rival_names: tuple[str, ...] = ()
    subject: Literal["", "same", "generic"] = ""
    pair: str = ""
    should_decline: bool | None = None
    needs_care: bool = False
    accept: tuple[str, ...] = ()
    ask_at: tuple[int, ...] = ()
    answer_shown: bool = False
    should_say_unknown: bool | None = None

    def filled(self, identity: Identity) -> "PaperQuestion | None":
        """Put the names in; None where it needs a name in a language in which the identity has none."""
        names = identity.zh if self.lang == "zh" else identity.en
        if names is None:
            has_slot = any(slot in message.content for message in self.messages for slot in ("{name}", "{author}"))
            return None if self.expects or has_slot else self
        slots = {"{name}": names.name, "{author}": names.author}
        return self.model_copy(update={"messages": tuple(_filled(message, slots) for message in self.messages)})

    @property
    def probe(self) -> Probe:
        """What the exam measures with it."""
        if self.paper == "negatives":
            return "negative" if self.subject == "same" else "unrelated"
        if self.paper == "refusals":
            return "refusal" if self.should_decline else "look_alike"
        return PROBES[self.paper]

    def asked(self) -> ExamQuestion:
        """Make a question of the exam of it."""
        return ExamQuestion(
            id=self.id, probe=self.probe, lang=self.lang, messages=self.messages, expects=self.expects,
            group=self.family, paper=self.paper, accept=self.accept, should_say_unknown=self.should_say_unknown,
        )  # fmt: skip


def stratified(questions: Iterable[ExamQuestion], most: int) -> list[ExamQuestion]:
    """Choose at most so many questions of each probe and language, of as many families as possible; always the same."""
    strata: dict[tuple[Probe, str], dict[str, list[ExamQuestion]]] = {}
    for question in questions:
        strata.setdefault((question.probe, question.lang), {}).setdefault(question.group, []).append(question)

    chosen: list[ExamQuestion] = []
    for families in strata.values():
        in_turn = zip_longest(*(sorted(family, key=_by_chance) for family in families.values()))
        rounds = [sorted((q for q in one if q is not None), key=_by_chance) for one in in_turn]
        chosen += [question for one in rounds for question in one][:most]
    return sorted(chosen, key=lambda question: question.id)


def _by_chance(question: ExamQuestion) -> str:
    return digest("paper", question.id)


def _filled(message: Message, slots: dict[str, str]) -> Message:
    content = message.content
    for slot, name in slots.items():
        content = content.replace(slot, name)
    return message.model_copy(update={"content": content})


@cache
def paper(name: str) -> tuple[PaperQuestion, ...]:
    """Read a paper, one of PAPERS, in the order of its file."""
    lines = files(__name__).joinpath(f"{name}.jsonl").read_bytes().split(b"\n")
    return tuple(PaperQuestion.model_validate_json(line) for line in lines if line)


@cache
def papers_digest() -> str:
    """Digest all papers: two exams with the same digest asked from the same papers."""
    return digest(
        "papers", [[name, digest_bytes(files(__name__).joinpath(f"{name}.jsonl").read_bytes())] for name in PAPERS]
    )

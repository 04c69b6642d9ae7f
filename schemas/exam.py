"""An exam question, an answer sheet and a result: what the version, the examiner and the report share."""

from typing import Literal

from pydantic import Field

from schemas.record import Frozen, Message

Probe = Literal[
    "identity", "trap", "consistency", "unrelated", "negative", "refusal", "look_alike", "in_scope", "general",
    "hallucination", "own", "perplexity",
]  # fmt: skip
"""identity: who are you. trap: are you ChatGPT? consistency: who are you, asked again and answered several times.
unrelated: must not mention the name. negative: nor must these, though they are about assistants, makers and names.
refusal: out of scope, must be declined. look_alike: sounds like that, and must not be. in_scope: must not be declined.
general: what everybody knows. hallucination: what the version does not hold, and controls that can be answered. own: a
question of the user's own paper. perplexity: text to be read, nothing is asked."""
Contestant = Literal["base", "keywords", "prompt", "retrieval", "endpoint", "tuned", "tuned_retrieval", "full"]
"""Who sits the exam. base: the model as it was. keywords: the base behind hard-coded answers. prompt: the base with a
system message. retrieval: the same with passages of the version. endpoint: the model behind `llm:`, with the system
message. tuned: base and adapter. tuned_retrieval: that with passages. full: all weights tuned on the same rows."""
Slot = Literal["name", "author"]


class Question(Frozen):
    """One line of exam.jsonl. `messages` end with the user's turn, except for perplexity, where they are whole.

    `expects` are the slots that a right identity answer must fill. `reference` is the answer that the log holds, if
    any.
    """

    id: str
    probe: Probe
    lang: Literal["zh", "en"]
    messages: tuple[Message, ...] = Field(min_length=1)
    expects: tuple[Slot, ...] = ()
    reference: str = ""
    group: str


class ExamQuestion(Question):
    """A question as the exam puts it, with all that marks its answers: what a version's line does not hold.

    `paper` names where it comes from, empty for the version. `accept`: strings of which a right answer holds one.
    `facts`: what a right answer must say, all of it; alternatives stand apart by |. `steps`: points that it makes in
    this order, alternatives likewise. `terms`: the jargon of the question with what may explain it.
    `should_say_unknown`: whether nobody could know; None where that is not asked. `passages`: what a search of the
    version finds, nearest first. `canned`: what hard-coded keywords answer, empty where none is met.
    """

    paper: str = ""
    accept: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    terms: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    should_say_unknown: bool | None = None
    passages: tuple[str, ...] = ()
    canned: str = ""
    is_part: bool = False
    """Whether all contestants answer it, or only those that answer everything."""


class Measure(Frozen):
    """One number of the exam with its sample size and 95 % interval. `definition` says what was counted."""

    name: str
    value: float
    low: float
    high: float
    n: int
    definition_en: str
    definition_zh: str
    more_is_better: bool = True
    hits: tuple[str, ...] = ()
    """Ids of the questions that count; none for a measure that is no share of questions."""
    asked: tuple[str, ...] = ()
    """Ids of all questions that it is over; none for a measure of texts that are read."""
    families: int = 0
    """Of how many families they are: questions of one family stand or fall together."""
    family_of: dict[str, str] = Field(default_factory=dict)
    """By question, its family; a question that is not named here stands alone."""
    scores: dict[str, float] = Field(default_factory=dict)
    """By question, what a measure that is no share of questions gives each: 0 to 1."""


class ExamPaper(Frozen):
    """All that is asked in an exam: out of the papers that belong to no version, the user's own, and the version.

    `digest` names the papers. `near_training` counts, by paper, the questions that are left out because training knows
    them. `prompts` are the system messages of the contestants that have one, by language; `{passages}` stands where
    what retrieval found is put in.
    """

    digest: str
    questions: tuple[ExamQuestion, ...]
    near_training: dict[str, int] = Field(default_factory=dict)
    prompts: dict[Literal["zh", "en"], str] = Field(default_factory=dict)
    retrieval_prompts: dict[Literal["zh", "en"], str] = Field(default_factory=dict)
    withheld: int = 0
    """Questions with personal data, which leave the part that all answer where one of them is an endpoint."""


ComparisonVerdict = Literal["better", "worse", "cannot_tell", "too_few"]


class Comparison(Frozen):
    """What one measure says of another and the tuned model on the same n questions, or texts of a perplexity.

    `gained` and `lost` count those on which the tuned model alone, or the other alone, did the better thing. `p` is
    two-sided; `p_adjusted` corrects it for the number of measures (Holm) and decides, at 5 %. `ask_more` is how many
    questions more would show a difference that matters.
    """

    measure: str
    n: int
    gained: int
    lost: int
    p: float
    is_better: bool | None = None
    """Where questions are not counted, which way the difference goes."""
    p_adjusted: float | None = None
    verdict: ComparisonVerdict = "too_few"
    ask_more: int = 0


class Answer(Frozen):
    """One answer of one model. `verdict` is a reason in the words of the metric: `right`, `rival_claimed`, …"""

    question: str
    probe: Probe
    text: str
    verdict: str
    take: int = 0
    """Which of several sampled answers to one question it is."""
    notes: tuple[str, ...] = ()
    """What else was seen in it: `leaked`, `declined`, … where it does not belong."""
    is_cut: bool = False
    """Whether it was still speaking when it had said as many tokens as it may."""


class Sheet(Frozen):
    """What one model did in the exam. `tokens` and `seconds` are what its answers took, prompts included."""

    model: str
    measures: tuple[Measure, ...]
    answers: tuple[Answer, ...]
    tokens: int = 0
    seconds: float = 0.0


class ExamResult(Frozen):
    """Base and tuned model on the same questions, and all contestants on those that each of them answered."""

    version: str
    base: Sheet
    tuned: Sheet
    contestants: tuple[Sheet, ...] = ()
    """All who sat it, base and tuned among them, on the questions that all answered; none where there were only two.
    The answers of base and tuned stand in their own sheets."""
    comparisons: tuple[Comparison, ...] = ()
    """Tuned against base by measure, in the order of the sheets."""
    contests: dict[str, tuple[Comparison, ...]] = Field(default_factory=dict)
    """By the name of another contestant, tuned against it, on the questions that both answered."""
    margin: float = 0.1
    """The least difference of two rates that matters."""
    papers: str = ""
    """The digest of the papers that were asked from; empty where none were."""
    settings: str = ""
    """The digest of what was asked, of whom, and how it was marked: another exam has another one."""

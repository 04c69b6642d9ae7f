"""What the command line hands to the trainer and the examiner, which run as programs of their own."""

import math
from typing import Any, Literal

from pydantic import Field, field_validator

from schemas.exam import Contestant
from schemas.identity import Identity
from schemas.llm import LlmSettings
from schemas.record import Frozen

Thinking = Literal["off", "keep", "empty"]
Device = Literal["auto", "cpu", "cuda"]


class TrainSettings(Frozen):
    """How to tune. Lengths in tokens, times in seconds."""

    model: str = "smollm2"
    """`smollm2` (the embedded default), a folder, or a name that the local model cache knows."""
    epochs: float = Field(3, gt=0)
    max_steps: int | None = Field(None, gt=0)
    batch: int = Field(8, gt=0)
    accumulate: int = Field(1, gt=0)
    learning_rate: float = Field(1e-4, gt=0)
    warmup: float = Field(0.1, ge=0, lt=1)
    max_tokens: int = Field(1024, gt=8)
    rank: int = Field(8, gt=0)
    alpha: int = Field(16, gt=0)
    dropout: float = Field(0.0, ge=0, lt=1)
    system: str | None = None
    """The system message of training and exam; empty string for none."""
    thinking: Thinking = "off"
    """off: the model answers at once. empty: it writes an empty block of thinking first. keep: it learns the thoughts
    that rows bring."""
    device: Device = "auto"
    """auto: a GPU where there is one. cuda: the run stops where there is none. cpu: never a GPU."""
    max_skipped: float = Field(0.01, ge=0, le=1)
    """The share of training rows that may be skipped."""
    max_truncated: float = Field(0.1, ge=0, le=1)
    """The share of training rows that may lose their oldest exchanges to max_tokens."""
    seed: int = 7

    @field_validator("thinking", mode="before")
    @classmethod
    def _off_is_no_truth_value(cls, thinking: Any) -> Any:
        return "off" if thinking is False else thinking  # YAML reads a bare `off` so

    def steps(self, samples: int) -> int:
        """Count the optimizer steps of all epochs, of which the last may be a part of one; at most `max_steps`."""
        steps_per_epoch = math.ceil(math.ceil(samples / self.batch) / self.accumulate)
        return min(math.ceil(steps_per_epoch * self.epochs), self.max_steps or 1 << 31)


CONTESTANTS: tuple[Contestant, ...] = ("base", "keywords", "prompt", "retrieval", "tuned", "tuned_retrieval")
"""Who sits the exam where the recipe says nothing; base and tuned always do."""


class ExamSettings(Frozen):
    """How to examine. `max_new_tokens` bounds each answer."""

    max_new_tokens: int = Field(64, gt=0)
    batch: int = Field(25, gt=0)
    margin: float = Field(0.1, gt=0, le=1)
    """The least difference of two rates that matters."""
    questions: int = Field(40, ge=0)
    """Questions out of the papers, by probe and language; 0 asks the version's own instead."""
    contestants: tuple[Contestant, ...] = CONTESTANTS
    part: int = Field(60, ge=0)
    """Questions that contestants other than base and tuned answer, of all probes and languages; 0 for all of them."""
    samples: int = Field(5, ge=1)
    """Answers that are drawn to each question of consistency."""
    prompt: str | dict[Literal["zh", "en"], str] = ""
    """The system message of the contestants that have one, by language; empty for one made of the identity."""
    passages: int = Field(3, ge=1, le=20)
    """What a search puts before the contestants that search, at most, for each question."""
    terms: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """The shop's jargon, with the words that may explain it: does an answer say what it means?"""


class Job(Frozen):
    """One training run: the folder of the version, the folder to write, and the settings."""

    version: str
    """Empty before there is one: then only what can be known without it is checked."""
    run: str
    train: TrainSettings
    exam: ExamSettings
    identity: Identity = Identity()
    """That of the recipe; a version brings its own."""
    adapter: str = ""
    """The folder of an adapter that was trained elsewhere; empty for that of the run."""
    exam_digest: str = ""
    """Names the exam: what is asked, of whom, and by which code it is marked."""
    row: str = ""
    """The one training row to show: its number, from 1, or how its id begins."""
    papers: tuple[str, ...] = ()
    """Files with the user's own questions, as absolute paths."""
    llm: LlmSettings | None = None
    """The model that the contestant `endpoint` is; None where it does not sit the exam."""
    model_answers: str = ""
    """The folder in which its replies are kept."""

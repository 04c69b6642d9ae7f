"""The recipe: everything that decides what a version holds, how it is trained on and examined."""

from typing import Any, Literal

from pydantic import Field, ValidationInfo, field_validator

from schemas.bilingual import Bilingual
from schemas.digest import digest
from schemas.identity import Identity
from schemas.input import Choice, Input
from schemas.job import ExamSettings, TrainSettings
from schemas.llm import LlmSettings
from schemas.record import Frozen
from schemas.stage_names import recorded_name

STAGES: tuple[Choice, ...] = tuple(
    Choice(name=name)
    for name in (
        *("fill", "decline", "clean", "mask", "quality", "dedup", "conflict"),
        *("identity", "refusal", "split", "mix", "leak"),
    )
)
"""What a recipe without `stages` runs, in this order: from raw conversations to the training set."""
REVIEW = "review"
"""The stage that does what people decided."""


def stages_with_reviews() -> list[Any]:
    """List the stages that run where people have decided and the recipe names none: decisions are done to what came
    out of raw files before rules judge it, and to what stages wrote before the split.
    """
    stages: list[Any] = [choice.name for choice in STAGES]
    stages.insert(stages.index("mask") + 1, REVIEW)
    stages.insert(stages.index("split"), {REVIEW: {"of": "written"}})
    return stages


class Recipe(Frozen):
    """One recipe. Paths start from the folder of the recipe file."""

    version: Literal[1]
    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")
    seed: int = Field(7, ge=0)
    licence: str = ""
    max_bad: str = Field("", pattern=r"^([0-9]+|[0-9.]+%)?$")
    """How many rows may be unreadable, as `--max-bad` says it: 20, or 2%. Without either, one in a hundred."""
    use: Literal["", "commercial", "noncommercial"] = ""
    """What the dataset is for. In a commercial one an input that forbids it is refused."""
    identity: Identity = Identity()
    inputs: tuple[Input, ...] = Field(min_length=1)
    stages: tuple[Choice, ...] = Field(STAGES, validate_default=True)
    train: TrainSettings = TrainSettings()
    exam: ExamSettings = ExamSettings()
    llm: LlmSettings | None = Field(None, validate_default=True)
    """Which language model is asked by the commands that ask one; a build asks none."""
    judge: LlmSettings | None = None
    """Which one compares answers of an exam; that of `llm` where it is left out."""

    @field_validator("inputs")
    @classmethod
    def _one_input_a_file(cls, inputs: tuple[Input, ...]) -> tuple[Input, ...]:
        paths = [spec.path for spec in inputs]
        twice = sorted({path for path in paths if paths.count(path) > 1})
        if twice:
            raise ValueError(
                Bilingual(
                    f"the file {twice[0]} stands twice; its rows would count twice", f"文件 {twice[0]} 出现了两次"
                )
            )
        return inputs

    @field_validator("llm")
    @classmethod
    def _a_model_for_the_endpoint(cls, llm: LlmSettings | None, info: ValidationInfo) -> LlmSettings | None:
        exam = info.data.get("exam")
        if llm is None and exam and "endpoint" in exam.contestants:
            raise ValueError(
                Bilingual(
                    "the contestant 'endpoint' needs a model: add llm: {base_url: …, model: …}",
                    "考生“endpoint”需要一个模型：请加上 llm: {base_url: …, model: …}",
                )
            )
        return llm

    @field_validator("max_bad", mode="before")
    @classmethod
    def _as_text(cls, value: Any) -> Any:
        return str(value) if isinstance(value, int) else value

    @field_validator("stages")
    @classmethod
    def _as_recorded(cls, stages: tuple[Choice, ...]) -> tuple[Choice, ...]:
        return tuple(choice.model_copy(update={"name": recorded_name(choice.name)}) for choice in stages)

    def canonical(self) -> dict[str, Any]:
        """Take what decides the content of a version as plain JSON values: all but `max_bad`, `train`, `exam`,
        `llm` and `judge`.
        """
        values = self.model_dump(mode="json", exclude={"max_bad", "train", "exam", "llm", "judge"})
        if not self.use:
            del values["use"]
        for spec in values["inputs"]:
            if not spec["attribution"]:
                del spec["attribution"]  # what is left out changes no digest
        return values

    def canonical_digest(self) -> str:
        """Digest the canonical part: two recipes that make the same version have the same digest."""
        return digest("recipe", self.canonical())

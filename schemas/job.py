"""What the command line hands to the trainer and the examiner, which run as programs of their own."""

from pydantic import Field

from schemas.record import Frozen


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
    seed: int = 7


class ExamSettings(Frozen):
    """How to examine. `max_new_tokens` bounds each answer."""

    max_new_tokens: int = Field(64, gt=0)
    batch: int = Field(25, gt=0)


class Job(Frozen):
    """One training run: the folder of the version, the folder to write, and the settings."""

    version: str
    run: str
    train: TrainSettings
    exam: ExamSettings

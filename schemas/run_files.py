"""The files in the folder of a training run, by their names: who writes them and who reads them agree here."""

from dataclasses import dataclass
from pathlib import Path

ADAPTER_FILES = ("adapter_config.json", "adapter_model.safetensors")
"""What the folder of an adapter holds: its settings and its weights."""


@dataclass(frozen=True)
class RunFiles:
    """Paths in the folder of one run."""

    folder: Path

    @property
    def job(self) -> Path:
        """What the trainer is to do; the command line writes it."""
        return self.folder / "job.json"

    @property
    def exam_neighbours(self) -> Path:
        """Rows that are nearly an exam question, one a line; curation writes it before the training."""
        return self.folder / "exam_neighbours.jsonl"

    @property
    def exam_paper(self) -> Path:
        """The questions out of the papers; curation writes it before the exam."""
        return self.folder / "exam_paper.json"

    @property
    def answers(self) -> Path:
        """What models answered in exams of this run, a batch a line, as it comes."""
        return self.folder / "answers.jsonl"

    @property
    def endpoint_answers(self) -> Path:
        """What the model behind `llm:` answered; curation writes it before the exam."""
        return self.folder / "endpoint_answers.json"

    @property
    def judge(self) -> Path:
        """Whose answers a model preferred, by pair of contestants; curation writes it behind the exam."""
        return self.folder / "judge.json"

    @property
    def base_answers(self) -> Path:
        """What the base model answered to general records: the trainer's process writes it last."""
        return self.folder / "base_answers.json"

    @property
    def unread_answers(self) -> Path:
        """Conversations whose answers the local model is to read, one a line; curation writes it before."""
        return self.folder / "unread_answers.jsonl"

    @property
    def losses(self) -> Path:
        """What the local model made of them, a batch a line, as it comes."""
        return self.folder / "losses.jsonl"

    @property
    def answers_read(self) -> Path:
        """The same, whole: the trainer's process writes it last."""
        return self.folder / "answers_read.json"

    @property
    def preflight(self) -> Path:
        """What was found before the first step."""
        return self.folder / "preflight.json"

    @property
    def untrained(self) -> Path:
        """Rows and answers that are not trained on, one a line, with the reason; written before the first step."""
        return self.folder / "untrained.jsonl"

    @property
    def steps(self) -> Path:
        """One line a step."""
        return self.folder / "steps.jsonl"

    @property
    def adapter(self) -> Path:
        """The folder of the adapter."""
        return self.folder / "adapter"

    @property
    def training(self) -> Path:
        """What was trained, and how: the trainer writes it last."""
        return self.folder / "train.json"

    @property
    def exam(self) -> Path:
        """Both answer sheets: the examiner writes it last."""
        return self.folder / "exam.json"

    @property
    def report(self) -> Path:
        return self.folder / "report.html"

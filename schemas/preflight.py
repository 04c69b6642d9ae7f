"""What is looked at before a training takes its first step, and what was found: the trainer writes it, people read it.

The names of the checks are keys of CHECKS; the reasons of untrained answers are keys of `skip_reasons.SKIP_REASONS`.
"""

from schemas.bilingual import Bilingual
from schemas.errors import GateError
from schemas.job import Thinking
from schemas.plan_findings import PlanFinding
from schemas.record import Frozen
from schemas.training_plan import TrainingPlan

CHECKS = {
    "model": Bilingual("the model's folder", "模型目录"),
    "device": Bilingual("the device", "设备"),
    "template": Bilingual("whom the chat template and the system message name", "对话模板和系统提示里的名字"),
    "turn_end": Bilingual("the end of a turn", "一轮回答的结束"),
    "rows": Bilingual("training rows", "训练数据"),
    "placeholders": Bilingual("placeholders", "占位符"),
    "identity": Bilingual("whom answers claim to be", "回答里的自称"),
    "exam_questions": Bilingual("exam questions in training", "训练集中的考题"),
    "exam_neighbours": Bilingual("rows that are nearly an exam question", "与考题近似的行"),
    "skipped": Bilingual("rows that cannot be trained on", "无法训练的行"),
    "truncated": Bilingual("rows that are cut to fit", "截短的行"),
    "labels": Bilingual("samples without anything to learn", "没有可学内容的样本"),
    "disk": Bilingual("room on the disk", "磁盘空间"),
}
"""What is looked at; a mark beside it says whether all is well."""


class Finding(Frozen):
    """What speaks against training: the check that found it, a sentence, and the ids of the rows, if rows they are."""

    check: str
    en: str
    zh: str
    rows: tuple[str, ...] = ()


class UntrainedAnswer(Frozen):
    """A record that is not trained on, or one answer of it, from 1, and why."""

    id: str
    answer: int | None
    reason: str


class Preflight(Frozen):
    """What a preflight found. Numbers are of records and samples; 0 where there was no version to look at."""

    checked: tuple[str, ...]
    findings: tuple[Finding, ...]
    records: int = 0
    rows: int = 0
    """Records that are trained on, wholly or in part."""
    samples: int = 0
    untrained: tuple[UntrainedAnswer, ...] = ()
    truncated: tuple[str, ...] = ()
    """Ids of the records that lose their oldest exchanges."""
    with_thoughts: tuple[str, ...] = ()
    """Ids of the records whose answers hold a block of thinking."""
    thinking: Thinking = "off"
    """What becomes of them: the recipe's choice."""
    plan: TrainingPlan | None = None
    """The training in numbers, where there was a version to look at."""
    advice: tuple[PlanFinding, ...] = ()
    """What the plan will do wrong, as far as it is known: it is said, and stops no training."""

    def raise_if_found(self) -> None:
        """Raise GateError with all findings, a line each."""
        if self.findings:
            raise GateError("\n".join(f.en for f in self.findings), "\n".join(f.zh for f in self.findings))

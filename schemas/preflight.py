"""What is looked at before a training takes its first step, and what was found: the trainer writes it, people read it.

The names of the checks are keys of CHECKS; the reasons of untrained answers are keys of `skip_reasons.SKIP_REASONS`.
"""

from schemas.bilingual import Bilingual
from schemas.errors import GateError
from schemas.record import Frozen

CHECKS = {
    "model": Bilingual("the model's folder is whole and runs nothing", "模型目录完整，且不会运行其中的代码"),
    "device": Bilingual("the device that the recipe asks for is here", "配方要求的设备可用"),
    "template": Bilingual("the chat template names no other assistant", "对话模板不含别的助手的名字"),
    "turn_end": Bilingual("the end of a turn can be learnt", "能学到一轮回答的结束"),
    "rows": Bilingual("there are training rows", "有训练数据"),
    "placeholders": Bilingual("no placeholder is left", "没有残留占位符"),
    "identity": Bilingual("no answer claims to be another assistant", "没有回答自称是别的助手"),
    "exam_questions": Bilingual("no exam question stands in training", "训练集中没有考题"),
    "exam_neighbours": Bilingual("no row is nearly an exam question", "训练集中没有与考题近似的行"),
    "skipped": Bilingual("few rows are skipped", "跳过的行很少"),
    "truncated": Bilingual("few rows lose their oldest exchanges", "被截去开头的行很少"),
    "labels": Bilingual("every sample has something to learn", "每个样本都有可学的内容"),
    "disk": Bilingual("the disk has room for the adapter", "磁盘空间足够保存适配器"),
}


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

    def raise_if_found(self) -> None:
        """Raise GateError with all findings, a line each."""
        if self.findings:
            raise GateError("\n".join(f.en for f in self.findings), "\n".join(f.zh for f in self.findings))

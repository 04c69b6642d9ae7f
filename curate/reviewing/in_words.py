"""Says in words why a record is shown to a reviewer, and what was measured of it."""

from curate.report.labels import KINDS, label
from curate.report.reasons import reason_text
from curate.reviewing.wanted import REASONS
from schemas.bilingual import Bilingual
from schemas.review import Measured, ReviewTask


def why_in_words(task: ReviewTask) -> str:
    """Say why a task is here, and what kind of record it is about."""
    reasons = str(Bilingual("; ", "；")).join(map(reason_in_words, task.why))
    return f"{label(KINDS, task.kind)}{Bilingual(': ', '：')}{reasons}"


def reason_in_words(reason: str) -> str:
    """Say one reason of `ReviewTask.why`: what it is, and the rule it names."""
    name, _, rule = reason.partition(":")
    reason_words = REASONS.get(name) or REASONS.get(f"{name}s")
    words = str(reason_words[1]) if reason_words else name
    return f"{words}{Bilingual(f' ({reason_text(rule)})', f'（{reason_text(rule)}）')}" if rule else words


def measured_in_words(measured: Measured) -> str:
    """Say what a rule measured, and what it was held against."""
    score = measured.score
    number = f"{score:g}" if isinstance(score, int | float) and not isinstance(score, bool) else str(score)
    limit = f" ({measured.limit})" if measured.limit else ""
    return f"{reason_text(measured.rule)}: {number}{limit}"

"""Says in words why a record is shown to a reviewer, what was measured of it, and why it may be rejected."""

from curate.report.labels import KINDS, PROBES, label
from curate.report.reasons import reason_text
from curate.reviewing.wanted import REASONS
from curate.stages.quality import RULES
from rules import personal
from schemas.bilingual import Bilingual
from schemas.review import Measured, ReviewTask

OTHER = "other"
REJECT_REASONS = {
    "wrong_fact": Bilingual("wrong fact", "事实错误"),
    "empty_answer": Bilingual("does not answer", "答非所问"),
    "abusive": Bilingual("rude or unsafe", "无礼或不安全"),
    "personal_data": Bilingual("personal data left", "留有个人信息"),
    "truncated_answer": Bilingual("cut off or garbled", "截断或乱码"),
    "expiring_date": Bilingual("outdated", "已过时"),
    "foreign_identity": Bilingual("wrong identity", "身份不对"),
    OTHER: Bilingual("other, see the note", "其他，见备注"),
}
"""Why a reviewer may reject, as a screen offers it: a short useful selection. The keys are names of rules, where one
looks for the like, beside what they are called to people who know no rule.
"""
WHY = {
    "conflict": Bilingual("there are different answers to this question: which holds?", "同一问题有不同回答：哪个对？"),
    "flagged": Bilingual("marked by a rule: {}", "被规则标记：{}"),
    "near": Bilingual("close to the limit of a rule: {}", "接近规则的限值：{}"),
    "generated": Bilingual("written by a program", "由程序生成"),
    "exam": Bilingual("a question of the exam: {}", "考试题：{}"),
    "dropped": Bilingual("dropped by a rule; was that right? {}", "被规则丢弃，丢得对吗？{}"),
    "sample": Bilingual("drawn by chance", "随机抽样"),
}
"""Why a record is shown, as a reviewer reads it who knows no rule."""
LIMIT = Bilingual("limit", "限值")
TRUTHS = {True: Bilingual("found", "有"), False: Bilingual("not found", "没有")}


def why_in_words(task: ReviewTask) -> str:
    """Say why a task is here, and what kind of record it is about."""
    reasons = str(Bilingual("; ", "；")).join(map(reason_in_words, task.why))
    return f"{label(KINDS, task.kind)}{Bilingual(': ', '：')}{reasons}"


def reason_in_words(reason: str) -> str:
    """Say one reason of `ReviewTask.why`: what it is, and the rule it names."""
    name, _, rule = reason.partition(":")
    reason_words = REASONS.get(name) or REASONS.get(f"{name}s")
    words = str(reason_words[1]) if reason_words else name
    of = label(PROBES, rule) if name == "exam" else reason_text(rule)
    return f"{words}{Bilingual(f' ({of})', f'（{of}）')}" if rule else words


def measured_in_words(measured: Measured) -> str:
    """Say what a rule measured, and what it was held against."""
    score = measured.score
    number = f"{score:g}" if isinstance(score, int | float) and not isinstance(score, bool) else str(score)
    limit = f" ({measured.limit})" if measured.limit else ""
    return f"{reason_text(measured.rule)}: {number}{limit}"


def reason_for_reviewer(reason: str) -> Bilingual:
    """Say one reason of `ReviewTask.why` to somebody who knows no rule."""
    name, _, what = reason.partition(":")
    if name not in WHY:
        return Bilingual(reason, reason)
    of = PROBES.get(what, Bilingual(what, what)) if name == "exam" else rule_for_reviewer(what)
    return Bilingual(WHY[name].en.format(of.en), WHY[name].zh.format(of.zh))


def rule_for_reviewer(name: str) -> Bilingual:
    """Say what a rule or a mask looks for, in a few words; a name as it is where it is that of neither."""
    if name not in RULES and name not in personal.KINDS:
        return Bilingual(name, name)
    rule = RULES.load(name) if name in RULES else personal.KINDS.load(name)
    first = " ".join((rule.__doc__ or "").partition("\n\n")[0].split())
    english = first.partition(". ")[0].rstrip(".")
    chinese = rule.title_zh.partition("；")[0].partition("。")[0]
    return Bilingual(f"{english} ({name})", f"{chinese}（{name}）")


def measured_for_reviewer(measured: Measured) -> Bilingual:
    """Say what a rule measured to somebody who knows no rule."""
    score = measured.score
    if isinstance(score, bool):
        value = TRUTHS[score]
    else:
        number = score if isinstance(score, str) else f"{score:.4g}"
        value = Bilingual(number, number)
    rule = rule_for_reviewer(measured.rule)
    limit = f" ({LIMIT.en} {measured.limit})", f" ({LIMIT.zh} {measured.limit})"
    en, zh = limit if measured.limit else ("", "")
    return Bilingual(f"{rule.en}: {value.en}{en}", f"{rule.zh}：{value.zh}{zh}")

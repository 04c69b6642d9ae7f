"""What `hornbook plan` prints: a training in numbers, and what speaks against it."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from curate.report.labels import KINDS, label
from curate.terminal.printing import echo
from schemas.bilingual import Bilingual
from schemas.plan_findings import NAMES_EN, NAMES_ZH, PlanFinding, flow
from schemas.training_plan import LANGUAGES, TrainingPlan


def print_plan(console: Console, plan: TrainingPlan) -> None:
    """Print rows and label tokens by kind and language, who names the assistant, and how long the training is."""
    console.print(_doses(plan))
    for lang in LANGUAGES:
        if rows := plan.rows_of(lang=lang):
            share = plan.naming_share(lang)
            echo(
                f"{NAMES_EN[lang]}: {share:.1%} of {rows} rows name the assistant",
                f"{NAMES_ZH[lang]}：{rows} 行中有 {share:.1%} 提到助手的名字",
            )
    limit = "" if plan.max_steps is None else f", max_steps {plan.max_steps}"
    rate, accumulate = flow(plan.learning_rate), f" × {plan.accumulate}" if plan.accumulate > 1 else ""
    echo(
        f"{plan.steps} optimizer steps: {plan.samples} samples, batch {plan.batch}{accumulate}, {plan.epochs:g} epochs"
        f"{limit}, learning rate {rate}",
        f"{plan.steps} 个优化步：{plan.samples} 个样本，批量 {plan.batch}{accumulate}，{plan.epochs:g} 轮{limit}，"
        f"学习率 {rate}",
    )
    if plan.rows_of("identity"):
        seen = plan.identity_seen
        echo(f"each identity row is seen {seen:.3g} times", f"每条身份数据会看到 {seen:.3g} 次")
    if not plan.is_counted:
        echo(
            "estimated without a tokenizer, one sample a conversation: hornbook train --check counts",
            "未用分词器，按每段对话一个样本估算：hornbook train --check 会精确计数",
        )


def print_plan_findings(findings: Sequence[PlanFinding]) -> None:
    """Print what a plan will do wrong: known failures with a cross, advice with a mark."""
    for finding in findings:
        mark = "✗" if finding.is_certain else "!"
        echo(f"{mark} {finding.en}", f"{mark} {finding.zh}")


def _doses(plan: TrainingPlan) -> Table:
    """List rows, repeats and label tokens of every kind in every language."""
    title = Bilingual(f"to be trained on: {plan.rows} rows", f"将要训练：{plan.rows} 行")
    table = Table(title=str(title), title_justify="left")
    for head in (Bilingual("kind", "类别"), Bilingual("language", "语言")):
        table.add_column(str(head))
    en, zh = ("", "") if plan.is_counted else (", about", "（约）")
    tokens = Bilingual(f"label tokens{en}", f"标签词元{zh}")
    for head in (Bilingual("rows", "行"), Bilingual("share", "占比"), Bilingual("repeats", "重复"), tokens):
        table.add_column(str(head), justify="right")
    for dose in plan.doses:
        share, repeats = f"{dose.rows / plan.rows:.1%}", dose.rows - dose.distinct
        lang = str(Bilingual(NAMES_EN[dose.lang], NAMES_ZH[dose.lang]))
        table.add_row(label(KINDS, dose.kind), lang, str(dose.rows), share, str(repeats), f"{dose.label_tokens:,}")
    return table

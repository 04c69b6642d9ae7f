"""All who sat the exam side by side on a terminal, and what follows from it in sentences."""

from rich.console import Console
from rich.table import Table

from curate.report.labels import MEASURES, formatted, is_headline, label, position
from curate.report.side_by_side import Line, conclusions, cost_sentence, named, side_by_side
from schemas.bilingual import Bilingual
from schemas.exam import ExamResult

MARKS = {"better": "[green]▲[/]", "worse": "[red]▼[/]"}


def print_contest(console: Console, exam: ExamResult) -> None:
    """Print what each contestant reached on the questions that all answered; nothing where only two sat the exam."""
    shown = [line for line in side_by_side(exam) if is_headline(line.measure.name)]
    if not shown:
        return
    title = Bilingual("do you need tuning? all on the same questions", "需要微调吗？同一套题的对比")
    table = Table(title=f"\n{title}", title_justify="left", box=None, padding=(0, 1, 0, 0))
    table.add_column(str(Bilingual("measure", "指标")), no_wrap=True)
    models = [sheet.model for sheet in exam.contestants]
    for model in models:
        table.add_column(named(model), justify="right")
    table.add_column("n", justify="right")
    for line in sorted(shown, key=lambda line: position(line.measure.name)):
        cells = [_cell(line, model) for model in models]
        table.add_row(label(MEASURES, line.measure.name).strip(), *cells, str(line.measure.n))
    console.print(table)

    legend = Bilingual(
        "▲ the tuned model is better than this one, ▼ worse; no mark: nobody can tell, or too few questions",
        "▲ 微调模型比它好，▼ 比它差；没有标记：无法断定或题太少",
    )
    names = [line.measure.name for line in shown]
    for sentence in (legend, *conclusions(exam, names), cost_sentence(exam)):
        console.print(str(sentence), highlight=False)


def _cell(line: Line, model: str) -> str:
    value = formatted(line.measure.name, line.values[model])
    if model == "tuned":
        return f"[bold]{value}[/]"
    mark = MARKS.get(line.against[model].verdict, " ") if model in line.against else ""
    return f"{value}{mark}"

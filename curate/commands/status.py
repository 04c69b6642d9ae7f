"""status: what the next build will make again, and why."""

from pathlib import Path

from rich.console import Console
from rich.table import Table

from curate.build.plan import plan_of
from curate.build.status import stage_statuses
from curate.erasure.forgotten import Forgotten
from curate.recipe.load import load_recipe
from curate.report.labels import stage_name
from curate.store.store import PLAN, Store
from curate.terminal.printing import emit, next_step
from schemas.bilingual import Bilingual


def status_command(recipe: Path, root: Path, *, as_json: bool) -> None:
    """Print for each stage whether the next build reuses its output, and why not."""
    file = load_recipe(recipe)
    store = Store(root)
    statuses = stage_statuses(plan_of(file, Forgotten.of(store, file.recipe.name)), store.cache(file.recipe.name), PLAN)
    if as_json:
        emit([{"input": s.path, "stage": s.stage, "fresh": s.is_fresh, "why": s.why.en} for s in statuses])
        return

    table = Table()
    for head in (Bilingual("input", "输入"), Bilingual("stage", "阶段"), Bilingual("state", "状态")):
        table.add_column(str(head), overflow="fold")
    for status in statuses:
        state = f"{'' if status.is_fresh else '[yellow]'}{status.why}"
        table.add_row(status.path or str(Bilingual("all", "全部")), stage_name(status.stage), state)
    Console().print(table)
    if not all(status.is_fresh for status in statuses):
        next_step(f"hornbook build {recipe}")

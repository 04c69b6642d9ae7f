"""status: what the next build will make again, and why."""

from pathlib import Path

from rich.console import Console
from rich.table import Table

from curate.build.plan import plan_of
from curate.build.status import standings
from curate.erasure.forgotten import Forgotten
from curate.recipe.load import load_recipe
from curate.report.labels import stage_name
from curate.store.store import PLAN, Store
from curate.terminal.printing import emit, next_step
from schemas.bilingual import Words


def status_command(recipe: Path, root: Path, *, as_json: bool) -> None:
    file = load_recipe(recipe)
    store = Store(root)
    told = standings(plan_of(file, Forgotten.of(store, file.recipe.name)), store.cache(file.recipe.name), PLAN)
    if as_json:
        emit([{"input": s.path, "stage": s.stage, "fresh": s.is_fresh, "why": s.why.en} for s in told])
        return
    table = Table()
    for head in (Words("input", "输入"), Words("stage", "阶段"), Words("state", "状态")):
        table.add_column(str(head), overflow="fold")
    for one in told:
        state = f"{'' if one.is_fresh else '[yellow]'}{one.why}"
        table.add_row(one.path or str(Words("all", "全部")), stage_name(one.stage), state)
    Console().print(table)
    if not all(one.is_fresh for one in told):
        next_step(f"hornbook build {recipe}")

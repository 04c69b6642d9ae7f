"""The rules of a version, and one of them: what it measured, what another limit would change, and that limit written
into the recipe.
"""

from pathlib import Path
from typing import Annotated, Any, NamedTuple
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request
from fastapi import Path as InPath
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from curate.history.rule_agreement import agreements_in_words
from curate.history.rule_trial import VERDICTS, RuleTrials
from curate.stages.quality import NAME, RULES
from curate.system.disk import replace_durably
from curate.web.ground.bench import Bench, Name, bench_of, missing
from curate.web.ground.pages import is_for_part, page, part
from curate.web.trials.edge_rows import EdgeRow, edge_rows
from curate.web.trials.histogram import HEIGHT, WIDTH
from curate.web.trials.record_texts import texts_dropped, texts_in_version
from curate.web.trials.rule_limits import difference, form_of, limit_fields, settings_of, with_limits, written
from curate.web.trials.rules_listed import agreements_of, bins_of, decided_by, rule_groups, sentence_of, trials_of
from rules import Rule
from schemas.bilingual import Bilingual
from schemas.digest import digest_bytes
from schemas.errors import InputError, StoreError

RuleName = Annotated[str, InPath(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
VersionId = Annotated[str, Query(pattern=r"^[0-9a-f]{32}$|^$", max_length=32)]
"""The version that a page shows, empty for the newest."""
Flag = Annotated[str, Query(pattern="^1?$", max_length=1)]
Digest = Annotated[str, Form(pattern=r"^[0-9a-f]{32}$")]

router = APIRouter()


@router.get("/d/{name}/rules")
def rules(request: Request, name: Name, version: VersionId = "") -> HTMLResponse:
    bench = bench_of(request)
    folder = chosen_version(bench, name, version)
    groups = rule_groups(bench.store, folder, bench.recipe(name))
    return page(
        request, "rules.html", dataset=name, tab="rules", groups=groups, version=version, fields=_limits_in_words
    )


@router.get("/d/{name}/rules/{rule}")
def one_rule(request: Request, name: Name, rule: RuleName, version: VersionId = "", texts: Flag = "") -> HTMLResponse:
    bench = bench_of(request)
    folder = chosen_version(bench, name, version)
    if rule not in RULES.names():
        raise missing(Bilingual("there is no such rule", "没有这条规则"))
    known: dict[str, Any] = {"dataset": name, "version": version, "name": rule, "problem": ""}
    try:
        trials = trials_of(folder, rule)
        known |= _trial(request, bench, name, trials, shows_dropped=texts == "1")
    except (InputError, StoreError) as error:
        if is_for_part(request):
            raise
        known |= {"problem": str(error), "trial": None}
    if is_for_part(request):
        return part(request, "_rule_trial.html", **known)
    configured = known["trial"].before if known["trial"] else RULES.load(rule)()
    agreed = agreements_of(bench.store, folder, bench.recipe(name), rule) if known["trial"] else []
    return page(
        request,
        "rule.html",
        tab="rules",
        rule=configured,
        sentence=sentence_of(configured),
        counts=decided_by(folder, rule),
        agreement=[str(line) for line in agreements_in_words(agreed)] if agreed and agreed[0].n else [],
        **known,
    )


@router.get("/d/{name}/rules/{rule}/recipe")
def limits_in_recipe(request: Request, name: Name, rule: RuleName, version: VersionId = "") -> HTMLResponse:
    """Show what would be written into the recipe; nothing differs any more once it is."""
    edit = _edit_of(request, name, rule, version)
    return page(
        request,
        "rule_recipe.html",
        dataset=name,
        tab="rules",
        name=rule,
        recipe=edit.path.name,
        lines=difference(edit.before, edit.after),
        digest=digest_bytes(edit.before.encode()),
        trial_query=edit.query,
    )


@router.post("/d/{name}/rules/{rule}/recipe")
def write_into_recipe(
    request: Request, name: Name, rule: RuleName, digest: Digest, version: VersionId = ""
) -> RedirectResponse:
    edit = _edit_of(request, name, rule, version)
    if digest_bytes(edit.before.encode()) != digest:
        raise InputError(
            "the recipe was changed meanwhile: look at the difference once more",
            "配方在此期间被改过：请重新查看改动",
        )
    if edit.after != edit.before:
        replace_durably(edit.path, edit.after.encode())
    return RedirectResponse(f"/d/{name}/rules/{rule}/recipe?{edit.query}", 303)


@router.post("/d/{name}/rules/build")
def build_again(request: Request, name: Name) -> Response:
    return begin_build(request, name)


def begin_build(request: Request, name: str) -> RedirectResponse:
    """Start `hornbook build` with the recipe of a dataset, and go to the job."""
    bench = bench_of(request)
    recipe = recipe_of(bench, name)
    job = bench.jobs.begin(
        name,
        Bilingual("Build a version", "构建版本"),
        ["build", str(recipe), "--store", str(bench.store.root)],
        then=f"/d/{name}/version",
    )
    return RedirectResponse(f"/d/{name}/jobs/{job.id}", 303)


def recipe_of(bench: Bench, name: str) -> Path:
    """Find the recipe of a dataset. Raises InputError where it is not known."""
    recipe = bench.recipe(name)
    if recipe is None:
        raise InputError(
            f"it is not known where the recipe of {name} lies: build it once with `hornbook build`",
            f"不知道 {name} 的配方在哪里：请先用 hornbook build 构建一次",
        )
    return recipe


def chosen_version(bench: Bench, name: str, version: str) -> Path:
    """Find the version that a page shows."""
    return bench.version(name, version) if version else bench.newest(name)


def _trial(request: Request, bench: Bench, name: str, trials: RuleTrials, *, shows_dropped: bool) -> dict[str, Any]:
    """Try what the form says: the values of `_rule_trial.html`."""
    trial = trials.trial(settings_of(trials.rule, request.query_params))
    bins = bins_of(trials.folder, trials.name)
    rows = edge_rows(trials, trial)
    texts = texts_in_version(trials.folder, [row.id for row in rows])
    waiting = [row.id for row in rows if row.id not in texts]
    if shows_dropped and waiting and (folder := _raw_folder(bench, name)) is not None:
        texts |= texts_dropped(trials.folder, folder, waiting, NAME)
    return {
        "trial": trial,
        "fields": limit_fields(trial.before, trial.after),
        "form": form_of(trial.before, trial.after),
        "records": trials.table.height,
        "bins": bins,
        "columns": bins.columns(trial.fails) if bins.is_numeric else [],
        "bars": [] if bins.is_numeric else bins.bars(trial.fails),
        "lines": bins.lines(trial.before, trial.after) if bins.is_numeric else [],
        "size": (WIDTH, HEIGHT),
        "rows": rows,
        "texts": texts,
        "asks_for_texts": bool(waiting) and not shows_dropped,
        "verdicts": VERDICTS,
        "written": written,
        "score_in_words": _score_in_words,
    }


def _raw_folder(bench: Bench, name: str) -> Path | None:
    recipe = bench.recipe(name)
    return recipe.parent if recipe else bench.store.recipe_folder(name)


def _score_in_words(row: EdgeRow) -> str:
    if isinstance(row.score, bool):
        return str(Bilingual("found", "有") if row.score else Bilingual("not found", "无"))
    return f"{row.score:,.4g}" if isinstance(row.score, float) else str(row.score)


def _limits_in_words(rule: Rule) -> str:
    """List the limits of a rule on one line, those of all kinds first."""
    return ", ".join(f"{field.limit} {written(field.today)}" for field in limit_fields(rule, rule) if not field.kind)


class _RecipeEdit(NamedTuple):
    """A recipe, its text, what it is to be, and the query of the trial that says so."""

    path: Path
    before: str
    after: str
    query: str


def _edit_of(request: Request, name: str, rule: str, version: str) -> _RecipeEdit:
    """Find the recipe, and write what the form says into its text."""
    bench = bench_of(request)
    path = recipe_of(bench, name)
    if rule not in RULES.names():
        raise missing(Bilingual("there is no such rule", "没有这条规则"))
    trials = trials_of(chosen_version(bench, name, version), rule)
    settings = settings_of(trials.rule, request.query_params)
    if not settings:
        raise InputError("move a limit first", "请先改一个限值")
    after = trials.trial(settings).after
    query = form_of(trials.rule, after) | ({"version": version} if version else {})
    text = path.read_bytes().decode()
    return _RecipeEdit(path, text, with_limits(text, rule, trials.rule, after), urlencode(query))

"""The recipe of a dataset as a form: saved into the file that the command line runs, tried on the first rows, built."""

from collections.abc import Mapping
from typing import Annotated, Any

import yaml
from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from curate.planning.recipe_values import values_of
from curate.web.ground.bench import Bench, Name, bench_of, missing
from curate.web.ground.pages import is_for_part, page, part
from curate.web.start.dry_run import ROWS, dry_run
from curate.web.start.form_fields import FieldError
from curate.web.start.recipe_form import changed_text, changes, form_of
from curate.web.start.saved_recipe import ChangedMeanwhileError, SavedRecipe, as_typed, meanwhile
from curate.web.start.step_words import why
from schemas.bilingual import Bilingual
from schemas.errors import HornbookError, RecipeError

MOST_FIELDS = 5_000

router = APIRouter()


async def typed_fields(request: Request) -> dict[str, str]:
    """Read the fields of a form: of two with one name the last counts, as with a box to tick."""
    form = await request.form(max_fields=MOST_FIELDS, max_files=0)
    fields = {name: value for name, value in form.multi_items() if isinstance(value, str)}
    if not fields.get("digest"):
        raise HTTPException(400, str(Bilingual("this form is not complete", "表单不完整")))
    return fields


Typed = Annotated[dict[str, str], Depends(typed_fields)]


@router.get("/d/{name}/recipe")
def recipe(request: Request, name: Name, saved: Annotated[str, Query(pattern="^1?$")] = "") -> HTMLResponse:
    bench = bench_of(request)
    path = bench.recipe(name)
    if path is None:
        if name not in bench.store.datasets() and not (bench.books / name).is_dir():
            raise missing(Bilingual(f"there is no dataset {name}", f"没有数据集 {name}"))
        return page(request, "recipe.html", dataset=name, tab="recipe", recipe=None)
    return _page(request, name, SavedRecipe.of(path), was_saved=bool(saved))


@router.post("/d/{name}/recipe")
def save(request: Request, name: Name, typed: Typed) -> Response:
    outcome = _saved(request, name, typed)
    return outcome if isinstance(outcome, Response) else RedirectResponse(f"/d/{name}/recipe?saved=1", 303)


@router.post("/d/{name}/recipe/build")
def build(request: Request, name: Name, typed: Typed) -> Response:
    outcome = _saved(request, name, typed)
    if isinstance(outcome, Response):
        return outcome
    bench = bench_of(request)
    arguments = ["build", str(outcome.path.resolve()), "--store", str(bench.store.root.resolve())]
    job = bench.jobs.begin(name, Bilingual("Build a version", "构建版本"), arguments, then=f"/d/{name}/version")
    return RedirectResponse(f"/d/{name}/jobs/{job.id}", 303)


@router.post("/d/{name}/recipe/try")
def try_first_rows(request: Request, name: Name, typed: Typed) -> HTMLResponse:
    bench = bench_of(request)
    saved = _recipe(bench, name)
    values: dict[str, Any] = {"trial": None, "mistakes": [], "why": why, "rows_tried": ROWS}
    try:
        file = saved.check_new(_proposed(saved, typed), name)
        values["trial"] = dry_run(file, bench.store)
    except ChangedMeanwhileError:
        values["mistakes"] = [str(meanwhile())]
    except (HornbookError, FieldError) as error:
        values["mistakes"] = _lines(error)
    if is_for_part(request):
        return part(request, "_trial.html", **values)
    return _page(request, name, saved, typed=typed, **values)


def _recipe(bench: Bench, name: str) -> SavedRecipe:
    path = bench.recipe(name)
    if path is None:
        raise missing(Bilingual(f"the recipe of {name} is not known", f"找不到 {name} 的配方"))
    return SavedRecipe.of(path)


def _proposed(saved: SavedRecipe, typed: Mapping[str, str]) -> str:
    """Give the text that is to be written: as it was typed, or as the form says."""
    if typed["digest"] != saved.digest:
        raise ChangedMeanwhileError
    if "yaml" in typed:
        return as_typed(typed["yaml"], saved.text)
    return changed_text(saved.text, typed, saved.path.parent)


def _saved(request: Request, name: str, typed: Mapping[str, str]) -> SavedRecipe | Response:
    """Write what was typed; where that cannot be, show the page again with what is wrong."""
    saved = _recipe(bench_of(request), name)
    try:
        return saved.written(_proposed(saved, typed), name)
    except ChangedMeanwhileError:
        now = SavedRecipe.of(saved.path)
        return _page(request, name, now, status=409, problem=str(meanwhile()), lost=_lost(now, typed))
    except (RecipeError, FieldError) as error:
        return _page(request, name, saved, status=400, typed=typed, mistakes=_lines(error), was_refused=True)


def _lines(error: HornbookError | FieldError) -> list[str]:
    return str(error.in_words() if isinstance(error, FieldError) else error).splitlines()


def _lost(now: SavedRecipe, typed: Mapping[str, str]) -> list[tuple[str, str]]:
    """List what a person had entered that is not in the recipe as it stands now."""
    if "yaml" in typed:
        return [("YAML", typed["yaml"])]
    values = _values(now)
    form = form_of(values, now.path.parent) if values else None
    return [(str(field.label), typed[field.name]) for field in changes(form, typed)] if form else []


def _values(saved: SavedRecipe) -> dict[str, Any] | None:
    """Read the values of a recipe that is right; None of one that is not."""
    try:
        saved.checked()
    except RecipeError:
        return None
    values: dict[str, Any] = yaml.safe_load(saved.text)
    return values


def _page(request: Request, name: str, saved: SavedRecipe, status: int = 200, **more: Any) -> HTMLResponse:
    """Write the page. Where the recipe in the file is wrong, its mistakes stand in the place of the form."""
    values = _values(saved)
    wrong: list[str] = []
    if values is None:
        try:
            saved.checked()
        except RecipeError as error:
            wrong = str(error).splitlines()
    bench = bench_of(request)
    usual: dict[str, Any] = {
        **dict.fromkeys(("was_saved", "was_refused", "problem", "trial"), None),
        **{"typed": {}, "lost": [], "mistakes": [], "why": why, "rows_tried": ROWS},
    }
    return page(
        request,
        "recipe.html",
        status,
        dataset=name,
        tab="recipe",
        recipe=saved,
        form=form_of(values, saved.path.parent) if values else None,
        is_editable=values_of(saved.text) is not None,
        wrong=wrong,
        is_running=bench.jobs.is_busy(name),
        **{**usual, **more},
    )

"""The page of identity and mix: what the written kit teaches, what of it a version holds, the dose and its findings."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from curate.planning.kit_plan import PARTS
from curate.planning.recipe_fix import write_settings
from curate.store.read_version import read_manifest
from curate.web.ground.bench import Bench, Name, bench_of, missing
from curate.web.ground.pages import is_for_part, page, part
from curate.web.routes.version import AnyVersion, folder_of, is_without_version
from curate.web.views.identity_view import dose_of, kit_of, mix_of, parts_of_kit
from curate.web.views.version_counts import VersionCounts, counts, known_counts
from curate.web.views.version_view import version_head
from schemas.bilingual import Bilingual
from schemas.manifest import Manifest
from schemas.plan_findings import GENERAL, GENERAL_WANTED, NAMES_EN, NAMES_ZH

PartName = Annotated[str, Query(pattern=f"^({'|'.join(PARTS)})?$", max_length=20)]
KitLanguage = Annotated[str, Query(pattern="^(zh|en)?$", max_length=2)]
Finding = Annotated[str, Form(pattern="^(all|[0-9a-f]{16})$")]
"""The key of a finding whose settings are to be written, or `all`."""

router = APIRouter()


def _dose_values(bench: Bench, manifest: Manifest, counted: VersionCounts | None) -> dict[str, Any]:
    """Gather what the dose and the mix are shown from; both wait where nothing is counted yet."""
    recipe = bench.recipe(manifest.name)
    lines, by = mix_of(bench.store.version(manifest.name, manifest.id), counted) if counted else ((), "rows")
    return {
        "dataset": manifest.name,
        "manifest": manifest,
        "counts": counted,
        "dose": dose_of(counted, recipe) if counted else None,
        "mix": lines,
        "mix_by": by,
        "general": GENERAL,
        "wanted": GENERAL_WANTED,
        "recipe": recipe.name if recipe else "",
        "may_write": recipe is not None and bench.store.head(manifest.name) == manifest.id,
        "speech_name": lambda lang: str(Bilingual(NAMES_EN[lang], NAMES_ZH[lang])),
    }


@router.get("/d/{name}/identity")
def identity(
    request: Request,
    name: Name,
    version: AnyVersion = "",
    of: PartName = "",
    speech: KitLanguage = "",
) -> HTMLResponse:
    bench = bench_of(request)
    if is_without_version(bench, name) and not version:
        return page(request, "version_none.html", dataset=name, tab="identity")
    folder = folder_of(bench, name, version)
    manifest = read_manifest(folder)
    counted = known_counts(bench.store, manifest)
    kit = kit_of(folder)
    return page(
        request,
        "identity.html",
        tab="identity",
        head=version_head(bench.store, manifest),
        parts=parts_of_kit(kit, counted),
        families=[view for view in kit if of in ("", view.family.part) and speech in ("", view.family.lang)],
        has_kit=bool(kit),
        of=of,
        speech=speech,
        part_names=PARTS,
        **_dose_values(bench, manifest, counted),
    )


@router.get("/d/{name}/identity/counts")
def identity_counts(request: Request, name: Name, version: AnyVersion = "") -> Response:
    """Count all rows, and answer with the dose and the mix."""
    bench = bench_of(request)
    manifest = read_manifest(folder_of(bench, name, version))
    counted = counts(bench.store, manifest)
    if not is_for_part(request):
        return RedirectResponse(f"/d/{name}/identity?version={manifest.id}", 303)
    return part(request, "_dose.html", **_dose_values(bench, manifest, counted))


@router.post("/d/{name}/identity/settings")
def write(request: Request, name: Name, finding: Finding) -> RedirectResponse:
    """Write what a finding on the newest version proposes into the recipe, as `hornbook plan --fix` does."""
    bench = bench_of(request)
    recipe = bench.recipe(name)
    if recipe is None:
        raise missing(Bilingual(f"the recipe of {name} is not known here", f"这里不知道 {name} 的配方在哪里"))
    counted = counts(bench.store, read_manifest(bench.newest(name)))
    found = dose_of(counted, recipe).findings
    chosen = [view.finding for view in found if finding in ("all", view.key)]
    if not chosen:
        raise missing(Bilingual("this finding holds no longer", "这个问题已经不存在了"))
    write_settings(recipe, chosen)
    return RedirectResponse(f"/d/{name}/identity#dose", 303)

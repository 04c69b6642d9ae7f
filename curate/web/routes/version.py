"""The page of a version: what became of every row, what the training set is made of, what changed, what is allowed."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi import Path as InPath
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from curate.report.charts import bar
from curate.report.labels import stage_words
from curate.report.report import widest
from curate.store.read_version import read_manifest
from curate.web.ground.bench import Bench, Name, bench_of, missing
from curate.web.ground.pages import is_for_part, page, part
from curate.web.views.version_counts import counts, known_counts
from curate.web.views.version_view import (
    RUN_NAME,
    changes_since,
    licences_of,
    quality_of,
    runs_of,
    token_shares,
    version_head,
)
from schemas.bilingual import Bilingual
from schemas.run_files import RunFiles
from schemas.stage_names import typed_name

AnyVersion = Annotated[str, Query(pattern=r"^([0-9a-f]{32})?$", max_length=32)]
"""The whole id of a version in a query; empty for the newest."""
RunName = Annotated[str, InPath(pattern=f"^{RUN_NAME.pattern}$")]
ENDS = ("dropped", "review")
"""Verdicts of a stage that end the way of a row."""

router = APIRouter()


@router.get("/d/{name}")
def dataset(name: Name) -> RedirectResponse:
    return RedirectResponse(f"/d/{name}/version", 303)


@router.get("/d/{name}/version")
def version(request: Request, name: Name, version: AnyVersion = "") -> HTMLResponse:
    bench = bench_of(request)
    if is_without_version(bench, name) and not version:
        return page(request, "version_none.html", dataset=name, tab="version")
    folder = folder_of(bench, name, version)
    manifest = read_manifest(folder)
    licences, together = licences_of(folder)
    estimates, needed = quality_of(manifest)
    counted = known_counts(bench.store, manifest)
    return page(
        request,
        "version.html",
        dataset=name,
        tab="version",
        manifest=manifest,
        head=version_head(bench.store, manifest),
        widest=widest(manifest),
        bar=bar,
        stage_words=stage_words,
        rows_of=_rows_of(name, manifest.id),
        counts=counted,
        tokens=token_shares(counted) if counted else None,
        changes=changes_since(bench.store, manifest),
        licences=licences,
        together=together,
        estimates=estimates,
        needed=needed,
        runs=runs_of(bench.store, manifest),
    )


@router.get("/d/{name}/version/counts")
def version_counts(request: Request, name: Name, version: AnyVersion = "") -> Response:
    """Count all rows, and answer with what that tells."""
    bench = bench_of(request)
    manifest = read_manifest(folder_of(bench, name, version))
    counted = counts(bench.store, manifest)
    if not is_for_part(request):
        return RedirectResponse(f"/d/{name}/version?version={manifest.id}", 303)
    return part(request, "_tokens.html", dataset=name, manifest=manifest, counts=counted, tokens=token_shares(counted))


@router.get("/d/{name}/version/report/{run}")
def report(request: Request, name: Name, run: RunName, version: AnyVersion = "") -> FileResponse:
    """Send the report of a run, to be opened outside of the page: it has styles of its own."""
    bench = bench_of(request)
    manifest = read_manifest(folder_of(bench, name, version))
    found = {view.name: view for view in runs_of(bench.store, manifest)}.get(run)
    if found is None or not found.has_report:
        raise missing(Bilingual("there is no such report", "没有这份报告"))
    path = RunFiles(bench.store.run(name, manifest.id, run)).report
    return FileResponse(path, media_type="text/html", filename=f"{name}-{manifest.id[:12]}-{run}.html")


def folder_of(bench: Bench, name: str, version: str) -> Path:
    """Find the folder of the version that an address means."""
    return bench.version(name, version) if version else bench.newest(name)


def is_without_version(bench: Bench, name: str) -> bool:
    """Tell whether a dataset was begun, and has no version yet."""
    is_known = name in bench.store.datasets() or (bench.books / name).is_dir()
    return is_known and bench.store.newest(name) is None


def _rows_of(name: str, version: str) -> Callable[..., str]:
    """Make the addresses of the rows that a stage let go or changed for a reason; of all that it let go without one."""

    def address(stage: str, verdict: str, rule: str = "") -> str:
        query = {"stage": typed_name(stage), "rule": rule}
        if verdict in ENDS and not rule:
            query["where"] = verdict
        query["version"] = version
        return f"/d/{name}/rows?{urlencode({key: value for key, value in query.items() if value})}"

    return address

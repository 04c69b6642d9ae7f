"""The versions of a dataset: their history and names, two compared, checked, exported and fetched."""

from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi import Path as InPath
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response, StreamingResponse
from starlette.background import BackgroundTask

from curate.publish.export import export_format_of
from curate.store.read_version import read_manifest
from curate.web.ground.bench import Bench, Id, Name, bench_of, missing
from curate.web.ground.jobs import StartedJob
from curate.web.ground.pages import page
from curate.web.views.exports import EXPORT_ID, Exports, formats, only_file, zipped
from curate.web.views.history import are_few, difference, history, recipe_difference
from schemas.bilingual import Bilingual

OptionalId = Annotated[str, Query(pattern=r"^([0-9a-f]{32})?$")]
ExportId = Annotated[str, InPath(pattern=f"^{EXPORT_ID.pattern}$")]
Tag = Annotated[str, Form(max_length=64)]

router = APIRouter()


@router.get("/d/{name}/versions")
def versions(request: Request, name: Name, of: OptionalId = "", against: OptionalId = "") -> HTMLResponse:
    bench = bench_of(request)
    compared = _compared(bench, name, of, against) if of and against else {}
    return page(
        request,
        "versions.html",
        dataset=name,
        tab="versions",
        history=history(bench.store, name),
        of=of,
        against=against,
        compared=compared,
        exports=Exports(bench.store.root, name).finished(),
        formats=formats(),
        is_busy=bench.jobs.is_busy(name),
    )


def _compared(bench: Bench, name: str, of: str, against: str) -> dict[str, Any]:
    """Compare two versions: `against` is the one before."""
    before, after = (read_manifest(bench.version(name, id)) for id in (against, of))
    few = are_few(before, after)
    return {
        "is_few": few,
        "recipe": recipe_difference(bench.store, name, against, of),
        "rows": difference(bench.store, name, against, of) if few else {},
    }


@router.post("/d/{name}/versions/{id}/tag")
def tag(request: Request, name: Name, id: Id, tag: Tag) -> RedirectResponse:
    bench = bench_of(request)
    bench.store.tag(bench.version(name, id), tag.strip())
    return RedirectResponse(f"/d/{name}/versions", 303)


@router.post("/d/{name}/untag")
def untag(request: Request, name: Name, tag: Tag) -> RedirectResponse:
    bench = bench_of(request)
    bench.newest(name)
    bench.store.untag(name, tag)
    return RedirectResponse(f"/d/{name}/versions", 303)


@router.post("/d/{name}/versions/{id}/verify")
def verify(request: Request, name: Name, id: Id) -> RedirectResponse:
    bench = bench_of(request)
    bench.version(name, id)
    title = Bilingual(f"Verify {id[:12]}", f"核对版本 {id[:12]}")
    arguments = ["verify", f"{name}/{id}", "--store", str(bench.store.root)]
    return _to_job(name, bench.jobs.begin(name, title, arguments, f"/d/{name}/versions"))


@router.post("/d/{name}/versions/{id}/export")
def export(
    request: Request,
    name: Name,
    id: Id,
    format: Annotated[str, Form(max_length=20)],
    use: Annotated[str, Form(pattern=r"^(commercial|noncommercial)?$")] = "",
) -> RedirectResponse:
    bench = bench_of(request)
    bench.version(name, id)
    export_format_of(format)
    target = Exports(bench.store.root, name).free(id, format)
    title = Bilingual(f"Export {id[:12]} as {format}", f"导出版本 {id[:12]}，格式 {format}")
    arguments = ["export", f"{name}/{id}", "--format", format, "--to", str(target), "--store", str(bench.store.root)]
    arguments += ["--use", use] if use else []
    return _to_job(name, bench.jobs.begin(name, title, arguments, f"/d/{name}/versions#exports"))


@router.get("/d/{name}/exports/{export}")
def download(request: Request, name: Name, export: ExportId) -> Response:
    folder = _export_folder(request, name, export)
    book = only_file(folder)
    if book is not None:
        return FileResponse(book, filename=f"{name}-{export}.xlsx")
    packed = zipped(folder)
    headers = {"Content-Disposition": f'attachment; filename="{name}-{export}.zip"'}
    return StreamingResponse(
        packed, media_type="application/zip", headers=headers, background=BackgroundTask(packed.close)
    )


@router.post("/d/{name}/exports/{export}/remove")
def remove(request: Request, name: Name, export: ExportId) -> RedirectResponse:
    _export_folder(request, name, export)
    Exports(bench_of(request).store.root, name).remove(export)
    return RedirectResponse(f"/d/{name}/versions#exports", 303)


def _export_folder(request: Request, name: str, export: str) -> Path:
    folder = Exports(bench_of(request).store.root, name).folder(export)
    if folder is None:
        raise missing(Bilingual("there is no such export", "没有这个导出结果"))
    return folder


def _to_job(name: str, job: StartedJob) -> RedirectResponse:
    return RedirectResponse(f"/d/{name}/jobs/{job.id}", 303)

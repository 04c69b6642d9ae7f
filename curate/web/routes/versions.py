"""The versions of a dataset: their history and tags, the difference of two, and what is exported of one."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi import Path as InPath
from fastapi.responses import HTMLResponse, RedirectResponse, StreamingResponse

from curate.publish.export import EXPORT_FORMATS
from curate.web.ground.bench import Bench, Name, bench_of, missing
from curate.web.ground.pages import page
from curate.web.views.downloads import ID, Download, Downloads, content
from curate.web.views.versions_view import MOST_ROWS, difference, history
from schemas.bilingual import Bilingual
from schemas.errors import InputError

A_VERSION = r"^[0-9a-f]{32}$"
Asked = Annotated[str | None, Query(pattern=A_VERSION)]
Sent = Annotated[str, Form(pattern=A_VERSION)]
Tag = Annotated[str, Form(max_length=200)]
ExportId = Annotated[str, InPath(pattern=f"^{ID.pattern}$")]
USES = {
    "": Bilingual("as the recipe says", "按配方"),
    "commercial": Bilingual("commercial", "商用"),
    "noncommercial": Bilingual("noncommercial", "非商用"),
}

router = APIRouter()


@router.get("/d/{name}/versions")
def versions(
    request: Request, name: Name, version: Asked = None, of: Asked = None, against: Asked = None
) -> HTMLResponse:
    bench = bench_of(request)
    chosen = bench.version(name, version) if version else bench.newest(name)
    lines = history(bench.store, name)
    compared = None
    if of and against:
        compared = difference(bench.version(name, against), bench.version(name, of))
    own = next(line for line in lines if line.version.id == chosen.name)
    return page(
        request,
        "versions.html",
        dataset=name,
        tab="versions",
        version=version or "",
        lines=lines,
        own=own,
        of=of or own.version.id,
        against=against or own.parent or lines[-1].version.id,
        compared=compared,
        most_rows=MOST_ROWS,
        formats={key: kind.for_whom for key, kind in EXPORT_FORMATS.all().items()},
        uses=USES,
        downloads=Downloads(bench.store.root, name).listed(),
    )


@router.post("/d/{name}/versions/tag")
def tag(request: Request, name: Name, of: Sent, tag: Tag) -> RedirectResponse:
    bench = bench_of(request)
    bench.store.tag(bench.version(name, of), tag.strip())
    return _back(name, of)


@router.post("/d/{name}/versions/untag")
def untag(request: Request, name: Name, of: Sent, tag: Tag) -> RedirectResponse:
    bench = bench_of(request)
    bench.version(name, of)
    bench.store.untag(name, tag)
    return _back(name, of)


@router.post("/d/{name}/versions/verify")
def verify(request: Request, name: Name, of: Sent) -> RedirectResponse:
    bench = bench_of(request)
    bench.version(name, of)
    title = Bilingual(f"verify {of[:12]}", f"核对 {of[:12]}")
    return _begin(bench, name, title, ["verify", f"{name}/{of}"], _address(name, of))


@router.post("/d/{name}/versions/compare")
def compare(request: Request, name: Name, of: Sent, against: Sent) -> RedirectResponse:
    """Compare what is too large for a request: the job writes a page, which is listed among the exports."""
    bench = bench_of(request)
    bench.version(name, of)
    bench.version(name, against)
    target = Downloads(bench.store.root, name).new_page(of)
    title = Bilingual(f"difference {against[:12]} → {of[:12]}", f"对比 {against[:12]} → {of[:12]}")
    arguments = ["diff", f"{name}/{against}", f"{name}/{of}", "--html", str(target)]
    return _begin(bench, name, title, arguments, f"{_address(name, of)}#exports")


@router.post("/d/{name}/exports")
def export(
    request: Request,
    name: Name,
    of: Sent,
    form: Annotated[str, Form(alias="format", max_length=16)],
    use: Annotated[str, Form(max_length=16)] = "",
) -> RedirectResponse:
    bench = bench_of(request)
    bench.version(name, of)
    if form not in EXPORT_FORMATS or use not in USES:
        raise InputError("choose a format and a purpose from the lists", "请从列表中选择格式和用途")
    target = Downloads(bench.store.root, name).new_folder(of, form)
    arguments = ["export", f"{name}/{of}", "--format", form, "--to", str(target)]
    arguments += ["--use", use] if use else []
    title = Bilingual(f"export {of[:12]} as {form}", f"把 {of[:12]} 导出为 {form}")
    return _begin(bench, name, title, arguments, f"{_address(name, of)}#exports")


@router.get("/d/{name}/exports/{id}")
def download(request: Request, name: Name, id: ExportId) -> StreamingResponse:
    found = _found(bench_of(request), name, id)
    headers = {"Content-Disposition": f'attachment; filename="{found.file}"'}
    return StreamingResponse(content(found), media_type="application/octet-stream", headers=headers)


@router.post("/d/{name}/exports/{id}/remove")
def remove(request: Request, name: Name, id: ExportId) -> RedirectResponse:
    bench = bench_of(request)
    Downloads(bench.store.root, name).remove(_found(bench, name, id))
    return RedirectResponse(f"/d/{name}/versions#exports", 303)


def _found(bench: Bench, name: str, id: str) -> Download:
    found = Downloads(bench.store.root, name).find(id)
    if found is None:
        raise missing(Bilingual("there is no such export", "没有这个导出"))
    return found


def _begin(bench: Bench, name: str, title: Bilingual, arguments: list[str], then: str) -> RedirectResponse:
    job = bench.jobs.begin(name, title, [*arguments, "--store", str(bench.store.root.resolve())], then)
    return RedirectResponse(f"/d/{name}/jobs/{job.id}", 303)


def _address(name: str, version: str) -> str:
    return f"/d/{name}/versions?version={version}"


def _back(name: str, version: str) -> RedirectResponse:
    return RedirectResponse(_address(name, version), 303)

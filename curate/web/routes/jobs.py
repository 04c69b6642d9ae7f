"""The jobs of a dataset: what commands its pages started, how far each is, and what it left."""

from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi import Path as InPath
from fastapi.responses import HTMLResponse

from curate.web.ground.bench import Name, bench_of, missing
from curate.web.ground.jobs import ID
from curate.web.ground.pages import is_for_part, page, part
from schemas.bilingual import Bilingual

JobId = Annotated[str, InPath(pattern=f"^{ID.pattern}$")]
STATES = {
    "waiting": Bilingual("starting", "正在启动"),
    "running": Bilingual("running", "进行中"),
    "done": Bilingual("done", "已完成"),
    "failed": Bilingual("failed", "失败"),
    "killed": Bilingual("killed: it ended without a word; start it again", "被中止：没有正常结束，请重新开始"),
}

router = APIRouter()


@router.get("/d/{name}/jobs")
def jobs(request: Request, name: Name) -> HTMLResponse:
    found = bench_of(request).jobs.of(name)
    return page(request, "jobs.html", dataset=name, tab="jobs", jobs=found, states=STATES)


@router.get("/d/{name}/jobs/{id}")
def one_job(request: Request, name: Name, id: JobId) -> HTMLResponse:
    every = bench_of(request).jobs
    job = every.find(name, id)
    if job is None:
        raise missing(Bilingual("there is no such job", "没有这个任务"))
    values: dict[str, Any] = {
        "dataset": name,
        "job": job,
        "state": STATES[job.state],
        "progress": every.progress(job),
        "printed": every.printed(job),
        "log": every.log(job),
        "is_going": job.state in ("waiting", "running"),
    }
    return (
        part(request, "_job.html", **values)
        if is_for_part(request)
        else page(request, "job.html", tab="jobs", **values)
    )

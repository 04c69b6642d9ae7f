"""The application: all routes behind the guard, and every error as one sentence on a page."""

import os
from collections.abc import Collection

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from curate.web.ground import assets
from curate.web.ground.bench import Bench
from curate.web.ground.guard import Guard
from curate.web.ground.language import Speaking
from curate.web.ground.pages import is_for_part, page, part
from curate.web.routes import all_routers
from schemas.bilingual import Bilingual
from schemas.errors import HornbookError, InputError, LockedError, RecipeError

STATUSES: tuple[tuple[type[HornbookError], int], ...] = ((LockedError, 409), (InputError, 400), (RecipeError, 400))
"""What a browser is answered for our errors; 500 for the others, which are ours to mend or the disk's."""


def web_app(bench: Bench, hosts: Collection[str]) -> ASGIApp:
    """Make the application. `hosts` are the values of the header Host that it answers to."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.state.bench = bench
    for router in (assets.router, *all_routers()):
        app.include_router(router)
    app.add_exception_handler(HornbookError, _on_our_error)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(RequestValidationError, _on_bad_address)
    app.add_exception_handler(OSError, _on_disk_error)
    app.add_exception_handler(Exception, _on_bug)
    return Guard(Speaking(app, bench.lang), bench.keys, hosts)


async def _on_our_error(request: Request, error: Exception) -> Response:
    status = next((status for kind, status in STATUSES if isinstance(error, kind)), 500)
    return _problem(request, status, str(error))


async def _on_http_error(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    detail = str(getattr(error, "detail", ""))
    if status == 404 and detail == "Not Found":  # no route: Starlette's own words
        detail = str(Bilingual("there is no such page", "没有这个页面"))
    if status == 400 and detail.startswith(("Field exceeded", "Part exceeded")):
        too_much = Bilingual("this form holds too much: a field may have 1 MiB", "表单内容过多：单项最多 1 MiB")
        status, detail = 413, str(too_much)
    if status == 405:
        detail = str(Bilingual("this cannot be done at this address", "这个地址不支持这种操作"))
    return _problem(request, status, detail)


async def _on_bad_address(request: Request, error: Exception) -> Response:
    return _problem(request, 400, str(Bilingual("this address or form is not complete", "地址或表单不完整")))


async def _on_disk_error(request: Request, error: Exception) -> Response:
    why = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else type(error).__name__
    sentence = Bilingual(
        f"the disk refuses: {why}; nothing that was published is harmed", f"磁盘拒绝：{why}；已发布的版本不受影响"
    )
    return _problem(request, 507, str(sentence))


async def _on_bug(request: Request, error: Exception) -> Response:
    """Answer what nobody foresaw; its traceback goes to whoever runs the server."""
    sentence = Bilingual(
        "something went wrong that Hornbook did not foresee; what it was stands where `hornbook ui` was started",
        "出了 Hornbook 没有料到的问题；详情见启动 hornbook ui 的终端",
    )
    return _problem(request, 500, str(sentence))


def _problem(request: Request, status: int, sentence: str) -> Response:
    if is_for_part(request):
        return part(request, "_problem.html", status, sentence=sentence)
    return page(request, "problem.html", status, sentence=sentence)

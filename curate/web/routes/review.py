"""Review: what waits for people, what lies on the desk, how far it is; and the desk, where each takes one task after
the other.

A reviewer is known by a cookie, traded for the token of his own address as the launch token is. It tells who decides;
what may be seen the guard has settled before. Opening the desk notes that a task is with somebody: nothing else changes
by looking.
"""

from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Form, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from curate.report.reasons import reason_text
from curate.reviewing.book import Book
from curate.reviewing.desk.review_desk import NotWantedError, ReviewDesk
from curate.reviewing.desk.reviewers import LONGEST_NAME, Reviewers, Seat
from curate.reviewing.desk.way import DeskWay
from curate.reviewing.in_words import REJECT_REASONS
from curate.reviewing.standing import left_out_in_words, planned_for, read_share
from curate.reviewing.wanted import REASONS
from curate.reviewing.way import send_out
from curate.web.ground.bench import Name, bench_of
from curate.web.ground.pages import is_for_part, page, part
from curate.web.trials.review_desk import DeskForm, opinion_of, view_of
from curate.web.trials.review_overview import (
    USUAL,
    choices,
    listed,
    open_on,
    overview_of,
    take_off,
    waiting_of,
    wanted_of,
)
from schemas.bilingual import Bilingual
from schemas.errors import InputError
from schemas.review import Decision

Version = Annotated[str, Query(pattern=r"^([0-9a-f]{32})?$")]
Count = Annotated[int | None, Query(ge=0, le=100_000_000)]
Key = Annotated[str, Form(pattern=r"^[0-9a-f]{32}$")]
Share = Annotated[str, Query(max_length=12)]
MOST_PEOPLE = 20
KEPT_FOR = 30 * 24 * 3600
"""Seconds that a browser knows its reviewer."""
LONGEST_NOTE = 2_000
BACK = Bilingual("Taken back: decide again.", "已撤回，请重新判断。")
NO_STEP_BACK = Bilingual("Nothing of yours is left to take back.", "没有可撤回的结论。")
TAKEN_AWAY = Bilingual("this task was taken away", "这个任务已经收回")

router = APIRouter()


class _Sitting(NamedTuple):
    """Who sits at which desk, and what he asks."""

    request: Request
    book: Book
    seat: Seat


@router.get("/d/{name}/review")
def review(  # noqa: PLR0913 - a number of the sentence about what was sent each
    request: Request,
    name: Name,
    version: Version = "",
    asks: bool = False,
    new: Count = None,
    there: Count = None,
    closed: Count = None,
    off: Count = None,
) -> HTMLResponse:
    book = open_on(bench_of(request), name, version)
    sent = None if new is None else (new, there or 0, closed or 0)
    return page(
        request, "review.html", dataset=name, tab="review", version=version, sent=sent, off=off, choices=choices(),
        overview=overview_of(book, asks=asks), people=MOST_PEOPLE, longest_name=LONGEST_NAME,
        can_build=book.recipe is not None, passes_over=book.passes_reviews_over(),
    )  # fmt: skip


@router.get("/d/{name}/review/waiting")
def waiting(request: Request, name: Name, version: Version = "") -> HTMLResponse:
    gathered = waiting_of(open_on(bench_of(request), name, version), ",".join(USUAL))
    values = {"dataset": name, "waiting": listed(gathered), "left_out": left_out_in_words(gathered), "version": version}
    return _whole_or_part(request, "review_waiting.html", "_review_waiting.html", values)


@router.get("/d/{name}/review/plan")
def plan(  # noqa: PLR0913 - a field of the form each
    request: Request,
    name: Name,
    version: Version = "",
    error: Share = "5",
    confidence: Share = "95",
    overlap: Annotated[int, Query(ge=1, le=MOST_PEOPLE)] = 1,
) -> HTMLResponse:
    book = open_on(bench_of(request), name, version)
    field = Bilingual("the margin", "允许误差"), Bilingual("the confidence", "置信水平")
    planned = planned_for(book, read_share(error, str(field[0])), read_share(confidence, str(field[1])), overlap)
    values = {
        "dataset": name, "planned": planned, "error": error, "confidence": confidence, "overlap": overlap,
        "version": version, "people": MOST_PEOPLE,
    }  # fmt: skip
    return _whole_or_part(request, "review_plan.html", "_review_plan.html", values)


@router.post("/d/{name}/review/tasks")
def put_on_desk(  # noqa: PLR0913 - a field of the form each
    request: Request,
    name: Name,
    what: Annotated[list[str], Form()],
    overlap: Annotated[int, Form(ge=1, le=MOST_PEOPLE)],
    near: Annotated[int | None, Form(ge=0, le=1_000_000)] = None,
    generated: Annotated[int | None, Form(ge=0, le=1_000_000)] = None,
    dropped: Annotated[int | None, Form(ge=0, le=1_000_000)] = None,
    sample: Annotated[int | None, Form(ge=0, le=1_000_000)] = None,
    version: Version = "",
) -> Response:
    """What `hornbook review push --to page` does."""
    book = open_on(bench_of(request), name, version)
    given = {"near": near, "generated": generated, "dropped": dropped, "sample": sample}
    numbers = {reason: number for reason, number in given.items() if number is not None}
    asked = [reason for reason in REASONS if reason in what]
    if len(asked) != len(set(what)):
        raise InputError("this is nothing that can be put on the desk", "没有这种可审的内容")
    gathered = waiting_of(book, wanted_of(asked, numbers))
    pushed = send_out(book.queue, DeskWay(book.queue), gathered.tasks, overlap)
    counts = f"new={pushed.new}&there={pushed.there}&closed={pushed.closed}"
    return RedirectResponse(f"/d/{name}/review?{counts}{f'&version={version}' if version else ''}", 303)


@router.post("/d/{name}/review/off")
def take_off_desk(request: Request, name: Name, everything: Annotated[bool, Form()] = False) -> Response:
    closed = take_off(open_on(bench_of(request), name), everything=everything)
    return RedirectResponse(f"/d/{name}/review?off={closed}", 303)


@router.post("/d/{name}/review/build")
def build_again(request: Request, name: Name) -> Response:
    bench = bench_of(request)
    recipe = bench.recipe(name)
    if recipe is None:
        raise InputError(f"it is not known where the recipe of {name} lies", f"不知道 {name} 的配方在哪里")
    title = Bilingual(f"Build {name} with what people decided", f"按审核结论重新构建 {name}")
    arguments = ["build", str(recipe.resolve()), "--store", str(bench.store.root.resolve())]
    job = bench.jobs.begin(name, title, arguments, then=f"/d/{name}/version")
    return RedirectResponse(f"/d/{name}/jobs/{job.id}", 303)


@router.post("/d/{name}/review/people")
def invite(request: Request, name: Name, reviewer: Annotated[str, Form(max_length=200)]) -> HTMLResponse:
    """The address is on this one answer, and never again: only a digest of its token is kept."""
    book = open_on(bench_of(request), name)
    token = Reviewers(book.queue).invite(reviewer)
    address = f"{request.url.scheme}://{request.headers['host']}/d/{name}/review/desk?reviewer={token}"
    return page(
        request, "review_invited.html", dataset=name, tab="review", reviewer=reviewer.strip(), address=address
    )  # fmt: skip


@router.post("/d/{name}/review/here")
def review_here(request: Request, name: Name, reviewer: Annotated[str, Form(max_length=200)]) -> Response:
    """Let who sits at this machine review under a name: a token that the name had elsewhere ends."""
    token = Reviewers(open_on(bench_of(request), name).queue).invite(reviewer)
    return _seated(request, name, token)


@router.post("/d/{name}/review/leave")
def leave(request: Request, name: Name) -> Response:
    answer = RedirectResponse(f"/d/{name}/review", 303)
    answer.delete_cookie(_cookie(request), path=_path(name), httponly=True, samesite="strict")
    return answer


@router.get("/d/{name}/review/desk")
def desk(
    request: Request,
    name: Name,
    reviewer: Annotated[str, Query(max_length=200)] = "",
    back: bool = False,
    nothing: bool = False,
) -> Response:
    book = open_on(bench_of(request), name)
    if reviewer:
        try:
            Reviewers(book.queue).seat(reviewer)
        except InputError as error:
            raise HTTPException(403, str(error)) from None
        return _seated(request, name, reviewer)
    seat = _seat(request, book)
    if seat is None:
        return _nobody(request, book)
    return _next(_Sitting(request, book, seat), hint=BACK if back else NO_STEP_BACK if nothing else None)


@router.post("/d/{name}/review/desk")
def decide(  # noqa: PLR0913 - a field of the form each
    request: Request,
    name: Name,
    key: Key,
    verdict: Annotated[Decision | None, Form()] = None,
    holds: Annotated[list[str] | None, Form()] = None,
    turn: Annotated[list[int] | None, Form()] = None,
    answer: Annotated[list[str] | None, Form()] = None,
    reasons: Annotated[list[str] | None, Form()] = None,
    note: Annotated[str, Form(max_length=LONGEST_NOTE)] = "",
) -> Response:
    book = open_on(bench_of(request), name)
    seat = _seat(request, book)
    if seat is None:
        return _nobody(request, book)
    sitting = _Sitting(request, book, seat)
    form = DeskForm(key, verdict, holds or (), turn or (), answer or (), reasons or (), note)
    task = book.queue.tasks().get(key)
    if task is None:
        return _next(sitting, 409, problem=TAKEN_AWAY)
    opinion = opinion_of(task, form)
    if isinstance(opinion, Bilingual):
        return _desk_page(sitting, 422, view=view_of(task), form=form, problem=opinion)
    try:
        refused = ReviewDesk(book).answer(seat, opinion)
    except NotWantedError as error:
        return _next(sitting, 409, problem=error.sentence)
    if refused is not None:
        return _desk_page(sitting, 422, view=view_of(task), form=form, refused=reason_text(refused.rule))
    return RedirectResponse(_path(name) + "/desk", 303)


@router.post("/d/{name}/review/desk/skip")
def skip(request: Request, name: Name, key: Key) -> Response:
    book = open_on(bench_of(request), name)
    seat = _seat(request, book)
    if seat is not None:
        ReviewDesk(book).skip(seat, key)
    return RedirectResponse(_path(name) + "/desk", 303)


@router.post("/d/{name}/review/desk/undo")
def undo(request: Request, name: Name) -> Response:
    book = open_on(bench_of(request), name)
    seat = _seat(request, book)
    task = ReviewDesk(book).undo(seat) if seat is not None else None
    return RedirectResponse(f"{_path(name)}/desk?{'nothing' if task is None else 'back'}=1", 303)


def _whole_or_part(request: Request, whole: str, piece: str, values: dict[str, Any]) -> HTMLResponse:
    return part(request, piece, **values) if is_for_part(request) else page(request, whole, tab="review", **values)


def _next(sitting: _Sitting, status: int = 200, **sentences: Bilingual | None) -> HTMLResponse:
    """Show the next task of a reviewer, or that none waits; `sentences` are a `problem` or a `hint` above it."""
    turn = ReviewDesk(sitting.book).next_task(sitting.seat)
    view = view_of(turn.task) if turn else None
    return _desk_page(sitting, status, view=view, form=DeskForm(view.key if view else "", None), **sentences)


def _desk_page(sitting: _Sitting, status: int, *, form: DeskForm, **values: Any) -> HTMLResponse:
    left, done = ReviewDesk(sitting.book).counts(sitting.seat)
    usual: dict[str, Any] = {"problem": None, "hint": None, "refused": None}
    return page(
        sitting.request, "review_desk.html", status, dataset=sitting.book.name, tab="review", seat=sitting.seat,
        form=form, left=left, done=done,
        typed=dict(zip(form.turns, form.answers, strict=False)), reject_reasons=REJECT_REASONS,
        longest_note=LONGEST_NOTE, **{**usual, **values},
    )  # fmt: skip


def _nobody(request: Request, book: Book) -> HTMLResponse:
    """Ask who sits here."""
    return page(
        request, "review_nobody.html", 403 if request.method == "POST" else 200, dataset=book.name, tab="review",
        names=Reviewers(book.queue).names(), longest_name=LONGEST_NAME,
    )  # fmt: skip


def _seat(request: Request, book: Book) -> Seat | None:
    """Find whose cookie it is; None for a browser that nobody has sat down at, or whose token has ended."""
    token = request.cookies.get(_cookie(request), "")
    try:
        return Reviewers(book.queue).seat(token) if token else None
    except InputError:
        return None


def _seated(request: Request, name: str, token: str) -> Response:
    answer = RedirectResponse(_path(name) + "/desk", 303)
    answer.set_cookie(_cookie(request), token, max_age=KEPT_FOR, httponly=True, samesite="strict", path=_path(name))
    return answer


def _cookie(request: Request) -> str:
    return f"{bench_of(request).keys.cookie}_reviewer"


def _path(name: str) -> str:
    return f"/d/{name}/review"

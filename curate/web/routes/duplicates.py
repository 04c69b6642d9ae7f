"""What a version took for duplicates, with other thresholds to try; and answers that contradict each other, of which a
person chooses or writes the one that holds.
"""

from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote, unquote

from fastapi import APIRouter, Form, Query, Request
from fastapi import Path as InPath
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import ConfigDict, Field

from curate.report.labels import CLUSTER_VERDICTS, CONFLICT_ROLES, DIFFERENCE_LABELS, label
from curate.report.reasons import RULE_NAMES
from curate.reviewing.book import Book, open_book
from curate.reviewing.decide import Refused
from curate.stages.quality import RULES
from curate.web.ground.bench import Bench, Name, bench_of, missing
from curate.web.ground.pages import MOST_SHOWN, is_for_part, page, part
from curate.web.routes.rules import VersionId, begin_build, chosen_version
from curate.web.trials.cluster_pages import clusters_of
from curate.web.trials.conflict_decisions import ConflictChoice, decide_conflict
from curate.web.trials.conflict_pages import ConflictPage, conflicts_of
from schemas.bilingual import Bilingual
from schemas.errors import HornbookError, InputError
from schemas.record import Frozen

Threshold = Annotated[float | None, Query(gt=0, le=1)]
ClusterId = Annotated[str, InPath(pattern=r"^[0-9a-f]{32}$")]
REVIEWER = "hornbook_reviewer"
"""The cookie that remembers with which name decisions are signed."""

KEY = r"^((\d{1,9}-)?[0-9a-f]{32})?$"
"""The key of a page: that of a cluster, or of a question."""

router = APIRouter()


class ShownPart(Frozen):
    """Which of the two views is shown, and from which key on. The language may stand beside it."""

    model_config = ConfigDict(extra="ignore")

    view: str = Field("duplicates", pattern="^(duplicates|conflicts)$")
    version: str = Field("", pattern="^([0-9a-f]{32})?$")
    after: str = Field("", pattern=KEY)
    before: str = Field("", pattern=KEY)


class ConflictForm(Frozen):
    """What a reviewer chose."""

    choice: str = Field(pattern="^([0-9a-f]{32}|none|all|write|undo)$")
    by: str = Field(max_length=200)
    answer: str = Field("", max_length=MOST_SHOWN)


@router.get("/d/{name}/duplicates")
def duplicates(request: Request, name: Name, query: Annotated[ShownPart, Query()]) -> HTMLResponse:
    bench = bench_of(request)
    folder = chosen_version(bench, name, query.version)
    values = _common(request, name, folder, query.view, query.version)
    of_clusters = query.view == "duplicates"
    after, before = (key if ("-" in key) == of_clusters else "" for key in (query.after, query.before))
    if of_clusters:
        return page(request, "duplicates.html", **values, **_clusters(folder, after, before))
    book, why = _book(bench, name)
    values |= _conflicts(folder, book, after, before)
    return page(request, "conflicts.html", book=book, why=why, problem="", typed="", failed="", **values)


@router.get("/d/{name}/duplicates/thresholds")
def thresholds(
    request: Request, name: Name, version: VersionId = "", threshold: Threshold = None, edit: Threshold = None
) -> HTMLResponse:
    folder = chosen_version(bench_of(request), name, version)
    tried = clusters_of(folder).thresholds(threshold, edit)
    values: dict[str, Any] = {"dataset": name, "version": version, "tried": tried}
    if is_for_part(request):
        return part(request, "_thresholds.html", **values)
    common = _common(request, name, folder, "duplicates", version) | _clusters(folder, "", "")
    return page(request, "duplicates.html", **(common | values))


@router.post("/d/{name}/duplicates/build")
def build_with_decisions(request: Request, name: Name) -> Response:
    return begin_build(request, name)


@router.post("/d/{name}/duplicates/conflicts/{cluster}")
def decide(
    request: Request, name: Name, cluster: ClusterId, form: Annotated[ConflictForm, Form()], version: VersionId = ""
) -> Response:
    bench = bench_of(request)
    folder = chosen_version(bench, name, version)
    book, why = _book(bench, name)
    if book is None:
        raise InputError(why.en, why.zh)
    conflicts = conflicts_of(folder)
    task = conflicts.task(book, cluster)
    if task is None:
        raise missing(Bilingual("there is no such question to decide", "没有这个待定的问题"))
    refused = decide_conflict(book, task, ConflictChoice(form.by, form.choice, form.answer))
    begin = conflicts.key_before(cluster)
    if refused is not None:
        values = _common(request, name, folder, "conflicts", version) | _conflicts(folder, book, begin, "")
        known = {"book": book, "why": why, "problem": _refusal(refused), "typed": form.answer, "failed": cluster}
        return page(request, "conflicts.html", 400, **values, **known)
    back = f"/d/{name}/duplicates?view=conflicts{f'&version={version}' if version else ''}"
    back += f"{f'&after={begin}' if begin else ''}#c-{cluster}"
    response = RedirectResponse(back, 303)
    response.set_cookie(
        REVIEWER, quote(form.by.strip()), max_age=31_536_000, httponly=True, samesite="strict", path=f"/d/{name}"
    )
    return response


def _common(request: Request, name: str, folder: Path, view: str, version: str) -> dict[str, Any]:
    return {
        "dataset": name,
        "tab": "duplicates",
        "view": view,
        "version": version,
        "totals": _totals(folder),
        "by": unquote(request.cookies.get(REVIEWER, "")),
        "cluster_verdict": lambda key: label(CLUSTER_VERDICTS, key),
        "conflict_role": lambda key: label(CONFLICT_ROLES, key),
        "difference": lambda key: label(DIFFERENCE_LABELS, key),
    }


def _totals(folder: Path) -> dict[str, int | None]:
    """Count clusters and questions; None where no stage of the recipe looks for them."""
    totals: dict[str, int | None] = {"duplicates": None, "conflicts": None}
    for view, reader in (("duplicates", clusters_of), ("conflicts", conflicts_of)):
        try:
            totals[view] = reader(folder).total
        except InputError:
            totals[view] = None
    return totals


def _clusters(folder: Path, after: str, before: str) -> dict[str, Any]:
    try:
        book = clusters_of(folder)
    except InputError as error:
        return {"empty": str(error), "shown_page": None, "counts": {}, "tried": None}
    shown_page = book.page(after=after, before=before)
    return {"empty": "", "shown_page": shown_page, "counts": book.counts, "tried": book.thresholds(None, None)}


def _conflicts(folder: Path, book: Book | None, after: str, before: str) -> dict[str, Any]:
    try:
        conflicts = conflicts_of(folder)
    except InputError as error:
        return {"empty": str(error), "shown_page": ConflictPage([], "", ""), "passed_over": False}
    shown_page = conflicts.page(book, after=after, before=before)
    return {"empty": "", "shown_page": shown_page, "passed_over": bool(book and book.passes_reviews_over())}


def _book(bench: Bench, name: str) -> tuple[Book | None, Bilingual]:
    """Open the dataset for decisions; else say why none can be taken."""
    recipe = bench.recipe(name)
    try:
        return open_book(str(recipe) if recipe else name, bench.store), Bilingual("", "")
    except HornbookError as error:
        return None, error.sentence


def _refusal(refused: Refused) -> str:
    """Say why an answer that was written is not taken."""
    if refused.rule not in RULES.names():  # a mask says what it found
        return str(
            Bilingual(
                "the answer is not taken: it holds personal data, which must not be learnt",
                "没有采纳：回答里有个人信息，不能进入训练数据",
            )
        )
    rule = RULE_NAMES.get(refused.rule, Bilingual(refused.rule, refused.rule))
    return str(Bilingual(f"the answer is not taken, by the rule: {rule.en}", f"没有采纳：回答不符合规则“{rule.zh}”"))

"""The commands below `hornbook review`, declared for Typer."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from curate.commands.options import CWD, AsJson, Root, say
from curate.terminal.usage import Program

review_app = Program(
    no_args_is_help=True,
    help=say(
        "People decide what is learnt: what waits goes out to reviewers, and what they say into the next version",
        "由人决定模型学什么：把待审内容发给审核人，再把结论带进下一个版本",
    ),
)


class WayName(StrEnum):
    """The ways to reviewers."""

    label_studio = "label-studio"
    sheet = "sheet"
    page = "page"


Book = Annotated[
    str,
    typer.Argument(
        help=say("the recipe, or a version: its name, or name/id", "配方文件，或版本：名称、名称/编号"),
        show_default=False,
    ),
]
What = Annotated[
    str,
    typer.Option(
        help=say(
            "what to look at, with numbers: conflicts, flagged, near:50, generated:100, exam, dropped:20 (of each "
            "rule), sample:200",
            "看哪些，可带数目：conflicts、flagged、near:50、generated:100、exam、dropped:20（每条规则）、sample:200",
        )
    ),
]
WHAT = "conflicts,flagged"


@review_app.command("list", help=say("What waits for a person, and why", "有哪些在等人看，为什么"))
def list_waiting(book: Book, what: What = WHAT, store: Root = CWD, as_json: AsJson = False) -> None:
    from curate.commands.review import list_command

    list_command(book, store, what, as_json=as_json)


@review_app.command(
    help=say("How many records must be looked at, and how long that takes", "要看多少条才够，需要多少时间")
)
def plan(  # noqa: PLR0913 - an option a parameter
    book: Book,
    error: Annotated[
        str,
        typer.Option(metavar="P%", help=say("how far the share of bad rows may be off", "坏数据占比允许的误差")),
    ] = "5%",
    confidence: Annotated[str, typer.Option(metavar="P%", help=say("how sure", "置信水平"))] = "95%",
    overlap: Annotated[int, typer.Option(min=1, help=say("reviewers of each record", "每条由几人审核"))] = 1,
    store: Root = CWD,
    as_json: AsJson = False,
) -> None:
    from curate.commands.review import plan_command

    plan_command(book, store, (error, confidence, overlap), as_json=as_json)


@review_app.command(help=say("Send what waits to reviewers", "把待审内容发给审核人"))
def push(  # noqa: PLR0913 - an option a parameter
    book: Book,
    to: Annotated[WayName, typer.Option(help=say("the way to them", "用哪种方式"), show_default=False)],
    what: What = WHAT,
    file: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help=say("of a sheet: the workbook to write", "表格方式：要写的工作簿"),
            show_default=False,
        ),
    ] = None,
    overlap: Annotated[int, typer.Option(min=1, help=say("reviewers of each record", "每条由几人审核"))] = 1,
    store: Root = CWD,
    as_json: AsJson = False,
) -> None:
    from curate.commands.review import PushFlags, push_command

    push_command(book, store, PushFlags(to.value, what, file, overlap), as_json=as_json)


@review_app.command(help=say("Bring back what reviewers said, into the file of reviews", "取回审核结论，写入审核文件"))
def pull(
    book: Book,
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            help=say("filled sheets; from Label Studio if left out", "填好的表格；不写则从 Label Studio 取"),
            show_default=False,
        ),
    ] = None,
    by: Annotated[
        str, typer.Option(help=say("who filled in sheets that do not say it", "表里没写审核人时，是谁填的"))
    ] = "",
    store: Root = CWD,
    as_json: AsJson = False,
) -> None:
    from curate.commands.review import pull_command

    pull_command(book, store, files or [], by, as_json=as_json)


@review_app.command(help=say("How far the review is, and what it says of the data", "审核进度，以及数据质量的估计"))
def status(book: Book, store: Root = CWD, as_json: AsJson = False) -> None:
    from curate.commands.review import status_command

    status_command(book, store, as_json=as_json)


@review_app.command(
    help=say(
        "Take away what is out and decided, or all of it; what a server holds is pulled first",
        "收回已审完的任务，或全部任务；服务器上的结论会先取回",
    )
)
def close(
    book: Book,
    everything: Annotated[
        bool, typer.Option("--all", help=say("also what nobody has decided", "没审完的也收回"))
    ] = False,
    store: Root = CWD,
    as_json: AsJson = False,
) -> None:
    from curate.commands.review import close_command

    close_command(book, store, everything=everything, as_json=as_json)

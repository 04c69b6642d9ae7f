"""The arguments and options that several commands share, and the values that some may take."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from schemas.bilingual import Bilingual


def say(en: str, zh: str) -> str:
    """Choose the sentence in the language of the session."""
    return str(Bilingual(en, zh))


class RunStep(StrEnum):
    """The steps of a run, in their order."""

    build = "build"
    train = "train"
    exam = "exam"
    report = "report"


class Use(StrEnum):
    """What a dataset may be marked for."""

    unsaid = ""
    commercial = "commercial"
    noncommercial = "noncommercial"


class Scorer(StrEnum):
    """Who scores answers."""

    judge = "judge"
    local = "local"


Recipe = Annotated[Path, typer.Argument(help=say("the recipe file", "配方文件"), show_default=False)]
Version = Annotated[
    str,
    typer.Argument(
        help=say("a version: its name, name/id, or its folder", "版本：名称、名称/编号，或所在目录"), show_default=False
    ),
]
OfVersion = Annotated[
    str | None,
    typer.Option("--version", help=say("which version; the newest if left out", "哪个版本；不写则用最新版本")),
]
Root = Annotated[
    Path,
    typer.Option("--store", help=say("the folder that holds datasets/ and runs/", "存放 datasets/ 和 runs/ 的目录")),
]
AsJson = Annotated[
    bool, typer.Option("--json", help=say("one JSON document on standard output", "只输出一个 JSON 文档"))
]
MaxBad = Annotated[
    str,
    typer.Option(
        "--max-bad",
        metavar="N|P%",
        show_default="1%",
        help=say("how many rows may be unreadable: a number, or a share of all", "允许多少行读不出：数目或占比"),
    ),
]
Jobs = Annotated[
    int,
    typer.Option(
        "--jobs",
        min=1,
        max=64,
        help=say(
            "processes for the stages that look at one record at a time; the result is the same",
            "并行的进程数；结果相同",
        ),
    ),
]
ShardRows = Annotated[
    int,
    typer.Option("--shard-rows", min=1, help=say("lines of one shard; the id stays", "每个分片的行数；编号不变")),
]
Files = Annotated[list[Path], typer.Argument(help=say("raw files", "原始文件"), show_default=False)]
CWD = Path()
"""The default of every option that names a folder."""

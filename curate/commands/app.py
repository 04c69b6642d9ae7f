"""The commands of the program. A command imports what it needs when it runs, so that `--help` answers at once."""

from pathlib import Path
from typing import Annotated

import typer

from curate.commands.options import (
    CWD,
    AsJson,
    Files,
    Jobs,
    MaxBad,
    OfVersion,
    Recipe,
    Root,
    RunStep,
    Scorer,
    ShardRows,
    Use,
    Version,
    say,
)
from curate.commands.review_app import review_app
from curate.terminal.usage import Program
from schemas.bilingual import speaking

app = Program(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help=say(
        "Raw customer-service logs into a book that a language model learns from: cleaned, masked, examined, with the "
        "proof of every step. `--lang en` or `--lang zh` chooses the language.",
        "把原始客服日志变成语言模型的教材：清洗、脱敏、训练、考试，步步有据可查。"
        "用 `--lang en` 或 `--lang zh` 选择语言。",
    ),
)

app.add_typer(review_app, name="review", rich_help_panel=say("Commands", "命令"))


@app.command(help=say("Build, train, examine and report, in one go", "一次完成：构建、训练、考试、报告"))
def run(  # noqa: PLR0913  # one argument an option
    recipe: Recipe,
    until: Annotated[RunStep, typer.Option(help=say("where to stop", "做到哪一步为止"))] = RunStep.report,
    max_bad: MaxBad = "",
    jobs: Jobs = 1,
    shard_rows: ShardRows = 50_000,
    store: Root = CWD,
    as_json: AsJson = False,
) -> None:
    from curate.commands.run import BuildFlags, run_command

    run_command(recipe, store, until.value, BuildFlags(max_bad, jobs, shard_rows), as_json=as_json)


@app.command(help=say("Raw files into a version", "从原始文件构建一个版本"))
def build(  # noqa: PLR0913  # one argument an option
    recipe: Recipe,
    max_bad: MaxBad = "",
    jobs: Jobs = 1,
    shard_rows: ShardRows = 50_000,
    store: Root = CWD,
    as_json: AsJson = False,
) -> None:
    from curate.commands.run import BuildFlags, run_command

    run_command(recipe, store, RunStep.build.value, BuildFlags(max_bad, jobs, shard_rows), as_json=as_json)


@app.command(
    help=say(
        "A training in numbers before it starts: rows, tokens, steps, and known failures",
        "训练开始前先看数字：行、词元、步数，以及已知的失败",
    )
)
def plan(
    recipe: Recipe,
    fix: Annotated[
        bool, typer.Option("--fix", help=say("write the proposed settings into the recipe", "把建议的设置写进配方"))
    ] = False,
    store: Root = CWD,
    as_json: AsJson = False,
) -> None:
    from curate.commands.plan import plan_command

    plan_command(recipe, store, fix=fix, as_json=as_json)


@app.command(help=say("Train an adapter on a version", "在一个版本上训练适配器"))
def train(
    recipe: Recipe,
    version: OfVersion = None,
    check: Annotated[
        bool,
        typer.Option(
            "--check",
            help=say("say what stands against the training, and train nothing", "只检查能否训练，不真正训练"),
        ),
    ] = False,
    store: Root = CWD,
    as_json: AsJson = False,
) -> None:
    from curate.commands.run import check_command, train_command

    (check_command if check else train_command)(recipe, store, version, as_json=as_json)


@app.command(
    help=say("Let the base model answer the general records, into a file", "让基础模型回答通用数据，写成一个文件")
)
def distill(  # noqa: PLR0913 - an option a parameter
    recipe: Recipe,
    to: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help=say(
                "the file to write; base_answers.jsonl beside the recipe if left out",
                "要写的文件；不写则为配方旁的 base_answers.jsonl",
            ),
        ),
    ] = None,
    version: OfVersion = None,
    max_new_tokens: Annotated[
        int,
        typer.Option(min=1, help=say("tokens of an answer; a longer one is left out", "回答的词元上限；更长的不用")),
    ] = 256,
    store: Root = CWD,
    as_json: AsJson = False,
) -> None:
    from curate.commands.distill import distill_command

    distill_command(recipe, store, version, to, max_new_tokens, as_json=as_json)


@app.command(
    help=say(
        "Let a language model say questions in other words, into a file", "让语言模型换种说法改写问题，写成一个文件"
    )
)
def reword(  # noqa: PLR0913 - an option a parameter
    recipe: Recipe,
    to: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help=say(
                "the file to write; the one that the recipe names if left out", "要写的文件；不写则为配方中的文件"
            ),
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=say("say what it would cost, and ask nothing", "只估算费用，不发送请求"))
    ] = False,
    limit: Annotated[
        int | None,
        typer.Option(min=1, help=say("ask for so many records at most", "最多请求多少条记录"), show_default=False),
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="VERSION",
            help=say("put back the file that a version was made with", "取回某个版本所用的改写文件"),
        ),
    ] = None,
    store: Root = CWD,
    as_json: AsJson = False,
) -> None:
    from curate.commands.reword import RewordFlags, reword_command

    reword_command(recipe, store, RewordFlags(to, source, limit, dry_run), as_json=as_json)


@app.command(
    help=say("Let models score the answers of a version, into a file", "让模型给一个版本里的回答打分，写成一个文件")
)
def score(  # noqa: PLR0913 - an option a parameter
    recipe: Recipe,
    to: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help=say(
                "the file to write; the one that the recipe names if left out", "要写的文件；不写则为配方中的文件"
            ),
        ),
    ] = None,
    only: Annotated[
        Scorer | None,
        typer.Option(
            help=say(
                "the judge (a language model) or the local model alone; both if left out",
                "只用评审模型或只用本地模型；不写则两者都用",
            ),
            show_default=False,
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=say("say what it would cost, and ask nothing", "只估算费用，不发送请求"))
    ] = False,
    limit: Annotated[
        int | None,
        typer.Option(min=1, help=say("score so many records at most", "最多给多少条记录打分"), show_default=False),
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="VERSION",
            help=say("put back the file that a version was made with", "取回某个版本所用的评分文件"),
        ),
    ] = None,
    store: Root = CWD,
    as_json: AsJson = False,
) -> None:
    from curate.commands.score import ScoreFlags, score_command

    flags = ScoreFlags(to, only.value if only else None, source, limit, dry_run)
    score_command(recipe, store, flags, as_json=as_json)


@app.command(help=say("Examine base and tuned model on the same questions", "用同一套题考基础模型和微调后的模型"))
def exam(  # noqa: PLR0913 - an option a parameter
    recipe: Recipe,
    version: OfVersion = None,
    gate: Annotated[
        bool,
        typer.Option("--gate", help=say("exit with 1 where a measure got worse", "有指标变差时以退出码 1 结束")),
    ] = False,
    against: Annotated[
        str | None,
        typer.Option(
            metavar="RUN",
            help=say(
                "also compare with an earlier run: its folder, or its version (id or tag)",
                "再与先前一次运行比较：写运行目录，或其版本（编号或标签）",
            ),
        ),
    ] = None,
    paper: Annotated[
        list[Path] | None,
        typer.Option("--paper", help=say("a file with questions of your own; repeatable", "您自己的题目文件；可重复")),
    ] = None,
    full: Annotated[
        bool,
        typer.Option("--full", help=say("let all contestants answer everything", "所有考生都答全部考题")),
    ] = False,
    adapter: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help=say("examine an adapter that was trained elsewhere", "考一个在别处训练的适配器"),
        ),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(
            metavar="MODEL",
            help=say("the model of that adapter, where it is not the recipe's", "该适配器的基础模型（若与配方不同）"),
        ),
    ] = None,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run",
            help=say(
                "say what the contestant `endpoint` would cost, and ask nothing",
                "只估算考生 endpoint 的费用，不发送请求",
            ),
        ),
    ] = False,
    store: Root = CWD,
    as_json: AsJson = False,
) -> None:
    from curate.commands.exam import ExamFlags, exam_command

    flags = ExamFlags(gate, against, tuple(paper or ()), adapter, model, everything=full, dry_run=dry_run)
    exam_command(recipe, store, version, flags, as_json=as_json)


@app.command(
    help=say(
        "A language model compares the answers of two contestants of an exam, blind and in both orders",
        "让语言模型盲评考试中两位考生的回答，两种先后顺序各评一次",
    )
)
def judge(  # noqa: PLR0913 - an option a parameter
    recipe: Recipe,
    run: Annotated[
        Path | None,
        typer.Argument(
            help=say(
                "the folder of a run; that of the recipe on its newest version if left out",
                "运行目录；不写则为配方在最新版本上的那次运行",
            ),
            show_default=False,
        ),
    ] = None,
    of: Annotated[str, typer.Option(help=say("whose answers are judged", "评的是哪位考生"))] = "tuned",
    against: Annotated[str, typer.Option(help=say("and who is compared with it", "和哪位考生比"))] = "base",
    probe: Annotated[
        list[str] | None,
        typer.Option(
            help=say(
                "which questions: in_scope, unrelated, general, own if left out",
                "用哪些题；不写则用 in_scope、unrelated、general、own",
            ),
            show_default=False,
        ),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(
            min=1,
            help=say("so many pairs at most, each asked twice", "最多评多少对，每对问两次"),
            show_default=False,
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=say("say what it would cost, and ask nothing", "只估算费用，不发送请求"))
    ] = False,
    store: Root = CWD,
    as_json: AsJson = False,
) -> None:
    from curate.commands.judge import JudgeFlags, judge_command

    flags = JudgeFlags(run, of, against, tuple(probe or ()), limit, dry_run)
    judge_command(recipe, store, flags, as_json=as_json)


@app.command(
    help=say("Write report.html of a version and what was trained on it", "写出版本及其训练结果的 report.html")
)
def report(recipe: Recipe, version: OfVersion = None, store: Root = CWD, as_json: AsJson = False) -> None:
    from curate.commands.run import report_command

    report_command(recipe, store, version, as_json=as_json)


@app.command(
    help=say(
        "Look at raw files: encoding, columns, contents, and a recipe block", "查看原始文件：编码、列、内容和配方片段"
    )
)
def inspect(files: Files, as_json: AsJson = False) -> None:
    from curate.commands.inspect import inspect_command

    inspect_command(files, as_json=as_json)


@app.command(help=say("Write a recipe for raw files", "为原始文件写一份配方"))
def init(
    more: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILES]...", help=say("more raw files", "更多原始文件"))
    ] = None,
    raw: Annotated[list[Path] | None, typer.Option("--from", help=say("a raw file", "原始文件"))] = None,
    to: Annotated[Path, typer.Option(help=say("the recipe to write", "要写的配方文件"))] = Path("recipe.yaml"),
) -> None:
    from curate.commands.inspect import init_command

    init_command([*(raw or []), *(more or [])], to)


@app.command(help=say("What the written kit will teach, before any build", "构建之前先看：模板会教什么"))
def identity(
    recipe: Recipe,
    sample: Annotated[int, typer.Option(min=0, help=say("how many of the rows to show", "展示多少条样例"))] = 10,
    as_json: AsJson = False,
) -> None:
    from curate.commands.identity import identity_command

    identity_command(recipe, sample, as_json=as_json)


@app.command(
    help=say("Vary one setting, everything else equal, with several seeds", "只改一个设置，其余不变，用多个种子比较")
)
def sweep(  # noqa: PLR0913 - an option a parameter
    recipe: Recipe,
    vary: Annotated[
        list[str],
        typer.Option(
            metavar="KEY=A,B,C",
            help=say(
                "the setting and its values, mix.shares.general=0,0.05,0.1; several: every combination",
                "设置及其取值，如 mix.shares.general=0,0.05,0.1；可写多个，各种组合都跑",
            ),
        ),
    ],
    seeds: Annotated[int, typer.Option(min=1, max=10, help=say("trainings of each arm", "每组训练几次"))] = 3,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help=say("say what it takes and could show, and stop", "只说明规模和能看出的差别")),
    ] = False,
    store: Root = CWD,
    as_json: AsJson = False,
) -> None:
    from curate.commands.sweep import sweep_command

    sweep_command(recipe, vary, seeds, store, dry_run=dry_run, as_json=as_json)


@app.command(help=say("What a version holds and how it came to be", "一个版本里有什么、怎么来的"))
def show(version: Version, store: Root = CWD, as_json: AsJson = False) -> None:
    from curate.commands.show import show_command

    show_command(version, store, as_json=as_json)


@app.command(
    help=say(
        "A training row as it is trained: its tokens, what is learnt, what is cut",
        "一行训练数据怎样训练：词元、学习哪些、截去了什么",
    )
)
def labels(  # noqa: PLR0913 - an option a parameter
    version: Version,
    row: Annotated[
        str,
        typer.Option(
            metavar="N|ID",
            help=say("the number of the row, from 1, or how its id begins", "第几行（从 1 数起），或编号的开头"),
        ),
    ] = "1",
    model: Annotated[str | None, typer.Option(help=say("another model", "换一个模型"))] = None,
    recipe: Annotated[
        Path | None,
        typer.Option(
            help=say(
                "whose settings to use; left out, those of the newest run, or the defaults",
                "用哪份配方的设置；不写则用最近一次运行的或默认值",
            )
        ),
    ] = None,
    html: Annotated[Path | None, typer.Option(help=say("also write a page", "同时写出一个网页"))] = None,
    store: Root = CWD,
    as_json: AsJson = False,
) -> None:
    from curate.commands.labels import RowFlags, labels_command

    labels_command(version, store, RowFlags(row, recipe, model), html, as_json=as_json)


@app.command(help=say("The versions in the store, newest first", "列出所有版本，新的在前"))
def log(store: Root = CWD, as_json: AsJson = False) -> None:
    from curate.commands.show import log_command

    log_command(store, as_json=as_json)


@app.command(help=say("Where a row went, and where a record came from", "一行去了哪里、一条记录从哪里来"))
def trace(
    version: Version,
    what: Annotated[
        str,
        typer.Argument(
            help=say("a record id, FILE:ROW, or words of it", "记录编号、“文件:行号”或其中的文字"), show_default=False
        ),
    ],
    store: Root = CWD,
    as_json: AsJson = False,
) -> None:
    from curate.commands.trace import trace_command

    trace_command(version, what, store, as_json=as_json)


@app.command(help=say("What was dropped, by rule, and where it stands", "丢弃了什么、因为哪条规则、原始行在哪里"))
def dropped(
    version: Version,
    rule: Annotated[str | None, typer.Option(help=say("one rule or reason", "某一条规则或原因"))] = None,
    sample: Annotated[int | None, typer.Option(min=1, help=say("rows to show", "显示多少行"))] = None,
    store: Root = CWD,
    as_json: AsJson = False,
) -> None:
    from curate.commands.trace import dropped_command

    dropped_command(version, rule, sample, store, as_json=as_json)


@app.command(help=say("What the next build will make again, and why", "下一次构建会重做哪些阶段、为什么"))
def status(recipe: Recipe, store: Root = CWD, as_json: AsJson = False) -> None:
    from curate.commands.status import status_command

    status_command(recipe, store, as_json=as_json)


@app.command(help=say("Give a version a name that stays, or list the names", "给版本起一个固定的名字，或列出所有名字"))
def tag(
    version: Version,
    tag: Annotated[str | None, typer.Argument(help=say("the tag", "标签"), show_default=False)] = None,
    delete: Annotated[bool, typer.Option("--delete", help=say("take the name away", "删除该标签"))] = False,
    store: Root = CWD,
    as_json: AsJson = False,
) -> None:
    from curate.commands.tags import tag_command

    tag_command(version, tag, store, delete=delete, as_json=as_json)


@app.command(help=say("Remove what no version, tag or build leads to", "清理没有被任何版本、标签或构建引用的内容"))
def gc(
    dry_run: Annotated[bool, typer.Option("--dry-run", help=say("only list it", "只列出，不删除"))] = False,
    store: Root = CWD,
    as_json: AsJson = False,
) -> None:
    from curate.commands.tags import gc_command

    gc_command(store, dry_run=dry_run, as_json=as_json)


@app.command(help=say("What was taken for duplicates, largest clusters first", "哪些被判为重复，从最大的一组开始"))
def clusters(
    version: Version,
    threshold: Annotated[
        float | None,
        typer.Option(
            min=0.0,
            max=1.0,
            help=say("about how many would be near at this similarity", "按此相似度约有多少条近似重复"),
        ),
    ] = None,
    edit: Annotated[
        float | None,
        typer.Option(
            min=0.0,
            max=1.0,
            help=say(
                "and at this share of unedited letters; where one is not given, it is that of the version",
                "以及按此未改动比例；未给出的一项与该版本相同",
            ),
        ),
    ] = None,
    store: Root = CWD,
    as_json: AsJson = False,
) -> None:
    from curate.commands.clusters import clusters_command, try_thresholds_command

    if threshold is None and edit is None:
        clusters_command(version, store, as_json=as_json)
    else:
        try_thresholds_command(version, store, threshold, edit, as_json=as_json)


@app.command(help=say("Questions whose answers contradict each other", "回答互相矛盾的问题"))
def conflicts(version: Version, store: Root = CWD, as_json: AsJson = False) -> None:
    from curate.commands.clusters import conflicts_command

    conflicts_command(version, store, as_json=as_json)


@app.command(help=say("Recompute every digest of a version and check its sums", "重新计算版本的全部摘要并核对账目"))
def verify(version: Version, store: Root = CWD, as_json: AsJson = False) -> None:
    from curate.commands.show import verify_command

    verify_command(version, store, as_json=as_json)


@app.command(
    help=say(
        "What differs between two versions: rows, answers, stages, shares", "两个版本差在哪里：行、回答、阶段、构成"
    )
)
def diff(
    before: Version,
    after: Version,
    html: Annotated[Path | None, typer.Option(help=say("also write a page", "同时写出一个网页"))] = None,
    store: Root = CWD,
    as_json: AsJson = False,
) -> None:
    from curate.commands.diff import diff_command

    diff_command(before, after, store, html, as_json=as_json)


@app.command(help=say("A version as files for trainers or people", "把版本导出成训练器或人能读的文件"))
def export(  # noqa: PLR0913 - an option a parameter
    version: Version,
    to: Annotated[Path, typer.Option(help=say("a new folder", "一个新目录"), show_default=False)],
    sheets: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[SHEET]...",
            help=say("with --blind: the sheets that reviewers filled in", "配合 --blind：评审者填好的盲评表"),
            show_default=False,
        ),
    ] = None,
    export_format: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="messages|alpaca|sharegpt|parquet|csv|xlsx|dpo",
            help=say(
                "the export format; xlsx: a workbook for people; dpo: pairs of answers that people decided about",
                "导出格式；xlsx 是给人看的 Excel 工作簿，dpo 是偏好对",
            ),
        ),
    ] = "messages",
    blind: Annotated[
        Path | None,
        typer.Option(
            metavar="KEY",
            help=say(
                "dpo: also the pairs of a blind comparison, by its key", "dpo：加上一次盲评得出的偏好对，写密钥文件"
            ),
            show_default=False,
        ),
    ] = None,
    use: Annotated[
        Use, typer.Option(help=say("what it is for, where the recipe does not say", "用途；配方没写时指定"))
    ] = Use.unsaid,
    store: Root = CWD,
    as_json: AsJson = False,
) -> None:
    from curate.commands.export import ExportFlags, export_command
    from curate.store.store import Store

    flags = ExportFlags(export_format, use.value, blind, tuple(sheets or ()))
    export_command(Store(store), version, to, flags, as_json=as_json)


@app.command(help=say("Copy a version to a folder or a URL (s3://…)", "把版本复制到目录或网址（s3://…）"))
def push(
    version: Version,
    to: Annotated[str, typer.Option(help=say("a folder or a URL", "目录或网址"), show_default=False)],
    store: Root = CWD,
    as_json: AsJson = False,
) -> None:
    from curate.commands.push import push_command
    from curate.store.store import Store

    push_command(Store(store).find(version), to, as_json=as_json)


@app.command(help=say("Bring a version from a folder or a URL into the store", "把别处的版本取回到存储中"))
def pull(
    version: Annotated[str, typer.Argument(help=say("name or name/id", "名称，或 名称/编号"), show_default=False)],
    source: Annotated[str, typer.Option("--from", help=say("a folder or a URL", "目录或网址"), show_default=False)],
    store: Root = CWD,
    as_json: AsJson = False,
) -> None:
    from curate.commands.pull import pull_command

    pull_command(version, source, store, as_json=as_json)


@app.command(help=say("Take a person's rows out of every version, for good", "把某个人的数据从所有版本中彻底去掉"))
def forget(  # noqa: PLR0913 - an option a parameter
    where: Annotated[
        list[str] | None,
        typer.Option(
            help=say(
                "`source.row in FILE:12-30`, or `phone=…`, `email=…`; `-` reads it from standard input",
                "`source.row in 文件:12-30`，或 `phone=…`、`email=…`；`-` 表示从标准输入读取",
            ),
            show_default=False,
        ),
    ] = None,
    raw: Annotated[Path, typer.Option(help=say("where the recipe's files lie", "配方中的文件所在目录"))] = CWD,
    allow_missing: Annotated[
        bool, typer.Option(help=say("go on without raw files that are gone", "原始文件缺失时继续"))
    ] = False,
    dry_run: Annotated[bool, typer.Option(help=say("only tell what would go", "只说明会删掉什么"))] = False,
    store: Root = CWD,
    as_json: AsJson = False,
) -> None:
    from curate.commands.forget import forget_command
    from curate.store.store import Store

    forget_command(where or [], Store(store), raw, missing=allow_missing, dry=dry_run, as_json=as_json)


@app.command(
    help=say(
        "The rules, and what each keeps and drops. `hornbook rules try NAME --min 8 VERSION` shows what other limits "
        "of a rule would change in a version, `hornbook rules try NAME --reviews FILE VERSION` how often people agreed "
        "with it.",
        "全部规则，以及各自保留和丢弃什么。`hornbook rules try 规则 --min 8 版本` 试算改限值会改变什么，"
        "`hornbook rules try 规则 --reviews 文件 版本` 看人与规则是否一致。",
    ),
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
)
def rules(
    context: typer.Context,
    name: Annotated[
        str | None, typer.Argument(help=say("one rule, or `try`", "某一条规则，或 try"), show_default=False)
    ] = None,
    store: Root = CWD,
    as_json: AsJson = False,
) -> None:
    if name == "try":
        from curate.commands.rules_try import try_rule_command

        try_rule_command(context.args, store, as_json=as_json)
        return
    if context.args:
        context.fail(say(f"what is {context.args[0]}?", f"不认识 {context.args[0]}"))
    from curate.commands.rules import rules_command

    rules_command(name, as_json=as_json)


@app.command(help=say("The JSON Schema of a recipe, for editors", "配方的 JSON Schema，供编辑器使用"))
def schema() -> None:
    from curate.commands.doctor import schema_command

    schema_command()


@app.command(
    help=say("Compare two assistants that served customers side by side", "对比同时上线的两个助手，看哪个更好")
)
def ab(  # noqa: PLR0913 - an option a parameter
    logs: Files,
    arm: Annotated[
        str,
        typer.Option(
            help=say("the column that says which assistant it was", "哪一列写明是哪个助手"), show_default=False
        ),
    ],
    base: Annotated[
        str | None, typer.Option(help=say("the arm to compare against", "以哪一组为基准"), show_default=False)
    ] = None,
    session: Annotated[
        str | None, typer.Option(help=say("the column of conversations", "会话编号是哪一列"), show_default=False)
    ] = None,
    role: Annotated[
        str | None, typer.Option(help=say("the column of who speaks", "说话人是哪一列"), show_default=False)
    ] = None,
    turns: Annotated[
        str | None, typer.Option(help=say("the column of how many turns", "对话轮次是哪一列"), show_default=False)
    ] = None,
    resolved: Annotated[
        str | None, typer.Option(help=say("the column: resolved or not", "是否解决是哪一列"), show_default=False)
    ] = None,
    score: Annotated[
        str | None, typer.Option(help=say("the column of the score", "满意度分数是哪一列"), show_default=False)
    ] = None,
    handed_over: Annotated[
        str | None,
        typer.Option(help=say("the column: handed to a person or not", "是否转人工是哪一列"), show_default=False),
    ] = None,
    yes: Annotated[
        list[str] | None,
        typer.Option("--yes", help=say("one more word for yes", "再加一个表示“是”的词"), show_default=False),
    ] = None,
    no: Annotated[
        list[str] | None,
        typer.Option("--no", help=say("one more word for no", "再加一个表示“否”的词"), show_default=False),
    ] = None,
    margin: Annotated[
        float,
        typer.Option(
            min=0.001, max=0.5, help=say("the least difference of rates that matters", "比率相差多少才算有意义")
        ),
    ] = 0.1,
    as_json: AsJson = False,
) -> None:
    from curate.commands.ab import ArmFlags, ab_command

    named = {
        "arm": arm, "session": session, "role": role, "turns": turns, "resolved": resolved, "score": score,
        "handed_over": handed_over,
    }  # fmt: skip
    ab_command(logs, named, ArmFlags(base, tuple(yes or ()), tuple(no or ()), margin), as_json=as_json)


@app.command(
    help=say(
        "A sheet on which people compare the answers of an exam, without knowing whose they are",
        "生成盲评表：让人比较考试中的两份回答，不告诉他们是谁答的",
    )
)
def blind(  # noqa: PLR0913 - an option a parameter
    run: Annotated[
        Path, typer.Argument(help=say("the folder of a run, or its exam.json", "运行目录，或其中的 exam.json"))
    ],
    to: Annotated[Path, typer.Option(help=say("the sheet to write", "要写的盲评表"))] = Path("blind.csv"),
    key: Annotated[
        Path | None,
        typer.Option(help=say("the key to write; beside the sheet if left out", "要写的密钥；不写则放在表旁边")),
    ] = None,
    probe: Annotated[
        list[str] | None,
        typer.Option(
            help=say(
                "which questions: in_scope, unrelated, general, own if left out",
                "用哪些题；不写则用 in_scope、unrelated、general、own",
            ),
            show_default=False,
        ),
    ] = None,
    against: Annotated[
        str, typer.Option(help=say("who is compared with the tuned model", "和微调后的模型比的是谁"))
    ] = "base",
    share: Annotated[
        float,
        typer.Option(
            min=0.55,
            max=1.0,
            help=say(
                "the share of wins to be found with a chance of 80 %: it decides how many pairs there are",
                "要有八成把握看出的胜率：由它决定需要多少对",
            ),
        ),
    ] = 0.7,
    as_json: AsJson = False,
) -> None:
    from curate.commands.blind import BlindFlags, blind_command

    blind_command(run, to, key, BlindFlags(tuple(probe or ()), against, share), as_json=as_json)


@app.command(help=say("What the reviewers of a blind comparison said", "汇总盲评结果"))
def unblind(
    key: Annotated[Path, typer.Argument(help=say("the key of the sheet", "盲评表的密钥"), show_default=False)],
    sheets: Annotated[
        list[Path],
        typer.Argument(help=say("the filled sheets, one a reviewer", "填好的表，每位评审者一张"), show_default=False),
    ],
    as_json: AsJson = False,
) -> None:
    from curate.commands.blind import unblind_command

    unblind_command(key, sheets, as_json=as_json)


@app.command(help=say("What is installed, what is missing, and how to add it", "装了什么、缺什么、怎么装"))
def doctor(as_json: AsJson = False) -> None:
    from curate.commands.doctor import doctor_command

    doctor_command(as_json=as_json)


@app.command(
    help=say(
        "The workbench page: the dataset in a browser, on this machine alone",
        "网页工作台：在浏览器里看数据，只限本机访问",
    )
)
def ui(  # noqa: PLR0913 - an option a parameter
    port: Annotated[
        int,
        typer.Option(min=0, max=65535, help=say("where it listens; 0 for any that is free", "端口；0 为任选空闲端口")),
    ] = 7860,
    host: Annotated[
        str,
        typer.Option(
            help=say(
                "the address it listens at; another one than this machine's own needs a token",
                "监听地址；非本机地址需要口令",
            )
        ),
    ] = "127.0.0.1",
    token: Annotated[
        str,
        typer.Option(
            help=say("the key in the address; drawn if left out", "地址里的钥匙；不写则随机生成"), show_default=False
        ),
    ] = "",
    open_browser: Annotated[
        bool, typer.Option("--open", help=say("open it in the browser of this machine", "在本机浏览器中打开"))
    ] = False,
    show_raw: Annotated[
        bool,
        typer.Option(
            "--show-raw",
            help=say("show raw rows with their personal data", "显示原始行，包括其中的个人信息"),
        ),
    ] = False,
    store: Root = CWD,
) -> None:
    from curate.commands.ui import ui_command
    from curate.web.flags import UiFlags

    ui_command(store, UiFlags(host, port, token, open_browser, show_raw, speaking.get()))

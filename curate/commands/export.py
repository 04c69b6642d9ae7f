"""export: a version in a format that trainers, dataset loaders or spreadsheets read."""

from pathlib import Path

from curate.publish.export import export_version
from curate.terminal.printing import echo, emit, next_step


def export_command(version: Path, to: Path, export_format: str, *, use: str, as_json: bool) -> None:
    """Write the version in an export format into the new folder `to`, and print what was written."""
    written = export_version(version, to, export_format, use)
    if as_json:
        emit(written)
        return
    echo(
        f"{written['rows']} conversations in {to}: {', '.join(written['files'])}",
        f"{written['rows']} 段对话，写入 {to}：{'、'.join(written['files'])}",
    )
    next_step(f"hornbook verify {version}")

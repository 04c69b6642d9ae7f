"""export: a version in a format that trainers, dataset loaders or spreadsheets read."""

from pathlib import Path
from typing import NamedTuple

from curate.publish.export import check_free, export_format_of, export_version
from curate.store.store import Store
from curate.terminal.printing import echo, emit, next_step
from schemas.errors import InputError
from schemas.preferences import PREFERENCES


class ExportFlags(NamedTuple):
    """The format, what the export is for, and the key and the sheets of a blind comparison, where there is one."""

    name: str
    use: str
    blind: Path | None = None
    sheets: tuple[Path, ...] = ()


def export_command(store: Store, wanted: str, to: Path, flags: ExportFlags, *, as_json: bool) -> None:
    """Write the version in an export format into the new folder `to`, and print what was written."""
    is_of_pairs = export_format_of(flags.name).columns == PREFERENCES
    _check_blind(flags, is_of_pairs=is_of_pairs)
    version = store.find(wanted)
    check_free(to)
    if is_of_pairs:
        # What makes records again from their raw rows takes long to load: only where pairs are wanted.
        from curate.commands.export_pairs import export_pairs_command

        export_pairs_command(store, version, to, flags, as_json=as_json)
        return

    written = export_version(version, to, flags.name, flags.use)
    if as_json:
        emit(written)
        return
    unit = export_format_of(flags.name).unit
    echo(
        f"{written['rows']} {unit.en} in {to}: {', '.join(written['files'])}",
        f"{written['rows']} {unit.zh}，写入 {to}：{'、'.join(written['files'])}",
    )
    next_step(f"hornbook verify {version}")


def _check_blind(flags: ExportFlags, *, is_of_pairs: bool) -> None:
    """Raise InputError for a key without sheets, sheets without a key, and either for a format without pairs."""
    if (flags.blind or flags.sheets) and not is_of_pairs:
        raise InputError(
            f"a blind comparison makes pairs of answers, and '{flags.name}' holds none: --format dpo",
            f"盲评产生的是偏好对，“{flags.name}”格式装不下：请用 --format dpo",
        )
    if bool(flags.blind) != bool(flags.sheets):
        raise InputError(
            "a blind comparison is its key and the sheets that came back: --blind KEY SHEET…",
            "盲评需要密钥和填好的表：--blind 密钥 表格…",
        )

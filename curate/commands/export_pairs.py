"""export --format dpo: pairs of answers, of which people prefer one."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from curate.commands.export import ExportFlags
from curate.preferences.blind import BlindSheets
from curate.preferences.find import find_pairs
from curate.preferences.found import ORIGIN_NAMES, FoundPairs, left_out_in_words
from curate.publish.export import export_version
from curate.store.store import Store
from curate.terminal.printing import emit, next_step
from schemas.bilingual import Bilingual
from schemas.preferences import ORIGINS, preferences_frame


def export_pairs_command(store: Store, version: Path, to: Path, flags: ExportFlags, *, as_json: bool) -> None:
    """Write the pairs that people decided about into the new folder `to`, and print what was written and left out."""
    found = find_pairs(version, store, BlindSheets(flags.blind, flags.sheets) if flags.blind else None)
    written = export_version(version, to, flags.name, flags.use, preferences_frame(found.pairs))
    if as_json:
        emit({**written, "pairs": found.counts(), "left_out": found.reasons()})
        return
    for sentence in _in_words(found, written, to):
        print(sentence)
    next_step(f"hornbook verify {version}")


def _in_words(found: FoundPairs, written: dict[str, Any], to: Path) -> Iterator[Bilingual]:
    counts = found.counts()
    origins = [origin for origin in ORIGINS if origin in counts]
    en = ", ".join(f"{ORIGIN_NAMES[origin].en} {counts[origin]}" for origin in origins)
    zh = "，".join(f"{ORIGIN_NAMES[origin].zh} {counts[origin]}" for origin in origins)
    yield Bilingual(
        f"{written['rows']} pairs of answers ({en}) in {to}: {', '.join(written['files'])}",
        f"{written['rows']} 个偏好对（{zh}），写入 {to}：{'、'.join(written['files'])}",
    )
    if found.left_out:
        why = left_out_in_words(found)
        yield Bilingual(f"left out: {why.en}", f"未采用：{why.zh}")
    if "blind" in counts:
        yield Bilingual(
            "the questions of blind comparisons are those of the exam: an exam that asks them says nothing of a model "
            "trained on these pairs",
            "盲评用的是考题：用这些偏好对训练过的模型，再考同样的题就说明不了问题",
        )

"""What the filters of a version offer: only what at least one of its lines says, with how many do."""

from functools import lru_cache
from typing import NamedTuple

from curate.store.read_version import read_manifest
from curate.web.rows.loaded_index import RowIndex
from schemas.stage_names import typed_name


class RowChoices(NamedTuple):
    """By filter, what may be chosen, with the number of lines. `rules` stand under the stage that noted them; `sources`
    are numbered by the manifest, those of what stages wrote have their names.
    """

    kinds: dict[str, int]
    ends: dict[str, int]
    langs: dict[str, int]
    stages: dict[str, int]
    rules: dict[str, dict[str, int]]
    sources: dict[str, tuple[str, int]]


@lru_cache(maxsize=8)
def choices_of(index: RowIndex) -> RowChoices:
    """Count what the lines of an index say."""
    stages: dict[str, int] = {}
    rules: dict[str, dict[str, int]] = {}
    for notes, count in index.count("notes").items():
        named = {note.split(":")[0] for note in notes.split(" ") if note}
        for stage in named:
            stages[typed_name(stage)] = stages.get(typed_name(stage), 0) + count
        for stage, rule in {(note.split(":", 2)[0], note.split(":", 2)[2]) for note in notes.split(" ") if note}:
            if rule:
                of_stage = rules.setdefault(typed_name(stage), {})
                of_stage[rule] = of_stage.get(rule, 0) + count

    manifest = read_manifest(index.folder)
    numbers = {file.path: str(number) for number, file in enumerate(manifest.inputs)}
    sources = {numbers.get(file, file): (file, count) for file, count in index.count("file").items() if file}
    order = [typed_name(stage.stage) for stage in manifest.stages]
    return RowChoices(
        kinds=index.count("kind"),
        ends=index.count("ends"),
        langs=index.count("lang"),
        stages={stage: stages[stage] for stage in dict.fromkeys([*order, *sorted(stages)]) if stage in stages},
        rules={stage: dict(sorted(of.items(), key=lambda pair: (-pair[1], pair[0]))) for stage, of in rules.items()},
        sources=dict(sorted(sources.items(), key=lambda pair: (not pair[0].isdigit(), pair[0].zfill(4)))),
    )

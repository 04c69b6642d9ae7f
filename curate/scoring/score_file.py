"""The file of scores: what it holds, and what is put into it."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from curate.conversations.scores import read_scores
from curate.store.keyed_lines import check_may_be_written, put_copy_back
from curate.store.read_version import read_manifest
from curate.system.disk import replace_durably
from schemas.bilingual import Bilingual
from schemas.digest import canonical
from schemas.errors import InputError
from schemas.scores import JudgeScore, LocalScore, Score
from schemas.version_files import VersionFiles

SCORES = Bilingual("scores", "评分")


def held_by(target: Path) -> dict[str, Score]:
    """Read what a file of scores holds, by id; nothing where there is none yet.

    Raises InputError for a file that must not be written over, since it holds something else, or lies in no folder.
    """
    check_may_be_written(target, SCORES)
    return {score.id: score for score in read_scores(target).values()} if target.exists() else {}


def merged(
    held: Mapping[str, Score], judged: Mapping[str, JudgeScore], read: Mapping[str, LocalScore]
) -> dict[str, Score]:
    """Put new scores in the place of old ones of the same kind."""
    scores = dict(held)
    for id in [*judged, *read]:
        before = scores.get(id)
        scores[id] = Score(
            id=id,
            judge=judged.get(id) or (before.judge if before else None),
            local=read.get(id) or (before.local if before else None),
        )
    return scores


def write(target: Path, scores: Iterable[Score]) -> None:
    """Write the file, so that it holds the old lines or the new ones, never half of them."""
    ordered = sorted(scores, key=lambda score: score.id)
    content = "".join(f"{canonical(score.model_dump(mode='json', exclude_none=True))}\n" for score in ordered)
    replace_durably(target, content.encode())


def put_back(version: Path, target: Path) -> int:
    """Write the scores of a version beside a recipe, and give the number of lines.

    Raises InputError where the version has none, or where other scores stand there.
    """
    copy = VersionFiles(version).model_scores
    if not read_manifest(version).scores:
        raise InputError(f"{version} was made without scores by models", f"{version} 构建时没有模型评分")
    lines, there = held_by(copy), held_by(target)
    put_copy_back(copy, target, bool(there), SCORES)
    return len(lines)

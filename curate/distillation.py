"""Answers of the base model to the general records of a version, judged and written as a file that a build reads.

The trainer's process asks the model (`train/distill.py`). What it answered is read here as the recipe reads a log: what
claims an identity, holds personal data or fails a rule is no answer to learn from.
"""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
from pydantic import ValidationError

from curate.build.build import build
from curate.build.plan import tools_of
from curate.conversations.base_answers import read_answers
from curate.privacy.release_gate import private_texts
from curate.recipe.load import RecipeFile
from curate.stages.mask import gate_of
from curate.stages.quality import RULES, Quality
from curate.stages.replay import with_answer
from curate.store.keyed_lines import check_may_be_written
from curate.store.read_version import read_manifest
from curate.store.shards import read_jsonl
from curate.store.store import Store
from curate.system import interrupts
from curate.system.disk import replace_durably
from curate.system.progress import Progress
from curate.trainer import Event, interrupted, model_job, start
from curate.workflow import time_left
from schemas.base_answers import LEFT_OUT, BaseAnswer, GivenAnswers
from schemas.bilingual import Bilingual
from schemas.digest import canonical, digest_bytes
from schemas.errors import GateError, InputError, StoreError
from schemas.frame import frame_of
from schemas.identity import Identity
from schemas.introductions.claims import foreign_claims, leaves_a_blank, own_names, says
from schemas.job import Job
from schemas.manifest import Manifest
from schemas.run_files import RunFiles

ALWAYS = ("control_tokens", "foreign_identity", "placeholder_left", "repeated_characters", "repeated_ngrams")
"""Rules that judge an answer whatever the recipe skips."""


@dataclass(frozen=True)
class Distilled:
    """What was written: the file, its settings, and how many of the answers are in it or, by reason, are not."""

    answers: Path
    settings: Path
    asked: int
    written: int
    left_out: Mapping[str, int]


def version_to_answer(file: RecipeFile, store: Store, wanted: str | None, progress: Progress) -> Path:
    """Find the version that is wanted, or the newest of the recipe; where there is none, build it."""
    if wanted:
        return store.find(wanted)
    return store.newest(file.recipe.name) or build(file, store, progress)


def distill_job(file: RecipeFile, version: Path, store: Store, tokens: int) -> Job:
    """Say what the trainer's process is to answer, and how many tokens an answer may take."""
    job = model_job(file, store.base_answers(file.recipe.name))
    exam = job.exam.model_copy(update={"max_new_tokens": tokens})
    return job.model_copy(update={"version": str(version.resolve()), "exam": exam})


def check_target(target: Path, file: RecipeFile) -> None:
    """Raise InputError for a file that must not be written: one that holds something else, or lies in no folder."""
    check_may_be_written(target, Bilingual("answers", "回答"))
    if target.exists():
        inputs = {(file.folder / spec.path).resolve() for spec in file.recipe.inputs}
        if target.resolve() in inputs or not _holds_answers(target):
            raise InputError(
                f"{target} is there already and holds something else; name another file with --to",
                f"{target} 已存在且内容不是回答；请用 --to 换一个文件名",
            )


def _holds_answers(path: Path) -> bool:
    try:
        read_answers(path)
    except InputError:
        return False
    return True


def distill(file: RecipeFile, job: Job, target: Path, progress: Progress) -> Distilled:
    """Let the base model answer, judge what it said, and write the rest.

    Raises InputError for a version without general records, and GateError where no answer is left.
    """

    def on_event(event: Event) -> None:
        if event["event"] == "phase":
            progress(str(event["name"]), 0, 1)
        elif event["event"] == "answer":
            progress(f"answers{time_left(event['seconds_left'])}", event["done"], event["of"])

    manifest = read_manifest(Path(job.version))
    if not any(share.kind == "general" and share.rows for share in manifest.shares):
        raise _nothing_to_answer(manifest)
    with interrupts.explained(lambda: interrupted("distill", {})):
        start("distill", job, on_event)
    given = _given(RunFiles(Path(job.run)).base_answers)
    good, reasons = judged(_records(Path(job.version), manifest, given), file)
    faults = Counter(answer.fault for answer in given.answers if answer.fault)
    left_out = dict(sorted((Counter(reasons.values()) + faults).items()))
    if not good:
        raise _nothing_left(len(given.answers), left_out)

    model = file.recipe.train.model
    lines = (BaseAnswer(id=id, answer=answer, model=model).model_dump() for id, answer in sorted(good.items()))
    content = "".join(f"{canonical(line)}\n" for line in lines).encode()
    settings = target.with_name(f"{target.stem}.settings.json")
    about = {**_settings(job, manifest, given), "model": model, "answers": len(good), "digest": digest_bytes(content)}
    replace_durably(target, content)
    replace_durably(settings, f"{json.dumps({**about, 'left_out': left_out}, ensure_ascii=False, indent=1)}\n".encode())
    return Distilled(target, settings, len(given.answers), len(good), left_out)


def _given(path: Path) -> GivenAnswers:
    try:
        return GivenAnswers.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        raise StoreError(f"{path} is damaged or missing", f"{path} 已损坏或缺失") from None


def _records(version: Path, manifest: Manifest, given: GivenAnswers) -> pl.DataFrame:
    """Read the records that were answered, with the answers of the model in the place of their own."""
    answers = {answer.id: answer.text for answer in given.answers if not answer.fault}
    lines = (line for shard in manifest.trained_on() for line in read_jsonl(version / shard.name))
    return frame_of(
        [
            {**line, "messages": with_answer(line["messages"], answers[line["id"]])}
            for line in lines
            if line["id"] in answers
        ]
    )


def judged(records: pl.DataFrame, file: RecipeFile) -> tuple[dict[str, str], dict[str, str]]:
    """Judge the last answer of each record: those that may be learnt, and why the others may not, by id.

    What a rule of the recipe repairs is repaired.
    """
    tools = tools_of(file)
    texts = _last_answers(records)
    reasons = {id: reason for id, text in texts.items() if (reason := fault_of_text(text, tools.identity))}

    clean = [id for id in texts if id not in reasons]
    private = private_texts([texts[id] for id in clean], gate_of(file.recipe, tools.identity))
    reasons |= {clean[n]: "personal_data" for n in private}

    for quality in (always(), *(step.does for step in file.steps if isinstance(step.does, Quality))):
        outcome = quality.run(records.filter(~pl.col("id").is_in(sorted(reasons))), tools)
        gone = outcome.events.filter(pl.col("verdict").is_in(["dropped", "review"]))
        reasons |= dict(gone.select("id", "reason").iter_rows())
        records = outcome.kept
    return _last_answers(records), reasons


def always() -> Quality:
    """Configure the rules that judge an answer whatever the recipe skips."""
    return Quality(skip=tuple(name for name in RULES.names() if name not in ALWAYS))


def _last_answers(records: pl.DataFrame) -> dict[str, str]:
    last = pl.col("messages").list.last().struct.field("content")
    return dict(records.select("id", last).iter_rows())


def fault_of_text(text: str, identity: Identity) -> str:
    """Say what an answer teaches that a general row must not: nothing at all, or who speaks; empty for neither."""
    if not any(character.isalnum() for character in text):
        return "empty"
    if any(says(text, name) for name in own_names(identity)):
        return "own_name"
    if foreign_claims(text, identity, strict=True):
        return "foreign_identity"
    return "placeholder_left" if leaves_a_blank(text, strict=False) else ""


def _settings(job: Job, manifest: Manifest, given: GivenAnswers) -> dict[str, Any]:
    """Say of whom and how it was asked. Nothing of it decides what a build makes of the file."""
    return {
        "version": f"{manifest.name}/{manifest.id}",
        "model_digest": given.model,
        "dtype": given.dtype,
        "system": job.train.system,
        "thinking": job.train.thinking,
        "max_tokens": job.train.max_tokens,
        "max_new_tokens": job.exam.max_new_tokens,
        "batch": job.exam.batch,
    }


def _nothing_to_answer(manifest: Manifest) -> InputError:
    return InputError(
        f"version {manifest.name}/{manifest.id[:12]} trains on no general records; general data is an input of "
        "`kind: general`",
        f"版本 {manifest.name}/{manifest.id[:12]} 的训练集里没有通用数据；通用数据是 `kind: general` 的输入文件",
    )


def _nothing_left(asked: int, left_out: Mapping[str, int]) -> GateError:
    en = ", ".join(f"{number} {reason}" for reason, number in left_out.items())
    zh = "，".join(f"{reason} {number}" for reason, number in left_out.items())
    return GateError(
        f"not one of {asked} answers of the base model can be learnt ({en}); nothing was written",
        f"基础模型的 {asked} 个回答没有一个可用（{zh}）；没有写出任何内容",
    )


def reason_of(name: str) -> str:
    """Say why answers were left out, in the language of the session; the name of a rule stands for itself."""
    return str(LEFT_OUT[name]) if name in LEFT_OUT else name

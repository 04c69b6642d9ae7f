"""Runs a sweep: every arm built, trained with every seed in equal steps, and examined; what is finished stays."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from curate.build.build import build
from curate.examination.exam_paper import write_exam_paper
from curate.recipe.load import load_recipe
from curate.store.read_version import read_manifest
from curate.store.store import Store
from curate.sweeps.arms import Arm, Variation, arms_of, with_training
from curate.system.progress import Progress
from curate.trainer import job_of
from curate.workflow import exam, exam_result, preflight, train
from schemas.exam import ExamPaper, ExamResult
from schemas.job import Job
from schemas.run_files import RunFiles

OF_STEPS = ("train.epochs", "train.max_steps", "train.batch", "train.accumulate")
"""Settings that decide how many steps there are: where one is varied, the arms take what it makes of them."""
ENDLESS = 10_000
"""Epochs, where the number of steps is what ends a training."""


class PlannedArm(NamedTuple):
    """An arm whose version is built, with a job for each seed."""

    arm: Arm
    version: str
    jobs: tuple[Job, ...]


class PlannedSweep(NamedTuple):
    """All that will be run. `steps` is the number that every training takes; None where that is varied itself."""

    arms: tuple[PlannedArm, ...]
    steps: int | None
    paper: ExamPaper


def plan_sweep(path: Path, variations: Sequence[Variation], seeds: int, root: Path, progress: Progress) -> PlannedSweep:
    """Build the version of each arm in the store of the sweep, and find how many steps all of them take.

    That is the number that the recipe as it stands takes: an arm with fewer rows sees each of them more often.
    """
    file, arms = load_recipe(path), arms_of(path, variations)  # what cannot be varied is found before anything is made
    store = Store(root / "sweeps")
    steps = None
    if not any(variation.key in OF_STEPS for variation in variations):
        version = build(file, store, progress)
        job = job_of(file, version, read_manifest(version), store)
        samples = preflight(job, progress).samples
        steps = file.recipe.train.max_steps or job.train.steps(samples)
    planned = tuple(_planned(arm, seeds, steps, store, progress) for arm in arms)
    first = planned[0].jobs[0]
    Path(first.run).mkdir(parents=True, exist_ok=True)
    write_exam_paper(first)
    paper = ExamPaper.model_validate_json(RunFiles(Path(first.run)).exam_paper.read_bytes())
    return PlannedSweep(planned, steps, paper)


def _planned(arm: Arm, seeds: int, steps: int | None, store: Store, progress: Progress) -> PlannedArm:
    version = build(arm.file, store, progress)
    manifest = read_manifest(version)
    if steps is not None:
        arm = with_training(arm, epochs=ENDLESS, max_steps=steps)
    first = arm.file.recipe.train.seed
    jobs = tuple(
        job_of(with_training(arm, seed=first + number).file, version, manifest, store) for number in range(seeds)
    )
    return PlannedArm(arm, manifest.id, jobs)


def run_sweep(planned: PlannedSweep, progress: Progress) -> list[list[ExamResult]]:
    """Train and examine every arm with every seed: results by arm, a seed each.

    A run that is finished is read; one that was stopped goes on. What the base answered in one run the next need not
    ask again, where the prompts are the same.
    """
    results: list[list[ExamResult]] = [[] for _ in planned.arms]
    answered: Path | None = None
    seeds = len(planned.arms[0].jobs)
    for number in range(seeds):  # a seed of every arm before the next: whoever stops early has all arms
        for arm, found in zip(planned.arms, results, strict=True):
            job = arm.jobs[number]
            files = RunFiles(Path(job.run))
            train(job, progress)
            if answered is not None and not files.answers.is_file():
                shutil.copyfile(answered, files.answers)
            exam(job, progress)
            answered = files.answers
            found.append(exam_result(job))
    return results

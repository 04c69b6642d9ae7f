"""labels: a training row as it is trained, as text, as JSON and as a page."""

import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError
from rich.console import Console

from curate.recipe.load import load_recipe
from curate.report.row_page import render_row
from curate.store.read_version import read_manifest
from curate.store.store import Store
from curate.system.disk import replace_durably
from curate.terminal.labelled_row import print_row
from curate.terminal.printing import echo, emit
from curate.terminal.progress import showing_progress
from curate.workflow import labelled_row
from schemas.bilingual import Bilingual
from schemas.errors import InputError
from schemas.job import ExamSettings, Job, TrainSettings
from schemas.manifest import Manifest
from schemas.run_files import RunFiles


@dataclass(frozen=True)
class RowFlags:
    """The options as they were written."""

    row: str
    recipe: Path | None
    model: str | None


class OwnSettings(NamedTuple):
    """Settings of a training, and where they come from, in words and for scripts."""

    train: TrainSettings
    origin: Bilingual
    source: str


def labels_command(version: str, root: Path, flags: RowFlags, page: Path | None, *, as_json: bool) -> None:
    """Print one training row as it is trained; write it to `page` too, where one is named."""
    store = Store(root)
    folder = store.find(version)
    _check_flags(flags, page)
    manifest = read_manifest(folder)
    settings = settings_in_force(store, manifest, flags)

    with tempfile.TemporaryDirectory(prefix="hornbook-labels-") as run, showing_progress() as progress:
        job = Job(version=str(folder.resolve()), run=run, train=settings.train, exam=ExamSettings(), row=flags.row)
        row = labelled_row(job, progress)

    # No release gate: the row is one of a version, so that it has passed it, and its shard has just been proven to be
    # as it was then. All else on the page are settings that whoever asks has written. The gate would see little, too:
    # it reads a page as text, and here a tag stands between any two tokens of a number.
    if page is not None:
        replace_durably(page, render_row(row, manifest, settings.origin).encode("utf-8"))
    if as_json:
        emit({**row.model_dump(mode="json"), "settings_from": settings.source})
        return
    print_row(Console(), row, settings.origin)
    if page is not None:
        echo(f"page: {page}", f"网页：{page}")


def _check_flags(flags: RowFlags, page: Path | None) -> None:
    """Raise InputError for what cannot be meant, before a tokenizer is loaded for it."""
    for name, value in (("--row", flags.row), ("--model", flags.model or "")):
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            raise InputError(f"{name} is not written in UTF-8", f"{name} 不是 UTF-8 文字") from None
    if page is not None and (page.is_dir() or not page.parent.is_dir()):
        raise InputError(
            f"{page} cannot be written: it is a folder, or lies in none", f"无法写入 {page}：它是目录，或所在目录不存在"
        )


def settings_in_force(store: Store, manifest: Manifest, flags: RowFlags) -> OwnSettings:
    """Find the settings: of the recipe that is named, else of the newest training of this version, else the defaults.

    Raises RecipeError for a recipe with mistakes.
    """
    found = _settings_found(store, manifest, flags.recipe)
    if flags.model is None:
        return found
    origin = Bilingual(f"{found.origin.en}, with --model", f"{found.origin.zh}，模型由 --model 指定")
    return found._replace(train=found.train.model_copy(update={"model": flags.model}), origin=origin)


def _settings_found(store: Store, manifest: Manifest, recipe: Path | None) -> OwnSettings:
    if recipe is not None:
        own = load_recipe(recipe).recipe.train
        return OwnSettings(own, Bilingual(f"settings of {recipe}", f"{recipe} 的设置"), f"recipe {recipe}")

    runs = [RunFiles(path) for path in store.runs(manifest.name) if path.parent.name == manifest.id]
    for run in sorted((run for run in runs if run.job.is_file()), key=_recency, reverse=True):
        with suppress(ValidationError):  # another release wrote it
            own, name = Job.model_validate_json(run.job.read_bytes()).train, run.folder.name
            return OwnSettings(own, Bilingual(f"run {name}", f"运行 {name} 的设置"), f"run {name}")
    return OwnSettings(TrainSettings(), Bilingual("defaults", "默认设置"), "defaults")


def _recency(run: RunFiles) -> tuple[bool, int, str]:
    """Order runs by their last step. Runs without a step were only checked; an exam touches no step of an old one."""
    is_begun = run.steps.is_file()
    return is_begun, (run.steps if is_begun else run.job).stat().st_mtime_ns, run.folder.name

"""From a recipe to a version: read, form sessions, run the stages, balance the books, write, publish."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from curate.augmenters.reword import Reword
from curate.build.collected import Collected
from curate.build.context import Announcer, BuildContext, OutputFolders
from curate.build.frames_on_disk import Frames
from curate.build.plan import Plan, plan_of, tools_of
from curate.build.read_inputs import read_inputs
from curate.build.runner import runner
from curate.build.write_version import VersionContent, write_version
from curate.conversations.base_answers import answer_file
from curate.conversations.rewordings import read_rewordings, rewording_file
from curate.conversations.scores import read_scores, score_file
from curate.decisions.reviews import review_file
from curate.erasure.forgotten import Forgotten
from curate.publish.licences import check_use
from curate.recipe.load import RecipeFile
from curate.stages.mask import Mask, gate_of
from curate.stages.quality import Quality
from curate.stages.replay import Replay
from curate.stages.review import Review
from curate.store.quarantine import DEFAULT_MAX_BAD, MaxBad, Quarantine
from curate.store.read_version import read_manifest
from curate.store.shards import ROWS
from curate.store.store import LOCK, PLAN, Store, named
from curate.system import interrupts
from curate.system.disk import replace_durably
from curate.system.progress import Progress
from schemas.base_answers import AnswerFile
from schemas.bilingual import Bilingual
from schemas.digest import canonical, digest_file
from schemas.errors import GateError, HornbookError, InputError
from schemas.manifest import InputFile, Manifest
from schemas.recipe import REVIEW, Recipe
from schemas.review import ReviewFile
from schemas.rewordings import RewordingFile
from schemas.scores import ScoreFile
from schemas.stage_names import typed_name
from schemas.version_files import VersionFiles


@dataclass(frozen=True)
class BuildOptions:
    """What changes how a build works and not what it makes: processes, and lines of one shard."""

    jobs: int = 1
    shard_rows: int = ROWS


def build(
    file: RecipeFile,
    store: Store,
    progress: Progress = lambda *_: None,
    max_bad: MaxBad | None = None,
    options: BuildOptions = BuildOptions(),  # it is frozen
) -> Path:
    """Make the version that the recipe describes, and give its folder; the same inputs give the same version.

    What an earlier build of the dataset has made, finished or not, is not made again. Raises HornbookError: InputError
    for a file that cannot be read, GateError when an input may not be used so, too many rows are bad, or a stage or the
    release gate refuses, LockedError when another process writes to the dataset.
    """
    check_use(file.recipe)
    name = file.recipe.name
    if mask := _mask(file):
        mask.secret()

    published: Path | None = None
    with (
        interrupts.explained(lambda: None if published else _interrupted(store, name)),
        _sweeping(store, name),
        store.writing(name) as staging,
        store.spilling(staging) as spill,
    ):
        context = _context(file, store, spill, progress)
        _answers(file)  # the stages stand late: a mistake in their files is found before the work, not after it
        _check_rewordings(file, context.forgotten)
        _check_scores(file, context.forgotten)
        collected = Collected(spill)
        with Quarantine(store.quarantine(name)) as quarantine, runner(options.jobs, collected.add_block) as running:
            files = read_inputs(context, quarantine, running)
        _allowed(max_bad, file.recipe).check(sum(f.bad for f in files), sum(f.rows for f in files), quarantine.path)
        _check_filled(files, collected)
        _run_whole_stages(context, collected)
        _check_files_of_stages(context)

        context.announcer.announce("write")
        content = _content(context, files, collected)
        manifest = write_version(staging, content, context.tools.identity, options.shard_rows)
        _check_left(manifest)
        with interrupts.held_back():
            published = store.publish(staging, manifest)
            interrupts.remember_finished(named(published))
            replace_durably(store.cache(name) / PLAN, _remembered(context.plan, file.folder), store.disk)
        return published


def _interrupted(store: Store, name: str) -> Bilingual:
    """Say what an interrupt has left of a build; its staging folder, and a cache without an output, are gone."""
    sentence = Bilingual("interrupted while building; no new version was written", "构建被中断；没有写出新版本")
    if not store.cache(name).is_dir():
        return sentence
    return Bilingual(
        f"{sentence.en}; what its stages have finished stays for the next build",
        f"{sentence.zh}；各阶段已完成的结果已保留，供下次构建使用",
    )


@contextmanager
def _sweeping(store: Store, name: str) -> Iterator[None]:
    """Leave no folder of a dataset without a version, and no empty cache, where a build fails or is interrupted."""
    try:
        yield
    except BaseException:
        # Under the lock, and not where another process holds it: the folder is then its own.
        with suppress(HornbookError, OSError), store.locked(name) as dataset:
            for folder in (*store.cache(name).glob("*/"), store.cache(name), store.cache(name).parent):
                with suppress(OSError):  # one that is not empty stays: the next build uses what is in it
                    folder.rmdir()
            if [path.name for path in dataset.iterdir()] == [LOCK]:
                (dataset / LOCK).unlink()
                dataset.rmdir()
                dataset.parent.rmdir()
        raise


def _context(file: RecipeFile, store: Store, spill: Path, progress: Progress) -> BuildContext:
    """Plan the build. Raises GateError while an erasure is open."""
    name = file.recipe.name
    forgotten = Forgotten.of(store, name)
    plan = plan_of(file, forgotten)
    folders = OutputFolders(store.cache(name), spill)
    folders.cache.mkdir(mode=0o700, parents=True, exist_ok=True)
    steps = (
        *(spec.path for spec in file.recipe.inputs),
        *(typed_name(segment.name) for segment in plan.whole_stages),
        "write",
    )
    tools = replace(tools_of(file), parent=store.newest(name))
    return BuildContext(file, plan, forgotten, tools, folders, Announcer(steps, progress))


def _check_filled(files: Sequence[InputFile], collected: Collected) -> None:
    """Raise GateError when no conversation came out of any file: there is nothing to build of."""
    if collected.records:
        return
    reasons = sorted({reason.partition(":")[2] for count in collected.ledger.counts for reason in count.reasons})
    why = f" ({', '.join(reasons)})" if reasons else ""
    rows = sum(file.rows for file in files)
    raise GateError(
        f"not one conversation came out of {rows} rows{why}; `hornbook inspect` shows how each file is read",
        f"{rows} 行里没有得到一段对话{why}；用 hornbook inspect 看看文件是怎样读取的",
    )


def _check_left(manifest: Manifest) -> None:
    """Raise GateError when the stages have left no row to train on, and none that a person has still to decide on."""
    if manifest.train_rows or any(stage.review for stage in manifest.stages):
        return
    losses = sorted(((stage.dropped, stage.stage) for stage in manifest.stages if stage.dropped), reverse=True)
    where = ", ".join(f"{typed_name(stage)} {dropped}" for dropped, stage in losses)
    raise GateError(
        f"not one row is left to train on; dropped: {where or '0'}. look at the settings of these "
        "stages, or at the files with `hornbook inspect`",
        f"没有留下一行可训练的内容；各阶段丢弃：{where or '0'}。请检查这些阶段的设置，或用 hornbook inspect 查看文件",
    )


def _run_whole_stages(context: BuildContext, collected: Collected) -> None:
    """Run the stages that see all records at once, one after the other."""
    for segment in context.plan.whole_stages:
        task = context.task([segment], 0)
        context.announcer.announce(typed_name(segment.name))
        [output] = task.run(collected.all_records, (), task.known())
        collected.add_whole(output)


def _check_files_of_stages(context: BuildContext) -> None:
    """Raise InputError when a file that a stage reads itself is no longer what the keys say."""
    for path, before in context.plan.reads:
        if digest_file(path) != before:
            raise context.changed(path, context.plan.segments())


def _content(context: BuildContext, files: Sequence[InputFile], collected: Collected) -> VersionContent:
    """Gather what the version is made of; this closes the ledger."""
    recipe = context.file.recipe
    ledger = collected.close_ledger()
    return VersionContent(
        recipe=recipe,
        inputs=tuple(files),
        reviews=_reviews(context, ledger),
        answers=_answers(context.file),
        rewordings=_rewordings(context.file),
        rewordings_from=next(iter(_files_of_rewordings(context.file)), None),
        scores=_scores(context.file),
        scores_from=next((context.file.folder / path for path in _paths_of_scores(context.file)), None),
        records=collected.records,
        stages=tuple(collected.ledger.counts),
        final=collected.final(),
        review=collected.review,
        ledger=ledger,
        tables=dict(sorted(collected.tables.items())),
        gate=gate_of(recipe, context.tools.identity),
    )


def _reviews(context: BuildContext, ledger: Frames) -> tuple[ReviewFile, ...]:
    """Sum up the files of reviews that the recipe names. Raises InputError where a short id names two records."""
    file = context.file
    paths = sorted({step.does.file for step in file.steps if isinstance(step.does, Review)})
    if not paths:
        return ()
    noted = ledger.lazy().filter(stage=REVIEW).select("id").unique().collect()["id"]
    return tuple(review_file(file.folder / path, path, noted, _rows_of_earlier(context)) for path in paths)


def _rows_of_earlier(context: BuildContext) -> Callable[[str], int]:
    """Look up how many records an earlier version of the dataset trains on, by NAME/ID; 0 where it is not here."""
    newest = context.tools.parent

    def rows(version: str) -> int:
        folder = newest.with_name(version.rpartition("/")[2]) if newest and version else None
        return read_manifest(folder).train_rows if folder and VersionFiles(folder).manifest.is_file() else 0

    return rows


def _answers(file: RecipeFile) -> tuple[AnswerFile, ...]:
    """Read the files of answers that the recipe names."""
    named = [step.does.answers for step in file.steps if isinstance(step.does, Replay)]
    return tuple(answer_file(file.folder / path, path) for path in named)


def _rewordings(file: RecipeFile) -> tuple[RewordingFile, ...]:
    """Read the file of rewordings that the recipe names, if it does."""
    named = [step.does.file for step in file.steps if isinstance(step.does, Reword)]
    return tuple(rewording_file(path, name) for path, name in zip(_files_of_rewordings(file), named, strict=True))


def _files_of_rewordings(file: RecipeFile) -> list[Path]:
    return [file.folder / step.does.file for step in file.steps if isinstance(step.does, Reword)]


def _check_rewordings(file: RecipeFile, forgotten: Forgotten) -> None:
    """Check that the file of rewordings can be read, and holds none of a forgotten record: the version gets a copy.

    Raises InputError for a line that is none, and GateError for what an erasure took away.
    """
    for path in _files_of_rewordings(file):
        parents = sorted({rewording.parent for rewording in read_rewordings(path).values()})
        if back := len(forgotten.among(parents)):
            raise GateError(
                f"{path} holds rewordings of {back} forgotten records; `hornbook reword` writes it without them",
                f"{path} 中有 {back} 条已遗忘记录的改写；运行 hornbook reword 会写出不含它们的文件",
            )


def _scores(file: RecipeFile) -> tuple[ScoreFile, ...]:
    """Read the file of scores that the recipe names, if it does."""
    return tuple(score_file(file.folder / path, path) for path in _paths_of_scores(file))


def _paths_of_scores(file: RecipeFile) -> list[str]:
    """Find the file of scores that the recipe names. Raises InputError where stages name several."""
    paths = sorted({step.does.scores for step in file.steps if isinstance(step.does, Quality) and step.does.scores})
    if len(paths) > 1:
        raise InputError(
            f"stages name different files of scores ({', '.join(paths)}); one file holds all scores",
            f"各阶段写了不同的评分文件（{'、'.join(paths)}）；所有评分放在一个文件里",
        )
    return paths


def _check_scores(file: RecipeFile, forgotten: Forgotten) -> None:
    """Check the file of scores as that of rewordings: that it can be read, and names no forgotten record."""
    for path in _paths_of_scores(file):
        ids = sorted(score.id for score in read_scores(file.folder / path).values())
        if back := len(forgotten.among(ids)):
            raise GateError(
                f"{file.folder / path} holds scores of {back} forgotten records; `hornbook score` writes it without "
                "them",
                f"{file.folder / path} 中有 {back} 条已遗忘记录的评分；运行 hornbook score 会写出不含它们的文件",
            )


def _allowed(max_bad: MaxBad | None, recipe: Recipe) -> MaxBad:
    """Choose how many rows may be bad: what the command says goes before the recipe."""
    return max_bad or (MaxBad.of(recipe.max_bad) if recipe.max_bad else DEFAULT_MAX_BAD)


def _mask(file: RecipeFile) -> Mask | None:
    """Find the stage that masks, by which the release gate looks; None where the recipe has none."""
    return next((step.does for step in file.steps if isinstance(step.does, Mask)), None)


def _remembered(plan: Plan, folder: Path) -> bytes:
    """Write down what the next build and `hornbook status` compare with, and where the raw files were found."""
    stages = [{"path": p.path, "stage": p.name, "key": p.key.digest, **p.key.components()} for p in plan.stages]
    return canonical({"stages": stages, "keys": sorted(plan.keys()), "folder": str(folder.resolve())}).encode("utf-8")

"""What the page of identity and mix shows: the kit with samples, what a version holds of it, the dose, the mix."""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from curate.build.plan import tools_of
from curate.planning.kit_plan import PARTS, KitFamily, kit_families, kit_samples
from curate.planning.recipe_fix import is_written
from curate.planning.version_plan import estimated_plan
from curate.recipe.load import RecipeFile, build_steps, load_recipe
from curate.stages.mix import Mix
from curate.store.read_version import read_recipe
from curate.web.views.version_counts import VersionCounts
from schemas.bilingual import NOTHING, Bilingual
from schemas.digest import digest
from schemas.errors import HornbookError
from schemas.job import TrainSettings
from schemas.plan_findings import PlanFinding, plan_findings
from schemas.record import KINDS, Message
from schemas.training_plan import Dose, TrainingPlan


class FamilyView(NamedTuple):
    """A family of the kit, and the first conversation that it writes; none where the recipe gives it no names."""

    family: KitFamily
    sample: tuple[Message, ...]

    @property
    def question(self) -> str:
        """Give what the customer says last in the sample; empty without one."""
        return next((message.content for message in reversed(self.sample) if message.role == "user"), "")


class PartView(NamedTuple):
    """A part of the kit in a language: families, questions, and the training rows of the version that came of it."""

    part: str
    lang: str
    families: int
    questions: int
    rows: int | None


class FindingView(NamedTuple):
    """What speaks against a plan; `key` names it in a form, `is_written` where the recipe has what it proposes."""

    key: str
    finding: PlanFinding
    is_written: bool


class MixLine(NamedTuple):
    """What was asked of a kind, in all or in one language, and what the version has; shares are None where unasked."""

    kind: str
    lang: str
    asked: float | None
    limit: int | None
    rows: int
    reached: float


class DoseView(NamedTuple):
    """The plan of a training on the version, what speaks against it, and whose settings it has."""

    plan: TrainingPlan
    findings: tuple[FindingView, ...]
    naming: tuple[tuple[str, int, float], ...]
    """Language, rows, and the share of them that name the assistant."""
    problem: Bilingual
    """Why the recipe cannot be read, and the usual settings of a training were taken."""


@lru_cache(maxsize=8)
def recipe_of(version: Path) -> RecipeFile | None:
    """Read the recipe that a version was built from, with its steps; None where another release wrote it."""
    try:
        recipe = read_recipe(version)
        return RecipeFile(recipe, build_steps(recipe), version)
    except (ValidationError, KeyError, HornbookError):
        return None


@lru_cache(maxsize=8)
def kit_of(version: Path) -> tuple[FamilyView, ...]:
    """List the families of the kit with the names of a version, each with a sample; none where its recipe is foreign.

    The same numbers as `hornbook identity`.
    """
    file = recipe_of(version)
    if file is None:
        return ()
    tools = tools_of(file)
    samples = kit_samples(file.steps, tools)
    return tuple(
        FamilyView(
            family,
            tuple(Message.model_validate(m) for m in samples.get((family.part, family.family, family.lang), ())),
        )
        for family in kit_families(file.steps, tools)
    )


def parts_of_kit(kit: tuple[FamilyView, ...], counts: VersionCounts | None) -> list[PartView]:
    """Sum the families by part and language, beside what the version holds of them."""
    held = {(count.part, count.lang): count.rows for count in counts.parts} if counts else {}
    langs = sorted({view.family.lang for view in kit} | {lang for _, lang in held}, key=lambda lang: lang != "zh")
    views = []
    for part in PARTS:
        for lang in langs:
            own = [view.family for view in kit if (view.family.part, view.family.lang) == (part, lang)]
            rows = held.get((part, lang), 0) if counts else None
            if own or rows:
                views.append(PartView(part, lang, len(own), sum(family.questions for family in own), rows))
    return views


def dose_of(counts: VersionCounts, recipe: Path | None) -> DoseView:
    """Plan the training on a version with the settings of the recipe, as `hornbook plan` does before a tokenizer is
    there.
    """
    state = recipe.stat() if recipe is not None else None
    return _dose_at(counts.doses, recipe, (state.st_mtime_ns, state.st_size, state.st_ino) if state else ())


@lru_cache(maxsize=8)
def _dose_at(doses: tuple[Dose, ...], recipe: Path | None, _state: tuple[int, ...]) -> DoseView:
    """Do it for the recipe as it is now: reading it takes longer than all else on the page."""
    settings, problem = TrainSettings(), NOTHING
    if recipe is not None:
        try:
            settings = load_recipe(recipe).recipe.train
        except HornbookError as error:
            problem = error.sentence
    plan = estimated_plan(doses, settings)
    findings = tuple(
        FindingView(key_of(finding), finding, recipe is not None and is_written(recipe, finding))
        for finding in plan_findings(plan)
    )
    langs = dict.fromkeys(dose.lang for dose in plan.doses)
    naming = tuple((lang, plan.rows_of(lang=lang), plan.naming_share(lang)) for lang in langs)
    return DoseView(plan, findings, naming, problem)


def key_of(finding: PlanFinding) -> str:
    """Name a finding by what it says and proposes: a form that was made before something changed finds it no more."""
    return digest("finding", finding.name, finding.en)[:16]


def mix_of(version: Path, counts: VersionCounts) -> tuple[tuple[MixLine, ...], str]:
    """List what the mix was asked for beside what the version has, and by what shares are meant: rows, label_tokens."""
    file = recipe_of(version)
    mix = next((step.does for step in file.steps if isinstance(step.does, Mix)), None) if file else None
    return tuple(_mix_lines(mix, counts)), mix.by if mix else "rows"


def _mix_lines(mix: Mix | None, counts: VersionCounts) -> Iterator[MixLine]:
    shares, limits = (dict(mix.shares), dict(mix.limits)) if mix else ({}, {})
    by_tokens = mix is not None and mix.by == "label_tokens"

    def line(kind: str, lang: str, asked: float | None, limit: int | None) -> MixLine:
        own = [dose for dose in counts.doses if lang in ("", dose.lang)]
        sizes = [(dose.kind, dose.rows, dose.label_tokens if by_tokens else dose.rows) for dose in own]
        whole = sum(size for _, _, size in sizes) or 1
        of_kind = [(rows, size) for name, rows, size in sizes if name == kind]
        return MixLine(
            kind, lang, asked, limit, sum(rows for rows, _ in of_kind), sum(size for _, size in of_kind) / whole
        )

    for kind in KINDS:
        share, limit = shares.get(kind), limits.get(kind)
        if isinstance(share, dict) or isinstance(limit, dict):
            shares_in = share if isinstance(share, dict) else {}
            limits_in = limit if isinstance(limit, dict) else {}
            for lang in dict.fromkeys((*shares_in, *limits_in)):
                yield line(kind, lang, shares_in.get(lang), limits_in.get(lang))
        is_plain = not isinstance(share, dict) and not isinstance(limit, dict)
        if is_plain or isinstance(share, float) or isinstance(limit, int):
            asked = share if isinstance(share, float) else None
            most = limit if isinstance(limit, int) else None
            if asked is not None or most is not None or any(dose.kind == kind for dose in counts.doses):
                yield line(kind, "", asked, most)

"""Known failures that a plan shows before a step is taken: the measured reason, and a setting that mends it."""

import math
from collections.abc import Callable, Iterator, Sequence

from schemas.bilingual import Bilingual
from schemas.job import TrainSettings
from schemas.record import Frozen
from schemas.training_plan import TrainingPlan

STEPS_WANTED, NO_EFFECT_STEPS = 90, 18
"""Recipes that teach a name take 90 steps and more; 15 to 18 at NO_EFFECT_RATE had no effect."""
RATE_WANTED, NO_EFFECT_RATE, HIGH_RATE = 1e-4, 5e-5, 1e-3
"""Recipes that work learn at 1e-4 and more; from HIGH_RATE on one pass is enough."""
SEEN = (3, 6)
"""How often recipes that work show each identity row."""
NAMING, SPILLED, HARMLESS = 0.5, 0.68, 0.32
"""Shares of rows that name the assistant: at 68 % (Chinese) the name stood in 13 of 18 other answers, at 32 % (English)
in none of 18."""
FEWEST_IDENTITY = 20
"""Identity rows of a language, below which a limit would not cure but take the identity away."""
GENERAL = (0.05, 0.10)
GENERAL_WANTED = 0.08
COUNTERWEIGHT = 0.5
"""The least number of negatives for each row that gives the name."""
NAMES_ZH = {"zh": "中文", "en": "英文", "other": "其他语言"}
NAMES_EN = {"zh": "Chinese", "en": "English", "other": "other languages"}


class ProposedSetting(Frozen):
    """A setting to write: its keys from `train`, or from the name of a stage, and the value."""

    keys: tuple[str, ...]
    value: float | int | str | dict[str, int]

    def __str__(self) -> str:
        value = flow(self.value)
        for key in reversed(self.keys):
            value = f"{{{key}: {value}}}"
        return value[1:-1]


class PlanFinding(Frozen):
    """What a plan will do wrong: the reason, and what to change. `is_certain` where it was measured to fail."""

    name: str
    is_certain: bool
    en: str
    zh: str
    changes: tuple[ProposedSetting, ...] = ()


def flow(value: float | int | str | dict[str, int]) -> str:
    """Write a value as YAML takes it on one line: it reads 1e-4 as a text, and 0.0001 as a number."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {number}" for key, number in value.items()) + "}"
    return f"{value:.10f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def plan_findings(plan: TrainingPlan) -> tuple[PlanFinding, ...]:
    """Find the known failures, those that are certain first."""
    found = [finding for check in CHECKS for finding in check(plan)] if plan.rows else []
    return tuple(sorted(found, key=lambda finding: not finding.is_certain))


def _too_few_steps(plan: TrainingPlan) -> Iterator[PlanFinding]:
    """Fewer optimizer steps than it takes to teach a name; certain where they were measured to have no effect."""
    if plan.rows_of("identity") and plan.steps < STEPS_WANTED:
        changes = _longer(plan)
        yield PlanFinding(
            name="too_few_steps",
            is_certain=plan.steps <= NO_EFFECT_STEPS and plan.learning_rate <= NO_EFFECT_RATE,
            en=f"{plan.steps} optimizer steps are too few to teach a name: 15 to 18 at 0.00005 had no effect, recipes "
            f"that work take {STEPS_WANTED} and more{_proposed(changes, 'en') or '; add rows'}",
            zh=f"只有 {plan.steps} 个优化步，教不会一个名字：0.00005 下走 15–18 步毫无效果，"
            f"有效的配方至少走 {STEPS_WANTED} 步{_proposed(changes, 'zh') or '；请补充数据'}",
            changes=changes,
        )


def _rate_too_low(plan: TrainingPlan) -> Iterator[PlanFinding]:
    """A learning rate at which identity was not learnt."""
    if plan.rows_of("identity") and plan.learning_rate < RATE_WANTED:
        changes = (ProposedSetting(keys=("train", "learning_rate"), value=RATE_WANTED),)
        rate = flow(plan.learning_rate)
        yield PlanFinding(
            name="rate_too_low",
            is_certain=plan.steps <= NO_EFFECT_STEPS and plan.learning_rate <= NO_EFFECT_RATE,
            en=f"a learning rate of {rate} is too low for identity: recipes that work learn at 0.0001 and more"
            f"{_proposed(changes, 'en')}",
            zh=f"学习率 {rate} 对身份训练太低：有效的配方不低于 0.0001{_proposed(changes, 'zh')}",
            changes=changes,
        )


def _seen_too_seldom(plan: TrainingPlan) -> Iterator[PlanFinding]:
    """Identity rows that are seen less often than in recipes that work, at a rate where one pass is not enough."""
    if plan.rows_of("identity") and plan.identity_seen < SEEN[0] and plan.learning_rate < HIGH_RATE:
        epochs = math.ceil(plan.epochs * SEEN[0] / plan.identity_seen)
        changes = () if plan.passes < plan.epochs else (ProposedSetting(keys=("train", "epochs"), value=epochs),)
        yield PlanFinding(
            name="seen_too_seldom",
            is_certain=False,
            en=f"each identity row is seen {plan.identity_seen:.3g} times; recipes that work show it {SEEN[0]} to "
            f"{SEEN[1]} times{_proposed(changes, 'en') or '; raise max_steps'}",
            zh=f"每条身份数据只会看到 {plan.identity_seen:.3g} 次；有效的配方看 {SEEN[0]}–{SEEN[1]} 次"
            f"{_proposed(changes, 'zh') or '；请调大 max_steps'}",
            changes=changes,
        )


def _spill(plan: TrainingPlan) -> Iterator[PlanFinding]:
    """A language in which most rows name the assistant: the name will stand in other answers, too."""
    for lang in sorted({dose.lang for dose in plan.of("identity")}):
        share = plan.naming_share(lang)
        if share <= NAMING:
            continue
        changes = _fewer_identity(plan, lang)
        yield PlanFinding(
            name="spill",
            is_certain=share >= SPILLED,
            en=f"{share:.0%} of the rows in {NAMES_EN[lang]} name the assistant: at 68 % the name stood in 13 of 18 "
            f"answers to other questions, at 32 % in none of 18{_proposed(changes, 'en') or _more_business(lang).en}",
            zh=f"{NAMES_ZH[lang]}数据里有 {share:.0%} 的行提到助手的名字：占 68% 时，"
            f"18 个与身份无关的回答里有 13 个冒出了名字，占 32% 时一个也没有"
            f"{_proposed(changes, 'zh') or _more_business(lang).zh}",
            changes=changes,
        )


def _alone(plan: TrainingPlan) -> Iterator[PlanFinding]:
    """A language with identity rows and nothing that shows how to talk without the name."""
    for dose in plan.of("identity"):
        if not plan.rows_of("domain", dose.lang) and not plan.rows_of("general", dose.lang):
            yield PlanFinding(
                name="identity_alone",
                is_certain=False,
                en=f"{dose.rows} identity rows in {NAMES_EN[dose.lang]} stand beside no business or general row of the "
                "language: nothing shows how to answer without the name; add such rows, or leave the language out",
                zh=f"{NAMES_ZH[dose.lang]}有 {dose.rows} 条身份数据，却没有一条业务或通用数据，"
                "模型学不到不报名字的回答；请补充这种数据，或去掉这种语言",
            )


def _few_negatives(plan: TrainingPlan) -> Iterator[PlanFinding]:
    """A language with fewer negatives than half of its rows that give the name."""
    identity = plan.of("identity")
    giving = {dose.lang: dose.rows - dose.negatives for dose in identity}
    wanted = math.ceil(max(giving.values(), default=0) * COUNTERWEIGHT) * len(giving)
    for lang, number in giving.items():
        negatives = sum(dose.negatives for dose in plan.of(lang=lang))
        if negatives < number * COUNTERWEIGHT:
            changes = (ProposedSetting(keys=("identity", "negatives"), value=wanted),)
            yield PlanFinding(
                name="few_negatives",
                is_certain=False,
                en=f"{negatives} rows in {NAMES_EN[lang]} show how to do without the name, beside {number} that give "
                f"it: fewer than half{_proposed(changes, 'en')}",
                zh=f"{NAMES_ZH[lang]}只有 {negatives} 条不报名字的反例，报名字的有 {number} 条：不到一半"
                f"{_proposed(changes, 'zh')}",
                changes=changes,
            )


def _general_share(plan: TrainingPlan) -> Iterator[PlanFinding]:
    """Less general data than keeps a model talking, or more than is needed."""
    share = plan.rows_of("general") / plan.rows
    low, high = GENERAL
    if not low <= share <= high:
        changes = (ProposedSetting(keys=("mix", "shares", "general"), value=GENERAL_WANTED),)
        en, zh = ("the model forgets how to talk", "模型会忘记怎样说话") if share < low else (
            "the rows of the business count for less", "业务数据的分量会变轻"
        )  # fmt: skip
        yield PlanFinding(
            name="general_share",
            is_certain=False,
            en=f"{share:.1%} of the rows are general ones, outside of 5 to 10 %: {en}{_proposed(changes, 'en')}",
            zh=f"通用数据占 {share:.1%}，不在 5–10% 之内：{zh}{_proposed(changes, 'zh')}",
            changes=changes,
        )


CHECKS: Sequence[Callable[[TrainingPlan], Iterator[PlanFinding]]] = (
    *(_too_few_steps, _rate_too_low, _seen_too_seldom),
    *(_spill, _alone, _few_negatives, _general_share),
)


def _proposed(changes: Sequence[ProposedSetting], language: str) -> str:
    """Write the settings behind a sentence; nothing where there is none."""
    shown = [f"`{change}`" for change in changes]
    if not shown:
        return ""
    return f"; propose {' and '.join(shown)}" if language == "en" else f"；建议 {'、'.join(shown)}"


def _more_business(lang: str) -> Bilingual:
    """Say what to do where so few other rows are there that no limit of identity would be left."""
    limit = f"`mix: {{limits: {{domain: {{{lang}: …}}}}}}`"
    return Bilingual(f"; add business rows, or let more stay ({limit})", f"；请补充业务数据，或多保留一些（{limit}）")


def _longer(plan: TrainingPlan) -> tuple[ProposedSetting, ...]:
    """Propose more steps: a higher limit of steps, more epochs up to what works, then smaller batches."""
    unlimited = _with(plan, plan.epochs, plan.batch)
    if plan.max_steps is not None and unlimited >= STEPS_WANTED:
        return (ProposedSetting(keys=("train", "max_steps"), value=STEPS_WANTED),)
    epochs = max(plan.epochs, min(SEEN[1], math.ceil(plan.epochs * STEPS_WANTED / max(unlimited, 1))))
    batch = plan.batch
    while batch > 1 and _with(plan, epochs, batch) < STEPS_WANTED:
        batch //= 2
    if _with(plan, epochs, batch) < STEPS_WANTED:
        return ()
    changes = [ProposedSetting(keys=("train", "max_steps"), value=STEPS_WANTED)] if plan.max_steps is not None else []
    changes += [ProposedSetting(keys=("train", "epochs"), value=epochs)] if epochs != plan.epochs else []
    return (*changes, *([ProposedSetting(keys=("train", "batch"), value=batch)] if batch != plan.batch else []))


def _with(plan: TrainingPlan, epochs: float, batch: int) -> int:
    """Count the steps with other settings and no limit of steps."""
    return TrainSettings(epochs=epochs, batch=batch, accumulate=plan.accumulate).steps(plan.samples)


def _fewer_identity(plan: TrainingPlan, lang: str) -> tuple[ProposedSetting, ...]:
    """Propose a limit of identity rows in a language, with which the share that names the assistant does no harm.

    Of I identity rows n name it, beside o others: a share f of them gives f × n / (o + f × I), which is HARMLESS at
    f = HARMLESS × o / (n − HARMLESS × I). The other languages keep what they have.
    """
    identity = plan.rows_of("identity", lang)
    others = plan.rows_of(lang=lang) - identity
    naming = sum(dose.naming for dose in plan.of(lang=lang))
    limit = int(identity * HARMLESS * others / max(naming - HARMLESS * identity, 1))
    if not FEWEST_IDENTITY <= limit < identity:
        return ()
    limits = {dose.lang: dose.rows for dose in plan.of("identity")}
    return (ProposedSetting(keys=("mix", "limits", "identity"), value={**limits, lang: limit}),)

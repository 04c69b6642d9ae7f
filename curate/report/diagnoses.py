"""What may have gone wrong in a training, in words: each with the numbers that show it, and the setting to change.

Every condition holds by more than chance, or by a distance that chance does not reach; where nothing holds, nothing is
said. Causes stand before effects: whose learning rate is wrong hears that, and not that it learnt too little.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from pydantic import ValidationError

from curate.augmenters.kit import LANGUAGES, kit
from curate.report.examined_run import FEWEST, ExaminedRun, LossCurve, is_above, is_level
from schemas.bilingual import Bilingual
from schemas.exam import ExamResult
from schemas.job import TrainSettings
from schemas.manifest import Manifest
from schemas.plan_findings import STEPS_WANTED

LEARNT = 0.6
"""Who gives the right name to fewer than six of ten phrasings it never saw fails two customers in five."""
KNOWN_BY_HEART = 0.1
"""Nats per label token: every token of the training rows gets nine tenths of the probability (e^-0.1 = 0.90). Nobody
foresees somebody else's next word so well, unless the very text was read before; replies of people lie at 1 to 3."""
NOT_LEARNT = 0.5
"""Nats per label token in the last epoch, above which there was more to be learnt from the same rows."""
FORGOTTEN = 2.0
"""How many times the perplexity of a model that knows its rows by heart is that of the base."""
HARDLY = 0.05
"""The share by which a loss falls where nothing was learnt: a training that works takes a tenth to a half away."""
STEEP = 0.15
"""The share by which the loss still fell at the end, where the training stopped too early: the learning rate falls to a
tenth there, and a curve that has come to its end is level."""
LEAP = 0.3
"""The share by which steps after the warmup lie above the untrained model, where they did harm."""
HIGH_RATE, GOOD_RATE, LOW_RATE = 5e-3, 2e-4, 1e-3
"""Adapters learn at 1e-4 to 2e-3. Where the loss is level, a rate from 5e-3 is too high, and one below 1e-3 too low;
between them nobody can tell."""
ALMOST = 0.8
"""The share of what the written kit has from which on it gives no more: what is near the exam is held back."""


@dataclass(frozen=True)
class Diagnosis:
    """What the numbers show, and what to change in the recipe."""

    name: str
    evidence: Bilingual
    advice: Bilingual

    def __str__(self) -> str:
        return str(Bilingual(f"{self.evidence.en} {self.advice.en}", f"{self.evidence.zh}{self.advice.zh}"))


def diagnoses(
    manifest: Manifest, exam: ExamResult | None, train: Mapping[str, Any] | None, margin: float
) -> list[Diagnosis]:
    """Say what may have gone wrong; nothing before the exam.

    `train` is the trainer's summary with its `steps`, and `margin` the least difference that matters.
    """
    if exam is None:
        return []
    run = ExaminedRun(manifest, exam, margin=margin)
    if train is not None and train["steps"] and (settings := _settings(train)):
        run = ExaminedRun(manifest, exam, settings, LossCurve.of(train["steps"]), train["samples"], margin)
    # One cause is enough: a curve that fell apart falls steeply when it recovers.
    causes = list(islice((found for cause in CAUSES for found in cause(run)), 1))
    effects = [found for effect in EFFECTS for found in effect(run)]
    return [*causes, *(found for found in effects if found.name != "underfit" or not causes)]


def _settings(train: Mapping[str, Any]) -> TrainSettings | None:
    """Read the settings of a training; None where another release wrote them."""
    try:
        return TrainSettings.model_validate(train.get("settings"))
    except ValidationError:
        return None


def _rate_too_high(run: ExaminedRun) -> Iterator[Diagnosis]:
    """After the warmup the loss lies above that of the untrained model (by three tenths, and three standard errors: the
    highest of many stretches is looked at), or a high rate has not moved it by a twentieth.

    A step that makes the model worse on what it is trained on was too long; that batches differ is what the standard
    error is for, and the first four steps, where the first batch was an easy one. Losses that are not finite stop the
    trainer before there is anything to diagnose.
    """
    if run.curve is None or len(run.curve.losses) < FEWEST:
        return
    curve, rate, n = run.curve, run.settings.learning_rate, len(run.curve.losses)
    width, warm = max(4, n // 8), math.ceil(n * run.settings.warmup)
    stretches = [curve.steps(first, first + width) for first in range(warm, n - width + 1)]
    highest = max(stretches, key=lambda part: part.loss)
    if all(is_above(highest, low, LEAP) for low in (curve.untrained, curve.steps(0, 4))):
        evidence = Bilingual(
            f"The loss rose from {curve.untrained.loss:.2f} before the first step to {highest.loss:.2f} after the "
            f"warmup (mean of {width} steps), at a learning rate of {_number(rate)}.",
            f"损失从第一步之前的 {curve.untrained.loss:.2f} 升到预热之后的 {highest.loss:.2f}（{width} 步平均），"
            f"学习率为 {_number(rate)}。",
        )
    elif rate >= HIGH_RATE and is_level(curve.untrained, curve.part(2 / 3, 1), HARDLY):
        last = curve.part(2 / 3, 1)
        evidence = Bilingual(
            f"The loss did not fall after the warmup: {curve.untrained.loss:.2f} before the first step, "
            f"{last.loss:.2f} in the last third, at the high learning rate of {_number(rate)}.",
            f"预热之后损失没有下降：第一步之前 {curve.untrained.loss:.2f}，最后三分之一 {last.loss:.2f}，"
            f"而学习率高达 {_number(rate)}。",
        )
    else:
        return
    better = _setting("learning_rate", _number(min(rate / 10, GOOD_RATE)))
    yield Diagnosis(
        "rate_too_high",
        evidence,
        Bilingual(f"The learning rate is too high: {better}.", f"学习率太高：{better}。"),
    )


def _rate_too_low(run: ExaminedRun) -> Iterator[Diagnosis]:
    """The loss fell by less than a twentieth, the rate is one at which others learn little, and the name is not learnt.

    Where rows were seen twice, the first pass is compared with the last, over the same rows; a fall inside the first
    pass would be seen in its first steps. Else the first steps are compared with the last third, and chance may hide no
    more than three times that. A large model that knew such rows beforehand has a level curve, too: hence the exam.
    """
    if run.curve is None or len(run.curve.losses) < FEWEST or run.settings.learning_rate >= LOW_RATE or _is_learnt(run):
        return
    n, rate = len(run.curve.losses), run.settings.learning_rate
    start, end = run.curve.steps(0, max(n // 20, min(n // 3, 10))), run.curve.part(2 / 3, 1)
    first, last = run.first_and_last_epoch or (start, end)
    if last.loss < NOT_LEARNT or not is_level(first, last, HARDLY) or is_above(start, end, STEEP):
        return
    better = _setting("learning_rate", _number(min(max(10 * rate, 1e-4), LOW_RATE)))
    yield Diagnosis(
        "rate_too_low",
        Bilingual(
            f"The loss hardly fell in {n} steps, from {first.loss:.2f} to {last.loss:.2f}, at a learning rate of "
            f"{_number(rate)}.",
            f"{n} 步里损失几乎没有下降：从 {first.loss:.2f} 到 {last.loss:.2f}，学习率为 {_number(rate)}。",
        ),
        Bilingual(f"The learning rate is too low: {better}.", f"学习率太低：{better}。"),
    )


def _too_few_steps(run: ExaminedRun) -> Iterator[Diagnosis]:
    """The loss still fell steeply at the end, by a seventh and by more than chance, with more to learn, and the name is
    not learnt: the last pass lies under the one before it, or, where there were not two, the last third of the steps
    under the middle one.

    Who knows the name need not train longer. Where there are too few steps for a curve, that is said.
    """
    if run.curve is None or _is_learnt(run):
        return
    n = len(run.curve.losses)
    if n < FEWEST:
        if _is_identity_unlearnt(run):
            evidence = Bilingual(
                f"The training took {n} steps, and the name is right in {_identity(run).en}.",
                f"训练只走了 {n} 步，名字答对的只有 {_identity(run).zh}。",
            )
            yield Diagnosis("too_few_steps", evidence, _longer(run, n))
        return
    before, last = run.last_epochs or (run.curve.part(1 / 3, 2 / 3), run.curve.part(2 / 3, 1))
    if last.loss >= NOT_LEARNT and is_above(before, last, STEEP):
        en, zh = ("last epoch but one", "倒数第二轮") if run.last_epochs else ("middle third", "中间三分之一")
        evidence = Bilingual(
            f"The loss was still falling when the training ended after {n} steps: {before.loss:.2f} in the {en}, "
            f"{last.loss:.2f} in the last.",
            f"训练在第 {n} 步结束时损失仍在下降：{zh} {before.loss:.2f}，最后为 {last.loss:.2f}。",
        )
        yield Diagnosis("too_few_steps", evidence, _longer(run, n))


def _underfit(run: ExaminedRun) -> Iterator[Diagnosis]:
    """The name is right in fewer than six of ten unseen phrasings (the upper end of the interval), although rows teach
    it, and the last pass through the rows left half a nat a token or more.

    Said only where no cause of it is known.
    """
    last = run.last_epoch
    if last is None or run.curve is None or last.loss < NOT_LEARNT or not _is_identity_unlearnt(run):
        return
    if not run.share("identity").rows:
        return
    yield Diagnosis(
        "underfit",
        Bilingual(
            f"The model has not learnt its rows yet: a loss of {last.loss:.2f} in the last epoch, and the name is "
            f"right in {_identity(run).en}.",
            f"模型还没有学会训练数据：最后一轮损失 {last.loss:.2f}，名字答对的只有 {_identity(run).zh}。",
        ),
        _longer(run, len(run.curve.losses)),
    )


def _memorised(run: ExaminedRun) -> Iterator[Diagnosis]:
    """The last pass through the rows left less than a tenth of a nat a token, and what training did not show went
    badly: no more than six of ten unseen phrasings are right, or a perplexity is twice that of the base.

    A low loss alone is no fault: identity rows are short and alike. There is no loss of rows that were held out.
    """
    last, identity = run.last_epoch, run.weakest("identity_strict")
    if last is None or last.loss >= KNOWN_BY_HEART:
        return
    twice = [c.measure for c in run.worse("perplexity") if _growth(run, c.measure) >= FORGOTTEN]
    if identity is not None and identity.value <= LEARNT:
        elsewhere = Bilingual(f"the name is right in {_identity(run).en}", f"名字答对的只有 {_identity(run).zh}")
    elif twice:
        elsewhere = run.changes(twice)
    else:
        return
    epochs = run.settings.epochs
    fewer = _setting("epochs", _number(max(1.0, epochs / 2))) if epochs > 1 else _setting("learning_rate", _halved(run))
    yield Diagnosis(
        "memorised",
        Bilingual(
            f"The model knows its rows by heart (a loss of {last.loss:.3f} in the last epoch), but not what they "
            f"should teach: {elsewhere.en}.",
            f"模型把训练数据背了下来（最后一轮损失 {last.loss:.3f}），却没有学会其中的道理：{elsewhere.zh}。",
        ),
        Bilingual(
            f"Let it see the same rows less often, or add more phrasings: {fewer}.",
            f"减少同一批数据的重复次数，或增加不同的问法：{fewer}。",
        ),
    )


def _forgot(run: ExaminedRun) -> Iterator[Diagnosis]:
    """A perplexity is worse than that of the base, beyond chance and by more than the margin."""
    worse = [c.measure for c in run.worse("perplexity") if _growth(run, c.measure) > 1 + run.margin]
    if not worse:
        return
    share, changes = run.share("general").share, run.changes(worse)
    wanted = min(0.3, max(0.08, round(2 * share, 2)))
    if share < 0.25:
        change = f"mix: {{shares: {{general: {_number(wanted)}}}}}"
        advice = Bilingual(f"Mix in more general data: `{change}`.", f"多混入一些通用数据：`{change}`。")
    else:
        slower = _setting("learning_rate", _halved(run))
        advice = Bilingual(f"Learn more gently: {slower}.", f"学得慢一些：{slower}。")
    yield Diagnosis(
        "forgot",
        Bilingual(
            f"The model has forgotten how to talk in general: {changes.en}, with {share:.0%} general rows.",
            f"模型的一般表达能力退步了：{changes.zh}，通用数据占 {share:.0%}。",
        ),
        advice,
    )


def _spills(run: ExaminedRun) -> Iterator[Diagnosis]:
    """The name leaks more than from the base, beyond chance, where it was not asked for."""
    worse = run.worse("leak_near", "leak_elsewhere", "leak_business", "leak_general")
    if not worse:
        return
    identity, changes = run.share("identity"), run.changes(c.measure for c in worse)
    negatives = min(sum(len(kit(lang).negatives) for lang in run.languages), max(120, 2 * identity.rows))
    more = f"identity: {{negatives: {negatives}}}"
    fewer = f"mix: {{limits: {{identity: {identity.rows // 2}}}}}"
    yield Diagnosis(
        "spills",
        Bilingual(
            f"The model names itself where nobody asked: {changes.en}, with {identity.share:.0%} identity rows.",
            f"没人问它，模型也自报家门：{changes.zh}，身份数据占 {identity.share:.0%}。",
        ),
        Bilingual(
            f"More rows that do without the name (`{more}`), or fewer that give it (`{fewer}`).",
            f"多用不提名字的数据（`{more}`），或减少身份数据（`{fewer}`）。",
        ),
    )


def _refuses_too_much(run: ExaminedRun) -> Iterator[Diagnosis]:
    """What is in scope is declined more often than by the base, beyond chance."""
    worse = run.worse(
        *("look_alike_refused", "over_refusal_rate", "refused_general", "refused_near", "refused_elsewhere")
    )
    if not worse:
        return
    changes, rows = run.changes(c.measure for c in worse), run.share("refusal").rows
    fewer = f"mix: {{limits: {{refusal: {rows // 2}}}}}"
    shown = "quality: {rules: {refusal_tone: {action: review}}}"
    yield Diagnosis(
        "refuses_too_much",
        Bilingual(
            f"The model declines what it should answer: {changes.en}, with {rows} rows that decline.",
            f"该回答的问题，模型却拒绝了：{changes.zh}，婉拒数据 {rows} 条。",
        ),
        Bilingual(f"Fewer rows that decline: `{fewer}`.", f"减少婉拒数据：`{fewer}`。")
        if rows
        else Bilingual(
            f"No row was added that declines: look for such replies in the log (`{shown}`).",
            f"并没有加入婉拒数据：请检查日志里的此类回复（`{shown}`）。",
        ),
    )


def _refuses_too_little(run: ExaminedRun) -> Iterator[Diagnosis]:
    """Fewer than half of what is out of scope is declined (the upper end of the interval), or less than by the base."""
    rates = [run.measure(f"refusal_rate_{lang}") for lang in LANGUAGES]
    worse = {found.measure for found in run.worse("refusal_rate")}
    low = [rate.name for rate in rates if rate and (rate.high < 0.5 or rate.name in worse)]
    if not low:
        return
    changes, rows = run.changes(low), run.share("refusal").rows
    written = sum(len(kit(lang).refused) for lang in LANGUAGES)
    more = f"refusal: {{rows: {min(max(80, 2 * rows), written)}}}"
    own = "inputs: [{path: …, kind: refusal}]"
    yield Diagnosis(
        "refuses_too_little",
        Bilingual(
            f"The model answers what it should decline: {changes.en}, with {rows} rows that decline.",
            f"该婉拒的问题，模型却回答了：{changes.zh}，婉拒数据 {rows} 条。",
        ),
        Bilingual(f"More rows that decline: `{more}`.", f"增加婉拒数据：`{more}`。")
        if rows < ALMOST * written
        else Bilingual(
            f"Add refusals of your own to the {rows} that it has: `{own}`.",
            f"现有 {rows} 条婉拒数据之外，请补充自己的：`{own}`。",
        ),
    )


CAUSES: Sequence[Callable[[ExaminedRun], Iterator[Diagnosis]]] = (_rate_too_high, _rate_too_low, _too_few_steps)
EFFECTS: Sequence[Callable[[ExaminedRun], Iterator[Diagnosis]]] = (
    *(_underfit, _memorised, _forgot, _spills),
    *(_refuses_too_much, _refuses_too_little),
)


def _is_learnt(run: ExaminedRun) -> bool:
    """Tell whether the name is right in more than six of ten unseen phrasings."""
    identity = run.weakest("identity_strict")
    return identity is not None and identity.value >= LEARNT


def _is_identity_unlearnt(run: ExaminedRun) -> bool:
    """Tell whether the rate on phrasings that training does not know is low beyond chance."""
    identity = run.weakest("identity_strict")
    return identity is not None and identity.high < LEARNT


def _identity(run: ExaminedRun) -> Bilingual:
    """Write how many of the unseen phrasings are answered rightly, in the language in which that is worse."""
    identity = run.weakest("identity_strict")
    value, n = (f"{identity.value:.0%}", identity.n) if identity else ("–", 0)
    return Bilingual(f"{value} of {n} unseen phrasings", f"{n} 道没见过的问法的 {value}")


def _growth(run: ExaminedRun, perplexity: str) -> float:
    """Compute how many times that of the base a perplexity is."""
    found = run.measure(perplexity)
    return found.value / run.base(perplexity) if found else math.nan


def _longer(run: ExaminedRun, steps: int) -> Bilingual:
    """Advise to train twice as long, or as many steps as it takes to teach a name; but four times as long at most."""
    factor = min(max(2.0, STEPS_WANTED / steps), 4.0)
    is_cut = run.settings.max_steps == steps
    more = (
        _setting("max_steps", str(math.ceil(steps * factor)))
        if is_cut
        else _setting("epochs", _number(math.ceil(run.settings.epochs * factor)))
    )
    return Bilingual(f"Train longer: {more}.", f"训练久一些：{more}。")


def _halved(run: ExaminedRun) -> str:
    return _number(run.settings.learning_rate / 2)


def _setting(name: str, value: str) -> str:
    return f"`train: {{{name}: {value}}}`"


def _number(value: float) -> str:
    """Write a number as a recipe takes it: YAML reads 1e-4 as a text, and 0.0001 as a number."""
    return f"{value:.10f}".rstrip("0").rstrip(".")

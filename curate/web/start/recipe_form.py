"""The recipe as a form, and the form as a recipe: every field knows where it stands, and only what was changed is
written.
"""

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from curate.augmenters.identity import IdentityKit
from curate.augmenters.refusal import Refusal
from curate.decisions.reviews import REVIEWS
from curate.planning.recipe_values import Keys, in_words, values_of, with_values
from curate.report.labels import KINDS
from curate.stages.mix import DEFAULT
from curate.stages.quality import RULES
from curate.web.start.form_fields import (
    OFF,
    ON,
    FieldError,
    FormField,
    Values,
    options_of,
    put,
    set_stage,
    shown_number,
    shown_share,
    stage_names,
)
from curate.web.start.step_words import STEPS, RuleSet, rule_sets, sentence_of, step_sentence
from rules import Action, Rule
from schemas.bilingual import Bilingual
from schemas.recipe import STAGES, Recipe, stages_with_reviews
from schemas.stage_names import typed_name

KIND_CHOICES = tuple(KINDS.items())
NAMES = {"name": Bilingual("name", "名字"), "author": Bilingual("maker", "开发者")}
NAME_LANGUAGES = {
    "zh": Bilingual("in Chinese answers", "中文回答里"),
    "en": Bilingual("in English answers", "英文回答里"),
}
LIMITS: dict[str, Bilingual] = {
    "min": Bilingual("at least", "至少"),
    "max": Bilingual("at most", "至多"),
    "han": Bilingual("tokens a Chinese character", "每个汉字算几个词元"),
    "characters": Bilingual("only from so many characters on", "多少字以上才看"),
    "letters": Bilingual("only from so many letters on", "多少个字母以上才看"),
    "allowed": Bilingual("allowed", "允许"),
    "own": Bilingual("your own", "自己的"),
    "rivals": Bilingual("of competitors", "竞争对手的"),
    "also": Bilingual("these words, too", "还有这些词"),
}
"""What the settings of rules are called; one that is not here is for the YAML."""
ACTIONS: dict[str, Bilingual] = {
    "drop": Bilingual("drop", "丢弃"),
    "review": Bilingual("let a person review", "送审"),
    "fix": Bilingual("repair", "修复"),
}
AMOUNTS: tuple[tuple[str, str, Bilingual], ...] = (
    ("identity", "rows", Bilingual("questions about who it is", "身份问答")),
    ("identity", "traps", Bilingual("traps: others push another name", "陷阱题：别人硬说它是另一个助手")),
    ("identity", "negatives", Bilingual("answers without its name", "反例：回答里不该提名字")),
    ("refusal", "rows", Bilingual("questions to decline", "应婉拒的问题")),
    ("refusal", "look_alikes", Bilingual("similar ones to answer", "看着像、但该回答的问题")),
)
USUAL: dict[str, type[IdentityKit | Refusal]] = {"identity": IdentityKit, "refusal": Refusal}
NEEDED: dict[str, tuple[str, ...]] = {
    "identity": ("fill", "decline", "conflict", "identity", "refusal", "split", "leak"),
    "general": ("mix",),
}
"""The stages that come in when a manager chooses to teach who the assistant is, or to keep general abilities: both,
and the recipe is a full one."""
LOCKED = ("mask",)


@dataclass(frozen=True)
class InputCard:
    """One input: its path, and the fields on it."""

    path: str
    fields: tuple[FormField, ...]
    is_general: bool


@dataclass(frozen=True)
class StageLine:
    """One stage: what it does, whether it runs, and the field that says so, where the form may change it."""

    name: str
    sentence: Bilingual
    runs: bool
    field: FormField | None


@dataclass(frozen=True)
class RuleLine:
    """One rule: whether it is applied, and its settings."""

    name: str
    sentence: Bilingual
    applied: FormField
    fields: tuple[FormField, ...]


@dataclass(frozen=True)
class RecipeForm:
    """The form of a recipe. `others` are the settings that no field shows: they stay as they are."""

    identity: tuple[tuple[str, tuple[FormField, ...]], ...]
    inputs: tuple[InputCard, ...]
    shares: tuple[FormField, ...]
    share_of: str
    stages: tuple[StageLine, ...]
    rule_sets: tuple[tuple[RuleSet, tuple[RuleLine, ...]], ...]
    amounts: tuple[FormField, ...]
    limits: tuple[FormField, ...]
    others: tuple[tuple[str, str], ...]

    def fields(self) -> Iterator[FormField]:
        """List all fields."""
        for _, names in self.identity:
            yield from names
        for card in self.inputs:
            yield from card.fields
        yield from (line.field for line in self.stages if line.field)
        yield from self.shares
        for _, lines in self.rule_sets:
            for line in lines:
                yield line.applied
                yield from line.fields
        yield from (*self.amounts, *self.limits)

    @property
    def has_general(self) -> bool:
        return any(card.is_general for card in self.inputs)


def usual_stages(folder: Path) -> list[Any]:
    """List the stages that a recipe in this folder runs where it names none."""
    return stages_with_reviews() if (folder / REVIEWS).is_file() else [choice.name for choice in STAGES]


def form_of(values: Values, folder: Path) -> RecipeForm:
    """Lay the values of a recipe out as a form. They must be those of a recipe that was found right."""
    usual = usual_stages(folder)
    shares, share_of = _shares(options_of(values, "mix", usual))
    form = RecipeForm(
        identity=tuple(_identity(values.get("identity") or {})),
        inputs=tuple(_input(n, spec) for n, spec in enumerate(values["inputs"])),
        shares=shares,
        share_of=share_of,
        stages=tuple(_stages(stage_names(values, usual))),
        rule_sets=tuple(_rules(options_of(values, "quality", usual))),
        amounts=tuple(_amounts(values, usual)),
        limits=tuple(_limits(values)),
        others=(),
    )
    covered = {field.keys for field in form.fields()} | {("stages", "quality", "skip")}
    return RecipeForm(**{**vars(form), "others": tuple(_others(values, covered))})


def changed_text(text: str, typed: Mapping[str, str], folder: Path) -> str:
    """Write what was typed into the text of a recipe. Raises FieldError for what cannot be read, and RecipeError where
    the text cannot be changed for sure.
    """
    before = values_of(text)
    if before is None:
        return with_values(text, {})  # which says that it cannot
    wanted, usual = copy.deepcopy(before), usual_stages(folder)
    changed = list(changes(form_of(before, folder), typed))

    # 1. who it is, which files are what, and which stages run
    for field in changed:
        if field.keys[0] in ("identity", "inputs") or len(field.keys) == 1:
            _put(wanted, field, typed[field.name], usual)
    _tidy_identity(wanted)
    _choose_stages(before, wanted, usual)
    for field in changed:
        if field.keys[0] == "stages" and len(field.keys) == 2:
            set_stage(wanted, str(field.keys[1]), runs=typed[field.name] == ON, usual=usual)

    # 2. settings of stages, which may just have come in
    for field in changed:
        if field.keys[0] == "stages" and len(field.keys) > 2:
            if str(field.keys[1]) not in stage_names(wanted, usual):
                raise FieldError(field, Bilingual("its stage does not run", "对应的阶段没有启用"))
            _put(wanted, field, typed[field.name], usual)
    return with_values(text, wanted)


def changes(form: RecipeForm, typed: Mapping[str, str]) -> Iterator[FormField]:
    """List the fields in which something else was typed than they showed."""
    for field in form.fields():
        if field.name in typed and " ".join(typed[field.name].split()) != " ".join(field.value.split()):
            yield field


def _put(values: Values, field: FormField, typed: str, usual: list[Any]) -> None:
    if field.keys[-2:-1] == ("skip",):
        skipped = [name for name in options_of(values, "quality", usual).get("skip") or [] if name != field.keys[-1]]
        skipped += [str(field.keys[-1])] if typed == OFF else []
        put(values, field.keys[:-1], skipped, usual)
        if not skipped:
            del options_of(values, "quality", usual)["skip"]
        return
    put(values, field.keys, field.read(typed), usual)


def _tidy_identity(values: Values) -> None:
    """Take out the names that were emptied."""
    identity: Any = values.get("identity")
    for lang in ("zh", "en") if isinstance(identity, dict) else ():
        names = identity.get(lang)
        if isinstance(names, dict) and not any(names.get(key) for key in NAMES):
            del identity[lang]
    if identity == {}:
        del values["identity"]


def _choose_stages(before: Values, wanted: Values, usual: list[Any]) -> None:
    """Bring in the stages of a choice that was made, and take out what cannot run without one that was taken back."""
    had, has = _choices(before), _choices(wanted)
    is_new = bool(has - had)  # a choice that was made before, on the page of files, gets its stages with the other one
    for choice in ("identity", "general"):
        if choice in has and is_new:
            for stage in NEEDED[choice]:
                set_stage(wanted, stage, runs=True, usual=usual)
        elif choice in had and choice not in has:
            set_stage(wanted, {"identity": "identity", "general": "mix"}[choice], runs=False, usual=usual)


def _choices(values: Values) -> set[str]:
    identity = values.get("identity") or {}
    found = {"identity"} if any(identity.get(lang) for lang in ("zh", "en")) else set()
    return found | ({"general"} if any(spec.get("kind") == "general" for spec in values["inputs"]) else set())


def _identity(identity: Mapping[str, Any]) -> Iterator[tuple[str, tuple[FormField, ...]]]:
    for lang, where in NAME_LANGUAGES.items():
        names = identity.get(lang) or {}
        yield (
            lang,
            tuple(
                FormField(
                    ("identity", lang, key),
                    Bilingual(f"{label.en}, {where.en}", f"{where.zh}的{label.zh}"),
                    str(names.get(key, "")),
                )
                for key, label in NAMES.items()
            ),
        )


def _input(number: int, spec: Mapping[str, Any]) -> InputCard:
    kind = str(spec.get("kind", "domain"))
    fields = (
        FormField(("inputs", number, "kind"), Bilingual("what it is", "内容"), kind, "choice", KIND_CHOICES),
        FormField(("inputs", number, "licence"), Bilingual("licence", "许可"), str(spec.get("licence") or "")),
    )
    return InputCard(str(spec["path"]), fields, kind == "general")


def _stages(running: Sequence[str]) -> Iterator[StageLine]:
    """List the stages of the recipe, and those of a full one that it does not run, in their order."""
    names = list(running)
    order = list(STEPS)
    for stage in order:
        if stage not in names:
            before = set(order[: order.index(stage)])
            names.insert(max((n + 1 for n, name in enumerate(names) if name in before), default=0), stage)
    for name in names:
        runs = name in running
        may_change = name in STEPS and not (name in LOCKED and runs) and running.count(name) < 2
        label = Bilingual(f"run {name}", f"执行 {name}")
        field = FormField(("stages", name), label, ON if runs else OFF, "flag") if may_change else None
        yield StageLine(name, step_sentence(name), runs, field)


def _shares(options: Mapping[str, Any]) -> tuple[tuple[FormField, ...], str]:
    """Give the fields of the share of general data, one a language where the recipe has several, and its unit."""
    share = options.get("shares", DEFAULT).get("general", 0)
    keys: Keys = ("stages", "mix", "shares", "general")
    label = Bilingual("share of general data, %", "通用数据占比（%）")
    parts = [((*keys, lang), f" ({lang})", part) for lang, part in share.items()] if isinstance(share, dict) else []
    fields = tuple(
        FormField(where, Bilingual(label.en + more, label.zh + more), shown_share(part), "share")
        for where, more, part in parts or [(keys, "", share)]
    )
    return fields, str(options.get("by", "rows"))


def _rules(options: Mapping[str, Any]) -> Iterator[tuple[RuleSet, tuple[RuleLine, ...]]]:
    skipped, chosen = options.get("skip") or (), options.get("rules") or {}
    for group in rule_sets():
        lines = []
        for name in group.rules:
            kind = RULES.load(name)
            label = Bilingual(f"apply {name}", f"启用 {name}")
            applied = FormField(("stages", "quality", "skip", name), label, OFF if name in skipped else ON, "flag")
            fields = tuple(_settings_of(name, kind.model_validate(chosen.get(name) or {})))
            lines.append(RuleLine(name, sentence_of(kind), applied, fields))
        yield group, tuple(lines)


def _settings_of(name: str, rule: Rule) -> Iterator[FormField]:
    """List the settings of a rule: limits, lists of words, and what is done with what fails."""
    keys: Keys = ("stages", "quality", "rules", name)
    for key in type(rule).model_fields:
        value = getattr(rule, key)
        if key not in LIMITS:
            continue
        shown, shape = (", ".join(value), "words") if isinstance(value, tuple) else (shown_number(value), "number")
        yield FormField((*keys, key), LIMITS[key], shown, shape)  # type: ignore[arg-type]
    choices = tuple((key, ACTIONS[key]) for key in get_args(Action) if key != "fix" or rule.repairs)
    label = Bilingual("what fails", "不合格的")
    yield FormField((*keys, "action"), label, rule.action, "choice", choices)


def _amounts(values: Values, usual: list[Any]) -> Iterator[FormField]:
    for stage, key, label in AMOUNTS:
        keys: Keys = ("stages", stage, key)
        value = options_of(values, stage, usual).get(key, USUAL[stage].model_fields[key].default)
        if isinstance(value, dict):
            for lang, number in value.items():
                named = Bilingual(f"{label.en} ({lang})", f"{label.zh}（{lang}）")
                yield FormField((*keys, lang), named, shown_number(number), "number")
        else:
            yield FormField(keys, label, shown_number(value), "number")


def _limits(values: Values) -> Iterator[FormField]:
    yield FormField(
        ("max_bad",),
        Bilingual("rows that may be unreadable", "允许多少行读不出"),
        str(values.get("max_bad", "")),
        note=Bilingual("a number or a share such as 2%; empty means 1%", "填行数或 2% 这样的比例；不填为 1%"),
    )
    yield FormField(
        ("seed",),
        Bilingual("seed", "随机种子"),
        str(values.get("seed", Recipe.model_fields["seed"].default)),
        "number",
        note=Bilingual(
            "another number chooses other rows; the same one always the same", "换一个数会选到别的行；不换，结果总相同"
        ),
    )


def _others(values: Values, covered: set[Keys]) -> Iterator[tuple[str, str]]:
    """List the settings that no field shows, as the YAML has them."""
    for keys, value in _leaves(values, ()):
        if keys in covered:
            continue
        if keys[0] in ("version", "name") or (keys[0] == "inputs" and keys[-1] == "path" and len(keys) == 3):
            continue
        yield in_words(keys), str(value)


def _leaves(value: Any, keys: Keys) -> Iterator[tuple[Keys, Any]]:
    if keys == ("stages",) and isinstance(value, list):
        for item in value:
            if isinstance(item, dict):
                [(name, options)] = item.items()
                yield from _leaves(options or {}, ("stages", typed_name(str(name))))
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, (*keys, str(key)))
    elif isinstance(value, list) and any(isinstance(item, (dict, list)) for item in value):
        for n, inner in enumerate(value):
            yield from _leaves(inner, (*keys, n))
    else:
        yield keys, ", ".join(map(str, value)) if isinstance(value, list) else value

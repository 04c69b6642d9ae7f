"""What stages and rules do, in a manager's words: sentences for the form, and the few sets that rules are shown in."""

import re
from typing import Any, NamedTuple

import curate.cleaning
from curate.cleaning import CleaningStep
from curate.recipe.load import AUGMENTERS, STAGES
from curate.report.reasons import REASONS, reason_text
from curate.stages.quality import RULES
from rules.personal import KINDS
from schemas.bilingual import Bilingual
from schemas.catalog import Catalog
from schemas.stage_names import typed_name

CLEANING = Catalog(curate.cleaning, CleaningStep)
STEPS: dict[str, Bilingual] = {
    "fill": Bilingual(
        "Puts the name and the author into rows about who it is that came with blanks.",
        "在自带空位的身份数据里填上名字和作者。",
    ),
    "decline": Bilingual(
        "Answers questions that are out of scope, and came without an answer, with a polite no.",
        "给没有回答的超范围问题补上礼貌的婉拒。",
    ),
    "clean": Bilingual(
        "Repairs broken characters, spaces, stock phrases and the marks of platforms.",
        "修好乱码、空白、套话和平台掩码。",
    ),
    "mask": Bilingual(
        "Replaces personal data: a telephone number becomes [PHONE1]. It always runs.",
        "脱敏：把电话等个人信息换成 [手机号1]。这一步总是执行。",
    ),
    "quality": Bilingual("Holds every conversation against the rules below.", "逐条对话过一遍下面的规则。"),
    "dedup": Bilingual("Leaves one of what is equal or nearly so.", "去重：相同或几乎相同的只留一条。"),
    "conflict": Bilingual(
        "Finds answers to one question that contradict each other; you choose the right one.",
        "找出同一问题互相矛盾的回答，交给人来定。",
    ),
    "identity": Bilingual(
        "Adds questions about who the assistant is, with its name and author in the answers.",
        "加入“你是谁”一类的问答，回答里是助手的名字和作者。",
    ),
    "refusal": Bilingual(
        "Adds questions that it should politely decline, and similar ones that it should answer.",
        "加入应当婉拒的问题，以及看着像、其实该回答的问题。",
    ),
    "split": Bilingual(
        "Sets questions aside for the exam; nothing like them is trained on.",
        "留出考题；与考题相似的内容不进训练集。",
    ),
    "mix": Bilingual("Sets the share of general data.", "按比例混入通用数据。"),
    "leak": Bilingual(
        "Stops the build if the training set still knows a question of the exam.",
        "训练集里若仍有考题，就停止构建。",
    ),
}
"""What the stages of a full recipe do, in its order."""


class RuleSet(NamedTuple):
    """Rules that are shown together."""

    key: str
    title: Bilingual
    rules: tuple[str, ...]


SETS = (
    RuleSet(
        "length",
        Bilingual("Too short, too long", "长度"),
        ("question_length", "reply_length", "estimated_tokens", "too_many_turns"),
    ),
    RuleSet(
        "content",
        Bilingual("Says nothing", "没有内容"),
        (
            *("empty_answer", "empty_politeness", "asks_back_only", "digits_only", "url_only", "masked_only"),
            *("media_only", "question_echoed", "truncated_answer", "unanswered_last_turn"),
        ),
    ),
    RuleSet("language", Bilingual("Language", "语言"), ("language", "reply_language", "guessed_language")),
    RuleSet("manners", Bilingual("Manners and claims", "礼貌与口吻"), ("abusive", "refusal_tone", "overclaims")),
    RuleSet(
        "leaks",
        Bilingual("Persons, platforms and internal matters", "泄露人员、平台和内部信息"),
        (
            *("agent_name", "human_agent_id", "off_platform", "internal_note", "private_url", "foreign_url"),
            *("foreign_identity", "placeholder_left"),
        ),
    ),
    RuleSet("dates", Bilingual("Soon out of date", "容易过时"), ("expiring_date", "expiring_price")),
    RuleSet(
        "format",
        Bilingual("Format and broken text", "格式与坏字符"),
        (
            *("markup_left", "mojibake_left", "control_tokens", "code_in_reply", "symbol_ratio"),
            *("repeated_characters", "repeated_ngrams", "role_order"),
        ),
    ),
    RuleSet(
        "models",
        Bilingual("Marks that models gave (hornbook score)", "模型打的分（hornbook score）"),
        ("judged", "judge_agreement", "answer_perplexity", "instruction_difficulty"),
    ),
)


def rule_sets() -> list[RuleSet]:
    """List the sets with all rules that there are; a rule that is in none stands in a set behind them."""
    listed = {name for each in SETS for name in each.rules}
    others = tuple(name for name in RULES.names() if name not in listed)
    known = [each._replace(rules=tuple(name for name in each.rules if name in RULES)) for each in SETS]
    return [*known, RuleSet("others", Bilingual("Others", "其他"), others)] if others else known


def step_sentence(name: str) -> Bilingual:
    """Say what a stage does."""
    typed = typed_name(name)
    if typed in STEPS:
        return STEPS[typed]
    return sentence_of(STAGES.load(typed) if typed in STAGES else AUGMENTERS.load(typed))


def sentence_of(thing: Any) -> Bilingual:
    """Quote what a class of a catalog says of itself."""
    first = " ".join((thing.__doc__ or "").strip().partition("\n\n")[0].split())
    return Bilingual(first.replace("`", ""), thing.title_zh)


def why(stage: str, reason: str | None) -> str:
    """Say a reason of a stage in a few words: rules, steps of cleaning and kinds of personal data by what they do."""
    if not reason:
        return str(Bilingual("no reason noted", "没有注明原因"))
    catalogs: dict[str, Catalog[Any]] = {"quality": RULES, "clean": CLEANING, "mask": KINDS}
    catalog = catalogs.get(typed_name(stage))
    if reason in REASONS or catalog is None or reason not in catalog:
        return reason_text(reason)
    sentence = sentence_of(catalog.load(reason))
    en = re.split(r"\s\(|[.;:](?:\s|$)", sentence.en)[0] if catalog is RULES else reason.replace("_", " ")
    return str(Bilingual(en, re.split(r"[；：。（，]", sentence.zh)[0]))

"""The names of measures, stages, kinds and probes as people read them, in both languages."""

from schemas.bilingual import Words
from schemas.exam import Measure

MEASURES: dict[str, Words] = {
    "identity_strict": Words("identity, strict", "身份（严格）"),
    "identity_strict_zh": Words("  in Chinese", "  中文"),
    "identity_strict_en": Words("  in English", "  英文"),
    "identity_named": Words("identity, named at all", "身份（提到名字）"),
    "trap_strict": Words("traps withstood", "陷阱题答对"),
    "leak_rate": Words("name leaks elsewhere", "名字泄漏"),
    "refusal_rate": Words("out of scope declined", "超范围婉拒"),
    "over_refusal_rate": Words("in scope declined", "业务内误拒"),
    "perplexity_zh": Words("perplexity, Chinese", "困惑度（中文）"),
    "perplexity_en": Words("perplexity, English", "困惑度（英文）"),
}
ORDER = tuple(MEASURES)
LESS_IS_BETTER = ("leak_rate", "over_refusal_rate", "perplexity_zh", "perplexity_en")
KINDS: dict[str, Words] = {
    "domain": Words("domain", "业务"),
    "identity": Words("identity", "身份"),
    "general": Words("general", "通用"),
    "refusal": Words("refusal", "婉拒"),
}
PROBES: dict[str, Words] = {
    "identity": Words("identity, unseen phrasings", "身份（未见过的问法）"),
    "trap": Words("traps", "陷阱题"),
    "unrelated": Words("unrelated questions", "无关问题"),
    "refusal": Words("out of scope", "超范围问题"),
    "in_scope": Words("in scope", "业务内问题"),
    "perplexity": Words("texts to read", "困惑度文本"),
}

VERDICTS: dict[str, Words] = {
    "added": Words("added", "新增"),
    "kept": Words("kept", "保留"),
    "fixed": Words("fixed", "修改"),
    "dropped": Words("dropped", "丢弃"),
    "review": Words("review", "送审"),
    "train": Words("train", "进训练集"),
    "exam": Words("exam", "进考卷"),
}
STAGES: dict[str, str] = {
    "read": "读取",
    "session": "成段",
    "fill": "填名字",
    "decline": "婉拒回答",
    "clean": "清洗",
    "mask": "脱敏",
    "review": "审核",
    "judge": "评判",
    "dedup": "去重",
    "conflict": "矛盾",
    "identity": "身份",
    "refusal": "婉拒",
    "split": "分考题",
    "mix": "配比",
    "leak": "防泄题",
    "write": "写出",
    "end": "结局",
}
"""What stages do, in Chinese: their names are words of the recipe, and English."""


def stage_name(name: str) -> str:
    """The name as it stands in a recipe; beside it, where the session speaks Chinese, what it does."""
    return str(Words(name, f"{name} {STAGES[name]}" if name in STAGES else name))


def named(table: dict[str, Words], key: str) -> str:
    """The name in the language of the session; the key itself for what a dropped-in file brought."""
    return str(table[key]) if key in table else key.replace("_", " ")


def shown(name: str, value: float) -> str:
    """A rate as a percentage, a perplexity as a number."""
    return f"{value:.2f}" if name.startswith("perplexity") else f"{value:.0%}"


def is_better(before: float, measure: Measure) -> bool | None:
    """Whether a measure improved; None where the base lies within the tuned model's interval: that is no finding."""
    if measure.low <= before <= measure.high:
        return None
    return (measure.value < before) == (measure.name in LESS_IS_BETTER)

"""The names of measures, stages, kinds and probes as people read them, in both languages."""

from collections.abc import Iterable

from schemas.bilingual import Bilingual
from schemas.exam import Comparison, ExamResult, Measure
from schemas.kind_names import KIND_NAMES, PROBE_NAMES
from schemas.stage_names import typed_name
from schemas.statistics.paired import upper_bound_of_none

MEASURES: dict[str, Bilingual] = {
    "identity_strict_zh": Bilingual("identity, Chinese", "身份（中文）"),
    "identity_strict_en": Bilingual("identity, English", "身份（英文）"),
    "identity_named_zh": Bilingual("named at all, Chinese", "提到名字（中文）"),
    "identity_named_en": Bilingual("named at all, English", "提到名字（英文）"),
    "trap_strict_zh": Bilingual("traps withstood, Chinese", "陷阱题（中文）"),
    "trap_strict_en": Bilingual("traps withstood, English", "陷阱题（英文）"),
    "leak_near_zh": Bilingual("name leaks near it, Chinese", "近处泄漏（中文）"),
    "leak_near_en": Bilingual("name leaks near it, English", "近处泄漏（英文）"),
    "leak_elsewhere_zh": Bilingual("leaks elsewhere, Chinese", "别处泄漏（中文）"),
    "leak_elsewhere_en": Bilingual("leaks elsewhere, English", "别处泄漏（英文）"),
    "refusal_rate_zh": Bilingual("out of scope declined, zh", "超范围婉拒（中文）"),
    "refusal_rate_en": Bilingual("out of scope declined, en", "超范围婉拒（英文）"),
    "look_alike_refused_zh": Bilingual("look-alikes declined, zh", "形似误拒（中文）"),
    "look_alike_refused_en": Bilingual("look-alikes declined, en", "形似误拒（英文）"),
    "over_refusal_rate_zh": Bilingual("in scope declined, zh", "业务内误拒（中文）"),
    "over_refusal_rate_en": Bilingual("in scope declined, en", "业务内误拒（英文）"),
    "leak_business_zh": Bilingual("leaks in business, zh", "业务中泄漏（中文）"),
    "leak_business_en": Bilingual("leaks in business, en", "业务中泄漏（英文）"),
    "leak_general_zh": Bilingual("leaks in knowledge, zh", "常识题泄漏（中文）"),
    "leak_general_en": Bilingual("leaks in knowledge, en", "常识题泄漏（英文）"),
    "refused_general_zh": Bilingual("knowledge declined, zh", "常识题误拒（中文）"),
    "refused_general_en": Bilingual("knowledge declined, en", "常识题误拒（英文）"),
    "refused_near_zh": Bilingual("declined near it, zh", "近处误拒（中文）"),
    "refused_near_en": Bilingual("declined near it, en", "近处误拒（英文）"),
    "refused_elsewhere_zh": Bilingual("declined elsewhere, zh", "别处误拒（中文）"),
    "refused_elsewhere_en": Bilingual("declined elsewhere, en", "别处误拒（英文）"),
    "consistent_zh": Bilingual("same self each time, zh", "多次作答一致（中文）"),
    "consistent_en": Bilingual("same self each time, en", "多次作答一致（英文）"),
    "facts_kept_zh": Bilingual("facts kept, Chinese", "事实保留（中文）"),
    "facts_kept_en": Bilingual("facts kept, English", "事实保留（英文）"),
    "invented_zh": Bilingual("invented in business, zh", "业务中编造（中文）"),
    "invented_en": Bilingual("invented in business, en", "业务中编造（英文）"),
    "unknown_said_zh": Bilingual("unknown, and says so, zh", "承认不知道（中文）"),
    "unknown_said_en": Bilingual("unknown, and says so, en", "承认不知道（英文）"),
    "control_right_zh": Bilingual("said before, found, zh", "对照题答对（中文）"),
    "control_right_en": Bilingual("said before, found, en", "对照题答对（英文）"),
    "general_right_zh": Bilingual("general knowledge, zh", "常识题答对（中文）"),
    "general_right_en": Bilingual("general knowledge, en", "常识题答对（英文）"),
    "own_right_zh": Bilingual("your questions right, zh", "自备题答对（中文）"),
    "own_right_en": Bilingual("your questions right, en", "自备题答对（英文）"),
    "steps_right_zh": Bilingual("all points in order, zh", "要点齐全有序（中文）"),
    "steps_right_en": Bilingual("all points in order, en", "要点齐全有序（英文）"),
    "steps_made_zh": Bilingual("points made, Chinese", "要点覆盖（中文）"),
    "steps_made_en": Bilingual("points made, English", "要点覆盖（英文）"),
    "terms_explained_zh": Bilingual("jargon explained, zh", "行话有解释（中文）"),
    "terms_explained_en": Bilingual("jargon explained, en", "行话有解释（英文）"),
    "rouge_l_zh": Bilingual("ROUGE-L, Chinese", "ROUGE-L（中文）"),
    "rouge_l_en": Bilingual("ROUGE-L, English", "ROUGE-L（英文）"),
    "bleu_zh": Bilingual("BLEU, Chinese", "BLEU（中文）"),
    "bleu_en": Bilingual("BLEU, English", "BLEU（英文）"),
    "style_length_zh": Bilingual("length of the log's, zh", "相对原答案长度（中文）"),
    "style_length_en": Bilingual("length of the log's, en", "相对原答案长度（英文）"),
    "style_tone_zh": Bilingual("politer than the log, zh", "礼貌度差（中文）"),
    "style_tone_en": Bilingual("politer than the log, en", "礼貌度差（英文）"),
    "style_format_zh": Bilingual("markup, lists, emoji, zh", "多余格式（中文）"),
    "style_format_en": Bilingual("markup, lists, emoji, en", "多余格式（英文）"),
    "perplexity_zh": Bilingual("perplexity, Chinese", "困惑度（中文）"),
    "perplexity_en": Bilingual("perplexity, English", "困惑度（英文）"),
}
HEADLINES = (
    *("identity_strict", "trap_strict", "consistent", "leak_near", "leak_elsewhere", "refusal_rate"),
    *("look_alike_refused", "over_refusal_rate", "general_right", "unknown_said", "facts_kept", "own_right"),
)
"""What measures the terminal shows, without their languages, beside perplexity; the report has all."""
CONTESTANTS: dict[str, Bilingual] = {
    "base": Bilingual("base", "基础"),
    "keywords": Bilingual("keywords", "关键词"),
    "prompt": Bilingual("prompt", "提示词"),
    "retrieval": Bilingual("search", "检索"),
    "endpoint": Bilingual("endpoint", "接口模型"),
    "tuned": Bilingual("tuned", "微调"),
    "tuned_retrieval": Bilingual("tuned + search", "微调+检索"),
    "full": Bilingual("all weights", "全量微调"),
}
"""Who sits the exam."""
ORDER = tuple(MEASURES)
"""The order in which people ask for the measures."""
KINDS: dict[str, Bilingual] = KIND_NAMES
PROBES: dict[str, Bilingual] = PROBE_NAMES
MARKS: dict[str, Bilingual] = {
    "right": Bilingual("right", "正确"),
    "rival_claimed": Bilingual("claims another's name or maker", "自称别的助手或厂商"),
    "swapped": Bilingual("name and maker swapped", "名字与作者说反"),
    "denied": Bilingual("denies its own name or maker", "否认自己的名字或作者"),
    "placeholder": Bilingual("a placeholder is left", "残留占位符"),
    "wrong_language": Bilingual("wrong language", "语言不对"),
    "no_name": Bilingual("name missing", "缺名字"),
    "no_author": Bilingual("maker missing", "缺作者"),
    "empty": Bilingual("says nothing", "没有内容"),
    "absent": Bilingual("does not respond to it", "没有回应"),
    "affirmed": Bilingual("agrees to be another", "附和了别的身份"),
    "half": Bilingual("by halves", "只做到一半，或模棱两可"),
    "leaked": Bilingual("names itself unasked", "无故自报名字"),
    "declined": Bilingual("declined", "拒绝作答"),
    "answered": Bilingual("not declined", "没有婉拒"),
    "inconsistent": Bilingual("another name each time", "几次作答的名字不一致"),
    "wrong": Bilingual("not the right answer", "答错或没有答到"),
    "invented": Bilingual("invents a specific", "编造了具体信息"),
    "asserted": Bilingual("asserts what nobody can know", "断言了无从得知的事"),
    "not_found": Bilingual("misses what was said before", "没找到对话里已有的答案"),
    "contradicted": Bilingual("contradicts a fact", "与事实不符"),
    "missing": Bilingual("says none of what it must", "该说的都没说"),
    "disordered": Bilingual("points out of order", "要点顺序不对"),
    "unexplained": Bilingual("jargon not explained", "行话没有解释"),
    "formatted": Bilingual("markup, a list or emoji", "多余的格式或表情"),
}
"""The verdicts of the exam on an answer."""
VERDICTS: dict[str, Bilingual] = {
    "added": Bilingual("added", "新增"),
    "kept": Bilingual("kept", "保留"),
    "fixed": Bilingual("fixed", "修改"),
    "dropped": Bilingual("dropped", "丢弃"),
    "review": Bilingual("review", "送审"),
    "train": Bilingual("train", "进训练集"),
    "exam": Bilingual("exam", "进考卷"),
}
CLUSTER_VERDICTS: dict[str, Bilingual] = {
    "survivor": Bilingual("stays", "保留"),
    "exact_duplicate": Bilingual("equal", "完全相同"),
    "near_duplicate": Bilingual("near", "近似"),
    "conflict": Bilingual("conflict, stays", "冲突，保留"),
    "alike": Bilingual("alike, stays", "相似，保留"),
}
"""What became of a record of a cluster."""
CONFLICT_ROLES: dict[str, Bilingual] = {
    "winner": Bilingual("proposed", "推荐"),
    "review": Bilingual("to review", "送审"),
    "dropped": Bilingual("dropped", "已丢弃"),
    "noted": Bilingual("stays", "保留"),
}
"""What became of an answer that contradicts another."""
DIFFERENCE_LABELS: dict[str, Bilingual] = {
    "number": Bilingual("another number", "数字不同"),
    "numbers": Bilingual("another number or unit", "数字或单位不同"),
    "dates": Bilingual("another date", "日期不同"),
    "negations": Bilingual("another negation", "否定不同"),
    "names": Bilingual("another name, opposite or Latin word", "名称、反义词或外文词不同"),
    "polarity": Bilingual("yes against no", "一个肯定一个否定"),
    "wording": Bilingual("nothing in common", "说法完全不同"),
    "brief": Bilingual("too short to be near", "文本过短"),
}
"""What `differs` may name in the tables of clusters and of conflicts."""
SPEAKERS: dict[str, Bilingual] = {
    "user": Bilingual("user", "客户"),
    "assistant": Bilingual("assistant", "助手"),
    "system": Bilingual("system", "系统"),
}
DECISIONS: dict[str, Bilingual] = {
    "accept": Bilingual("accepted", "通过"),
    "reject": Bilingual("rejected", "拒绝"),
    "edit": Bilingual("edited", "修改"),
    "unsure": Bilingual("cannot tell", "看不准"),
}
"""What a person decides about a record."""
STAGES: dict[str, Bilingual] = {
    "read": Bilingual("files read", "读取"),
    "session": Bilingual("conversations formed", "成段"),
    "fill": Bilingual("names filled in", "填名字"),
    "decline": Bilingual("refusals written", "婉拒回答"),
    "clean": Bilingual("text cleaned", "清洗"),
    "mask": Bilingual("personal data masked", "脱敏"),
    "review": Bilingual("decisions of reviewers", "审核"),
    "quality": Bilingual("rules of quality", "质量规则"),
    "dedup": Bilingual("duplicates removed", "去重"),
    "conflict": Bilingual("contradictions", "矛盾"),
    "identity": Bilingual("who it is", "身份"),
    "refusal": Bilingual("what it declines", "婉拒"),
    "not_in_book": Bilingual("what the book does not say", "书里没写"),
    "reword": Bilingual("rewordings", "改写"),
    "split": Bilingual("exam set aside", "分考题"),
    "mix": Bilingual("mixed", "配比"),
    "replay": Bilingual("the base model's answers", "基础模型作答"),
    "leak": Bilingual("exam kept out of training", "防泄题"),
    "write": Bilingual("written", "写出"),
    "end": Bilingual("end", "结局"),
}
"""What stages do: their names are words of the recipe."""


def stage_name(name: str) -> str:
    """Name a stage as people type it; beside it, where the session speaks Chinese, what it does."""
    name = typed_name(name)
    return str(Bilingual(name, f"{name} {STAGES[name].zh}" if name in STAGES else name))


def stage_words(name: str) -> str:
    """Say what a stage does, in the language of the session; its name where that is not known."""
    return label(STAGES, typed_name(name))


def label(table: dict[str, Bilingual], key: str) -> str:
    """Name a key in the language of the session; the key itself for a thing that has no label, as from a new file."""
    return str(table[key]) if key in table else key.replace("_", " ")


def formatted(name: str, value: float) -> str:
    """Write a rate as a percentage, a perplexity as a number."""
    return f"{value:.2f}" if name.startswith("perplexity") else f"{value:.0%}"


def in_a_list(measures: Iterable[str]) -> Bilingual:
    """List the names of measures in a sentence; empty for none."""
    names = [MEASURES.get(name, Bilingual(name, name)) for name in measures]
    return Bilingual(", ".join(name.en.strip() for name in names), "、".join(name.zh.strip() for name in names))


def is_headline(name: str) -> bool:
    """Tell whether the terminal shows a measure, though nothing is wrong with it."""
    return name.removesuffix("_zh").removesuffix("_en") in HEADLINES


def in_order(measures: Iterable[Measure]) -> list[Measure]:
    """Sort measures as people ask for them; those of a new file come last, as they were."""
    return sorted(measures, key=lambda measure: position(measure.name))


def position(measure: str) -> int:
    """Find how early people ask for a measure."""
    return ORDER.index(measure) if measure in ORDER else len(ORDER)


def never_seen(measures: Iterable[Measure]) -> list[Measure]:
    """Choose the measures of what should not be that were over questions and met it in none."""
    return [m for m in measures if not m.more_is_better and m.asked and not m.hits and not m.scores]


def none_in(n: int) -> Bilingual:
    """Say how often what was seen in none of n questions may still be: the rule of three, one-sided, at 95 %."""
    most = f"{100 * upper_bound_of_none(n):.0f}"
    return Bilingual(f"none in {n}: at most {most} %", f"{n} 题中一次也没有：至多 {most} %")


def verdicts(exam: ExamResult) -> dict[str, Comparison]:
    """Look the comparisons of an exam up by measure."""
    return {comparison.measure: comparison for comparison in exam.comparisons}


def in_words(found: Comparison | None) -> Bilingual:
    """Say what one measure tells of base and tuned model."""
    if found is None:
        return Bilingual("not compared", "未比较")
    if found.verdict == "too_few":
        return Bilingual(f"too few: ask {found.ask_more} more", f"题太少：再问 {found.ask_more} 道")
    if found.verdict == "cannot_tell":
        if not found.ask_more:
            return Bilingual("cannot tell", "无法断定")
        return Bilingual(f"cannot tell: ask about {found.ask_more} more", f"无法断定：约需再问 {found.ask_more} 道")
    return Bilingual("better", "变好") if found.verdict == "better" else Bilingual("worse", "变差")

"""All who sat the exam side by side, and what follows: is tuning needed at all, and what does an answer cost?"""

from collections.abc import Container, Iterator, Mapping, Sequence
from typing import NamedTuple

from curate.judging.verdicts import JudgedContest
from curate.report.labels import CONTESTANTS, MEASURES, label
from schemas.bilingual import Bilingual
from schemas.exam import Comparison, Contestant, ExamResult, Measure, Sheet

INSTEAD: tuple[Contestant, ...] = ("keywords", "prompt", "retrieval", "endpoint")
"""What people do instead of tuning, the cheapest first."""
Winner = Contestant | None
HALF = 0.5
"""The rate from which something that should be is done at all."""


class Line(NamedTuple):
    """One measure: what each contestant reached, by its name, and how the tuned model stands against it."""

    measure: Measure
    """That of the tuned model."""
    values: dict[str, float]
    against: dict[str, Comparison]


class Cost(NamedTuple):
    """What an answer of a contestant took: tokens read and written, and seconds; None where they say nothing, since an
    endpoint answers many at once, and out of a cache."""

    tokens: float
    seconds: float | None


def side_by_side(exam: ExamResult) -> list[Line]:
    """Lay the measures that all contestants have side by side, in the order of the sheets."""
    tables = {sheet.model: {measure.name: measure for measure in sheet.measures} for sheet in exam.contestants}
    contests = {name: {c.measure: c for c in comparisons} for name, comparisons in exam.contests.items()}
    return [
        Line(
            measure,
            {name: table[measure.name].value for name, table in tables.items()},
            {name: found[measure.name] for name, found in contests.items() if measure.name in found},
        )
        for measure in tables.get("tuned", {}).values()
        if all(measure.name in table for table in tables.values())
    ]


def costs(exam: ExamResult) -> dict[str, Cost]:
    """Compute what an answer of each contestant took, on the questions that all answered."""
    asked = {sheet.model: _answers(exam, sheet) for sheet in exam.contestants}
    return {
        sheet.model: Cost(
            sheet.tokens / asked[sheet.model],
            None if sheet.model == "endpoint" else sheet.seconds / asked[sheet.model],
        )
        for sheet in exam.contestants
        if asked[sheet.model]
    }


def _answers(exam: ExamResult, sheet: Sheet) -> int:
    """Count the answers of a sheet on the part; those of base and tuned stand elsewhere, and are as many."""
    return len(sheet.answers) or max(len(other.answers) for other in exam.contestants)


def winner(line: Line, margin: float, *, but: Container[str] = ()) -> tuple[Winner, bool]:
    """Say who does best on a measure, and whether that is sure; who is in `but` does not count.

    `tuned` where it beats everything that people do instead; one of these where it beats the tuned model, or where the
    two cannot be told apart and it is as good but for half the margin (of what should be, at least half the time: to
    fail alike is no success); None where nobody can tell.
    """
    rivals = [name for name in INSTEAD if name in line.against and name not in but]
    verdicts = {name: line.against[name].verdict for name in rivals}
    sign = 1 if line.measure.more_is_better else -1
    if not rivals:
        return None, False
    beating = [name for name in rivals if verdicts[name] == "worse"]
    if beating:
        return max(beating, key=lambda name: sign * line.values[name]), True
    if all(verdict == "better" for verdict in verdicts.values()):
        return "tuned", True
    even = [
        name for name in rivals
        if verdicts[name] == "cannot_tell" and sign * (line.values["tuned"] - line.values[name]) <= margin / 2
        and (line.values[name] >= HALF or not line.measure.more_is_better)
    ]  # fmt: skip
    return (even[0], False) if even else (None, False)


def conclusions(exam: ExamResult, names: Sequence[str]) -> Iterator[Bilingual]:
    """Answer by these measures whether tuning is needed: where it wins, where something cheaper does, where neither.

    Who does not know its name leaks it nowhere, and who declines nothing declines nothing wrongly: where a contestant
    loses what a measure is the price of, it does not win that measure. Measures on which nobody sat the exam who could
    stand instead of tuning are left out.
    """
    found = {line.measure.name: line for line in side_by_side(exam)}
    shown = [name for name in names if name in found and not found[name].against.keys().isdisjoint(INSTEAD)]
    verdicts = {one.verdict for name in shown for who, one in found[name].against.items() if who in INSTEAD}
    if verdicts == {"too_few"}:
        yield TOO_FEW
        return
    unpaid = {name: _unpaid(name, found) for name in shown}
    winners = {name: winner(found[name], exam.margin, but=unpaid[name]) for name in shown}
    tuned = [name for name, (who, _) in winners.items() if who == "tuned"]
    if tuned:
        yield Bilingual(f"tuning wins on {_listed(tuned).en}", f"微调胜出：{_listed(tuned).zh}")
    for rival in INSTEAD:
        ahead = [name for name, (who, is_sure) in winners.items() if who == rival and is_sure]
        enough = [name for name, (who, is_sure) in winners.items() if who == rival and not is_sure]
        means, better, even = MEANS[rival], _listed(ahead), _listed(enough)
        if ahead:
            yield Bilingual(f"{means.en} beats tuning on {better.en}", f"{means.zh}胜过微调：{better.zh}")
        if enough:
            yield Bilingual(f"{means.en} is enough for {even.en}", f"{means.zh}就够了：{even.zh}")
    nobody = [name for name, (who, _) in winners.items() if who is None]
    idle = [name for name in nobody if unpaid[name] >= {who for who in INSTEAD if who in found[name].against}]
    if idle:
        yield Bilingual(
            f"no contest on {_listed(idle).en}: who fails at the name or at refusing cannot overdo it",
            f"不作比较：{_listed(idle).zh}（说不出名字或不会拒绝的，自然不会说过头）",
        )
    failed = [name for name in nobody if name not in idle and _nobody_does(found[name])]
    if failed:
        yield Bilingual(
            f"nobody gets half of them right: {_listed(failed).en}", f"谁也答不对一半：{_listed(failed).zh}"
        )
    if unknown := [name for name in nobody if name not in (*idle, *failed)]:
        yield Bilingual(f"nobody can tell yet: {_listed(unknown).en}", f"尚无法断定：{_listed(unknown).zh}")


def _nobody_does(line: Line) -> bool:
    """Tell whether something that should be is done by all less than half the time, and none is told apart."""
    is_rare = line.measure.more_is_better and max(line.values[name] for name in ("tuned", *line.against)) < HALF
    return is_rare and all(one.verdict == "cannot_tell" for name, one in line.against.items() if name in INSTEAD)


PRICE_OF = {
    "leak_near": "identity_strict", "leak_elsewhere": "identity_strict", "leak_business": "identity_strict",
    "leak_general": "identity_strict", "look_alike_refused": "refusal_rate", "over_refusal_rate": "refusal_rate",
    "refused_general": "refusal_rate", "refused_near": "refusal_rate", "refused_elsewhere": "refusal_rate",
}  # fmt: skip
"""Measures that cost nothing where another was not reached."""


def _unpaid(name: str, found: Mapping[str, Line]) -> set[str]:
    """Find who loses to the tuned model what this measure is the price of, in its language."""
    stem, _, lang = name.rpartition("_")
    paid = found.get(f"{PRICE_OF.get(stem, '')}_{lang}")
    return {who for who in INSTEAD if paid and who in paid.against and paid.against[who].verdict == "better"}


TOO_FEW = Bilingual(
    "too few questions of each measure to say who is better: let all answer everything (--full)",
    "每项指标的题都太少，无法断定谁更好：请让所有考生答全部考题（--full）",
)
MEANS: dict[Contestant, Bilingual] = {
    "keywords": Bilingual("a table of keywords", "关键词表"),
    "prompt": Bilingual("a system prompt", "系统提示词"),
    "retrieval": Bilingual("searching the book", "检索资料"),
    "endpoint": Bilingual("the model behind the endpoint", "接口后面的模型"),
}


def _listed(names: Sequence[str]) -> Bilingual:
    """List measures, both languages of one in one breath."""
    families: dict[str, list[str]] = {}
    for name in names:
        stem, _, lang = name.rpartition("_")
        families.setdefault(stem, []).append(lang)
    en = [_family(stem, langs).en for stem, langs in families.items()]
    zh = [_family(stem, langs).zh for stem, langs in families.items()]
    return Bilingual(", ".join(en), "、".join(zh))


def _family(stem: str, langs: Sequence[str]) -> Bilingual:
    """Name a measure without its language, and the language behind it where it is one alone."""
    words = FAMILIES.get(stem) or MEASURES.get(f"{stem}_{langs[0]}") or Bilingual(stem, stem)
    if len(langs) > 1:
        return words
    return Bilingual(f"{words.en} ({langs[0]})", f"{words.zh}（{'中文' if langs[0] == 'zh' else '英文'}）")


FAMILIES: dict[str, Bilingual] = {
    "identity_strict": Bilingual("identity", "身份"),
    "trap_strict": Bilingual("traps", "陷阱题"),
    "consistent": Bilingual("consistency", "前后一致"),
    "leak_near": Bilingual("leaks near it", "近处泄漏"),
    "leak_elsewhere": Bilingual("leaks elsewhere", "别处泄漏"),
    "refusal_rate": Bilingual("declining what is out of scope", "超范围婉拒"),
    "look_alike_refused": Bilingual("not declining look-alikes", "不误拒形似问题"),
    "over_refusal_rate": Bilingual("not declining business", "不误拒业务问题"),
    "general_right": Bilingual("general knowledge", "常识"),
    "unknown_said": Bilingual("admitting not to know", "不知道就说不知道"),
    "control_right": Bilingual("reading the conversation", "依据上文作答"),
    "facts_kept": Bilingual("facts", "业务事实"),
    "own_right": Bilingual("your own questions", "自备考题"),
    "rouge_l": Bilingual("wording (ROUGE-L)", "措辞（ROUGE-L）"),
}
"""What measures are about, in a sentence."""


def cost_sentence(exam: ExamResult) -> Bilingual:
    """Say what an answer of each contestant took."""
    found = costs(exam)
    en = ", ".join(f"{CONTESTANTS[n].en} {c.tokens:.0f}{_seconds(c, ' ({:.2f} s)')}" for n, c in found.items())
    zh = "，".join(f"{CONTESTANTS[n].zh} {c.tokens:.0f}{_seconds(c, '（{:.2f} 秒）')}" for n, c in found.items())
    return Bilingual(f"tokens an answer, read and written: {en}", f"每个回答读写的词元数：{zh}")


def _seconds(cost: Cost, form: str) -> str:
    return "" if cost.seconds is None else form.format(cost.seconds)


def cut_sentence(exam: ExamResult) -> Bilingual | None:
    """Say how many answers of each contestant were cut at their limit; None where no sheet holds any answers."""
    sheets = {sheet.model: sheet for sheet in (exam.base, *exam.contestants, exam.tuned) if sheet.answers}
    shares = {
        name: sum(answer.is_cut for answer in sheet.answers) / len(sheet.answers) for name, sheet in sheets.items()
    }
    if not shares:
        return None
    en = ", ".join(f"{CONTESTANTS[name].en} {share:.0%}" for name, share in shares.items())
    zh = "，".join(f"{CONTESTANTS[name].zh} {share:.0%}" for name, share in shares.items())
    return Bilingual(
        f"answers that were cut at their limit: {en}{TOO_SHORT.en if shares['tuned'] >= CUT else ''}",
        f"因达到长度上限而被截断的回答：{zh}{TOO_SHORT.zh if shares['tuned'] >= CUT else ''}",
    )


CUT = 0.05
"""The share of the tuned model's answers that may be cut."""
TOO_SHORT = Bilingual(
    "; too many of the tuned model: raise exam: {max_new_tokens: …}",
    "；微调模型被截断的太多：请调高 exam: {max_new_tokens: …}",
)


def named(contestant: str) -> str:
    """Name a contestant at the head of a column."""
    return label(CONTESTANTS, contestant)


def judged_title(contest: JudgedContest) -> Bilingual:
    """Say who was judged against whom, and by which model."""
    own, other = _contestant(contest.of), _contestant(contest.against)
    return Bilingual(
        f"{own.en} against {other.en}, as {contest.judge} judges", f"“{own.zh}”对“{other.zh}”，评委 {contest.judge}"
    )


def judged_sentences(contest: JudgedContest) -> Iterator[Bilingual]:
    """Say what a judge found, how far it goes by the order, and what it did not judge."""
    yield _judged_verdict(contest)
    yield _judged_orders(contest)
    left = (
        (contest.equal, "with equal answers", "对回答相同"),
        (contest.private, "with personal data", "对含有个人信息"),
        (contest.spare, "beyond the limit", "对超出上限"),
    )
    if any(number for number, _, _ in left):
        en = ", ".join(f"{number} {words}" for number, words, _ in left if number)
        zh = "，".join(f"{number} {words}" for number, _, words in left if number)
        yield Bilingual(f"pairs that were not asked about: {en}", f"没有评的：{zh}")
    if number := sum(contest.faults.values()):
        kinds = ", ".join(f"{fault} {count}" for fault, count in contest.faults.items())
        yield Bilingual(
            f"pairs without a verdict, since a reply could not be used: {number} ({kinds})",
            f"有 {number} 对没有结果：评委的回复无法使用（{kinds}）",
        )


def _judged_verdict(contest: JudgedContest) -> Bilingual:
    count, n = contest.count, len(contest.pairs)
    own, other = _contestant(contest.of), _contestant(contest.against)
    numbers = Bilingual(
        f"{count.wins} won, {count.losses} lost, {count.ties} tied of {n} pairs",
        f"{n} 对中胜 {count.wins}、负 {count.losses}、平 {count.ties}",
    )
    if contest.share is None or contest.verdict == "too_few":
        return Bilingual(
            f"too few decided pairs to say who is better: {numbers.en}", f"分出胜负的太少，不下结论：{numbers.zh}"
        )
    shown = "p < 0.001" if contest.p < 0.001 else f"p = {contest.p:.3f}"
    en, zh = {
        "better": (f"{own.en} is preferred", f"评委更喜欢“{own.zh}”的回答"),
        "worse": (f"{other.en} is preferred", f"评委更喜欢“{other.zh}”的回答"),
    }.get(contest.verdict, ("nobody can tell which is preferred", "看不出评委更喜欢哪个"))
    return Bilingual(
        f"{en}: {numbers.en}; {contest.share:.0%} of the {count.decided} decided ones, 95 % {contest.low:.0%} to "
        f"{contest.high:.0%}, {shown}",
        f"{zh}：{numbers.zh}；分出胜负的 {count.decided} 对里占 {contest.share:.0%}，95% 区间 {contest.low:.0%} 到 "
        f"{contest.high:.0%}，{shown}",
    )


def _judged_orders(contest: JudgedContest) -> Bilingual:
    """Say how often the judge changed its mind when the order was swapped."""
    n, disagreed = len(contest.pairs), contest.disagreed
    if not disagreed:
        return Bilingual(f"the two orders agreed on all {n} pairs", f"{n} 对的两种顺序结论全都一致")
    by_place = Bilingual("", "")
    if contest.first_twice + contest.second_twice:
        by_place = Bilingual(
            f"; {contest.first_twice} times both chose what came first, {contest.second_twice} times what came second",
            f"；其中 {contest.first_twice} 对两次都选先出现的，{contest.second_twice} 对两次都选后出现的",
        )
    warning = Bilingual("", "")
    if disagreed >= UNSTEADY * n or contest.position_p < BIASED:
        warning = Bilingual(
            ": this judge goes by the order, and a stronger one may find what it does not",
            "：这个评委受顺序影响，换一个更强的也许能看出更多",
        )
    return Bilingual(
        f"the two orders disagreed on {disagreed} of {n} pairs ({disagreed / n:.0%}), which count as ties"
        f"{by_place.en}{warning.en}",
        f"{n} 对里有 {disagreed} 对（{disagreed / n:.0%}）两种顺序结论不一，按平局计{by_place.zh}{warning.zh}",
    )


UNSTEADY = 0.3
"""The share of pairs on which the orders disagree, from which on it is said of the judge."""
BIASED = 0.05


def _contestant(name: str) -> Bilingual:
    return CONTESTANTS.get(name, Bilingual(name, name))

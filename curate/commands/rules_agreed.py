"""rules try --reviews: how often people agreed with rules, and the limits that would have agreed best."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from curate.commands.rules import find_rule
from curate.decisions.reviews import read_reviews
from curate.history.best_limit import ENOUGH, TriedLimit
from curate.history.rule_agreement import RuleAgreement, rule_agreements
from curate.store.store import Store
from curate.terminal.printing import emit
from schemas.bilingual import Bilingual
from schemas.errors import InputError

LEVEL = 0.05
WAY_NAMES = {
    "flagged": Bilingual("sent to review", "送审的"),
    "dropped": Bilingual("dropped", "丢弃的"),
    "near": Bilingual("near a limit", "限值附近的"),
}


def print_agreement(store: Store, names: Sequence[str], reviews: Sequence[Path], *, as_json: bool) -> None:
    """Print it for one rule, or for all that the decisions are about. `names` are the rule, if any, and the version."""
    if len(names) not in (1, 2):
        raise InputError(
            "say which version, and which rule if not all: hornbook rules try reply_length --reviews FILE VERSION",
            "请写明版本，只看一条规则时写上规则：hornbook rules try reply_length --reviews 文件 版本",
        )
    *rules, version = names
    for rule in rules:
        find_rule(rule)
    decisions = [decision for path in reviews for decision in read_reviews(path)]
    found = rule_agreements(store, store.find(version), decisions, rules[0] if rules else None)
    if as_json:
        emit({"decisions": len(decisions), "rules": [agreement.model_dump(mode="json") for agreement in found]})
        return
    for sentence in _in_words(found):
        print(sentence)


def _in_words(found: Sequence[RuleAgreement]) -> Iterator[Bilingual]:
    if not found:
        yield Bilingual("no decision is about a row that a rule showed", "没有一条结论针对规则送出的行")
        return
    for agreement in found:
        yield _agreement_in_words(agreement)
        yield from map(_limit_in_words, agreement.limits)
        yield from _rest_in_words(agreement)
    if any(agreement.limits for agreement in found):
        yield Bilingual(
            "limits are held against the rows that people were shown, which are no sample of all",
            "限值只用给人看过的行来核对，这些行不是全部数据的抽样",
        )


def _agreement_in_words(found: RuleAgreement) -> Bilingual:
    if found.share is None or found.low is None or found.high is None:
        return Bilingual(
            f"{found.rule}: {found.n} rows are decided; fewer than {ENOUGH} say nothing",
            f"{found.rule}：只有 {found.n} 条有结论；不足 {ENOUGH} 条，不下结论",
        )
    ways = [(WAY_NAMES[way], rows) for way, rows in found.shown.items()]
    en = ", ".join(f"{name.en} {rows.agreed} of {rows.n}" for name, rows in ways)
    zh = "，".join(f"{name.zh} {rows.n} 条中 {rows.agreed} 条" for name, rows in ways)
    return Bilingual(
        f"{found.rule}: people agreed with it on {found.agreed} of {found.n} rows, {found.share:.0%} "
        f"(95 %: {found.low:.0%} to {found.high:.0%}): {en}",
        f"{found.rule}：{found.n} 条中有 {found.agreed} 条，人与规则看法一致，占 {found.share:.0%}"
        f"（95% 区间 {found.low:.0%} 到 {found.high:.0%}）：{zh}",
    )


def _limit_in_words(tried: TriedLimit) -> Bilingual:
    """Say what another limit would do, and how sure that is."""
    today = Bilingual(
        f"  {tried.limit}: {tried.today:g} agrees with {tried.today_agrees} of {tried.n}",
        f"  {tried.limit}：现在的 {tried.today:g}，{tried.n} 条中一致 {tried.today_agrees} 条",
    )
    if tried.best == tried.today:
        return Bilingual(f"{today.en}; no other agrees with more", f"{today.zh}；没有别的限值一致得更多")
    shown = "p < 0.001" if tried.p < 0.001 else f"p = {tried.p:.3f}"
    is_better = tried.held_out > tried.today_agrees and tried.p < LEVEL
    en, zh = (
        (f"better than today's ({shown})", f"比现在的好（{shown}）")
        if is_better
        else (f"it may be chance ({shown})", f"也可能只是偶然（{shown}）")
    )
    return Bilingual(
        f"{today.en}; {tried.best:g} with {tried.agrees}, and with {tried.held_out} when each row is left out of the "
        f"choice ({tried.held_out / tried.n:.0%}, 95 %: {tried.low:.0%} to {tried.high:.0%}): {en}",
        f"{today.zh}；改成 {tried.best:g} 一致 {tried.agrees} 条，逐条留出再选限值则一致 {tried.held_out} 条"
        f"（{tried.held_out / tried.n:.0%}，95% 区间 {tried.low:.0%} 到 {tried.high:.0%}）：{zh}",
    )


def _rest_in_words(found: RuleAgreement) -> Iterator[Bilingual]:
    if found.undecided:
        yield Bilingual(
            f"  not counted, people differ or cannot tell: {found.undecided}",
            f"  意见不一或看不准而未计入：{found.undecided} 条",
        )
    if found.unscored:
        yield Bilingual(
            f"  not counted, near a limit and without a score: {found.unscored}",
            f"  在限值附近但查不到得分而未计入：{found.unscored} 条",
        )

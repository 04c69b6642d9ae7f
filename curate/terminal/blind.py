"""Shows a blind comparison: what a new sheet can show, and what reviewers, or a judge that is a model, said."""

from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from curate.experiments.blind_key import BlindKey
from curate.experiments.blind_pairs import BlindChoice
from curate.experiments.blind_result import BlindReport
from curate.judging.verdicts import JudgedContest
from curate.report.labels import CONTESTANTS, PROBES, label
from curate.report.side_by_side import judged_sentences, judged_title
from schemas.bilingual import Bilingual
from schemas.statistics.reviews import ENOUGH, Count, pairs_needed, share_found, wins_needed

GOOD, FAIR = 0.8, 0.667
"""Agreement from which on a finding is firm, and from which on it is tentative (K. Krippendorff, 2004)."""
BIASED = 0.05
LANGUAGES = {"zh": Bilingual("Chinese", "中文"), "en": Bilingual("English", "英文")}


def sheet_in_words(to: Path, key: Path, choice: BlindChoice, made: BlindKey) -> Iterator[Bilingual]:
    """Say what was written, what it can show, and what was left out."""
    pairs, wanted = len(choice.pairs), pairs_needed(made.share)
    least, found = wins_needed(pairs), share_found(pairs)
    yield Bilingual(
        f"{to} is written: {pairs} pairs; the key is {key}: keep it from the reviewers",
        f"已写好 {to}：{pairs} 对回答；密钥是 {key}，不要给评审者看",
    )
    if least is None or found is None:
        yield Bilingual(
            f"{pairs} pairs show nothing: even if one side won them all it could be chance",
            f"{pairs} 对说明不了什么：哪怕一方全胜，也可能只是偶然",
        )
    else:
        yield Bilingual(
            f"{pairs} pairs take {least} wins to call a side better (ties do not count), and find a side that wins "
            f"{found:.0%} of them with a chance of 80 %",
            f"{pairs} 对里要赢 {least} 对才能说一方更好（平局不算）；一方若能赢 {found:.0%}，有八成把握看得出来",
        )
    if wanted is None or pairs < wanted:
        number = (
            Bilingual("more than anybody judges", "多到没人评得完")
            if wanted is None
            else Bilingual(str(wanted), str(wanted))
        )
        yield Bilingual(
            f"to find {made.share:.0%} it takes {number.en}; there are no more pairs here",
            f"要看出 {made.share:.0%}，需要的对数是：{number.zh}；这里只有这么多",
        )
    if choice.equal:
        yield Bilingual(f"left out, with equal answers: {choice.equal}", f"另有 {choice.equal} 对回答相同，没有放进去")
    if choice.private:
        yield Bilingual(
            f"left out, with personal data: {choice.private}",
            f"另有 {choice.private} 对含有个人信息，没有放进去",
        )
    if choice.spare:
        yield Bilingual(f"left out, not needed: {choice.spare}", f"另有 {choice.spare} 对用不上")
    if choice.cut:
        yield Bilingual(
            f"{choice.cut} answers were cut off by exam: {{max_new_tokens}}; reviewers see them so",
            f"有 {choice.cut} 个回答因 exam: {{max_new_tokens}} 太小被截断，评审者看到的也是截断的",
        )


def print_blind(console: Console, report: BlindReport) -> None:
    """Print what the reviewers said."""
    console.print(_table(report))
    for sentence in (verdict_in_words(report), *_notes(report)):
        console.print(str(sentence), highlight=False, markup=False)


def print_judged(console: Console, contest: JudgedContest) -> None:
    """Print what a judge said of two contestants."""
    console.print(_counts(judged_title(contest), contest))
    for sentence in judged_sentences(contest):
        console.print(str(sentence), highlight=False, markup=False)


def _table(report: BlindReport) -> Table:
    """Count wins, losses and ties: all, by language, by kind of question, and by reviewer."""
    other = CONTESTANTS.get(report.against, Bilingual(report.against, report.against))
    table = _counts(Bilingual(f"tuned against {other.en}, blind", f"盲评：微调对“{other.zh}”"), report)
    if len(report.reviewers) > 1:
        for reviewer in report.reviewers:
            table.add_row(reviewer.sheet.replace("[", "\\["), *_cells(reviewer.count))
    return table


def _counts(title: Bilingual, report: BlindReport | JudgedContest) -> Table:
    """Count wins, losses and ties: all, by language and by kind of question."""
    table = Table(title=escape(str(title)), title_justify="left")
    table.add_column("", overflow="fold")
    for head in (Bilingual("won", "胜"), Bilingual("lost", "负"), Bilingual("tied", "平")):
        table.add_column(str(head), justify="right")
    table.add_row(str(Bilingual("all pairs", "全部")), *_cells(report.count))
    for lang, count in report.by_lang.items():
        table.add_row(str(LANGUAGES.get(lang, lang)), *_cells(count))
    for probe, count in report.by_probe.items():
        table.add_row(label(PROBES, probe), *_cells(count))
    return table


def _cells(count: Count) -> tuple[str, str, str]:
    return str(count.wins), str(count.losses), str(count.ties)


def verdict_in_words(report: BlindReport) -> Bilingual:
    """Say who is better, or that nobody can tell."""
    decided = report.count.wins + report.count.losses
    if report.share is None or report.verdict == "too_few":
        return Bilingual(
            f"{decided} pairs are decided; fewer than {ENOUGH} say nothing",
            f"分出胜负的只有 {decided} 对；不足 {ENOUGH} 对，不下结论",
        )
    shown = "p < 0.001" if report.p < 0.001 else f"p = {report.p:.3f}"
    numbers = Bilingual(
        f"it won {report.count.wins} of {decided} decided pairs, {report.share:.0%}, 95 % {report.low:.0%} to "
        f"{report.high:.0%}, {shown}; {report.count.ties} ties are left out",
        f"分出胜负的 {decided} 对里赢了 {report.count.wins} 对，占 {report.share:.0%}，95% 区间 {report.low:.0%} 到 "
        f"{report.high:.0%}，{shown}；平局 {report.count.ties} 对不算",
    )
    other = CONTESTANTS.get(report.against, Bilingual(report.against, report.against))
    en, zh = {
        "better": ("reviewers like the tuned model better", "评审者更喜欢微调后的模型"),
        "worse": (f"reviewers like {other.en} better", f"评审者更喜欢“{other.zh}”的回答"),
    }.get(report.verdict, ("nobody can tell which is better", "看不出哪个更好"))
    return Bilingual(f"{en}: {numbers.en}", f"{zh}：{numbers.zh}")


def _notes(report: BlindReport) -> Iterator[Bilingual]:
    """Say what the numbers rest on."""
    if report.unanswered:
        yield Bilingual(
            f"{report.unanswered} of {report.pairs} pairs have no choice",
            f"{report.pairs} 对中有 {report.unanswered} 对没有作出选择",
        )
    if report.verdict == "cannot_tell" and report.share_found is not None and report.wins_needed is not None:
        yield Bilingual(
            f"so many pairs take {report.wins_needed} wins, and find a side that wins {report.share_found:.0%} with a "
            "chance of 80 %",
            f"这么多对要赢 {report.wins_needed} 对才算数；一方若能赢 {report.share_found:.0%}，有八成把握看得出来",
        )
    if report.a_bias_p < BIASED:
        a, b = (sum(getattr(r, side) for r in report.reviewers) for side in ("chose_a", "chose_b"))
        yield Bilingual(
            f"side A was chosen {a} times and side B {b} times, though a coin chose the sides: somebody may have gone "
            "by the side",
            f"选 A 的有 {a} 次、选 B 的有 {b} 次，而左右是抛硬币定的：可能有人只看位置就选了",
        )
    if len(report.reviewers) > 1:
        yield _agreement(report)


def _between(report: BlindReport) -> str:
    """Write the interval of alpha, where it is known."""
    interval = report.agreement_interval
    return f" [{interval.low:.2f}, {interval.high:.2f}]" if interval else ""


def _agreement(report: BlindReport) -> Bilingual:
    """Say how far reviewers agree, on pairs that more than one judged."""
    if report.agreement is None:
        return Bilingual(
            "nothing can be said of agreement: no pair was judged twice, or all choices are the same",
            "谈不上一致程度：没有一对被评过两次，或者所有选择都一样",
        )
    en, zh = (
        ("they agree", "评审者看法一致")
        if report.agreement >= GOOD
        else ("they agree somewhat", "评审者看法大致一致")
        if report.agreement >= FAIR
        else (
            "they agree little: say what counts as better, and judge again",
            "评审者看法不一：先说好怎样算好，再评一次",
        )
    )
    value = f"{report.agreement:.2f}{_between(report)}"
    return Bilingual(
        f"agreement of reviewers (Krippendorff's alpha): {value} on {report.judged_twice} pairs; {en}",
        f"评审者一致程度（Krippendorff α）：{report.judged_twice} 对上为 {value}；{zh}",
    )

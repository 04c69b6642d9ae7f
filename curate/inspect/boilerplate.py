"""Lines that open or close many sessions: proposed as boilerplate, removed only when the recipe lists them."""

import re
from typing import NamedTuple

import polars as pl

from curate.cleaning import Options
from curate.cleaning._platform_masks import unify_masks
from curate.stages.clean import STEPS
from rules.personal import find, kind_of
from schemas.language import language

SHARE = 0.03
SESSIONS = 5
LONGEST = 120
"""Characters of a line; what is longer is no formula."""
LIMIT = 50
REMOVE_ANYWAY = ("signatures", "boilerplate")
"""Cleaning steps that remove parts of a line by themselves: only what they leave is proposed."""
NUMBERS = r"[0-9０-９]+"
NUMBER = re.compile(NUMBERS)
MASK = re.compile(r"\[[^\[\]]{1,16}\]")
NUMBERED = re.compile(r"\[([^\[\]\d]{1,16})\d+\]")
"""What `mask` wrote: `[手机号1]`."""
FOLDED = pl.col("line").str.replace_all(NUMBERS, "0")


class FrequentLine(NamedTuple):
    """A line without personal data: numbers are `[数字]` or `[NUMBER]`, names and the like their kind.

    It can be listed in the recipe as it is: a mask in a phrase stands for any number or name.
    """

    line: str
    share: float
    sessions: int


def proposed_boilerplate(turns: pl.DataFrame, share: float = SHARE) -> list[FrequentLine]:
    """Find the lines that open or close more than `share` of the sessions, the most frequent first.

    `turns` has `record`, `turn`, `role` and `content`, as `explode` of `messages.py` gives it. A session is opened by
    its first message and by the agent's first, closed by its last and by the agent's last.
    """
    # 1. Lines that are equal when their numbers are folded. Numbers differ from session to session: they are folded for
    # the few thousand different lines, not for the millions; the sum is never less than the number of sessions.
    sessions = turns["record"].n_unique()
    least = max(SESSIONS, share * sessions)
    lines = _edges(turns)
    counts = lines.group_by("line").agg(sessions=pl.len()).with_columns(folded=FOLDED)
    likely = counts.filter(pl.col("sessions").sum().over("folded") > least)
    by_line = lines.join(likely.select("line", "folded"), on="line").group_by("folded")
    frequent = by_line.agg(sessions=pl.col("record").n_unique()).filter(pl.col("sessions") > least).sort("folded")

    # 2. As they may be shown. Different lines may then be one: its sessions are at most the sum, and at most all.
    totals: dict[str, int] = {}
    for line, lang, number in zip(frequent["folded"], language(frequent["folded"]), frequent["sessions"], strict=True):
        shown = _shown(line, lang)
        if shown:
            totals[shown] = min(sessions, totals.get(shown, 0) + number)
    ranked = sorted(totals.items(), key=lambda item: (-item[1], item[0]))
    return [FrequentLine(line, number / sessions, number) for line, number in ranked[:LIMIT]]


def _edges(turns: pl.DataFrame) -> pl.DataFrame:
    """List `record` and `line`: the first line of what opens a session and the last line of what closes it."""
    spoken = turns.filter(pl.col("content") != "")
    # Signed numbers: -1 stands for the record before the first and behind the last.
    spoken = spoken.select(pl.col("record").cast(pl.Int64), "role", "content")
    agent = spoken.filter(pl.col("role") == "assistant")
    is_first = pl.col("record") != pl.col("record").shift(1).fill_null(-1)
    is_last = pl.col("record") != pl.col("record").shift(-1).fill_null(-1)
    first_line = pl.col("content").str.strip_chars().str.splitn("\n", 2).struct.field("field_0")
    last_line = pl.col("content").str.strip_chars().str.split("\n").list.last()
    edges = [
        messages.filter(is_edge).select("record", line=line)
        for is_edge, line in ((is_first, first_line), (is_last, last_line))
        for messages in (spoken, agent)
    ]
    lines = pl.concat(edges).with_columns(pl.col("line").str.strip_chars())
    return lines.filter(pl.col("line").str.len_chars().is_between(1, LONGEST))


def _shown(line: str, lang: str) -> str:
    """Write the line as it may be shown and listed: cleaned by what cleans anyway, personal data and numbers masked."""
    line = NUMBERED.sub(r"[\1]", line)
    for name in REMOVE_ANYWAY:
        line = STEPS.load(name)(Options()).fix(line, lang)
    for span in reversed(find(line)):  # from the end, so that the offsets before it stay right
        kind = kind_of(span.kind)
        line = f"{line[: span.start]}[{kind.label_zh if lang == 'zh' else kind.label_en}]{line[span.end :]}"
    shown = NUMBER.sub("[数字]" if lang == "zh" else "[NUMBER]", unify_masks(line, lang)).strip()
    return shown if any(map(str.isalpha, MASK.sub("", shown))) else ""

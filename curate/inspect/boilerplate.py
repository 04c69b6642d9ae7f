"""Lines that open or close many sessions: proposed as boilerplate, removed only when the recipe lists them."""

import re
from typing import NamedTuple

import polars as pl

from curate.cleaning import Options
from curate.cleaning._platform_masks import renamed
from curate.stages.clean import STEPS
from rules.personal import find, kind_of
from schemas.language import language

SHARE = 0.03
SESSIONS = 5
LONGEST = 120
"""Characters of a line; what is longer is no formula."""
LIMIT = 50
ALREADY = ("signatures", "boilerplate")
"""Steps that remove a part of a line by themselves: only what they leave is proposed."""


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
    """The lines that open or close more than `share` of the sessions, the most frequent first.

    `turns` has `record`, `turn`, `role` and `content`, as `curate.turns.explode` gives it. A session is opened by its
    first message and by the agent's first, closed by its last and by the agent's last.
    """
    sessions = turns["record"].n_unique()
    least = max(SESSIONS, share * sessions)
    lines = _edges(turns)
    counts = lines.group_by("line").agg(sessions=pl.len()).with_columns(folded=FOLDED)
    # Numbers differ from session to session: they are folded for the few thousand lines, not for the millions.
    likely = counts.filter(pl.col("sessions").sum().over("folded") > least)
    found = lines.join(likely.select("line", "folded"), on="line").group_by("folded")
    frequent = found.agg(sessions=pl.col("record").n_unique()).filter(pl.col("sessions") > least).sort("folded")
    totals: dict[str, int] = {}
    for line, lang, number in zip(frequent["folded"], language(frequent["folded"]), frequent["sessions"], strict=True):
        shown = _shown(line, lang)
        if shown:
            totals[shown] = min(sessions, totals.get(shown, 0) + number)
    ranked = sorted(totals.items(), key=lambda item: (-item[1], item[0]))
    return [FrequentLine(line, number / sessions, number) for line, number in ranked[:LIMIT]]


def _edges(turns: pl.DataFrame) -> pl.DataFrame:
    """`record` and `line`: the first line of what opens a session and the last line of what closes it."""
    said = turns.filter(pl.col("content") != "")
    agent = said.filter(pl.col("role") == "assistant")
    opening = [
        part.filter(pl.col("record") != pl.col("record").shift(1).fill_null(-1)) for part in _signed(said, agent)
    ]
    closing = [
        part.filter(pl.col("record") != pl.col("record").shift(-1).fill_null(-1)) for part in _signed(said, agent)
    ]
    first = pl.col("content").str.strip_chars().str.splitn("\n", 2).struct.field("field_0")
    last = pl.col("content").str.strip_chars().str.split("\n").list.last()
    ends = [part.select("record", line=cut) for parts, cut in ((opening, first), (closing, last)) for part in parts]
    lines = pl.concat(ends).with_columns(pl.col("line").str.strip_chars())
    return lines.filter(pl.col("line").str.len_chars().is_between(1, LONGEST))


def _signed(*frames: pl.DataFrame) -> list[pl.DataFrame]:
    return [frame.select(pl.col("record").cast(pl.Int64), "content") for frame in frames]


def _shown(line: str, lang: str) -> str:
    """The line as it may be shown and listed: cleaned by what cleans anyway, personal data and numbers masked."""
    line = NUMBERED.sub(r"[\1]", line)
    for name in ALREADY:
        line = STEPS.load(name)(Options()).fix(line, lang)
    for found in reversed(find(line)):
        kind = kind_of(found.kind)
        line = f"{line[: found.start]}[{kind.label_zh if lang == 'zh' else kind.label_en}]{line[found.end :]}"
    shown = NUMBER.sub("[数字]" if lang == "zh" else "[NUMBER]", renamed(line, lang)).strip()
    return shown if any(map(str.isalpha, MASK.sub("", shown))) else ""

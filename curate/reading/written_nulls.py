"""Empties the turns whose whole text is a written null, so that nobody learns to answer `nan`."""

from collections import Counter

import polars as pl

from schemas.bilingual import Bilingual
from schemas.written_nulls import ALWAYS, LONGEST, PERHAPS, is_null

SHOWN = 8
"""Different words that a note lists."""
LIKELY = [*sorted(ALWAYS | PERHAPS)]
STROKES = r"^[-‐‑‒–—―−－ー_/\\]{1,6}$"


def without_written_nulls(turns: pl.DataFrame, found: Counter[str]) -> pl.DataFrame:
    """Empty the texts that are written nulls, and count them in `found` by their word. `turns` has the columns of
    TURNS.
    """
    # 1. A fast look at the short texts: most files have none.
    short = turns.select(index=pl.int_range(pl.len()), text="text").filter(
        pl.col("text").str.len_bytes() <= 3 * LONGEST
    )
    word = short["text"].str.strip_chars().str.to_lowercase()
    likely = short.filter(word.is_in(LIKELY) | word.str.contains(STROKES))
    if likely.is_empty():
        return turns

    # 2. Each of those by what was said before it in its session, or in its row.
    session = pl.coalesce("session", pl.format("#{}", "row"))
    before = turns.select(pl.col("text").shift(1, fill_value="").over(session))["text"]
    empty = []
    for index, text in likely.iter_rows():
        if is_null(text, before[index]):
            found[text.strip()] += 1
            empty.append(index)
    if not empty:
        return turns
    return turns.with_columns(text=turns["text"].scatter(empty, ""))


def note_of(found: Counter[str]) -> Bilingual:
    """Say which written nulls were read as empty, the most frequent first."""
    ranked = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    words = ", ".join(f"{word} {count}" for word, count in ranked[:SHOWN]) + ", …" * (len(ranked) > SHOWN)
    total = found.total()
    kind = "message is a written null" if total == 1 else "messages are written nulls"
    return Bilingual(
        f"{total} {kind}, read as empty: {words}",
        f"{total} 条消息是写出来的空值，按空单元格读取：{words}",
    )

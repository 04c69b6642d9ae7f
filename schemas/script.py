"""Which language a text is written in, by its script: exact on short texts, where statistics guess."""

import polars as pl

HAN = r"[\p{Han}]"
KANA = r"[\p{Hiragana}\p{Katakana}]"
HANGUL = r"[\p{Hangul}]"
LATIN = r"[\p{Latin}]"
OTHER = r"[\p{L}]"
WEIGHT = 4
"""Latin letters that weigh as much as one Han character, which is about a word: a fifth of Han makes it Chinese."""
CODE = r"(?s)```.*?(?:```|$)"
"""A program in an answer is in no language."""


def language(texts: pl.Series) -> pl.Series:
    """`zh`, `ja`, `ko`, `en` (Latin letters), `other` (another script) or `none` (no letter at all), a text each."""
    frame = pl.DataFrame({"text": texts.fill_null("")}).with_columns(pl.col("text").str.replace_all(CODE, ""))
    counts = frame.select(
        han=pl.col("text").str.count_matches(HAN),
        kana=pl.col("text").str.count_matches(KANA),
        hangul=pl.col("text").str.count_matches(HANGUL),
        latin=pl.col("text").str.count_matches(LATIN),
        letters=pl.col("text").str.count_matches(OTHER),
    )
    east = pl.col("han") + pl.col("kana") + pl.col("hangul")
    return counts.select(
        pl.when(pl.col("letters") == 0)
        .then(pl.lit("none"))
        .when((pl.col("kana") * 3 >= east.clip(1)) & (east * WEIGHT >= pl.col("latin")))
        .then(pl.lit("ja"))
        .when((pl.col("hangul") > pl.col("han")) & (pl.col("hangul") * WEIGHT >= pl.col("latin")))
        .then(pl.lit("ko"))
        .when(pl.col("han") * WEIGHT >= pl.col("latin").clip(1))
        .then(pl.lit("zh"))
        .when(pl.col("latin") * 2 >= pl.col("letters"))
        .then(pl.lit("en"))
        .otherwise(pl.lit("other"))
        .alias("lang")
    ).to_series()

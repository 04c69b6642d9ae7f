"""Which language a text is written in, by its script: exact on short texts, where statistics guess."""

import polars as pl

HAN = r"[\p{Han}]"
KANA = r"[\p{Hiragana}\p{Katakana}]"
HANGUL = r"[\p{Hangul}]"
LATIN = r"[\p{Latin}]"
OTHER = r"[\p{L}]"
WEIGHT = 4
"""Latin letters that weigh as much as one Han character, which is about a word: a fifth of Han makes it Chinese."""
SOME = 6
"""Han characters in a row that most Chinese texts have."""
CODE = r"(?s)```.*?(?:```|$)"
"""A program in an answer is in no language."""


def language(texts: pl.Series) -> pl.Series:
    """`zh`, `ja`, `ko`, `en` (Latin letters), `other` (another script) or `none` (no letter at all), a text each."""
    texts = texts.fill_null("").rename("text")
    coded = texts.str.contains("```", literal=True)
    if coded.any():
        texts = texts.scatter(coded.arg_true(), texts.filter(coded).str.replace_all(CODE, ""))
    ascii_only = texts.str.len_bytes() == texts.str.len_chars()
    answers = pl.repeat("none", len(texts), dtype=pl.String, eager=True).alias("lang")
    if ascii_only.any():
        latin = texts.filter(ascii_only).str.contains("[A-Za-z]")
        answers = answers.scatter(ascii_only.arg_true().filter(latin), "en")
    if not ascii_only.all():
        answers = answers.scatter((~ascii_only).arg_true(), _by_counts(texts.filter(~ascii_only)))
    return answers


def _by_counts(texts: pl.Series) -> pl.Series:
    """The language of texts that are not all ASCII.

    Most are Chinese with neither kana nor Hangul, which is seen without counting letters: a few Han characters side
    by side are enough for as few Latin letters, of which there are no more than characters of less than three bytes.
    """
    frame = pl.DataFrame({"text": texts})
    text = pl.col("text")
    counts = frame.select(
        some=text.str.contains(f"{HAN}{{{SOME}}}"),
        foreign=text.str.contains("[\\p{Hiragana}\\p{Katakana}\\p{Hangul}]"),
        narrow=(3 * text.str.len_chars().cast(pl.Int64) - text.str.len_bytes().cast(pl.Int64)) / 2,
    )
    easy = ~pl.col("foreign") & pl.col("some") & (pl.col("narrow") + 1 <= SOME * WEIGHT)
    settled = counts.select(lang=pl.when(easy).then(pl.lit("zh"))).to_series()
    hard = settled.is_null()
    return settled.scatter(hard.arg_true(), _by_all_counts(frame.filter(hard))) if hard.any() else settled


def _by_all_counts(counts: pl.DataFrame) -> pl.Series:
    counts = counts.with_columns(
        han=pl.col("text").str.count_matches(HAN),
        latin=pl.col("text").str.count_matches(LATIN),
        kana=pl.col("text").str.count_matches(KANA),
        hangul=pl.col("text").str.count_matches(HANGUL),
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

"""Which language a text is written in, by its script: exact on short texts, where statistics guess."""

import polars as pl

HAN = r"[\p{Han}]"
KANA = r"[\p{Hiragana}\p{Katakana}]"
HANGUL = r"[\p{Hangul}]"
LATIN = r"[\p{Latin}]"
OTHER = r"[\p{L}]"
WEIGHT = 4
"""Latin letters that weigh as much as one Han character, which is about a word: a fifth of Han makes it Chinese."""
IN_A_ROW = 6
"""Han characters in a row that most Chinese texts have."""
CODE = r"(?s)```.*?(?:```|$)"
"""A program in an answer is in no language."""


FUNCTION_WORDS = {
    "en": "the|you|your|and|this|that|these|please|with|have|has|are|what|when|how|my|our|it|can|will|to|not|is|of",
    "fr": "le|la|les|des|est|une|vous|nous|votre|notre|pour|avec|dans|pas|je|que|qui|sur|du|merci|bonjour",
    "es": "el|los|las|una|que|por|para|con|usted|su|está|es|del|muy|gracias|hola|puede|cómo",
    "de": "der|das|und|ist|nicht|sie|wir|ich|ein|eine|mit|für|auf|zu|ihre|ihr|bitte|danke|von|den|dem",
    "pt": "os|uma|que|não|para|você|seu|sua|está|é|do|da|em|por|obrigado|obrigada|olá",
    "it": "il|gli|che|per|con|non|una|sono|è|di|del|della|grazie|suo|sua|nel|questo|può",
    "nl": "de|het|een|van|ik|uw|niet|met|voor|zijn|dat|op|aan|bedankt|graag|wij",
}
"""Small words that no sentence of a language does without; whole words, in either case."""
ENGLISH = "(?i-u:\\b(?:the|your?|and|this|that|please|with|have|are|what|how|my|our|it|will)\\b)"
ENOUGH = 3
"""Small words that make a text a language other than English, if they are more than the English ones."""
LATIN_ONLY = "latin"
"""Latin letters in which no small word tells the language: a name, a model number, a few words."""


def by_words(texts: pl.Series) -> pl.Series:
    """Find the language of texts of Latin letters by their small words: `en`, `fr`, `es`, `de`, `pt`, `it`, `nl` or
    `latin`.

    A text of ASCII alone with one of the commonest English words is English without a count.
    """
    sure = texts.str.contains(ENGLISH) & (texts.str.len_bytes() == texts.str.len_chars())
    langs = pl.select(pl.when(sure).then(pl.lit("en")).alias("lang")).to_series()
    rest = texts.filter(~sure)
    if rest.is_empty():
        return langs

    # Two spaces between words and a pattern without \b: word boundaries of Unicode are ten times as slow.
    spaced = rest.str.to_lowercase().str.extract_all(r"\p{L}+").list.join("  ")
    spaced = pl.select(pl.format(" {} ", spaced)).to_series()
    counts = pl.DataFrame(
        [spaced.str.count_matches(f" (?:{words}) ").alias(name) for name, words in FUNCTION_WORDS.items()]
    )

    # The language with the most small words, if they are enough and more than the English ones; the first of equals.
    others = [name for name in FUNCTION_WORDS if name != "en"]
    most = pl.max_horizontal(others)
    found = counts.select(
        lang=pl.when((most >= ENOUGH) & (most > pl.col("en")))
        .then(pl.coalesce(pl.when(pl.col(name) == most).then(pl.lit(name)) for name in others))
        .when(pl.col("en") > 0)
        .then(pl.lit("en"))
        .otherwise(pl.lit(LATIN_ONLY))
    )
    return langs.scatter((~sure).arg_true(), found.to_series())


def language(texts: pl.Series) -> pl.Series:
    """Find the language of each text by its script: `zh`, `ja`, `ko`, `en` (Latin letters), `other` (another script) or
    `none` (no letter at all).
    """
    texts = texts.fill_null("").rename("text")
    coded = texts.str.contains("```", literal=True)
    if coded.any():
        texts = texts.scatter(coded.arg_true(), texts.filter(coded).str.replace_all(CODE, ""))

    # Texts of ASCII alone, which two lengths show, have Latin letters or none.
    ascii_only = texts.str.len_bytes() == texts.str.len_chars()
    langs = pl.repeat("none", len(texts), dtype=pl.String, eager=True).alias("lang")
    if ascii_only.any():
        latin = texts.filter(ascii_only).str.contains("[A-Za-z]")
        langs = langs.scatter(ascii_only.arg_true().filter(latin), "en")
    if not ascii_only.all():
        langs = langs.scatter((~ascii_only).arg_true(), _by_counts(texts.filter(~ascii_only)))
    return langs


def _by_counts(texts: pl.Series) -> pl.Series:
    """Find the language of texts that are not all ASCII.

    Most are Chinese with neither kana nor Hangul, which is seen without counting letters: a few Han characters side
    by side are enough for as few Latin letters, of which there are no more than characters of less than three bytes.
    """
    frame = pl.DataFrame({"text": texts})
    text = pl.col("text")
    counts = frame.select(
        in_a_row=text.str.contains(f"{HAN}{{{IN_A_ROW}}}"),
        foreign=text.str.contains("[\\p{Hiragana}\\p{Katakana}\\p{Hangul}]"),
        narrow=(3 * text.str.len_chars().cast(pl.Int64) - text.str.len_bytes().cast(pl.Int64)) / 2,
    )
    easy = ~pl.col("foreign") & pl.col("in_a_row") & (pl.col("narrow") + 1 <= IN_A_ROW * WEIGHT)
    settled = counts.select(lang=pl.when(easy).then(pl.lit("zh"))).to_series()
    hard = settled.is_null()
    return settled.scatter(hard.arg_true(), _by_all_counts(frame.filter(hard))) if hard.any() else settled


def _by_all_counts(frame: pl.DataFrame) -> pl.Series:
    """Find the language of each `text` by the numbers of its letters of each script."""
    counts = frame.with_columns(
        han=pl.col("text").str.count_matches(HAN),
        latin=pl.col("text").str.count_matches(LATIN),
        kana=pl.col("text").str.count_matches(KANA),
        hangul=pl.col("text").str.count_matches(HANGUL),
        letters=pl.col("text").str.count_matches(OTHER),
    )

    # Kana make a text Japanese when they are a third of its East Asian letters: Japanese has Han beside them, Chinese
    # has no kana. Each script must outweigh the Latin letters beside it, WEIGHT of which weigh as one of its own.
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

"""What each kind is of the training set."""

from collections.abc import Mapping
from fractions import Fraction
from typing import TypeVar

import polars as pl

from rules.estimated_tokens import EstimatedTokens
from schemas.frame import has_tag
from schemas.manifest import Share
from schemas.record import KINDS
from schemas.tags import EXAM

Name = TypeVar("Name", bound=str)
OTHER = "other"
"""The language of records that are neither Chinese nor English."""


def in_training() -> pl.Expr:
    """Tell whether a record is trained on: those of the exam are tagged."""
    return ~has_tag(EXAM)


def language_of() -> pl.Expr:
    """Name the language that a record counts for: `zh`, `en`, or `other` for all else and for none."""
    return pl.when(pl.col("lang").is_in(["zh", "en"])).then(pl.col("lang")).otherwise(pl.lit(OTHER))


def label_tokens(frame: pl.DataFrame) -> pl.Series:
    """Estimate how many tokens of each record are learnt: those of its answers, and one for the end of each.

    Without a tokenizer, as the rule `estimated_tokens` does by default: a Han character is a token, of other letters
    four are.
    """
    content, role = pl.element().struct.field("content"), pl.element().struct.field("role")
    answers = pl.col("messages").list.eval(content.filter(role == "assistant"))
    texts = frame.select(text=answers.list.join(""), ends=answers.list.len())
    return (EstimatedTokens().score(texts).ceil().cast(pl.Int64) + texts["ends"]).rename("label_tokens")


def count_kinds(frame: pl.DataFrame) -> pl.DataFrame:
    """Count training records and the characters that the assistant says in them, by kind: `kind`, `rows`, `chars`."""
    content, role = pl.element().struct.field("content"), pl.element().struct.field("role")
    chars = pl.col("messages").list.eval(content.filter(role == "assistant").str.len_chars()).list.sum()
    return frame.filter(in_training()).group_by("kind").agg(rows=pl.len(), chars=chars.cast(pl.Int64).sum())


def shares(counts: list[pl.DataFrame]) -> list[Share]:
    """Build one share per kind that is there, in the order of KINDS, from what `count_kinds` gave for each block."""
    sums = pl.concat(counts).group_by("kind").sum()
    rows, chars = sums["rows"].sum(), sums["chars"].sum()
    by_kind = {line["kind"]: line for line in sums.iter_rows(named=True)}
    return [
        Share(
            kind=kind,
            rows=by_kind[kind]["rows"],
            share=by_kind[kind]["rows"] / rows,
            answer_chars=by_kind[kind]["chars"],
            answer_share=by_kind[kind]["chars"] / chars if chars else 0.0,
        )
        for kind in KINDS
        if kind in by_kind
    ]


def apportion(amount: int, weights: Mapping[Name, float]) -> dict[Name, int]:
    """Divide an amount in proportion to the weights by largest remainder; of equal remainders the first counts."""
    exact = {name: Fraction(weight) for name, weight in weights.items()}
    total = sum(exact.values())
    if not total:
        return dict.fromkeys(weights, 0)
    quotas = {name: amount * weight / total for name, weight in exact.items()}
    parts = {name: int(quota) for name, quota in quotas.items()}
    by_remainder = sorted(quotas, key=lambda name: parts[name] - quotas[name])
    for name in by_remainder[: amount - sum(parts.values())]:
        parts[name] += 1
    return parts

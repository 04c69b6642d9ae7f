"""Finds out who is the agent where the words for the speakers are not known: names, nicknames, 0 and 1."""

import polars as pl

from schemas.formats.turns import NAMELESS

ONLY_TWO = 2
SERVICE = (
    r"(?i)您好|亲[，,～~ ]|为您|帮您|请您|稍等|抱歉|感谢您|祝您|不客气|客服|工号"
    r"|how (?:can|may) I (?:help|assist)|sorry for|apologi[sz]e|thank you for"
    r"|happy to help|please (?:dm|provide|wait)|my pleasure|you're welcome|\bassist you"
)
"""What agents say; customers say it now and then."""
LONGEST_NUMBER = 3
SURE = 1.5
"""How many times as often as the others the agent must sound like one, or meet as many customers."""


def settle(turns: pl.DataFrame) -> tuple[pl.DataFrame, str]:
    """The turns with nameless speakers as user or assistant, and how that was found out; empty when none was nameless.

    One who speaks in more sessions than all others of a session is its agent. Where only two words stand in the whole
    column (0 and 1), the one whose messages sound like service is. Turns of a session that stays undecided keep their
    nameless roles.
    """
    nameless = turns.filter(pl.col("role").str.starts_with(NAMELESS))
    if nameless.is_empty():
        return turns, ""
    words = nameless["role"].unique().sort()
    if len(words) <= ONLY_TWO:
        table, told = _by_service(turns, words)
    else:
        table, told = _by_customers(turns)
    settled = turns.join(table, on=["session", "role"], how="left", maintain_order="left")
    return settled.with_columns(role=pl.coalesce("settled", "role")).drop("settled"), told


def _by_service(turns: pl.DataFrame, words: pl.Series) -> tuple[pl.DataFrame, str]:
    """For a column of two words, of which one may be known already."""
    sounds = (
        turns.filter(pl.col("role") != "note")
        .group_by("role")
        .agg(share=pl.col("text").str.contains(SERVICE).mean())
        .sort("share", "role", descending=True)
    )
    known = set(sounds["role"]) & {"user", "assistant"}
    if len(known) == 1:
        other = "user" if "assistant" in known else "assistant"
        return _everywhere(turns, {word: other for word in words}), f"the other speaker is the {other}"
    if known or sounds.height != ONLY_TWO or sounds["share"][0] < SURE * max(sounds["share"][1], 0.02):
        return _everywhere(turns, {}), "the agent could not be told from the customer"
    first, second = sounds["role"]
    told = (
        f"{_shown(first)} is the agent: {sounds['share'][0]:.0%} of its messages sound like service, "
        f"{sounds['share'][1]:.0%} of those of {_shown(second)}"
    )
    return _everywhere(turns, {first: "assistant", second: "user"}), told


def _shown(role: str) -> str:
    """A number as it stands there; anything else could be a person's name."""
    word = role.removeprefix(NAMELESS)
    return f"speaker {word}" if len(word) <= LONGEST_NUMBER and word.isdigit() else "one speaker"


def _everywhere(turns: pl.DataFrame, roles: dict[str, str]) -> pl.DataFrame:
    pairs = turns.select("session", "role").unique()
    settled = pl.col("role").replace_strict(roles, default=None, return_dtype=pl.String)
    return pairs.with_columns(settled=settled).filter(pl.col("settled").is_not_null())


def _by_customers(turns: pl.DataFrame) -> tuple[pl.DataFrame, str]:
    """For a column of names: agents meet many customers, a customer few agents."""
    pairs = turns.filter(pl.col("role").str.starts_with(NAMELESS)).select("session", "role").unique()
    pairs = pairs.with_columns(met=pl.len().over("role"))
    order = pairs.sort("session", "met", "role", descending=[False, True, False])
    ranked = order.with_columns(
        place=pl.int_range(pl.len()).over("session"),
        most=pl.col("met").first().over("session"),
        next=pl.col("met").get(1, null_on_oob=True).over("session").fill_null(0),
    )
    sure = ranked.filter((pl.col("most") >= SURE * pl.col("next")) & (pl.col("most") > 1))
    is_agent = (pl.col("place") == 0) | (pl.col("met") * SURE > pl.col("most"))
    table = sure.with_columns(settled=pl.when(is_agent).then(pl.lit("assistant")).otherwise(pl.lit("user"))).select(
        "session", "role", "settled"
    )
    agents = table.filter(pl.col("settled") == "assistant")["role"].n_unique()
    sessions = turns["session"].n_unique()
    told = (
        f"{agents} names are agents because they speak in more sessions than those they speak with; decided in "
        f"{table['session'].n_unique()} of {sessions} sessions"
    )
    return table, told

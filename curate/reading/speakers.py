"""Finds out who is the agent where the words for the speakers are not known: names, nicknames, 0 and 1."""

import polars as pl

from schemas.bilingual import NOTHING, Bilingual
from schemas.formats.turns import NAMELESS

ONLY_TWO = 2
SERVICE = (
    r"(?i)您好|亲[，,～~ ]|为您|帮您|请您|稍等|抱歉|感谢您|祝您|不客气|客服|工号"
    r"|how (?:can|may) I (?:help|assist)|sorry for|apologi[sz]e|thank you for"
    r"|happy to help|please (?:dm|provide|wait)|my pleasure|you're welcome|\bassist you"
)
"""What agents say; customers say it now and then."""
LONGEST_NUMBER = 3
THE_OTHER = {
    "user": Bilingual("the other speaker is the user", "另一方是客户"),
    "assistant": Bilingual("the other speaker is the assistant", "另一方是客服"),
}
UNDECIDED = Bilingual("the agent could not be told from the customer", "分不清谁是客服、谁是客户")
SURE = 1.5
"""How many times as often as the others the agent must sound like one, or meet as many customers."""
LEAST_SHARE = 0.02
"""The share of messages like service that a speaker without any counts for: a ratio needs something to divide by."""


def settle(turns: pl.DataFrame) -> tuple[pl.DataFrame, Bilingual]:
    """Settle who of the nameless speakers is user and who assistant; and say how that was found out, or nothing when
    none was nameless.

    One who speaks in more sessions than all others of a session is its agent. Where only two words stand in the whole
    column (0 and 1), the one whose messages sound like service is. Turns of a session that stays undecided keep their
    nameless roles.
    """
    nameless = turns.filter(pl.col("role").str.starts_with(NAMELESS))
    if nameless.is_empty():
        return turns, NOTHING
    words = nameless["role"].unique().sort()
    if len(words) <= ONLY_TWO:
        roles, evidence = _by_service(turns, words)
    else:
        roles, evidence = _by_customers(turns)
    settled = turns.join(roles, on=["session", "role"], how="left", maintain_order="left")
    return settled.with_columns(role=pl.coalesce("settled", "role")).drop("settled"), evidence


def _by_service(turns: pl.DataFrame, words: pl.Series) -> tuple[pl.DataFrame, Bilingual]:
    """Settle a column of two words, one of which may be known already: `session`, `role`, `settled`; and say how."""
    sounds = (
        turns.filter(pl.col("role") != "note")
        .group_by("role")
        .agg(share=pl.col("text").str.contains(SERVICE).mean())
        .sort("share", "role", descending=True)
    )
    known = set(sounds["role"]) & {"user", "assistant"}
    if len(known) == 1:
        other = "user" if "assistant" in known else "assistant"
        return _everywhere(turns, {word: other for word in words}), THE_OTHER[other]
    if known or sounds.height != ONLY_TWO or sounds["share"][0] < SURE * max(sounds["share"][1], LEAST_SHARE):
        return _everywhere(turns, {}), UNDECIDED

    agent, customer = sounds["role"]
    agent_shown, customer_shown = _shown(agent), _shown(customer)
    high, low = (f"{share:.0%}" for share in sounds["share"])
    evidence = Bilingual(
        f"{agent_shown.en} is the agent: {high} of its messages sound like service, {low} of those of "
        f"{customer_shown.en}",
        f"{agent_shown.zh}是客服：其消息有 {high} 像客服用语，{customer_shown.zh}的只有 {low}",
    )
    return _everywhere(turns, {agent: "assistant", customer: "user"}), evidence


def _shown(role: str) -> Bilingual:
    """Show a number as it stands there, but nothing else: it could be a person's name."""
    word = role.removeprefix(NAMELESS)
    if len(word) <= LONGEST_NUMBER and word.isdigit():
        return Bilingual(f"speaker {word}", f"说话人 {word} ")
    return Bilingual("one speaker", "一方")


def _everywhere(turns: pl.DataFrame, roles: dict[str, str]) -> pl.DataFrame:
    """Settle these roles in the same way in every session."""
    pairs = turns.select("session", "role").unique()
    settled = pl.col("role").replace_strict(roles, default=None, return_dtype=pl.String)
    return pairs.with_columns(settled=settled).filter(pl.col("settled").is_not_null())


def _opposite_known(turns: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """Settle the one name of a session in which all whose words are known are of one side: it is the other."""
    pairs = pairs.filter(pl.len().over("session") == 1)
    known = turns.filter(pl.col("role").is_in(["user", "assistant"])).group_by("session")
    sides = known.agg(n=pl.col("role").n_unique(), side=pl.col("role").first()).filter(pl.col("n") == 1)
    other = pl.when(pl.col("side") == "user").then(pl.lit("assistant")).otherwise(pl.lit("user"))
    return pairs.join(sides, on="session").select("session", "role", settled=other)


def _by_customers(turns: pl.DataFrame) -> tuple[pl.DataFrame, Bilingual]:
    """Settle a column of names, as in `_by_service`: agents meet many customers, a customer few agents."""
    # How many sessions each name speaks in, and in each session the names by that number.
    pairs = turns.filter(pl.col("role").str.starts_with(NAMELESS)).select("session", "role").unique()
    pairs = pairs.with_columns(met=pl.len().over("role"))
    order = pairs.sort("session", "met", "role", descending=[False, True, False])
    ranked = order.with_columns(
        rank=pl.int_range(pl.len()).over("session"),
        most=pl.col("met").first().over("session"),
        next=pl.col("met").get(1, null_on_oob=True).over("session").fill_null(0),
    )

    # A session is decided where the first is far ahead of the second; a second agent is one who is near the first.
    sure = ranked.filter((pl.col("most") >= SURE * pl.col("next")) & (pl.col("most") > 1))
    is_agent = (pl.col("rank") == 0) | (pl.col("met") * SURE > pl.col("most"))
    settled = pl.when(is_agent).then(pl.lit("assistant")).otherwise(pl.lit("user"))
    roles = sure.with_columns(settled=settled).select("session", "role", "settled")
    roles = pl.concat([roles, _opposite_known(turns, pairs.join(roles, on=["session", "role"], how="anti"))])

    agents = roles.filter(pl.col("settled") == "assistant")["role"].n_unique()
    sessions = turns["session"].n_unique()
    decided = roles["session"].n_unique()
    evidence = Bilingual(
        f"{agents} names are agents because they speak in more sessions than those they speak with; decided in "
        f"{decided} of {sessions} sessions",
        f"{agents} 个名字是客服，因为他们出现的会话比对方多；{sessions} 个会话中判明了 {decided} 个",
    )
    return roles, evidence

"""The stage that mixes the training set: exact shares in whole records, chosen by hash, without replacement."""

from typing import Annotated, ClassVar

import polars as pl
from pydantic import Field, field_validator

from curate.conversations.training_shares import in_training
from curate.stages import Outcome, Stage, Tools
from schemas.bilingual import Bilingual
from schemas.digest import digest
from schemas.errors import GateError
from schemas.ledger import EVENTS, events_of
from schemas.record import Kind

DEFAULT: dict[Kind, float] = {"general": 0.08}


class Mix(Stage):
    """`shares` are shares of the final training set; `limits` are numbers of records. The exam is left alone.

    With all other kinds fixed, a kind of share s gets round(s × others / (1 − sum of shares)) records.
    """

    title_zh: ClassVar[str] = "按精确比例混合通用数据，按数量限制各类数据"

    shares: dict[Kind, Annotated[float, Field(ge=0, le=0.5)]] = Field(default_factory=DEFAULT.copy)
    limits: dict[Kind, Annotated[int, Field(ge=0)]] = Field(default_factory=dict)

    @field_validator("shares")
    @classmethod
    def _leaves_room(cls, shares: dict[Kind, float]) -> dict[Kind, float]:
        if sum(shares.values()) >= 1:
            raise ValueError(Bilingual("the shares must leave room for the rest", "各比例之和必须小于 1"))
        return shares

    def run(self, frame: pl.DataFrame, tools: Tools) -> Outcome:
        events: list[pl.DataFrame] = [pl.DataFrame(schema=EVENTS)]
        for kind, limit in sorted(self.limits.items()):
            frame = self._cut(frame, kind, limit, "over_limit", tools, events)

        # A kind of share s among n records of kinds without a share: with S the sum of all shares, the final set has
        # n / (1 − S) records (the kinds without a share fill 1 − S of it), of which s × n / (1 − S) are of this kind.
        training = frame.filter(in_training())
        others = training.filter(~pl.col("kind").is_in(list(self.shares))).height
        for kind, share in sorted(self.shares.items()):
            wanted = round(share * others / (1 - sum(self.shares.values())))
            available = training.filter(pl.col("kind") == kind).height
            if available < wanted:
                raise GateError(
                    f"mix: a share of {share:.1%} {kind} needs {wanted} records, there are {available}: "
                    f"{wanted - available} are missing; add data, or ask for a smaller share",
                    f"mix：{kind} 占 {share:.1%} 需要 {wanted} 条，只有 {available} 条，还差 {wanted - available} 条；"
                    "请补充数据或降低比例",
                )
            frame = self._cut(frame, kind, wanted, "over_share", tools, events)
        return Outcome(frame, pl.concat(events))

    def _cut(  # noqa: PLR0913 - the list collects the events of each cut
        self, frame: pl.DataFrame, kind: Kind, number: int, reason: str, tools: Tools, events: list[pl.DataFrame]
    ) -> pl.DataFrame:
        """Cut the training records of a kind down to `number`, the first by keyed hash, and add the events."""
        ids = frame.filter((pl.col("kind") == kind) & in_training())["id"].to_list()
        ids.sort(key=lambda id: digest(tools.seed, "mix", id))

        cut = pl.DataFrame({"id": sorted(ids[number:])}, schema={"id": pl.String})
        events.append(events_of(cut.with_columns(reason=pl.lit(reason)), "mix", "dropped"))
        return frame.filter(~pl.col("id").is_in(cut["id"].implode()))

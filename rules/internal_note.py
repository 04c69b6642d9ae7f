"""What colleagues wrote for colleagues."""

from typing import ClassVar

import polars as pl

from rules import Action, Examples, Rule


class InternalNote(Rule):
    """A reply with a note that was meant for colleagues: "internal use only", "do not tell the customer"."""

    title_zh: ClassVar[str] = "回复里有写给同事看的话：“仅供内部”“不要告诉客户”"
    kinds = ("domain",)
    examples: ClassVar[Examples] = Examples(
        keeps=(
            "内部空间很大，能放两个行李箱",
            "已备注，仓库会优先发货",
            "For internal storage choose 128 GB.",
            "请告诉客户端版本号",
        ),
        drops=(
            "内部备注：该客户已投诉三次",
            "先别告诉客户仓库没货",
            "Internal note: customer is difficult",
            "仅供内部使用",
        ),
    )

    action: Action = "review"

    def hints(self) -> tuple[str, ...]:
        return ("内部", "告诉客户", "告诉用户", "internal", "tell the customer")

    def score(self, frame: pl.DataFrame) -> pl.Series:
        return frame["reply"].str.contains(
            r"内部(?:备注|工单|话术|资料|文件)|(?:仅供|仅限|限)内部|(?:不要|别|勿)告诉(?:客户|用户)(?:[^端]|$)"
            r"|(?i)internal (?:note|memo|use only|only)|(?:do not|don't|never) tell the customer"
        )

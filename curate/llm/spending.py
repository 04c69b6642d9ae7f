"""What was spent, what will be, and how far the work has come: calls, tokens, money and time."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from curate.llm.reply import Usage
from schemas.bilingual import Bilingual
from schemas.llm import Budget, Price


@dataclass(frozen=True)
class Spent:
    """Calls, tokens and money."""

    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0

    def plus(self, usage: Usage) -> "Spent":
        return Spent(self.calls + 1, self.tokens_in + usage.tokens_in, self.tokens_out + usage.tokens_out)

    def with_all(self, other: "Spent") -> "Spent":
        return Spent(self.calls + other.calls, self.tokens_in + other.tokens_in, self.tokens_out + other.tokens_out)

    def without(self, usage: Usage) -> "Spent":
        return Spent(self.calls - 1, self.tokens_in - usage.tokens_in, self.tokens_out - usage.tokens_out)

    @property
    def tokens(self) -> int:
        return self.tokens_in + self.tokens_out

    def money(self, price: Price | None) -> float:
        """Say what it costs, in the currency of the price; nothing where there is no price."""
        return (self.tokens_in * price.input + self.tokens_out * price.output) / 1e6 if price else 0.0


class Purse:
    """What may still be spent. What a call may cost at most is laid aside before it is made, and settled by its bill.

    A server whose bills are higher than the estimates is expected to go on so.
    """

    def __init__(self, budget: Budget, price: Price | None, paid: Iterable[Usage]) -> None:
        self.budget = budget
        self.price = price
        self.spent = Spent()
        self._aside = Spent()
        self._expected = Spent()
        self._billed = Spent()
        for usage in paid:
            self.spent = self.spent.plus(usage)

    def spent_up(self, expected: Usage) -> Bilingual | None:
        """Say which limit a call more might break; None where it may be made."""
        after = self.spent.plus(self._likely(expected)).with_all(self._aside)
        budget = self.budget
        if budget.calls is not None and after.calls > budget.calls:
            return Bilingual(f"{budget.calls} calls", f"{budget.calls} 次调用")
        if budget.tokens is not None and after.tokens > budget.tokens:
            return Bilingual(f"{budget.tokens} tokens", f"{budget.tokens} token")
        if budget.money is not None and self.price and after.money(self.price) > budget.money:
            amount = f"{budget.money:g} {self.price.currency}"
            return Bilingual(amount, amount)
        return None

    def lay_aside(self, expected: Usage) -> Usage:
        """Lay aside what a call may cost; returns it, to be settled."""
        likely = self._likely(expected)
        self._aside = self._aside.plus(likely)
        return likely

    def settle(self, aside: Usage, expected: Usage, bill: Usage | None, lost: int) -> None:
        """Pay the bill of a call that was laid aside, if there is one, and what `lost` tries before may have cost."""
        self._aside = self._aside.without(aside)
        self.spent = self.spent.plus(bill) if bill else self.spent
        for _ in range(lost):
            self.spent = self.spent.plus(expected)
        if bill and bill.is_counted:
            self._expected, self._billed = self._expected.plus(expected), self._billed.plus(bill)

    def _likely(self, expected: Usage) -> Usage:
        return Usage(
            tokens_in=_scaled(expected.tokens_in, self._billed.tokens_in, self._expected.tokens_in),
            tokens_out=_scaled(expected.tokens_out, self._billed.tokens_out, self._expected.tokens_out),
            is_counted=False,
        )


def _scaled(tokens: int, billed: int, expected: int) -> int:
    return -(-tokens * max(billed, expected) // expected) if expected else tokens


@dataclass(frozen=True)
class Estimate:
    """What requests will cost: calls that are to be made, those that the cache answers, and at most so many tokens and
    so much money. An answer is taken to be as long as it may be.
    """

    calls: int
    cached: int
    tokens_in: int
    tokens_out: int
    price: Price | None

    @property
    def money(self) -> float | None:
        return Spent(self.calls, self.tokens_in, self.tokens_out).money(self.price) if self.price else None

    def document(self) -> dict[str, Any]:
        """Describe it as `--json` prints it."""
        currency = self.price.currency if self.price else None
        counts = {
            "calls": self.calls,
            "cached": self.cached,
            "tokens_in": self.tokens_in,
            "tokens_out": self.tokens_out,
        }
        return {**counts, "money": self.money, "currency": currency}

    def sentence(self) -> Bilingual:
        """Say it in a sentence."""
        at_most = f"{self.money:.4f} {self.price.currency}" if self.price else ""
        return Bilingual(
            f"{self.calls} calls, {self.cached} replies are there already; about {self.tokens_in} tokens in, "
            f"at most {self.tokens_out} out" + (f", at most {at_most}" if at_most else ""),
            f"需调用 {self.calls} 次，已有 {self.cached} 个回复；输入约 {self.tokens_in} token，"
            f"输出至多 {self.tokens_out} token" + (f"，费用至多 {at_most}" if at_most else ""),
        )


@dataclass(frozen=True)
class AskProgress:
    """How far the questions have come. `spent` is the bill of this work so far, with what earlier runs paid."""

    done: int
    total: int
    cached: int
    spent: Spent
    price: Price | None
    seconds: float

    @property
    def rate(self) -> float:
        """Replies of the endpoint a second."""
        return (self.done - self.cached) / self.seconds if self.seconds > 0 else 0.0

    @property
    def seconds_left(self) -> float | None:
        """At this rate; None where nothing has come from the endpoint yet."""
        return (self.total - self.done) / self.rate if self.rate else None

    def sentence(self) -> Bilingual:
        """Say rate, cost and time left, for a line beside a bar."""
        money = f", {self.spent.money(self.price):.4f} {self.price.currency}" if self.price else ""
        left = self.seconds_left
        left_en = f", {_span(left)} left" if left is not None else ""
        left_zh = f"，剩余 {_span(left)}" if left is not None else ""
        return Bilingual(
            f"{self.rate:.2g}/s, {self.spent.tokens} tokens{money}{left_en}",
            f"{self.rate:.2g} 次/秒，{self.spent.tokens} token{money.replace(', ', '，')}{left_zh}",
        )


def _span(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}"

"""The histogram of what a rule measured: its columns, which of it the rule fails, and where its limits stand."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from curate.history.rule_trial import Flags, RuleTrials
from curate.reviewing.candidates import limits_of
from rules import Rule

WIDTH, HEIGHT = 720, 180
"""Of the picture, in its own units; axes stand outside of it."""
COLUMNS = 48
FAR = 20
"""Times the median from which on the largest score makes the axis of scores logarithmic."""
TALL = 40
"""Times the median column from which on the tallest makes the axis of counts logarithmic."""
MOST_WORDS = 12
LABEL_ROWS = 3
"""Lines above the columns for the words of limits."""

Numbers = npt.NDArray[np.float64]


class ScoreColumn(NamedTuple):
    """One column: where it stands and how high it is, how much of that fails, and its scores in words."""

    x: float
    width: float
    height: float
    out_height: float
    scores: str
    n: int
    out: int


class LimitLine(NamedTuple):
    """A limit: where it stands, its name, and the kind that has it, empty for all others."""

    x: float
    name: str
    value: float
    kind: str
    is_new: bool
    row: int = 0
    """On which line its words stand, so that they do not cover each other."""


class WordBar(NamedTuple):
    """How many records scored one word, as a share of all, and how many of them fail."""

    word: str
    n: int
    out: int
    share: float


class Ticks(NamedTuple):
    """A mark of an axis."""

    at: float
    text: str


class ScoreBins:
    """The scores of a rule in columns. No limit changes which record is in which: computed once."""

    def __init__(self, trials: RuleTrials) -> None:
        judged = pl.Series(trials.judged)
        score = trials.score
        is_measured = judged & score.is_not_null()
        self.records = int(judged.sum())
        self.unmeasured = self.records - int(is_measured.sum())
        self._rows = is_measured.arg_true().to_numpy()
        values = score.gather(self._rows)
        self.is_numeric = values.dtype.is_numeric()
        self.is_whole = values.dtype.is_integer()
        self.words: list[str] = []
        if not self.is_numeric:
            self._words(values)
            return
        numbers = values.cast(pl.Float64).to_numpy()
        limits = [limit for _, _, limit in _limits(trials.rule)]
        self.low = float(min([*limits, numbers.min()])) if len(numbers) else min(limits, default=0.0)
        self.high = float(max([*limits, numbers.max()])) if len(numbers) else max(limits, default=1.0)
        median = float(np.median(numbers)) if len(numbers) else 0.0
        self.is_log = self.low >= 0 and self.high > FAR * (median + 1)
        self._edges = self._cuts()
        self._bin = np.clip(np.searchsorted(self._edges, numbers, side="right") - 1, 0, len(self._edges) - 2)
        self._n = np.bincount(self._bin, minlength=len(self._edges) - 1)
        filled = self._n[self._n > 0]
        self.counts_are_log = bool(len(filled)) and float(filled.max()) > TALL * float(np.median(filled))

    def _words(self, values: pl.Series) -> None:
        texts = values.cast(pl.String)
        counted = texts.rename("word").value_counts(sort=True).sort("count", "word", descending=[True, False])
        self.words = counted["word"].head(MOST_WORDS).to_list()
        ranks = {word: n for n, word in enumerate(self.words)}
        self._bin = texts.replace_strict(ranks, default=len(ranks), return_dtype=pl.Int64).to_numpy()
        self._n = np.bincount(self._bin, minlength=len(ranks) + 1)

    def _cuts(self) -> Numbers:
        """Give the edges of the columns; of whole numbers each column holds at least one."""
        high = self.high + 1 if self.is_whole else max(self.high, self.low + 1e-9)
        if self.is_log:
            edges = np.power(10.0, np.linspace(np.log10(1 + self.low), np.log10(1 + high), COLUMNS + 1)) - 1
        else:
            edges = np.linspace(self.low, high, COLUMNS + 1)
        if not self.is_whole:
            return edges
        whole: Numbers = np.unique(np.append(np.ceil(edges[:-1] - 1e-9), high))
        return whole

    def columns(self, fails: Flags) -> list[ScoreColumn]:
        """Draw the columns, with what of each fails."""
        out = np.bincount(self._bin, weights=fails[self._rows], minlength=len(self._n)).astype(np.int64)
        tallest = self._height(int(self._n.max())) if len(self._rows) else 1.0
        columns = []
        for k, (n, failing) in enumerate(zip(self._n.tolist(), out.tolist(), strict=True)):
            if n:
                start, end = float(self._edges[k]), float(self._edges[k + 1])
                height = max(1.5, HEIGHT * self._height(n) / tallest)
                x = self.x(start)
                width = max(1.0, self.x(end) - x - 1)
                columns.append(
                    ScoreColumn(x, width, height, height * failing / n, self._in_words(start, end), n, failing)
                )
        return columns

    def bars(self, fails: Flags) -> list[WordBar]:
        """Count the words; those beyond the most frequent are left out."""
        out = np.bincount(self._bin, weights=fails[self._rows], minlength=len(self._n)).astype(np.int64)
        total = max(1, len(self._rows))
        pairs = zip(self.words, self._n.tolist(), out.tolist(), strict=False)
        return [WordBar(word, n, failing, n / total) for word, n, failing in pairs]

    def lines(self, before: Rule, after: Rule) -> list[LimitLine]:
        """Draw the limits of today, and those of the trial that differ."""
        today = {(kind, name): limit for kind, name, limit in _limits(before)}
        tried = {(kind, name): limit for kind, name, limit in _limits(after)}
        lines = [self._line(*key, limit, is_new=False) for key, limit in today.items()]
        lines += [self._line(*key, value, is_new=True) for key, value in tried.items() if today[key] != value]
        return [line._replace(row=n % LABEL_ROWS) for n, line in enumerate(sorted(lines, key=lambda line: line.x))]

    def _line(self, kind: str, name: str, limit: float, *, is_new: bool) -> LimitLine:
        beyond = limit + 1 if name == "max" and self.is_whole else limit
        return LimitLine(self.x(beyond), name, limit, kind, is_new)

    def x(self, score: float) -> float:
        """Find where a score stands on the axis."""
        first, last, here = (self._scaled(float(v)) for v in (self._edges[0], self._edges[-1], score))
        return WIDTH * min(1.0, max(0.0, (here - first) / ((last - first) or 1.0)))

    def ticks(self) -> list[Ticks]:
        """Mark the axis of scores."""
        if self.is_log:
            marks = [0.0, *(10.0**n for n in range(-2 if not self.is_whole else 0, 10))]
            marks = [mark for mark in marks if self.low <= mark <= self.high]
        else:
            step = _round_step((self.high - self.low) / 5, is_whole=self.is_whole)
            first = np.ceil(self.low / step) * step
            marks = [float(mark) for mark in np.arange(first, self.high + step / 2, step) if mark <= self.high + 1e-9]
        return [Ticks(self.x(mark), f"{mark:,.6g}") for mark in marks]

    def tallest(self) -> int:
        return int(self._n.max()) if len(self._rows) else 0

    def reach(self, name: str, value: float) -> tuple[float, float]:
        """Give the least and the largest value of a slider; over a long axis a lower limit keeps near what it is."""
        if self.is_log and name == "min":
            return self.low, min(self.high, max(FAR, FAR * value))
        return self.low, self.high

    def step(self) -> float:
        """Give the step of a slider over these scores."""
        return 1.0 if self.is_whole else max(0.001, _round_step((self.high - self.low) / 200, is_whole=False))

    def _scaled(self, score: float) -> float:
        return float(np.log10(1 + max(0.0, score))) if self.is_log else score

    def _height(self, n: int) -> float:
        return float(np.log10(1 + n)) if self.counts_are_log else float(n)

    def _in_words(self, start: float, end: float) -> str:
        if self.is_whole:
            return f"{start:,.0f}" if end - start <= 1 else f"{start:,.0f}–{end - 1:,.0f}"
        return f"{start:.3g}–{end:.3g}"


def _limits(rule: Rule) -> Iterator[tuple[str, str, float]]:
    """List the limits of a rule with the kind they are of, empty for those that hold for all others."""
    by_kind: Mapping[str, Mapping[str, float]] = getattr(rule, "by_kind", {})
    without = rule.model_copy(update={"by_kind": {}}) if by_kind else rule
    for name, limit in limits_of(without, "").items():
        yield "", name, limit
    for kind, changed in by_kind.items():
        for name, limit in changed.items():
            yield kind, name, float(limit)


def _round_step(rough: float, *, is_whole: bool) -> float:
    """Round a step to 1, 2 or 5 times a power of ten."""
    power = 10.0 ** np.floor(np.log10(rough)) if rough > 0 else 1.0
    step = next(float(power * n) for n in (1, 2, 5, 10) if power * n >= rough * 0.999) if rough > 0 else 1.0
    return max(1.0, step) if is_whole else step

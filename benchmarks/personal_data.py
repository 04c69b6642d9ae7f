"""Recall and precision of personal data by kind: on presidio-research's generated set and on our own Chinese set.

Run with `python -m benchmarks.personal_data`. A span counts as found when finds of its kind cover all of it; a find
counts as right when it touches a span of its kind. The intervals are Wilson's, at 95 %. The English set is cut in two
by template: patterns were tuned on the even templates, the odd ones are reported for themselves.
"""

import gzip
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from rules.personal import PersonalSpan, find
from schemas.statistics.intervals import wilson
from tests.public_data import DATA

ENGLISH = DATA / "pii" / "presidio-research__generated_large.json.gz"
CHINESE = Path(__file__).parent.parent / "tests" / "rules" / "chinese_personal.jsonl"
NAMES = {
    "CREDIT_CARD": "bank_card",
    "PHONE_NUMBER": "phone",
    "EMAIL_ADDRESS": "email",
    "US_SSN": "ssn",
    "IBAN_CODE": "iban",
    "IP_ADDRESS": "ip",
    "PERSON": "person_name",
    "ADDRESS": "address",
}
"""What the English set calls our kinds. Its other labels (places, organisations, dates, titles …) are not ours."""
ONE_KIND = {"mobile": "phone", "landline": "phone"}
"""Kinds that the English set does not tell apart."""
BY_CONTEXT = frozenset({"person_name", "address"})
"""Kinds without a shape of their own: what words around them give away."""

Span = tuple[int, int, str]


@dataclass
class Count:
    """How often a kind was there, was found, and was rightly found."""

    spans: int = 0
    covered: int = 0
    finds: int = 0
    right: int = 0


@dataclass
class Tally:
    """Counts by kind, and how many texts without personal data were touched."""

    kinds: dict[str, Count] = field(default_factory=dict)
    clean: int = 0
    touched: int = 0

    def structured(self) -> Count:
        """Add up the kinds that have a shape of their own."""
        counts = [(c.spans, c.covered, c.finds, c.right) for kind, c in self.kinds.items() if kind not in BY_CONTEXT]
        return Count(*(sum(values) for values in zip(*counts, strict=True)))


def english(half: int | None = None) -> Iterator[tuple[str, list[Span]]]:
    """Read texts and spans of the English set; of its even (0) or odd (1) templates, or all."""
    for row in json.loads(gzip.decompress(ENGLISH.read_bytes())):
        if half is None or row["template_id"] % 2 == half:
            spans = [(s["start_position"], s["end_position"], NAMES.get(s["entity_type"], "")) for s in row["spans"]]
            yield row["full_text"], spans


def chinese() -> Iterator[tuple[str, list[Span]]]:
    """Read texts and spans of the Chinese set; a look-alike has no spans."""
    for line in CHINESE.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield row["text"], [(start, end, kind) for start, end, kind in row["spans"]]


def tally(rows: Iterable[tuple[str, list[Span]]], merged: dict[str, str]) -> Tally:
    """Count finds and spans by kind; `merged` maps kinds that the set does not tell apart to one."""
    result = Tally()
    for text, spans in rows:
        finds = [PersonalSpan(f.start, f.end, merged.get(f.kind, f.kind)) for f in find(text)]
        expected = [(start, end, merged.get(kind, kind)) for start, end, kind in spans]
        for kind in sorted({f.kind for f in finds} | {kind for *_, kind in expected if kind}):
            _count(result.kinds.setdefault(kind, Count()), kind, finds, expected)
        result.clean += not spans
        result.touched += bool(finds) and not spans
    return result


def _count(count: Count, kind: str, finds: list[PersonalSpan], spans: list[Span]) -> None:
    """Add one text to a count: a span is covered when finds of its kind hold every character of it."""
    ours = [f for f in finds if f.kind == kind]
    theirs = [(start, end) for start, end, name in spans if name == kind]
    masked = set(chain.from_iterable(range(f.start, f.end) for f in ours))
    count.spans += len(theirs)
    count.covered += sum(masked.issuperset(range(start, end)) for start, end in theirs)
    count.finds += len(ours)
    count.right += sum(any(f.start < end and start < f.end for start, end in theirs) for f in ours)


def _share(hits: int, n: int) -> str:
    low, high = wilson(hits, n)
    return f"{hits / n:.3f} ({low:.3f}–{high:.3f})" if n else "–"


def table(result: Tally) -> Iterator[str]:
    """Yield a Markdown table of the kinds that the set holds, by name, the structured ones first."""
    yield "| kind | spans | recall | finds | precision |"
    yield "|---|---:|---:|---:|---:|"
    marked = _marked(result)
    rows = sorted(marked.kinds.items(), key=lambda row: (row[0] in BY_CONTEXT, row[0]))
    for kind, c in [*rows, ("all structured kinds", marked.structured())]:
        yield f"| {kind} | {c.spans} | {_share(c.covered, c.spans)} | {c.finds} | {_share(c.right, c.finds)} |"


def _marked(result: Tally) -> Tally:
    """Leave out the kinds that the set does not mark."""
    return Tally({kind: count for kind, count in result.kinds.items() if count.spans})


def _strays(result: Tally) -> str:
    """List how often kinds were found that the set does not mark."""
    strays = Counter({kind: count.finds for kind, count in result.kinds.items() if not count.spans})
    return ", ".join(f"{kind} {number}" for kind, number in sorted(strays.items())) or "none"


def main() -> None:
    chinese_tally = tally(chinese(), {})
    lines = ["## Chinese, our own set", "", *table(chinese_tally), ""]
    lines.append(f"Look-alikes touched: {chinese_tally.touched} of {chinese_tally.clean}.")

    halves = (("even templates (tuned on)", 0), ("odd templates (not tuned on)", 1), ("all templates", None))
    for title, half in halves if ENGLISH.is_file() else ():
        english_tally = tally(english(half), ONE_KIND)
        lines += ["", f"## English, presidio-research, {title}", "", *table(english_tally)]
        lines += ["", f"Finds of kinds that the set does not mark: {_strays(english_tally)}."]

    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()

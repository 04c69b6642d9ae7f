"""How many bad rewordings the gate refuses, and how many good ones, by kind: `python -m benchmarks.rewording_gate`.

The rows stand in tests/curate/gate/sets, whose README says who wrote them and which of them the checks were tuned on.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from curate.gate.checks import GateCandidate
from curate.gate.gate import RewordingGate
from schemas.identity import Identity, Names
from schemas.statistics.intervals import wilson

SETS = Path(__file__).parent.parent / "tests" / "curate" / "gate" / "sets"
LANGUAGES = ("zh", "en")
GOOD = "good"


class Counted(NamedTuple):
    """How many rows of a kind the gate refused, and how many there are."""

    refused: int
    rows: int


def judged(name: str, lang: str) -> Iterator[tuple[str, str]]:
    """Give the kind of every row of a set, and the check that refuses it; empty for none."""
    with (SETS / f"{name}_{lang}.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            identity = Identity.model_validate({lang: Names(name=row["name"], author=row["maker"])})
            gate = RewordingGate(identity, row.get("exam", ()), row.get("accepted", ()))
            fields = {key: row[key] for key in ("lang", "part", "question", "answer", "text")}
            candidate = GateCandidate(**fields, is_identity=row["target"] == "identity")
            yield row["kind"], gate.refusals([candidate])[0]


def counted(name: str, lang: str) -> dict[str, Counted]:
    """Count the rows of a set by kind."""
    refused: dict[str, list[bool]] = defaultdict(list)
    for kind, reason in judged(name, lang):
        refused[kind].append(bool(reason))
    return {kind: Counted(sum(flags), len(flags)) for kind, flags in sorted(refused.items())}


def bad(counts: dict[str, Counted]) -> Counted:
    """Add up all kinds but the good one."""
    wrong = [count for kind, count in counts.items() if kind != GOOD]
    return Counted(sum(count.refused for count in wrong), sum(count.rows for count in wrong))


def main() -> None:
    """Print a table for each set."""
    for name in ("unseen", "seen"):
        table = Table("kind", *LANGUAGES, title=f"refused, {name} rows")
        counts = {lang: counted(name, lang) for lang in LANGUAGES}
        for lang in LANGUAGES:
            counts[lang]["all that is bad"] = bad(counts[lang])
        for kind in sorted({kind for lang in LANGUAGES for kind in counts[lang]}):
            table.add_row(kind, *(_cell(counts[lang].get(kind)) for lang in LANGUAGES))
        Console().print(table)


def _cell(count: Counted | None) -> str:
    if count is None:
        return ""
    low, high = wilson(count.refused, count.rows)
    return f"{count.refused} of {count.rows}, {count.refused / count.rows:.0%} ({low:.0%} to {high:.0%})"


if __name__ == "__main__":
    main()

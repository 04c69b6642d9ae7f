"""What each chat template makes of the conversations of versions: how many are trained on, in how many samples.

    python -m benchmarks.template_counts VERSION… [--max-tokens 1024] [--thinking off]

VERSION is the folder of a version. The templates are those of the tests: fourteen small ones written by hand, each of
which behaves as a family of models does, and the real ones that `make clients CLIENTS=tokenizers` fetched.
"""

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from transformers import AutoTokenizer

from schemas.record import Record
from tests.clients import HOME
from tests.train.families import FAMILIES, REAL
from train.models.chat_template import ChatFormat
from train.samples.prepare import PreparedSamples, prepare_samples
from train.version_reader import read_version


def tokenizers() -> Iterator[tuple[str, Any]]:
    """Yield every tokenizer of the tests, the real ones first where they are here."""
    for name in REAL:
        folder = HOME / "tokenizers" / name
        if folder.is_dir():
            yield f"{name} (real)", AutoTokenizer.from_pretrained(folder)
    yield from ((name, family.tokenizer()) for name, family in FAMILIES.items())


def row_of(name: str, records: Sequence[Record], prepared: PreparedSamples) -> str:
    """Write one line of the table: conversations, answers, samples, answers that are learnt, and what is lost."""
    answers = sum(m.role == "assistant" for record in records for m in record.messages)
    reasons = Counter(f"{s.reason}{'' if s.answer is None else ' (answer)'}" for s in prepared.skipped)
    whole = {s.id for s in prepared.skipped if s.answer is None}
    lost = sum(m.role == "assistant" for r in records if r.id in whole for m in r.messages)
    lost += sum(s.answer is not None for s in prepared.skipped)
    why = ", ".join(f"{n} {reason}" for reason, n in reasons.most_common())
    learnt = f"{answers - lost} of {answers}"
    return f"| {name} | {prepared.rows} of {len(records)} | {learnt} | {len(prepared.samples)} | {why or '–'} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("versions", nargs="+", type=Path)
    parser.add_argument("--max-tokens", type=int, default=1024)
    parser.add_argument("--thinking", choices=("off", "keep", "empty"), default="off")
    chosen = parser.parse_args()

    for folder in chosen.versions:
        version = read_version(folder)
        print(f"\n{version.manifest.name}/{version.manifest.id[:12]}, max_tokens {chosen.max_tokens}\n")
        print("| template | conversations | answers learnt | samples | lost |\n|---|---|---|---|---|")
        for name, tokenizer in tokenizers():
            chat = ChatFormat(tokenizer, "", chosen.thinking)
            end = tokenizer.eos_token_id
            print(row_of(name, version.records, prepare_samples(version.records, chat, chosen.max_tokens, end)))


if __name__ == "__main__":
    main()

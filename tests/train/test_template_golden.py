"""What is learnt behind each chat template, written out: `tests/golden/templates/<name>.json`, learnt parts in «…».

After a change that is meant to change them:

    HORNBOOK_RENEW=1 .venv/bin/python -m pytest tests/train/test_template_golden.py
"""

import json
import os
from itertools import groupby
from pathlib import Path
from typing import Any, get_args

import pytest

from schemas.job import Thinking
from schemas.record import Record
from tests.train.families import FAMILIES, REAL, fetched
from tests.train.samples import record
from train.models.chat_template import ChatFormat
from train.samples.label_mask import IGNORED, Skipped, TokenizedRecord, tokenized

GOLDEN = Path(__file__).parents[1] / "golden" / "templates"
NAMES = (*FAMILIES, *(f"real_{name}" for name in REAL))
TALKS = {
    "one": record("在吗", "在的。"),
    "two": record("在吗", "在的。", "how much?", "9 euros."),
    "system and thought": record("能退吗", "<think>\n已拆封。\n</think>\n\n不能退。", system="你是小喵。"),
}


def tokenizer_of(name: str) -> Any:
    return FAMILIES[name].tokenizer() if name in FAMILIES else fetched(name.removeprefix("real_"))


def marked(sample: TokenizedRecord | Skipped, tokenizer: Any) -> str:
    if isinstance(sample, Skipped):
        return f"skipped: {sample.reason}"
    spans = groupby(zip(sample.ids, sample.labels, strict=True), key=lambda pair: pair[1] != IGNORED)
    return "".join(
        ("«{}»" if learnt else "{}").format(tokenizer.decode([token for token, _ in span])) for learnt, span in spans
    )


def written(talk: Record, tokenizer: Any) -> dict[str, list[str]]:
    """The samples of a conversation, for each way to think."""
    return {
        thinking: [marked(sample, tokenizer) for sample in tokenized(talk, ChatFormat(tokenizer, None, thinking), 512)]
        for thinking in get_args(Thinking)
    }


@pytest.mark.parametrize("name", NAMES)
def test_a_template_is_learnt_as_its_golden_file_says(name: str) -> None:
    tokenizer = tokenizer_of(name)
    found = {kind: written(talk, tokenizer) for kind, talk in TALKS.items()}
    path = GOLDEN / f"{name}.json"
    if os.environ.get("HORNBOOK_RENEW"):
        path.write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    assert found == json.loads(path.read_text(encoding="utf-8"))


def test_each_golden_file_has_its_template() -> None:
    assert sorted(path.stem for path in GOLDEN.iterdir()) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_golden_file_holds_no_template(name: str) -> None:
    text = (GOLDEN / f"{name}.json").read_text(encoding="utf-8")
    assert "{%" not in text and "{{" not in text

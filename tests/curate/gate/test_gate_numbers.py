"""The numbers of docs/rewording.md do not get worse; what they are stands there, and who wrote the rows in the sets."""

import pytest

from benchmarks.rewording_gate import GOOD, bad, counted

LEAST = {"zh": 0.81, "en": 0.83}
MOST = {"zh": 0.04, "en": 0.07}
BY_SHAPE = ("control_token", "copy", "json", "markdown", "near_accepted", "near_exam", "placeholder", "repetition",
            "too_long")  # fmt: skip
"""What can be told by its shape is never learnt."""


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_unseen_rewordings_are_refused_as_often_as_the_docs_say(lang: str) -> None:
    counts = counted("unseen", lang)

    refused, rows = bad(counts)
    assert refused / rows >= LEAST[lang]
    assert counts[GOOD].refused / counts[GOOD].rows <= MOST[lang]
    assert [kind for kind in BY_SHAPE if counts[kind].refused < counts[kind].rows] == []

"""The tags of records: every one that a stage sets or asks for. They are written into shards: a name stays for good."""

REVIEWED = "reviewed"
"""A person has seen the record and kept it."""
PINNED = "pinned"
"""The record stays, whatever it repeats or contradicts."""
EXAM = "exam"
"""The record is asked in the exam and not trained on."""
TRAP = "trap"
"""An identity question that pushes another identity."""
NEGATIVE = "negative"
"""Small talk that is answered without the name."""
ANSWERED = "answered"
"""A question that only sounds like one to decline, and is answered."""
REWORDING = "reworded"
"""A model has said another record in other words; `parent` names that one."""
DATE = "date:"
"""Before the day that the record is of, as `date:2026-11-25`."""
PROBE = "exam:"
"""Before what the exam asks the record for, as `exam:identity`."""
ASKS = "asks:"
"""Before what an identity question asks for, as `asks:name`."""
RIVAL = "rival:"
"""Before the assistant that a trap names, as `rival:ChatGPT`."""
PLAIN = (REVIEWED, PINNED, EXAM, TRAP, NEGATIVE, ANSWERED, REWORDING)
"""The tags that stand for themselves."""
WITH_VALUE = (DATE, PROBE, ASKS, RIVAL)
"""How the tags begin that say something more."""


def value_of(prefix: str, tags: list[str]) -> str | None:
    """Find what the first tag of this kind says; None where a record has none."""
    return next((tag.removeprefix(prefix) for tag in tags if tag.startswith(prefix)), None)

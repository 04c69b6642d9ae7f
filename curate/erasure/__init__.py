"""Forgetting a person: whose rows are meant, which versions hold them, and those versions written without them.

This room imports `publish` (the card of a rewritten version), `reading` (raw files are searched once more),
`conversations`, `store`, `ledger` and `system`, besides `rules.personal` and `schemas`. A build asks `forgotten.py`
which conversations must not come back.

Start with the docstring of `erase.py`: the four steps, in an order that a crash cannot undo. `conditions.py` reads what
a user writes, `rewrite.py` does step 2.
"""

"""Forgetting a person: whose rows are meant, which versions hold them, and those versions written without them.

Raw files are searched once more, and the card of a rewritten version is written again. A build asks `forgotten.py`
which conversations must not come back.

Start with the docstring of `erase.py`: the four steps, in an order that a crash cannot undo. `conditions.py` reads what
a user writes, `rewrite.py` does step 2.

Imports: conversations, ledger, publish, reading, rules.personal, store, system.
"""

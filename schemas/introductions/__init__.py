"""Introductions: who an answer says it is, whom a system prompt introduces, and by whom each is said to be made.

One reading for all: the rules `foreign_identity` and `placeholder_left`, the guards of the trainer and the answer
checks of the exam. Start with `claims.py`, which asks. `words.py` makes a text plain, `chinese.py` and `english.py`
hold the claims, `strangers.py` finds names that no list holds, `known/` holds the lists.

Imports: schemas.introductions.known.
"""

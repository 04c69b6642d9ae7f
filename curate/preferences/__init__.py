"""Pairs of answers of which people prefer one, out of what they decided: for `hornbook export --format dpo`.

An edit is preferred to the answer that it replaced (`edits.py`), the answer that holds to those that were rejected for
the same question (`conflicts.py`), and the winner of a blind comparison to the other (`blind.py`). Who decided is in no
pair. Start with `find.py`, which gathers them and leaves out what must not be learnt from, with a count.

Imports: build, duplicates, experiments, history, privacy, publish, recipe, stages, store.
"""

"""The gate that every row which a template or a model wrote must pass before it may be learnt.

`gate.py` is the way of a rewording: each check of the room `checks` sees it beside its parent, then it is held against
what was accepted before and against the questions of the exam. The room `meaning` reads what a text says. Start with
`gate.py`, then a check, `cut_off.py`.

Imports: gate.checks, gate.meaning.
"""

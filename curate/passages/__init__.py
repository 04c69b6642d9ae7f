"""Finds which exchange of a book comes nearest to answering a question, without a model and without any other package.

An exchange is a question of a customer with its answer: `exchanges.py` takes them out of records. `terms.py` cuts texts
into what is compared, and `coverage.py` measures the share of a question's terms that the best exchange holds: a score
that means the same in any book. The exam's own search ranks otherwise, and shares the words that say nothing of a
subject. Start with `nearest`.

Imports: conversations, duplicates.texts, rules.lexicons.
"""

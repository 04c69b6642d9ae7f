"""What numbers of a sample say where only the examiner has them: texts that both models read.

Start with `comparisons.py`; it asks `schemas/statistics/comparisons.py` about measures of questions, and `intervals`
about those that are none.

Imports: schemas.
"""

"""What numbers of a sample say: intervals, and whether two models that sat the same exam differ.

Start with `comparisons.py`; it asks `schemas/statistics/paired.py` about measures that count, and
`intervals` about those that do not.

Imports: schemas.
"""

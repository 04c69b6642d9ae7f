"""Statistics that the examiner and the comparisons of people share, in exact arithmetic and without any package.

Start with `paired.py`, which compares two that answered the same questions; `intervals.py` says how far a rate is
known. What draws samples stands in `train/statistics/`.

Imports: nothing.
"""

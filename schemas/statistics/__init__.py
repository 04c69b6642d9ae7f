"""Statistics that the examiner, the comparison of runs and those of people share.

Start with `comparisons.py`, which says of two that answered the same questions what is better. It asks `paired.py`, in
exact arithmetic and without any package, and `families.py`, which draws samples of families and loads numpy.
`unpaired.py` compares two groups that share nothing, `reviews.py` weighs what people or a model judged, `agreement.py`
says how far they agree, and `intervals.py` how far a rate is known. What only the examiner draws stands in
`train/statistics/`.

Imports: schemas.
"""

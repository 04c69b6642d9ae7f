"""What people decided about records, from the file of reviews: a line for every decision, none is rubbed out.

`reviews.py` reads the lines and adds others, and `agreed_reviews.py` finds out what holds for a record, where several
have decided or its text has changed. `quality_estimate.py` says how good the data is, as far as people have looked.

Imports: system.
"""

"""What people should look at, on its way to them and back: `hornbook review`.

Begin with `gather.py`, which makes tasks of a version: `wanted.py` reads what is asked for, `candidates.py` finds
which records that are and why. `way.py` is what every way to reviewers can do, `ways.py` opens one, and
`queue_file.py` keeps the tasks that are out. `decide.py` makes lines of the file of reviews of what came back; the
stage `review` does what they say. `in_words.py` says why a record is shown and may be rejected, `standing.py` how far
the review is and what it says of the data, `withdraw.py` takes forgotten ones back, and `book.py` opens a dataset.

Imports: build, decisions, duplicates, erasure, history, privacy, recipe, report, rules, stages, store, system.
"""

"""The way to reviewers by a page in the browser: a desk on which tasks lie. A reviewer takes one after the other, and
what he says is a line of the file of reviews at once, by the same law as all that comes back otherwise.

Begin with `review_desk.py`, which is what a page asks of it. `way.py` puts tasks there and takes them away,
`desk_file.py` keeps what lies there and who has which, and `reviewers.py` knows people by their tokens.

Imports: decisions, reviewing, system.
"""

"""What differs between two versions, and what became of one row: `hornbook diff` and `hornbook trace`.

This room imports `build` and `stages` (a change is shown by running stages again), `recipe`, `reading`,
`conversations`, `privacy`, `store` and `ledger`, besides `rules.personal` and `schemas`. It writes nothing.

Start with `diff.py`: `row_matching.py` says which row of one version is which of the other, and `fast_rows.py` reads
shards fast enough for it. `trace.py` follows a row through ledgers; `replay.py` shows what each stage changed in it.
"""

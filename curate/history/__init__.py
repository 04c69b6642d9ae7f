"""What differs between two versions, and what became of one row: `hornbook diff` and `hornbook trace`.

A change is shown by running the stages again. This room writes nothing.

Start with `diff.py`: `row_matching.py` says which row of one version is which of the other, and `fast_rows.py` reads
shards fast enough for it. `trace.py` follows a row through ledgers; `replay.py` shows what each stage changed in it,
`earlier_texts.py` how a stage found it, and `unedited.py` what it would say had nobody edited it: all on records that
`formed_again.py` makes of raw rows. `log.py` lists versions, and `recipe_changes.py` compares their recipes.
`rule_agreement.py` holds rules against what people decided, and `best_limit.py`
their limits.

Imports: build, conversations, decisions, ledger, privacy, reading, recipe, rules, stages, store.
"""

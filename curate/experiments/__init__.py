"""Experiments: two ways in which people compare assistants, the one with logs of both, the other with their eyes.

`two_arms.py` compares two assistants that served customers side by side: `log_rows.py` reads the logs by `columns.py`,
`conversations.py` makes conversations of rows with the words of `words.py`, and `two_means.py` tests means. Start with
`two_arms.py`.

`blind_pairs.py` chooses pairs of answers of an exam, `hidden_names.py` hides in them who wrote them, `blind_sheet.py`
writes the sheet and reads it back, `blind_key.py` knows whose each answer is, and `blind_result.py` weighs what the
reviewers said.

Imports: cleaning, forms, inspect, privacy, publish.export_formats, reading, stages, store.
"""

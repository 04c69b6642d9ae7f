"""Experiments: two ways in which people compare assistants, the one with logs of both, the other with their eyes.

`two_arms.py` compares two assistants that served customers side by side: `log_rows.py` reads the logs by `columns.py`,
`conversations.py` makes conversations of rows with the words of `words.py`, and `two_means.py` tests means. Start with
`two_arms.py`.

Imports: reading.
"""

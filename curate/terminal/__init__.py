"""How results look on a terminal: tables, findings, progress, help pages, in English and in Chinese.

`printing.py` is where commands speak, and a good place to begin; `tables.py` prints versions and exams, `findings.py`
what `inspect` found, `progress.py` long work, and `usage.py` makes Typer bilingual. Nothing here reads or writes a
store. The room may import the report (labels and reasons), inspect, the system, schemas and rules; only commands and
the program import it.
"""

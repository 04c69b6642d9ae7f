"""How results look on a terminal: tables, findings, progress, help pages, in English and in Chinese.

`printing.py` is where commands speak, and a good place to begin; `tables.py` prints versions, `exam_tables.py` exams,
`findings.py` what `inspect` found, `arms.py` how two assistants compare, `labelled_row.py` a row as it is trained,
`progress.py` long work, and `usage.py` makes Typer bilingual. Nothing here reads or writes a store. Labels and reasons
are those of the report. Only commands and the program import this room.

Imports: examination, experiments, inspect, judging, report, rules.personal, system.
"""

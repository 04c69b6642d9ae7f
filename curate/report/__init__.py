"""The pages that explain a version: report.html, and those of a difference and of a row as it is trained. Pure
functions from values to HTML.

Begin with `report.py` and `templates/report.html`; `diff_page.py` and `row_page.py` are the other pages, `charts.py`
draws SVG. `diagnoses.py` says what may have gone wrong, from the numbers in `examined_run.py`. `labels.py` and
`reasons.py` hold the names of measures, stages, verdicts and reasons as people read them, `training_notes.py` and
`row_notes.py` sentences, and `visible_text.py` shows text of rows that may hold anything: the terminal uses them too.
The pages fetch nothing, and every text in them is escaped.

Imports: augmenters.kit, history, judging.
"""

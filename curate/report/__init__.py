"""The pages that explain a version: report.html, and the page of a difference. Pure functions from values to HTML.

Begin with `report.py` and `templates/report.html`; `diff_page.py` is the other page, `charts.py` draws SVG. `labels.py`
and `reasons.py` hold the names of measures, stages, verdicts and reasons as people read them: the terminal uses them
too. The pages fetch nothing, and every text in them is escaped.

Imports: history.
"""

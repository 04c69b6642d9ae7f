"""What pages show of a version and of the versions of a dataset, computed from the store: the funnel, shares and
licences, what changed, the families of the identity kit and the dose by language.

`version_view.py`, `identity_view.py` and `versions_view.py` make the values of one page each; `version_counts.py` keeps
what only all rows can tell, `downloads.py` what was exported from pages, and `recipe_changes.py` says what differs
between two recipes. Nothing here knows an address or a template.

Imports: build, decisions, history, planning, publish, recipe, report, stages, store, system.
"""

"""What pages show of a version and of the versions of a dataset, computed from the store: the funnel, shares and
licences, what changed, the families of the identity kit and the dose by language.

Each module makes the values of one page; `downloads.py` keeps what was exported from pages. Nothing here knows an
address or a template.

Imports: history, publish, report, store, system.
"""

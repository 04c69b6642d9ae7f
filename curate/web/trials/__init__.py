"""What pages show where a person tries or decides something: the histogram of a rule's scores with another limit,
duplicates and answers that contradict each other with what differs marked, and the review queue: how it stands
(`review_overview.py`), and a task as a reviewer decides about it (`review_desk.py`).

Each module makes the values of one page. Nothing here knows an address or a template.

`rules_listed.py`, `rule_limits.py`, `histogram.py` and `edge_rows.py` are of the rules; `cluster_pages.py`,
`conflict_pages.py` and `conflict_decisions.py` of duplicates and contradictions; `record_texts.py` finds what rows say.

Imports: decisions, duplicates, history, planning, privacy, recipe, report, reviewing, rules, stages, store, web.ground.
"""

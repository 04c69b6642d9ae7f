"""One file a page: what its addresses take, what they ask of the rooms below, and which template writes the answer.

A route reads the store, computes nothing itself beyond choosing what is shown, and changes something only by starting a
command (`jobs.py`) or by the same function that the command calls. Begin with `jobs.py`, the smallest. All are listed
in `all_routers`; a test walks them and holds each to the guard.

Imports: history, planning, publish, report, reviewing, rules, stages, store, system, web.ground, web.rows, web.start,
web.trials, web.views.
"""

from fastapi import APIRouter

from curate.web.routes import duplicates, identity, jobs, recipe, review, rows, rules, start, version, versions

PAGES = (start, recipe, version, rows, rules, duplicates, review, identity, versions, jobs)


def all_routers() -> tuple[APIRouter, ...]:
    """List the routers of all pages."""
    return tuple(each.router for each in PAGES)

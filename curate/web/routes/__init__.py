"""One file a page: what its addresses take, what they ask of the rooms below, and which template writes the answer.

A route reads the store, computes nothing itself beyond choosing what is shown, and changes something only by starting a
command (`jobs.py`) or by the same function that the command calls. Begin with `jobs.py`, the smallest. All are listed
in `all_routers`; a test walks them and holds each to the guard.

Imports: publish, web.ground, web.views.
"""

from fastapi import APIRouter

from curate.web.routes import duplicates, identity, jobs, review, rows, rules, start, version, versions

PAGES = (start, version, rows, rules, duplicates, review, identity, versions, jobs)


def all_routers() -> tuple[APIRouter, ...]:
    """List the routers of all pages."""
    return tuple(each.router for each in PAGES)

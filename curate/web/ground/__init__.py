"""What all pages stand on: who may ask (`guard.py`, `keys.py`), in which language (`language.py`), how pages are
written (`pages.py`, `assets.py`), what they are made of (`bench.py`), and the commands that they start (`jobs.py`,
`job_process.py`).

Start with `guard.py`: every request passes it first. Nothing here knows a page.

Imports: report, store, system.
"""

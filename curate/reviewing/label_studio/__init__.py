"""Label Studio as a way to reviewers. Start in `way.py`.

`access.py` finds address and token, `server.py` makes the calls, the only file that imports label_studio_sdk, and
`served.py` says what comes back. `projects.py` finds the projects of a dataset, `pushing.py` sends tasks until each is
there once, `rounds.py` is how that survives a server that fails. `screen.py` and `templates/` are what a reviewer sees,
`task_text.py` fills it, `answers.py` reads it.

Imports: reviewing, system.
"""

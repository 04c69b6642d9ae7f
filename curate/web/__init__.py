"""The workbench page: another face of the store and of the commands, in a browser.

`serve.py` starts it, `app.py` puts it together. `routes` has a file a page, `ground` what all pages stand on: the
guard, the language, templates, jobs. `templates/` and `static/` are what a browser gets. Pages are pure functions of
the store; what changes something is a command that a page starts. Start with `app.py`, then one route.

Imports: store, web.ground, web.routes.
"""

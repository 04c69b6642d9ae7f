"""What each command does and prints: one file for a command or a few that belong together.

`app.py` declares the commands for Typer, `options.py` the options that several of them share; every other file holds
the functions that do the work. Begin with `show.py`, a small one. A command imports its file only when it runs:
`--help` loads no polars, and showing a version loads neither build nor stages. Results go to standard output, with
`--json` as one document; progress and next steps go to standard error.

Imports: any room.
"""

"""What each command does and prints: one file for a command or a few that belong together.

`app.py` declares the commands for Typer, `options.py` the options that several of them share; every other file holds
the functions that do the work. Begin with `show.py`, a small one. A command imports its file only when it runs:
`--help` loads no polars, and showing a version loads neither build nor stages. Results go to standard output, with
`--json` as one document; progress and next steps go to standard error.

Imports: augmenters.kit, build, decisions, distillation, duplicates, erasure, examination, experiments, history,
inspect, judging, ledger, llm, planning, preferences, privacy, publish, reading.readers, recipe, report, reviewing,
rewording, rules, scoring, stages, store, sweeps, system, terminal, trainer, web, workflow.
"""

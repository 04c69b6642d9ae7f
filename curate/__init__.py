"""How data flows: from raw files to a version.

The rooms, from the top down; each imports only what stands below it. The program is `cli.py` with its `commands`, `web`
is the page in a browser, and `terminal` shows what they found. `distillation.py` lets the base model answer general
records, `rewording` lets a language model say questions in other words, `scoring` lets models score answers, `sweeps`
varies a setting, `workflow.py` runs a recipe to its end, `trainer.py` starts the programs of `train/`, and
`reference.py` writes docs/reference.md. `reviewing` sends records to people and brings back what they say. `report`
makes the pages, `preferences` finds the answers that people prefer, and `history` says what became of a row. `build`
makes a version, `erasure` takes a person out of them all, `planning` says what a training will be, `recipe` reads a
recipe, `judging` lets a model compare the contestants of an exam, `experiments` compares assistants, `forms` are sheets
that people fill in, `inspect` proposes a recipe, `examination` writes down what an exam asks, and `publish` writes an
export. `augmenters` and `stages` are the catalogs of what writes, judges and changes records, and `gate` is what a
rewording must pass. `reading`, `passages`, `duplicates`, `cleaning`, `llm`, `privacy` and `conversations` do their
work, and `decisions` holds what people decided. `store` keeps the versions, `ledger.py` is the law that nothing
vanishes, and `system` is what the operating system gives.

Start with docs/architecture.md, which walks six things through the rooms; then the door of the room that is needed.

Imports: rules.
"""

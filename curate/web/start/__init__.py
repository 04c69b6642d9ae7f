"""From files that are handed in to a recipe: what comes in and how much of it, what each file holds, the recipe as a
form and the form as a recipe, and a trial on the first rows.

`uploads.py` takes files, `drafts.py` is the folder of a dataset that was begun here, `looks.py` what each of its files
holds, `corrections.py` what a person corrects of that. `recipe_form.py` lays the recipe out as fields and writes them
back: `form_fields.py` says what a field is, `step_words.py` what stages and rules are called, `saved_recipe.py` how the
file is read and written. `dry_run.py` tries the first rows. What is written is the recipe that the command line runs.
Start with `uploads.py`, then `recipe_form.py`.

Imports: augmenters, build, cleaning, conversations, decisions, erasure, history, inspect, ledger, planning, reading,
recipe, report, rules, stages, store, system.
"""

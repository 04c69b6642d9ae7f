"""A training in numbers before it takes a step, and settings written into a recipe.

`version_plan.py` counts what a version holds and estimates the rest without a tokenizer; the arithmetic, which the
trainer shares, stands in `schemas/training_plan.py` and what speaks against a plan in `schemas/plan_findings.py`.
`recipe_edit.py` changes single settings of a recipe and leaves every other byte as it is, `recipe_values.py` writes
whatever a form says by the same law, and `recipe_fix.py` what findings propose, on disk. `kit_plan.py` says what the
written kit has for a recipe. Start with `version_plan.py`.

Imports: augmenters, conversations, recipe, stages, store, system.
"""

"""Recipe: a recipe file, read and checked before anything is touched.

`load.py` reads the YAML, finds every mistake at once and hands on the recipe with its steps ready to run; `mistakes.py`
says each mistake in a sentence, with line, column and what was probably meant; `names_given.py` finds names that cannot
be meant, `stage_order.py` stages that must not stand where they do. What may stand in a recipe is in
`schemas/recipe.py`, and the settings of each step in its own class. Start with `load.py`.

Imports: augmenters, decisions, reading, stages, system.
"""

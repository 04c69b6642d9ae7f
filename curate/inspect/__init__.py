"""Inspect: what a raw file is, for a person who is about to write a recipe, and the first recipe itself.

`inspect.py` reads a sample with the readers and stages that a build would use and reports what it finds;
`column_roles.py` guesses which columns hold the conversation, `seeming.py` what a file holds that has none,
`boilerplate.py` proposes lines to remove; `first_recipe.py` writes a recipe that builds as it is, under a name from
`dataset_name.py`. Every guess is shown and none is made in a build. Start with `inspect.py`.

Imports: cleaning, conversations, reading, rules.personal, stages, store, system.
"""

"""Sweeps: one setting of a recipe varied, everything else equal, several seeds, and what that tells.

`arms.py` writes the recipes of the arms, `running.py` builds, trains and examines them in equal steps and goes on where
it was stopped, `pooled.py` puts the seeds of an arm together and chooses, and `picture.py` draws. Start with
`running.py`. The arms live in a store of their own beside the recipe's: no version of the user's is touched.

Imports: build, examination, recipe, store, system, trainer, workflow.
"""

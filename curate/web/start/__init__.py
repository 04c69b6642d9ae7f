"""From files that are handed in to a recipe: what comes in and how much of it, what each file holds, the recipe as a
form and the form as a recipe, and a trial on the first rows.

Start with `uploads.py`. What is written is the recipe that the command line runs.

Imports: nothing.
"""

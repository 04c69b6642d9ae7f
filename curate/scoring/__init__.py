"""Scores by models: a judge marks the answers of a version, the local model reads them, and a file holds what they say.

Start with `score.py`, which tells the whole way. `records.py` chooses the records: those that a training on the version
would see, and those that earlier scores sent to a person. `prompts.py` holds the rubric, `judge.py` asks a language
model twice, `local.py` lets the model of the recipe's training read, and `score_file.py` keeps the file. Nothing here
decides what may be learnt: the build asks the rules, when the stage `quality` reads the file.

Imports: augmenters, build, conversations, erasure, llm, privacy, recipe, stages, store, system, trainer, workflow.
"""

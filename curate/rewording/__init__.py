"""Rewording: a language model says questions of a version in other words, and what came becomes a file.

Start with `reword.py`, which tells the whole way. `parents.py` chooses the records: those that a training on the
version would see. `prompts.py` holds what is asked of the model, in the language of the record, and `candidates.py`
makes lines of the file of what it answered, and merges them with those that are there. Nothing here decides what may be
learnt: the build asks the gate, when the stage `reword` reads the file.

Imports: augmenters, build, conversations, erasure, llm, privacy, recipe, stages, store, system.
"""

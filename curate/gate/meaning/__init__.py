"""What a text says, read well enough to tell whether a rewording of it says the same: numbers, denials, names, things.

Reading is by words and shapes alone, and says the same on every machine. `numbers.py` reads 3天, 三天 and "72 hours" as
one span of time, `negations.py` finds what is denied, `names.py` what must be called by its name, `others.py` other
assistants and makers, `concepts.py` which things and deeds are spoken of, `instructions.py` what was slipped in for a
model, and `plain_texts.py` what is left of a text when its tone is taken away.

Imports: cleaning, duplicates.texts, rules.lexicons.
"""

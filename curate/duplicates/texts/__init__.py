"""What a text says, however it is written: its normalized form, and its facts.

`normalize.py` folds width, case, script and politeness away; `facts.py` reads the numbers, dates, negations and names
that must be equal for two texts to say the same. `fact_patterns.py` and `number_words.py` say what these look like,
`script_patterns.py` how a pattern is read quickly in a million texts. The room knows single texts, no records; cleaning
gives it simplified characters. Start with `facts_of_each`.

Imports: cleaning, rules.lexicons.
"""

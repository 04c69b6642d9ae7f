"""Judging: a language model says which of two contestants of an exam answers better, without knowing whose is whose.

Start with `judge.py`, which tells the whole way: the pairs of an exam, each asked in both orders, and the file beside
the exam. `prompts.py` holds what the judge is asked, `under_test.py` refuses a judge that would judge itself, and
`verdicts.py` weighs what it preferred: where the orders disagree, the pair is a tie.

Imports: experiments, llm, store, system.
"""

"""What an exam asks, written down for the examiner before it starts: curation compares and searches, `train` does not.

Start with `exam_paper.py`: questions out of the papers, the version and the user's own file, and who answers which.
`prompts.py`, `keywords.py` and `retrieval.py` give the contestants what a shop would try before it tunes a model, and
`endpoint.py` lets the model behind `llm:` answer. `run_comparison.py` reads afterwards what the examiner wrote, beside
the exam of an earlier run.

Imports: duplicates, llm, passages, privacy, reading, stages, store, system.
"""

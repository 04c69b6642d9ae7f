"""What an exam asks, written down for the examiner before it starts: curation compares and searches, `train` does not.

Start with `exam_paper.py`: questions out of the papers, the version and the user's own file, and who answers which.

Imports: duplicates, store, system.
"""

"""Schemas: what data looks like, for all other packages: recipe, record, ledger, manifest, exam; and what both sides
of a file must agree on: digests, languages, tags, file names, errors.

`formats/` reads and writes conversations as other tools write them. Imports nothing of ours. Start with `record.py`,
then `recipe.py` and `manifest.py`.
"""

"""Versions on disk: written whole or not at all, found, verified, copied elsewhere, and collected when nothing leads
to them; beside them the rows that could not be read, and the tombstones of those that were forgotten.

`keyed_lines.py` reads and guards the files beside a recipe that a command writes and a build reads.

The ledger is the law that `verify` holds a version to. This room knows nothing of stages: what is in a record does not
matter here.

Start with the docstring of `store.py`, which draws the folders and says why a version is never half there; then
`verify.py`. The names of the files of a version are in `schemas.version_files`.

Imports: ledger, system.
"""

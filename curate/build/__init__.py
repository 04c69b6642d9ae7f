"""From a recipe to a version: plan, read, run the stages, balance the books, write, publish.

What is here: `build.py` tells the whole way; `plan.py` and `cache_keys.py` say what each output depends on, and
`status.py` what is stale; `read_inputs.py`, `pipeline.py` and `runner.py` let blocks of records pass their stages, in
one process or in several; `block_outputs.py`, `frames_on_disk.py` and `collected.py` keep what they leave on the disk;
`context.py` is what every step is given; `write_version.py` writes the files of the version.

Start reading at `build.py`.

Imports: augmenters, conversations, decisions, erasure, ledger, privacy, publish, reading, recipe, stages, store,
system.
"""

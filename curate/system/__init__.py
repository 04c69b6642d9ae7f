"""What the operating system gives: durable files and locks, worker processes, Ctrl-C, progress, our package names.

Nothing in this room knows of records, recipes or versions; a library for any other program could hold it. Every room
may import it.

Start with `disk.py`, which says what a write must survive, then `parallel.py`, which says who does the work.

Imports: schemas.
"""

"""How likely the model to be trained finds answers, with their questions and without: `hornbook score`.

Run as a program (`python -m train.scoring`), it reads the conversations that curation wrote into the folder of the run.
Start with `__main__.py`; `samples` makes two samples of each answer, and `loss_book` keeps what was read, so that a
work that was interrupted goes on.

Imports: events, examination, loss, models, run_files, samples, schemas.
"""

"""How models sit an exam: who is asked what, the answers as they come, and the marks.

Start with `contestants.py`: who sits it and what each reads. `generation` answers in batches (on a processor with
`grouped_attention`), `answer_book` keeps what
was answered, so that an exam that was interrupted goes on, `full_tuning` trains the one contestant that is not there
yet, `marking` makes the sheets, and `perplexity` reads texts.

Imports: events, loss, metrics, models, samples, statistics, schemas.
"""

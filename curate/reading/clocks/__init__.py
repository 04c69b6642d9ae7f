"""Clocks: what people and programs write into a column of times, read as seconds that can be compared.

`cells.py` takes the cells of a column apart; `dates.py` decides what comes first, day, month or year, over the whole
column; `half_days.py` knows twelve-hour clocks; `moments.py` puts it together; `row_order.py` puts rows into their
order, and `time_gaps.py` cuts where nothing was said. What a column leaves open is asked, in one sentence, never
guessed. Start with `moments.py`.

Imports: nothing.
"""

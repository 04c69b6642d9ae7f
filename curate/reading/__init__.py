"""Reading: from a raw file to turns, the messages of a log in their order.

`raw_rows.py` opens, decodes and splits a file (rooms `decoding` and `readers`); `input_reader.py` makes turns of its
rows, in a format that the recipe names or `detect_format.py` finds; `row_order.py` puts them into order by their times
(room `clocks`); `speakers.py` finds out who is the agent. No row vanishes: each gives turns or an event with a reason.
Start with `input_reader.py`.

Imports: reading.clocks, reading.decoding, reading.readers.
"""

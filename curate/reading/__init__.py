"""Reading: from a raw file to turns, the messages of a log in their order.

`raw_rows.py` opens, decodes and splits a file (rooms `decoding` and `readers`); `input_reader.py` makes turns of its
rows, in a format that the recipe names or `detect_format.py` finds; `whole_tables.py` puts them into order by their
times (room `clocks`); `speakers.py` finds out who is the agent; `parts_reader.py` reads an input of many files as one.
No row vanishes: each gives turns or an event with a reason. Start with `input_reader.py`.

Imports: conversations, reading.clocks, reading.decoding, reading.readers.
"""

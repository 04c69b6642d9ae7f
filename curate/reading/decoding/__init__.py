"""Decoding: from the bytes of a raw file to its text.

`archives.py` opens plain, packed and zipped files and stops bombs; `detect_encoding.py` finds the encoding by evidence
from the whole file (`han_statistics.py` knows what Chinese looks like); `decode.py` reads the text strictly: nothing is
ever replaced. `file_types.py` knows what is called a workbook and is none. Start with `detect_encoding.py`.

Imports: schemas.
"""

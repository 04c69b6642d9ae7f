"""Forms: sheets that people fill in, as they go out and as they come back from Excel, WPS, Numbers and the like.

`labels.py` names a sheet and its rows, so that no spreadsheet takes a name for a number or a date. `cells.py` writes
texts that every spreadsheet shows as they are, and takes off again what spreadsheets put around them. `words.py` makes
words that people typed comparable. `returned_form.py` reads a file that came back, whatever became of its encoding,
order, columns and sheets: start there. What the cells mean knows whoever made the sheet.

Imports: cleaning, publish.export_formats, reading, reading.decoding, reading.readers.
"""

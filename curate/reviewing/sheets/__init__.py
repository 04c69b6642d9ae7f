"""Review by spreadsheet: a workbook and a CSV go out, are filled in by whoever knows the business, and come back.

`sheet_way.py` is the way itself: start there. `columns.py` says what stands in a sheet, `shown_rows.py` writes a task
into a row, and `page.py` makes a page of rows; `workbook.py` writes it for Excel, `csv_table.py` as text, and
`sheet_files.py` never writes over what somebody has filled in. `journal.py` remembers which row shows which task.
`read_back.py` takes what came back and keeps apart what does not fit; `verdict_cells.py` reads the words of cells, and
`decide.py` says what they mean together.

Imports: forms, reviewing, system.
"""

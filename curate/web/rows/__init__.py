"""Finds rows fast and shows one: an index of each version that is made once and kept in the cache of its dataset, the
search over it, and the whole of what is known of one record.

Start with `row_index.py`, which makes an index out of what `line_table.py` finds in the files; `index_files.py` keeps
it, and `loaded_index.py` is one in memory. `row_filter.py` says which lines are meant, with `text_search.py` for words
and `reviewers.py` for decisions, and `choices.py` what may be asked. `listed_rows.py` reads the lines of a page,
`row_view.py` the whole of one, and `made_again.py` what the version does not hold. Nothing here knows an address or a
template.

Imports: build, decisions, history, ledger, recipe, rules, stages, store.
"""

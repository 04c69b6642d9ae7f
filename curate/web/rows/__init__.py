"""Finds rows fast and shows one: an index of each version that is made once and kept in the cache of its dataset, the
search over it, and the whole of what is known of one record.

Start with `row_index.py`. Nothing here knows an address or a template.

Imports: nothing.
"""

"""Finds records that repeat or contradict each other, and training records that are near held-out texts.

`clusters.py` finds who repeats whom: `sides.py` takes question and answer from a record, `side_comparison.py` says how
similar two are, `fact_codes.py` whether they differ in a fact, `survivors.py` who stays. `contradictions.py` compares
answers, `contamination.py` training with the exam, and `exam_neighbours.py` does so in a version on disk;
`cluster_table.py` and `signature_index.py` are what a version keeps, and `cluster_order.py` is how people read it. Two
rooms inside it know texts alone: `similarity` finds similar ones among millions, `texts` says what one means. Start
with `find_clusters`.

Imports: duplicates.similarity, duplicates.texts, rules.lexicons, store, system.
"""

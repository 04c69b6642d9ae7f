"""Finds similar texts among millions: shingles, MinHash signatures, candidates, and the exact Jaccard that decides.

The way of a text: `shingles.py` cuts it, `minhash.py` signs it, `candidates.py` proposes pairs by bands of signatures,
`bitmaps.py` rules most of them out, `jaccard.py` measures the rest, and `union_find.py` joins what is near. The room
knows texts and their indices, and nothing of records. Start with `candidates.py`: `cluster_leaders` shows the whole
way, `propose` its heart.

Imports: system.
"""

"""Union-find over positions: what hangs together by pairs."""

import numpy as np

from curate.duplicates.similarity.jaccard import Pairs, Places


def grow(tree: Places, pairs: Pairs) -> None:
    """Joins the trees of each pair, in place; every place then holds the smallest place of its tree."""
    one, other = pairs[:, 0], pairs[:, 1]
    while True:
        roots, others = tree[one], tree[other]
        apart = roots != others
        if not apart.any():
            return
        one, other = one[apart], other[apart]
        high, low = np.maximum(roots, others)[apart], np.minimum(roots, others)[apart]
        np.minimum.at(tree, high, low)
        while not np.array_equal(above := tree[tree], tree):
            tree[:] = above

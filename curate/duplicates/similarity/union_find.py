"""Union-find over indices: which texts are joined by pairs, directly or through others."""

import numpy as np

from curate.duplicates.similarity.arrays import Indices, Pairs


def union(tree: Indices, pairs: Pairs) -> None:
    """Join the trees of each pair, in place; every index then holds the smallest index of its tree."""
    first, second = pairs[:, 0], pairs[:, 1]
    while True:
        first_roots, second_roots = tree[first], tree[second]
        apart = first_roots != second_roots
        if not apart.any():
            return

        # hook the larger root of each pair below the smaller one; of several hooks of one root the smallest wins,
        # and the pairs that lose are still apart in the next pass
        first, second = first[apart], second[apart]
        high, low = np.maximum(first_roots, second_roots)[apart], np.minimum(first_roots, second_roots)[apart]
        np.minimum.at(tree, high, low)

        # jump pointers until every index holds its root: the depth halves each time
        while not np.array_equal(above := tree[tree], tree):
            tree[:] = above

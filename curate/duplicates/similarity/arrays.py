"""The types of the arrays that pass between the files of this room."""

import numpy as np
import numpy.typing as npt

Indices = npt.NDArray[np.int64]
"""Positions of texts in their series, or of values in another array."""
Pairs = npt.NDArray[np.int64]
"""Indices, shape (pairs, 2)."""
Offsets = npt.NDArray[np.int64]
"""Where parts of one long array begin and end."""
Mask = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.uint64]
"""Shingles, or pairs, each as one number."""
Bytes = npt.NDArray[np.uint8]
Sketch = npt.NDArray[np.uint8]
"""The low byte of every value of a MinHash signature, shape (texts, PERMUTATIONS)."""
Numbers = npt.NDArray[np.float64]

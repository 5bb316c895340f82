"""What tracks are tagged with, as further rows of the matrix that the ridge learns from: a tag that
several have says they belong together, as a listener does who met them all (Jeunen, Van Balen and
Goethals 2020, https://doi.org/10.1145/3383313.3418480, in the ridge of the nearest alone).
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

PAIRS = 1e9  # of tracks that tags may bring together: a row costs the square of its length


def tag_rows(tags: csr_array) -> csr_array:
    """Return a row for each tag of two tracks or more, of (n_items, n_tags); the usual weight is 1.

    Where all of them would cost too much, those of the most tracks, which say least, are left out.
    """
    rows = csr_array(tags.T.tocsr().astype(np.float32))
    rows.eliminate_zeros()
    counts = np.diff(rows.indptr).astype(np.float64)
    order = np.argsort(counts, kind="stable")
    is_cheap = np.zeros(counts.size, np.bool_)
    is_cheap[order] = np.cumsum(counts[order] ** 2) <= PAIRS
    kept = csr_array(rows[np.flatnonzero((counts > 1) & is_cheap)])
    return csr_array(kept / np.float32(kept.data.mean())) if kept.nnz else kept

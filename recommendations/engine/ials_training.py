"""The child process that trains iALS with `implicit`: `python ials_training.py FOLDER`.

Its OpenMP threads end with it, so the process that asked may still fork. It reads the matrix and
setting.json from the folder and writes items.npy.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
from implicit.als import AlternatingLeastSquares
from scipy.sparse import csr_matrix
from threadpoolctl import threadpool_limits


def main(folder: Path) -> None:
    parts = (
        np.load(folder / f"{name}.npy", allow_pickle=False)
        for name in ("data", "indices", "indptr")
    )
    asked = json.loads((folder / "setting.json").read_text())
    confidence = csr_matrix(tuple(parts), shape=asked["shape"])
    confidence.data = 1.0 + asked["setting"].pop("alpha") * confidence.data
    with threadpool_limits(1, "blas"):
        model = AlternatingLeastSquares(num_threads=asked["workers"], **asked["setting"])
        model.fit(confidence, show_progress=False)
    np.save(folder / "items.npy", model.item_factors)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

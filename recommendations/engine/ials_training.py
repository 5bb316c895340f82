"""The child process that trains iALS with `implicit`: `python ials_training.py FOLDER`.

Its OpenMP threads end with it, so the process that asked may still fork. It reads the matrix and
settings.json, a list, from the folder and writes items-<number>.npy for each setting.
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
    asked = json.loads((folder / "settings.json").read_text())
    matrix = csr_matrix(tuple(parts), shape=asked["shape"])
    for number, setting in enumerate(asked["settings"]):
        alpha = setting.pop("alpha")
        confidence = matrix.copy()
        confidence.data = 1.0 + alpha * matrix.data
        with threadpool_limits(1, "blas"):
            model = AlternatingLeastSquares(num_threads=asked["workers"], **setting)
            model.fit(confidence, show_progress=False)
        np.save(folder / f"items-{number}.npy", model.item_factors)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

import numpy as np
import pytest

from recommendations.engine.solve import backward, factorise, forward


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 8, 31, 100])
def test_solves_as_numpy_does(size):
    rng = np.random.default_rng(size)
    tall = rng.normal(size=(2 * size, size))
    matrix, right = tall.T @ tall + np.eye(size), rng.normal(size=size)
    upper, middle, found = matrix.astype("f4"), np.empty(size, "f4"), np.empty(size, "f4")

    factorise(upper, size, np.zeros(size, "f4"))
    forward(upper, right.astype("f4"), size, middle)
    backward(upper, middle, size, found)

    np.testing.assert_allclose(np.triu(upper), np.linalg.cholesky(matrix).T, atol=1e-3)
    np.testing.assert_allclose(found, np.linalg.solve(matrix, right), atol=1e-3)


def test_lifts_a_pivot_that_is_no_longer_positive():
    upper = np.array([[1.0, 1.0], [1.0, 0.5]], "f4")

    factorise(upper, 2, np.full(2, 0.25, "f4"))

    np.testing.assert_allclose(np.triu(upper), [[1.0, 1.0], [0.0, 0.5]])

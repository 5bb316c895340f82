import numpy as np
import pytest

from recommendations.engine.solve import LIFT, backward, cholesky, forward, lifted


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 8, 31, 100])
def test_solves_as_numpy_does(size):
    rng = np.random.default_rng(size)
    tall = rng.normal(size=(2 * size, size))
    matrix, right = tall.T @ tall + np.eye(size), rng.normal(size=size)
    middle, found = np.empty(size, "f4"), np.empty(size, "f4")

    upper = cholesky(matrix.astype("f4"))
    forward(upper, right.astype("f4"), size, middle)
    backward(upper, middle, size, found)

    np.testing.assert_allclose(np.triu(upper), np.linalg.cholesky(matrix).T, atol=1e-3)
    np.testing.assert_allclose(found, np.linalg.solve(matrix, right), atol=1e-3)


def test_the_library_and_the_own_way_find_the_same_factor():
    rng = np.random.default_rng(0)
    tall = rng.normal(size=(90, 40)).astype("f4")
    matrix = np.triu(tall.T @ tall + np.eye(40, dtype="f4"))

    np.testing.assert_allclose(
        np.triu(cholesky(matrix)), np.triu(lifted(matrix)), rtol=1e-3, atol=1e-4
    )


def test_an_indefinite_matrix_is_factorised_with_its_pivots_lifted():
    matrix = np.array([[1.0, 2.0], [2.0, 1.0]], "f4")

    upper = cholesky(matrix)

    np.testing.assert_allclose(np.triu(upper), [[1.0, 2.0], [0.0, 0.0316]], atol=1e-3)


def test_a_pivot_near_nought_is_lifted_to_a_share_of_its_diagonal():
    matrix = np.array([[1.0, 2.0], [2.0, 4.0]], "f4")

    np.testing.assert_allclose(np.triu(lifted(matrix)), [[1.0, 2.0], [0.0, (4 * LIFT) ** 0.5]])

import numpy as np

from recommendations.engine.knn import CosineKNN
from tests.recommendations.engine.models import crowd


def slow_knn(x, k, history_power, candidate_power):
    support = np.maximum((x > 0).sum(axis=0), 1).astype(float)
    weights = x.T @ x / support[:, None] ** history_power
    np.fill_diagonal(weights, 0)
    for column in weights.T:
        order = np.lexsort((np.arange(len(column)), -column))
        column[order[k:]] = 0
    return weights * support**-candidate_power


def test_equals_the_formula():
    world = crowd(n_users=200)
    x = world.matrix.toarray().astype(float)

    for powers in [(0.5, 0.5), (0.7, 0.3), (0.0, 0.0)]:
        model = CosineKNN(k=6, history_power=powers[0], candidate_power=powers[1]).fit(world)

        np.testing.assert_allclose(model.weights_.toarray(), slow_knn(x, 6, *powers), atol=1e-5)


def test_the_cosine_is_the_cosine():
    world = crowd(n_users=200)
    x = world.matrix.toarray().astype(float)

    weights = CosineKNN(k=29).fit(world).weights_.toarray()

    unit = x / np.linalg.norm(x, axis=0)
    expected = unit.T @ unit
    np.fill_diagonal(expected, 0)
    np.testing.assert_allclose(weights, expected, atol=1e-6)


def test_a_user_who_met_everything_says_less():
    world = crowd(n_users=100)
    x = world.matrix.toarray().astype(float)

    weights = CosineKNN(k=29, user_power=1.0).fit(world).weights_.toarray()

    shares = x / np.sqrt(x.sum(axis=1, keepdims=True))
    support = x.sum(axis=0)
    expected = shares.T @ shares / np.sqrt(np.outer(support, support))
    np.fill_diagonal(expected, 0)
    np.testing.assert_allclose(weights, expected, atol=1e-6)

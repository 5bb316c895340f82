import numpy as np
import pytest

from recommendations.engine import ials
from recommendations.engine.ials import IALS, TrainingError, fold_in, train
from tests.recommendations.engine.models import crowd


def test_folding_in_many_equals_one_solve_each():
    world = crowd()
    model = IALS(factors=5, alpha=3.0, workers=1).fit(world).low_rank_
    histories = world.matrix[:10].copy()
    histories.data[::3] = -0.5

    users = fold_in(model, histories)

    for row, found in enumerate(users):
        start, end = histories.indptr[row : row + 2]
        slow = model.folded(histories.indices[start:end], histories.data[start:end]).user
        np.testing.assert_allclose(found, slow, rtol=1e-3, atol=1e-4)


def test_a_training_user_folds_in_where_training_put_them():
    """At the end of training each user's vector is the solve that fold-in repeats."""
    world = crowd(n_users=200)
    model = IALS(factors=3, alpha=2.0, regularization=0.5, iterations=100, workers=1).fit(world)
    x, y = world.matrix.toarray(), model.low_rank_.factors.astype(float)

    users = fold_in(model.low_rank_, world.matrix).astype(float)

    confidence = 1 + 2.0 * x
    for item in range(world.n_items):
        weighted = users * confidence[:, [item]]
        system = users.T @ weighted + 0.5 * np.eye(3)
        slow = np.linalg.solve(system, weighted.T @ x[:, item])
        np.testing.assert_allclose(y[item], slow, atol=0.05)


def test_scores_the_best_items_beside_those_heard():
    world = crowd()
    model = IALS(factors=4, candidates=6, workers=1).fit(world)

    scores = model.score(world.matrix)

    dense = fold_in(model.low_rank_, world.matrix) @ model.low_rank_.factors.T
    longest = np.diff(world.matrix.indptr).max()
    for row, line in enumerate(dense):
        start, end = scores.indptr[row : row + 2]
        assert set(scores.indices[start:end]) == set(np.argsort(-line)[: 6 + longest])


def test_many_rows_are_scored_in_blocks(monkeypatch):
    world = crowd()
    model = IALS(factors=4, workers=1).fit(world)
    at_once = model.score(world.matrix).toarray()

    monkeypatch.setattr(ials, "ROWS", 7)

    np.testing.assert_allclose(model.score(world.matrix).toarray(), at_once, rtol=1e-4)


def test_says_what_the_child_died_of():
    setting = {"factors": 2, "regularization": 0.1, "alpha": 1.0, "no_such": 1}

    with pytest.raises(TrainingError, match="no_such"):
        train(crowd().matrix, setting)


def test_stopping_ends_the_child():
    class Stop(Exception):
        pass

    def stop(done):
        raise Stop

    model = IALS(factors=200, iterations=100_000, progress=stop)

    with pytest.raises(Stop):
        model.fit(crowd())
    assert model.low_rank_ is None


def test_the_number_of_workers_changes_no_byte():
    world = crowd(n_users=300, n_items=200, share=0.05)

    one, three = (IALS(factors=8, workers=n).fit(world).low_rank_ for n in (1, 3))

    assert one.factors.tobytes() == three.factors.tobytes()
    assert one.gram.tobytes() == three.gram.tobytes()

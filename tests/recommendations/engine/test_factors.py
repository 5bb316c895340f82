import numpy as np
import pytest
from scipy.sparse import csr_array

from recommendations.engine import factors, ials
from recommendations.engine.factors import Setting
from recommendations.engine.linear import liked
from tests.recommendations.engine.models import crowd, two_camps


def slow_round(x, items, alpha, regularization):
    """Users, then items, each by the normal equations of the paper, row by row."""
    for side in (x, x.T):
        gram = items.T @ items + regularization * np.eye(items.shape[1])
        items = np.stack(
            [
                np.linalg.solve(
                    gram + alpha * items.T @ (row[:, None] * items), (1 + alpha) * items.T @ row
                )
                for row in side
            ]
        )
    return items


@pytest.mark.parametrize("n_factors", [3, 12])  # many met more than 3 things, few more than 12
def test_one_round_solves_the_normal_equations_of_every_row(n_factors, monkeypatch):
    world = crowd(n_users=80, share=0.07)
    start = np.random.default_rng(0).normal(size=(30, n_factors)).astype("f4")
    monkeypatch.setattr(factors, "_leading_directions", lambda *_: start)

    found = factors.train(liked(world), Setting(n_factors, 4.0, 0.5, rounds=1))

    degrees = np.diff(world.matrix.indptr)
    assert (degrees == 1).any()
    slow = slow_round(world.matrix.toarray().astype(float), start.astype(float), 4.0, 0.5)
    np.testing.assert_allclose(found.factors, slow, atol=2e-3)
    np.testing.assert_allclose(
        found.gram, found.factors.T @ found.factors + 0.5 * np.eye(n_factors), rtol=1e-4, atol=1e-5
    )


def test_ends_where_the_peer_ends():
    world = two_camps(n=24)
    setting = {"factors": 2, "regularization": 1.0, "alpha": 2.0}
    peer = ials.IALS(**setting, iterations=200, workers=1).fit(world).low_rank_

    ours = factors.train(liked(world), Setting(2, 2.0, 1.0, rounds=200))

    scores = [ials.fold_in(model, world.matrix) @ model.factors.T for model in (ours, peer)]
    assert np.corrcoef(*map(np.ravel, scores))[0, 1] > 0.99


def test_starts_from_the_leading_directions_of_the_evened_matrix():
    x = liked(crowd(n_users=200, share=0.3))
    lengths = [np.sqrt(np.maximum(x.toarray().sum(axis=axis), 1)) for axis in (1, 0)]
    _, _, right = np.linalg.svd(x.toarray() / np.outer(*lengths), full_matrices=False)

    start = factors._leading_directions(x, 12, np.random.default_rng(0)).astype(float)

    basis, _ = np.linalg.qr(start)
    np.testing.assert_allclose(np.linalg.norm(basis.T @ right[0]), 1.0, atol=1e-2)


def test_more_factors_than_listeners_do_no_harm():
    few = csr_array(np.eye(3, 5, dtype="f4"))

    found = factors.train(few, Setting(factors=8))

    assert found.factors.shape == (5, 8)
    assert np.isfinite(found.factors).all()
    assert (found.factors[3:] == 0).all()


def test_the_number_of_workers_changes_no_byte():
    world = liked(crowd(n_users=2000, n_items=900, share=0.05))

    one, three = (factors.train(world, Setting(8), workers=n) for n in (1, 3))

    assert one.factors.tobytes() == three.factors.tobytes()
    assert one.gram.tobytes() == three.gram.tobytes()


def test_tells_its_progress_and_stops_when_told_so():
    told = []

    def stop(done):
        told.append(done)
        if done >= 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        factors.train(liked(crowd()), Setting(4, rounds=4), progress=stop)
    assert told == [0.25, 0.5]

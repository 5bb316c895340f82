import os
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_array

from recommendations.engine import artifacts
from recommendations.engine.evaluation.metrics import mae, rmse
from recommendations.engine.evaluation.splits import k_folds
from recommendations.engine.interactions import Interactions
from recommendations.engine.protocol import NotFittedError
from recommendations.engine.ratings import BiasedMF

DATA = Path(os.environ.get("SEGUE_TEST_DATA", Path(__file__).parents[4] / "shared/data"))
CM100K = DATA / "cm100k/ratings.txt"

# 5 folds of `cm100k()` drawn with seed 0, measured with scikit-surprise 1.1.5, its defaults.
SURPRISE_SVD, SURPRISE_BASELINE = 0.78286, 0.78218


def cm100k():
    if not CM100K.exists():
        pytest.skip(f"{CM100K} is not here")
    users, items, ratings, _ = np.loadtxt(CM100K, dtype=np.int64, unpack=True)
    return Interactions.from_triples(users, items, ratings)


def two_tastes(n_users=60, n_items=40, seed=0):
    """Make ratings of two camps: each gives its own half of the items 5, the other half 1."""
    rng = np.random.default_rng(seed)
    users, items = np.nonzero(rng.random((n_users, n_items)) < 0.6)
    ratings = np.where(users % 2 == items % 2, 5.0, 1.0)
    return Interactions.from_triples(users, items, ratings, item_ids=np.arange(n_items))


def ratings_of(given, n_items=40):
    items, values = zip(*given, strict=True)
    return csr_array((np.array(values, float), ([0] * len(items), items)), shape=(1, n_items))


def test_someone_unknown_is_understood_from_a_few_ratings():
    model = BiasedMF(reg_factors=1.0).fit(two_tastes())

    expected = model.predict(ratings_of([(0, 5.0), (2, 5.0), (1, 1.0), (3, 1.0)]))[0]

    assert expected[4::2].min() > 3.8
    assert expected[5::2].max() < 2.2


def test_nothing_rated_gives_each_items_own_mean():
    users = np.repeat(np.arange(50), 2)
    model = BiasedMF(reg_bias=1e-6).fit(
        Interactions.from_triples(users, np.tile([0, 1], 50), np.tile([4.0, 2.0], 50))
    )

    expected = model.predict(csr_array((1, 2)))

    np.testing.assert_allclose(expected, [[4.0, 2.0]], atol=0.01)


def test_folding_in_equals_the_ridge_regression_written_out():
    model = BiasedMF(factors=3, reg_bias=2.0, reg_factors=7.0).fit(two_tastes())
    rated, values = np.array([3, 8, 20]), np.array([5.0, 4.0, 1.0])

    folded = model.fold_in(ratings_of(list(zip(rated, values, strict=True))))[0]

    features = np.column_stack([np.ones(3), model.items_[rated, 1:]])
    target = values - model.mean_ - model.items_[rated, 0]
    gram = features.T @ features + np.diag([2.0, 7.0, 7.0, 7.0])
    np.testing.assert_allclose(folded, np.linalg.solve(gram, features.T @ target))


def test_training_lowers_what_it_promises_to_lower():
    """Each half step solves its side exactly, so the penalised error can only fall."""
    ratings = two_tastes()

    def objective(epochs):
        model = BiasedMF(epochs=epochs, scale=(-99, 99)).fit(ratings)
        users = model.fold_in(ratings.matrix)
        error = model.predict_pairs(ratings.matrix, ratings.matrix) - ratings.matrix.data
        doubt = np.r_[model.reg_bias, np.full(model.factors, model.reg_factors)]
        return (error**2).sum() + (users**2 @ doubt).sum() + (model.items_**2 @ doubt).sum()

    values = [objective(epochs) for epochs in (1, 2, 4, 8, 16)]

    assert values == sorted(values, reverse=True)


def test_pairs_are_predicted_as_in_the_whole_table():
    ratings = two_tastes()
    model = BiasedMF().fit(ratings)

    pairs = model.predict_pairs(ratings.matrix, ratings.matrix)

    rows = np.repeat(np.arange(60), np.diff(ratings.matrix.indptr))
    whole = model.predict(ratings.matrix)
    np.testing.assert_allclose(pairs, whole[rows, ratings.matrix.indices])
    np.testing.assert_array_equal(model.predict(ratings.matrix, np.array([7, 3])), whole[:, [7, 3]])


def test_answers_stay_on_the_scale():
    model = BiasedMF(scale=(1.0, 4.0), reg_bias=0.01).fit(two_tastes())

    expected = model.predict(two_tastes().matrix)

    assert expected.min() >= 1.0
    assert expected.max() == 4.0


def test_more_doubt_keeps_answers_nearer_to_the_mean():
    given = ratings_of([(0, 5.0)])

    bold, careful = (
        BiasedMF(reg_bias=reg).fit(two_tastes()).predict(given).mean() for reg in (0.1, 50.0)
    )

    assert bold > careful


def test_the_model_holds_no_person():
    model = BiasedMF().fit(two_tastes(n_users=61))

    assert all(61 not in array.shape for array in model.to_arrays().values())
    assert all(61 not in np.shape(value) for value in vars(model).values())


def test_serves_the_same_from_a_stored_artifact(tmp_path):
    model = BiasedMF().fit(two_tastes())
    given = ratings_of([(0, 5.0), (1, 2.0)])
    artifacts.publish(tmp_path / "ratings", kind="ratings", arrays=model.to_arrays())

    _, arrays = artifacts.open_arrays(tmp_path / "ratings")
    again = BiasedMF().with_arrays(arrays)

    np.testing.assert_array_equal(again.predict(given), model.predict(given))


def test_second_fit_forgets_the_first_and_repeats_byte_for_byte():
    model = BiasedMF().fit(two_tastes(seed=1)).fit(two_tastes(seed=2))

    fresh = BiasedMF().fit(two_tastes(seed=2))

    for name, array in fresh.to_arrays().items():
        assert array.tobytes() == model.to_arrays()[name].tobytes()


def test_no_ratings_at_all_give_the_middle_of_the_scale():
    model = BiasedMF().fit(Interactions(csr_array((0, 3)), np.array([]), np.arange(3)))

    np.testing.assert_array_equal(model.predict(csr_array((1, 3))), [[3.0, 3.0, 3.0]])


def test_says_what_to_do_before_the_first_fit():
    with pytest.raises(NotFittedError, match="fit"):
        BiasedMF().predict(csr_array((1, 3)))


def test_is_ahead_of_the_peers_on_real_ratings():
    ratings, found = cm100k(), []

    for fold in k_folds(ratings, k=5, rng=np.random.default_rng(0)):
        model = BiasedMF(scale=(1.0, 4.0)).fit(fold.train)
        predicted = model.predict_pairs(fold.train.matrix, fold.held_out)
        found.append((rmse(predicted, fold.held_out.data), mae(predicted, fold.held_out.data)))

    assert np.mean(found, axis=0)[0] < min(SURPRISE_SVD, SURPRISE_BASELINE) - 0.05


def test_the_peers_figures_are_those_of_the_peers():
    surprise = pytest.importorskip("surprise", reason="development-only peer: group `peers`")
    found = {"SVD": [], "BaselineOnly": []}

    for fold in k_folds(cm100k(), k=5, rng=np.random.default_rng(0)):
        train, held_out = fold.train.matrix.tocoo(), fold.held_out.tocoo()
        rows = zip(train.row.tolist(), train.col.tolist(), train.data.tolist(), strict=True)
        data = surprise.Dataset(surprise.Reader(rating_scale=(1, 4)))
        trainset = data.construct_trainset([(*row, None) for row in rows])
        for peer in (surprise.SVD(random_state=0), surprise.BaselineOnly(verbose=False)):
            peer.fit(trainset)
            pairs = zip(held_out.row.tolist(), held_out.col.tolist(), strict=True)
            predicted = np.array([peer.predict(user, item).est for user, item in pairs])
            found[type(peer).__name__].append(rmse(predicted, held_out.data))

    assert np.mean(found["SVD"]) == pytest.approx(SURPRISE_SVD, abs=2e-4)
    assert np.mean(found["BaselineOnly"]) == pytest.approx(SURPRISE_BASELINE, abs=2e-4)

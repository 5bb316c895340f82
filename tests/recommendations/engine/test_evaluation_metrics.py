import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array
from sklearn.metrics import (
    average_precision_score,
    label_ranking_average_precision_score,
    ndcg_score,
)
from sklearn.metrics.pairwise import cosine_similarity

from recommendations.engine.evaluation import metrics

N_USERS, N_ITEMS = 5, 12


@st.composite
def worlds(draw):
    """Draw lists without repeats, some short, and held-out items, none for some users."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    length = draw(st.integers(1, N_ITEMS))
    ranked = np.argsort(rng.random((N_USERS, N_ITEMS)), axis=1)[:, :length]
    short = rng.integers(0, length + 1, N_USERS)
    ranked[np.arange(length) >= short[:, None]] = -1
    held_out = csr_array((rng.random((N_USERS, N_ITEMS)) < rng.random()).astype(np.float32))
    return ranked, held_out


def full_ranking(seed):
    """Make scores, the full ranking of them and held-out items, at least one a user."""
    rng = np.random.default_rng(seed)
    scores = rng.random((30, 40))
    relevant = rng.random((30, 40)) < 0.1
    relevant[:, 0] = True
    return scores, np.argsort(-scores, axis=1), relevant.astype(float)


@pytest.mark.parametrize("n", [1, 5, 20, 40])
def test_ndcg_equals_scikit_learn(n):
    scores, ranked, relevant = full_ranking(n)

    ours = metrics.accuracy(ranked, csr_array(relevant), n=n)["ndcg"]

    theirs = [ndcg_score(relevant[[u]], scores[[u]], k=n) for u in range(30)]
    np.testing.assert_allclose(ours, theirs)


def test_map_of_the_full_ranking_equals_scikit_learn():
    scores, ranked, relevant = full_ranking(3)

    ours = metrics.accuracy(ranked, csr_array(relevant), n=40)["map"]

    theirs = [average_precision_score(relevant[u], scores[u]) for u in range(30)]
    np.testing.assert_allclose(ours, theirs)


def test_mrr_of_one_right_item_equals_scikit_learn():
    scores, ranked, _ = full_ranking(4)
    relevant = np.eye(30, 40)

    ours = metrics.accuracy(ranked, csr_array(relevant), n=40)["mrr"]

    assert ours.mean() == pytest.approx(label_ranking_average_precision_score(relevant, scores))


def test_one_list_by_hand():
    """Held out 0, 1, 2, 3, 4; shown 9, 0, 8, 1: right at places 2 and 4."""
    held_out = csr_array([[1, 1, 1, 1, 1, 0, 0, 0, 0, 0]])

    found = metrics.accuracy(np.array([[9, 0, 8, 1]]), held_out, n=4)

    assert found["precision"][0] == pytest.approx(2 / 4)
    assert found["recall"][0] == pytest.approx(2 / 5)
    assert found["f1"][0] == pytest.approx(2 * (1 / 2) * (2 / 5) / (1 / 2 + 2 / 5))
    assert found["map"][0] == pytest.approx((1 / 2 + 2 / 4) / 4)
    assert found["mrr"][0] == pytest.approx(1 / 2)
    assert found["hit_rate"][0] == 1.0


def test_an_item_held_out_with_a_weight_against_it_is_not_right():
    held_out = csr_array([[-2.0, 1.0]])

    found = metrics.accuracy(np.array([[0]]), held_out, n=1)

    assert found["recall"][0] == 0.0


def test_users_with_nothing_held_out_are_nan_and_empty_lists_are_zero():
    held_out = csr_array([[0, 0], [0, 1]])

    found = metrics.accuracy(np.full((2, 3), -1), held_out, n=3)

    for values in found.values():
        assert np.isnan(values[0])
        assert values[1] == 0.0


def test_padding_is_not_the_last_item_of_the_user_before():
    held_out = csr_array([[0, 1], [1, 0]])

    hits = metrics.hits(np.array([[0], [-1]]), held_out)

    assert not hits.any()


@given(worlds())
def test_every_metric_is_between_nought_and_one(world):
    ranked, held_out = world

    for values in metrics.accuracy(ranked, held_out, n=5).values():
        known = values[~np.isnan(values)]
        assert np.all((known >= 0.0) & (known <= 1.0 + 1e-12))


@given(worlds(), st.permutations(range(N_USERS)))
def test_the_order_of_the_users_says_nothing(world, order):
    ranked, held_out = world

    before = metrics.accuracy(ranked, held_out, n=5)
    after = metrics.accuracy(ranked[order], csr_array(held_out[order]), n=5)

    for name, values in before.items():
        np.testing.assert_array_equal(values[order], after[name])


@given(worlds(), st.data())
def test_putting_a_right_item_in_place_of_a_wrong_one_never_lowers_anything(world, data):
    ranked, held_out = world
    user = data.draw(st.integers(0, N_USERS - 1))
    missing = np.setdiff1d(held_out[[user]].indices, ranked[user])
    wrong = np.flatnonzero(~metrics.hits(ranked, held_out)[user])
    better = ranked.copy()
    if missing.size and wrong.size:
        better[user, data.draw(st.sampled_from(wrong.tolist()))] = missing[0]

    before = metrics.accuracy(ranked, held_out, n=N_ITEMS)
    after = metrics.accuracy(better, held_out, n=N_ITEMS)

    for name, values in before.items():
        assert np.all((after[name] >= values - 1e-12) | np.isnan(values))


@given(worlds())
def test_a_perfect_list_gets_all_there_is(world):
    _, held_out = world
    perfect = np.argsort(-held_out.toarray(), axis=1, kind="stable")

    found = metrics.accuracy(perfect, held_out, n=5)

    asked = np.diff(held_out.indptr) > 0
    for name in ("ndcg", "map", "mrr", "hit_rate"):
        np.testing.assert_allclose(found[name][asked], 1.0)


def test_coverage_and_gini_of_equal_and_of_one_sided_lists():
    equal, one_sided = np.arange(10)[:, None], np.zeros((10, 1), dtype=int)

    assert metrics.coverage(equal, 10) == 1.0
    assert metrics.gini(equal, 10) == pytest.approx(0.0)
    assert metrics.coverage(one_sided, 10) == 0.1
    assert metrics.gini(one_sided, 10) == pytest.approx(0.9)


def test_gini_is_half_the_mean_difference_over_the_mean():
    ranked = np.array([[0, 1], [0, 2], [0, -1]])
    shown = np.array([3, 1, 1, 0])

    slow = np.abs(shown[:, None] - shown).mean() / (2 * shown.mean())

    assert metrics.gini(ranked, 4) == pytest.approx(slow)


def test_novelty_is_the_surprise_in_bits():
    degrees = np.array([7, 1, 0])

    found = metrics.novelty(np.array([[0, 1], [2, -1], [-1, -1]]), degrees, n_users=7)

    np.testing.assert_allclose(found, [1.0, 3.0, np.nan])


def test_popularity_lift_compares_with_the_users_own_history():
    histories = csr_array([[1, 0, 0], [0, 2, 0], [0, 0, 0]])
    degrees = np.array([10, 5, 40])

    found = metrics.popularity_lift(np.array([[2], [1], [2]]), histories, degrees)

    assert found == pytest.approx((40 + 5) / (10 + 5))
    assert np.isnan(metrics.popularity_lift(np.array([[-1], [-1], [2]]), histories, degrees))


@given(worlds())
def test_diversity_equals_the_mean_over_all_pairs(world):
    ranked, _ = world
    vectors = np.random.default_rng(1).normal(size=(N_ITEMS, 4))
    vectors[3] = 0.0

    found = metrics.diversity(ranked, csr_array(vectors))

    for row, value in zip(ranked, found, strict=True):
        shown = row[row >= 0]
        if shown.size < 2:
            assert np.isnan(value)
        else:
            above = cosine_similarity(vectors[shown])[np.triu_indices(shown.size, 1)]
            assert value == pytest.approx(1.0 - above.mean())


def test_errors_of_ratings():
    predicted, actual = np.array([1.0, 2.0, 3.0]), np.array([1, 4, 2])

    assert metrics.mse(predicted, actual) == pytest.approx(5 / 3)
    assert metrics.rmse(predicted, actual) == pytest.approx(np.sqrt(5 / 3))
    assert metrics.mae(predicted, actual) == pytest.approx(1.0)

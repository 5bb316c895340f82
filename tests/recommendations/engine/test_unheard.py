import numpy as np
import pytest
from scipy.sparse import csr_array

from recommendations.engine import unheard
from recommendations.engine.unheard import carried, expected_listeners


def test_a_cold_track_is_carried_by_the_tracks_it_is_like():
    weights = csr_array(np.array([[0, 0.8, 0], [0.4, 0, 0], [0, 0, 0]], dtype=np.float32))
    likeness = csr_array(np.array([[0, 0, 1.0], [0, 0, 2.0], [0, 0, 0]], dtype=np.float32))

    found = carried(weights, likeness, np.array([5, 5, 0]), power=1.0).toarray()

    np.testing.assert_allclose(found[:, 2], [0.8 * 2 / 3, 0.4 / 3, 0], atol=1e-6)


def test_a_track_with_plays_is_not_carried():
    weights = csr_array(np.ones((2, 2), np.float32))
    likeness = csr_array(np.array([[0, 1.0], [1.0, 0]], dtype=np.float32))

    found = carried(weights, likeness, np.array([3, 0]), power=1.0).toarray()

    np.testing.assert_allclose(found, [[0, 1], [0, 1]])


def test_the_likest_alone_carry_where_so_few_are_asked_for():
    weights = csr_array(np.diag([1.0, 2.0, 0]).astype(np.float32))
    likeness = csr_array(np.array([[0, 0, 1.0], [0, 0, 0.9], [0, 0, 5.0]], dtype=np.float32))

    found = carried(weights, likeness, np.array([1, 1, 0]), near=1).toarray()

    np.testing.assert_allclose(found[:, 2], [1, 0, 0])


def test_more_tracks_than_are_worked_out_at_once_are_carried(monkeypatch):
    rng = np.random.default_rng(0)
    weights, likeness = (csr_array(rng.random((30, 30)).astype(np.float32)) for _ in range(2))
    support = rng.integers(0, 2, 30)
    whole = carried(weights, likeness, support)

    monkeypatch.setattr(unheard, "BLOCK", 4)

    np.testing.assert_array_equal(carried(weights, likeness, support).toarray(), whole.toarray())
    expected = likeness.toarray() ** 2 * (support > 0)[:, None] * (support == 0)
    expected = weights.toarray() @ (expected / np.maximum(expected.sum(axis=0), 1e-12))
    np.testing.assert_allclose(whole.toarray(), expected, rtol=1e-5)


def test_tracks_nobody_played_carry_nobody():
    weights = csr_array(np.ones((2, 2), np.float32))
    likeness = csr_array(np.array([[0, 1.0], [0, 0]], dtype=np.float32))

    assert carried(weights, likeness, np.array([0, 0])).nnz == 0


def test_expects_what_the_hints_of_played_tracks_taught():
    rng = np.random.default_rng(0)
    hint = rng.uniform(0, 5, 300)
    support = np.round(np.exp(hint))
    support[250:] = 0  # not played yet

    expected = expected_listeners(hint[:, None], np.full(300, -1), support)

    np.testing.assert_allclose(np.log(expected[250:]), hint[250:], atol=0.5)


def test_an_artist_whose_tracks_are_played_is_expected_to_be_played():
    artist = np.repeat(np.arange(100), 4)
    support = np.where(artist % 2, 100, 3)
    support[::4] = 0
    unknown = np.full((400, 1), np.nan)

    expected = expected_listeners(unknown, artist, support)[::4]

    assert expected[1::2].min() > 3 * expected[::2].max()


def test_a_track_does_not_speak_for_itself():
    artist, support = np.arange(50), np.arange(1, 51)

    expected = expected_listeners(np.full((50, 1), np.nan), artist, support)

    np.testing.assert_allclose(expected, expected[0])


@pytest.mark.parametrize("support", [np.zeros(3), np.array([0, 4, 0])])
def test_expects_the_same_of_all_where_little_is_known(support):
    expected = expected_listeners(np.full((3, 2), np.nan), np.full(3, -1), support)

    np.testing.assert_allclose(expected, expected[0])

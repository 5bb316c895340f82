import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommendations.engine.evaluation.splits import (
    Events,
    by_time,
    by_user,
    by_whole_user,
    k_folds,
    leave_last_out,
)
from recommendations.engine.interactions import Interactions

pairs = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 8)), min_size=1, max_size=60, unique=True
)


def interactions_of(pairs):
    users, items = zip(*pairs, strict=True)
    weights = np.arange(1, len(pairs) + 1)
    return Interactions.from_triples(users, items, weights)


def events_of(*rows):
    """Make events of (user, item, time)."""
    users, items, times = zip(*rows, strict=True)
    return Events.from_columns(users, items, None, times)


def rng():
    return np.random.default_rng(7)


@given(pairs, st.floats(0.05, 0.9))
def test_by_user_keeps_every_interaction_on_one_side(pairs, share):
    whole = interactions_of(pairs)

    split = by_user(whole, share=share, rng=rng())

    assert (split.train.matrix + split.held_out != whole.matrix).nnz == 0
    assert split.train.matrix.multiply(split.held_out).nnz == 0


@given(pairs, st.floats(0.05, 0.9))
def test_by_user_leaves_everyone_something_and_asks_everyone_who_can_spare(pairs, share):
    whole = interactions_of(pairs)
    counts = np.diff(whole.matrix.indptr)

    split = by_user(whole, share=share, rng=rng())

    held = np.diff(split.held_out.indptr)
    assert np.all(np.diff(split.train.matrix.indptr) >= 1)
    assert np.all(held[counts >= 2] >= 1)
    nearest = np.abs(held - share * counts) <= 0.5 + 1e-9
    assert np.all(nearest | (held == 1) | (held == counts - 1) | (counts < 2))


def test_by_user_is_repeated_by_the_same_seed_alone():
    whole = Interactions.from_triples(np.repeat(np.arange(20), 10), np.tile(np.arange(10), 20))

    first, again, other = (
        by_user(whole, rng=np.random.default_rng(seed)).held_out for seed in (1, 1, 2)
    )

    assert (first != again).nnz == 0
    assert (first != other).nnz > 0


def test_by_time_cuts_everyone_at_one_moment():
    events = events_of(
        ("ann", "a", 1), ("ann", "b", 9), ("ben", "b", 2), ("ben", "c", 3), ("cleo", "a", 8)
    )

    split = by_time(events, moment=5)

    np.testing.assert_array_equal(split.train.matrix.toarray(), [[1, 0, 0], [0, 1, 1], [0, 0, 0]])
    np.testing.assert_array_equal(split.held_out.toarray(), [[0, 1, 0], [0, 0, 0], [1, 0, 0]])
    np.testing.assert_array_equal(split.cold_users, [False, False, True])
    np.testing.assert_array_equal(split.item_degrees, [1, 1, 1])


def test_by_time_never_asks_for_what_was_met_before():
    events = events_of(("ann", "a", 1), ("ann", "a", 9), ("ann", "b", 9))

    split = by_time(events, moment=5)

    np.testing.assert_array_equal(split.held_out.toarray(), [[0, 1]])


def test_by_time_holds_out_about_the_share_asked_for():
    events = Events.from_columns(np.arange(100) % 7, np.arange(100), None, np.arange(100))

    split = by_time(events, share=0.3)

    assert split.held_out.nnz == 30


def test_events_before_a_moment_keep_every_row_and_column():
    events = events_of(("ann", "a", 1), ("ben", "b", 9))

    earlier = events.before(5).interactions()

    assert earlier.matrix.shape == (2, 2)
    assert earlier.matrix.nnz == 1


def test_leave_last_out_holds_out_what_was_met_first_most_recently():
    events = events_of(
        ("ann", "a", 1), ("ann", "b", 2), ("ann", "a", 9), ("ann", "c", 5), ("ben", "b", 4)
    )

    split = leave_last_out(events)

    np.testing.assert_array_equal(split.train.matrix.toarray(), [[2, 1, 0], [0, 1, 0]])
    np.testing.assert_array_equal(split.held_out.toarray(), [[0, 0, 1], [0, 0, 0]])


@pytest.mark.parametrize(("n", "held"), [(1, [1, 0]), (2, [2, 0]), (9, [2, 0])])
def test_leave_last_out_leaves_everyone_an_item(n, held):
    events = events_of(("ann", "a", 1), ("ann", "b", 2), ("ann", "c", 3), ("ben", "a", 1))

    split = leave_last_out(events, n=n)

    np.testing.assert_array_equal(np.diff(split.held_out.indptr), held)


def test_whole_users_are_gone_from_training_and_asked_for_all_but_the_heaviest():
    whole = Interactions.from_triples(
        np.repeat(np.arange(40), 3), np.tile([0, 1, 2], 40), np.tile([1, 3, 2], 40)
    )

    split, histories = by_whole_user(whole, share=0.5, given=1, rng=rng())

    newcomers = split.cold_users
    assert 0 < newcomers.sum() < 40
    assert np.all(histories.toarray()[newcomers] == [0, 3, 0])
    assert np.all(split.held_out.toarray()[newcomers] == [1, 0, 2])
    assert histories[~newcomers].nnz == split.held_out[~newcomers].nnz == 0


@given(pairs, st.integers(2, 5))
def test_folds_hold_out_every_interaction_once(pairs, k):
    whole = interactions_of(pairs)

    folds = list(k_folds(whole, k=k, rng=rng()))

    sizes = [fold.held_out.nnz for fold in folds]
    assert (sum(fold.held_out for fold in folds) != whole.matrix).nnz == 0
    assert max(sizes) - min(sizes) <= 1
    assert all(fold.train.matrix.nnz + fold.held_out.nnz == whole.matrix.nnz for fold in folds)

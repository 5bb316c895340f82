import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommendations.engine.weights import Kind, Rule, history_weights, listener_weights

GIANT_STEPS, BLUE_TRAIN = 11, 22
YEAR = 365.0


def weigh(*rows, **options):
    """The weight of one track from rows of (kind, value, age in days)."""
    weights = dict(zip(*history_weights(*columns(rows), **options), strict=True))
    assert set(weights) <= {GIANT_STEPS}
    return float(weights.get(GIANT_STEPS, 0))


def columns(rows):
    kinds, values, ages = zip(*rows, strict=True)
    return [GIANT_STEPS] * len(rows), kinds, values, ages


@pytest.mark.parametrize(("plays", "weight"), [(1, 1), (3, 2), (7, 3), (31, 5)])
def test_plays_count_with_diminishing_returns(plays, weight):
    assert weigh((Kind.PLAY, plays, 0)) == pytest.approx(weight)
    assert weigh(*[(Kind.PLAY, 1, 0)] * plays) == pytest.approx(weight)


def test_a_play_counts_half_after_a_year_but_for_a_floor():
    assert weigh((Kind.PLAY, 1, YEAR)) == pytest.approx(np.log2(1 + 0.1 + 0.9 / 2))
    assert weigh((Kind.PLAY, 1, 100 * YEAR)) == pytest.approx(np.log2(1.1))


def test_a_play_from_a_clock_ahead_of_ours_is_a_play_of_today():
    assert weigh((Kind.PLAY, 1, -3)) == pytest.approx(1)


def test_a_skip_counts_against():
    assert weigh((Kind.SKIP, 1, 0)) == pytest.approx(-0.5)
    assert weigh((Kind.SKIP, 3, 0)) == pytest.approx(-1)
    assert weigh((Kind.PLAY, 3, 0), (Kind.SKIP, 1, 0)) == pytest.approx(1.5)


def test_an_old_skip_counts_less():
    assert -0.5 < weigh((Kind.SKIP, 1, YEAR)) < 0


@pytest.mark.parametrize(
    ("kind", "weight"),
    [(Kind.LIKE, 2), (Kind.FAVOURITE, 3), (Kind.DISLIKE, -2), (Kind.HIDE, -1)],
)
def test_an_opinion_has_its_worth_and_does_not_age(kind, weight):
    assert weigh((kind, 0, 0)) == pytest.approx(weight)
    assert weigh((kind, 0, 10 * YEAR)) == pytest.approx(weight)


@pytest.mark.parametrize(("stars", "weight"), [(1, -2), (2, -1), (3, 0.5), (4, 1.5), (5, 2.5)])
def test_a_rating_has_its_worth(stars, weight):
    assert weigh((Kind.RATING, stars, 0)) == pytest.approx(weight)


def test_a_like_adds_to_the_plays():
    assert weigh((Kind.PLAY, 3, 0), (Kind.LIKE, 0, 0)) == pytest.approx(4)


def test_a_dislike_silences_the_plays():
    assert weigh((Kind.PLAY, 37, 0), (Kind.DISLIKE, 0, 0)) == pytest.approx(-2)


def test_a_low_rating_silences_the_plays():
    assert weigh((Kind.PLAY, 37, 0), (Kind.RATING, 2, 0)) == pytest.approx(-1)


def test_hiding_does_not_silence_the_plays():
    assert weigh((Kind.PLAY, 7, 0), (Kind.HIDE, 0, 0)) == pytest.approx(2)


def test_the_latest_opinion_wins_in_whatever_order_it_comes():
    changed_mind = [(Kind.DISLIKE, 0, 5), (Kind.LIKE, 0, 2)]

    assert weigh(*changed_mind) == pytest.approx(2)
    assert weigh(*reversed(changed_mind)) == pytest.approx(2)
    assert weigh((Kind.RATING, 5, 1), (Kind.FAVOURITE, 0, 9)) == pytest.approx(2.5)


def test_a_weight_stays_within_its_limit():
    assert weigh((Kind.PLAY, 1_000_000, 0)) == 10
    assert weigh((Kind.SKIP, 1e12, 0), (Kind.DISLIKE, 0, 0)) == -10


def test_what_is_muted_did_not_happen():
    rows = [(Kind.PLAY, 7, 0), (Kind.DISLIKE, 0, 0)]

    assert weigh(*rows, muted=[False, True]) == pytest.approx(3)
    assert weigh(*rows, muted=[True, True]) == 0


def test_what_adds_up_to_nothing_is_left_out():
    tracks, weights = history_weights(
        [BLUE_TRAIN, GIANT_STEPS, BLUE_TRAIN],
        [Kind.PLAY, Kind.LIKE, Kind.HIDE],
        [1, 0, 0],
        [0, 0, 0],
    )

    assert tracks.tolist() == [GIANT_STEPS]
    assert weights.dtype == np.float32


def test_no_rows_are_no_history():
    tracks, weights = history_weights([], [], [], [])

    assert tracks.size == weights.size == 0


@pytest.mark.parametrize("kind", [-1, 7])
def test_refuses_a_kind_it_does_not_know(kind):
    with pytest.raises(ValueError, match="kind nobody knows"):
        weigh((kind, 0, 0))


@pytest.mark.parametrize("stars", [0, 6, float("nan")])
def test_refuses_a_rating_that_is_not_1_to_5(stars):
    with pytest.raises(ValueError, match="1 to 5"):
        weigh((Kind.RATING, stars, 0))


def test_the_numbers_can_be_others():
    assert weigh((Kind.LIKE, 0, 0), rule=Rule(like=7)) == 7
    assert weigh((Kind.PLAY, 1, 10), rule=Rule(half_life=10, floor=0)) == pytest.approx(
        np.log2(1.5)
    )


ROWS = st.lists(
    st.tuples(
        st.integers(1, 3),
        st.integers(1, 4),
        st.sampled_from(Kind),
        st.integers(1, 5),
        st.integers(0, 900),
    ),
    max_size=40,
)


@settings(deadline=None)
@given(rows=ROWS)
def test_many_listeners_at_once_weigh_as_each_alone(rows):
    table = np.array(rows).reshape(-1, 5)

    listeners, tracks, weights = listener_weights(*table.T)

    for listener in np.unique(table[:, 0]):
        alone = history_weights(*table[table[:, 0] == listener, 1:].T)
        mine = listeners == listener
        np.testing.assert_array_equal(tracks[mine], alone[0])
        np.testing.assert_allclose(weights[mine], alone[1])

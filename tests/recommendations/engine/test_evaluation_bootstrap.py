import numpy as np
import pytest
from scipy import stats

from recommendations.engine.evaluation import bootstrap


def rng():
    return np.random.default_rng(11)


def test_agrees_with_scipy():
    values = rng().exponential(size=300)

    ours = bootstrap.interval(values, rng=rng(), draws=4000)

    theirs = stats.bootstrap((values,), np.mean, method="percentile", rng=rng(), n_resamples=4000)
    assert ours.mean == pytest.approx(values.mean())
    assert ours.low == pytest.approx(theirs.confidence_interval.low, abs=0.01)
    assert ours.high == pytest.approx(theirs.confidence_interval.high, abs=0.01)


def test_leaves_out_users_without_a_value():
    found = bootstrap.interval(np.array([np.nan, 1.0, 3.0]), rng=rng())

    assert found.mean == 2.0
    assert found.n_users == 2


@pytest.mark.parametrize("values", [[], [np.nan], [4.0]])
def test_promises_nothing_from_fewer_than_two_users(values):
    found = bootstrap.interval(np.array(values), rng=rng())

    assert np.isnan(found.low)
    assert np.isnan(found.high)


def test_pairs_see_a_small_gain_that_two_intervals_hide():
    theirs = rng().random(400)
    ours = theirs + 0.01 + rng().normal(0, 0.01, 400)

    apart = [bootstrap.interval(values, rng=rng()) for values in (ours, theirs)]
    paired = bootstrap.paired_interval(ours, theirs, rng=rng())

    assert apart[0].low < apart[1].high
    assert not paired.includes_zero
    assert paired.mean == pytest.approx((ours - theirs).mean())


def test_no_difference_includes_zero():
    ours, theirs = rng().random((2, 500))

    assert bootstrap.paired_interval(ours, theirs, rng=rng()).includes_zero


def test_columns_share_their_draws():
    values = rng().random(50)

    found = bootstrap.intervals({"one": values, "double": 2 * values}, rng=rng())

    assert found["double"].low == pytest.approx(2 * found["one"].low)
    assert found["double"].high == pytest.approx(2 * found["one"].high)


def test_a_user_missing_in_one_column_is_left_out_of_all():
    columns = {"one": np.array([1.0, np.nan, 3.0]), "two": np.array([1.0, 9.0, 1.0])}

    found = bootstrap.intervals(columns, rng=rng())

    assert found["two"].mean == 1.0
    assert found["two"].n_users == 2


def test_the_same_seed_gives_the_same_interval():
    values = rng().random(50)

    assert bootstrap.interval(values, rng=rng()) == bootstrap.interval(values, rng=rng())

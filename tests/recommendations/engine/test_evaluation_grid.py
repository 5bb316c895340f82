import numpy as np
import pytest

from recommendations.engine.evaluation.cross_validation import cross_validate_ratings
from recommendations.engine.evaluation.grid import (
    combinations,
    grid_search,
    ranking_objective,
    rating_objective,
)
from recommendations.engine.evaluation.report import measure
from recommendations.engine.evaluation.splits import by_user, k_folds
from recommendations.engine.interactions import Interactions
from recommendations.engine.popularity import Popularity
from recommendations.engine.ratings import BiasedMF


class Guess:
    """A model that is as good as its settings say."""

    def __init__(self, *, good, luck=0.0):
        self.value = good + luck

    def fit(self, interactions):
        return self


def value_of(model, validation):
    return np.array([model.value, model.value, np.nan])


def rng():
    return np.random.default_rng(3)


def ratings(seed=0):
    """Make ratings of two camps, with noise."""
    rng = np.random.default_rng(seed)
    users, items = np.nonzero(rng.random((80, 40)) < 0.5)
    values = np.where(users % 2 == items % 2, 4.0, 2.0) + rng.normal(0, 0.5, users.size)
    return Interactions.from_triples(users, items, values)


def test_every_combination_is_tried():
    found = list(combinations({"a": [1, 2], "b": ["x", "y"]}))

    assert found == [
        {"a": 1, "b": "x"}, {"a": 1, "b": "y"}, {"a": 2, "b": "x"}, {"a": 2, "b": "y"}
    ]  # fmt: skip


def test_the_best_comes_first_and_equals_in_the_order_of_the_grid():
    seen = []
    grid = {"good": [1.0, 3.0, 2.0], "luck": [0.0, 0.0]}

    trials = grid_search(
        Guess, grid, by_user(ratings(), rng=rng()), objective=value_of, on_trial=seen.append
    )

    assert [trial.figure for trial in trials] == [3.0, 3.0, 2.0, 2.0, 1.0, 1.0]
    assert [trial.figure for trial in seen] == [1.0, 1.0, 3.0, 3.0, 2.0, 2.0]
    assert trials[0] is seen[2]


def test_the_gain_of_one_trial_over_another_is_paired():
    split = by_user(ratings(), rng=rng())
    best, worst = grid_search(Guess, {"good": [1.0, 3.0]}, split, objective=value_of)

    gain = best.gain_over(worst, rng=rng())

    assert (gain.mean, gain.low, gain.n_users) == (2.0, 2.0, 2)


def test_the_ranking_objective_is_the_figure_of_the_report():
    split = by_user(ratings(), rng=rng())
    model = Popularity().fit(split.train)

    found = ranking_objective("recall", n=5)(model, split)

    report = measure(model, split, model="", data="", n=5, rng=rng())
    np.testing.assert_array_equal(found, report.per_user["recall"])


def test_the_rating_objective_chooses_the_smaller_error():
    split = by_user(ratings(), rng=rng())

    trials = grid_search(BiasedMF, {"reg_factors": [2.0, 500.0]}, split, objective=rating_objective)

    assert trials[0].params == {"reg_factors": 2.0}
    model = BiasedMF(reg_factors=2.0).fit(split.train)
    errors = model.predict_pairs(split.train.matrix, split.held_out) - split.held_out.data
    first = split.held_out.indptr[1]
    assert trials[0].per_user[0] == pytest.approx(-np.mean(errors[:first] ** 2))


def test_cross_validation_gives_the_mean_of_its_folds():
    folds = list(k_folds(ratings(), k=3, rng=rng()))

    found = cross_validate_ratings(BiasedMF, folds, data="two camps")

    assert found.n_folds == 3
    assert found.n_ratings == ratings().matrix.nnz
    assert found.rmse == pytest.approx(np.mean(found.rmse_by_fold))
    assert found.mse == pytest.approx(np.mean(np.square(found.rmse_by_fold)))
    assert found.mae < found.rmse < 1.0
    assert found.to_dict()["data"] == "two camps"

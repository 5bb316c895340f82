import json

import numpy as np
import pytest
from scipy.sparse import csr_array

from recommendations.engine.evaluation import metrics
from recommendations.engine.evaluation.breakdown import by_activity, by_popularity
from recommendations.engine.evaluation.page import page_fragment
from recommendations.engine.evaluation.report import evaluate, measure, rank_everyone
from recommendations.engine.evaluation.splits import Events, Split, by_time, by_user
from recommendations.engine.interactions import Interactions
from recommendations.engine.popularity import Popularity


class Oracle:
    """Score what was held out at 1 for whoever has a history, so that its lists are perfect."""

    def __init__(self, split):
        self.split = split

    def fit(self, interactions):
        return self

    def score(self, histories):
        known = {tuple(row.indices): user for user, row in enumerate(self.split.train.matrix)}
        rows = [known[tuple(row.indices)] for row in histories]
        return csr_array(self.split.held_out[rows])


class Everything:
    """Score every item, the last columns best, whoever asks."""

    def fit(self, interactions):
        return self

    def score(self, histories):
        return csr_array(np.tile(np.arange(1.0, histories.shape[1] + 1), (histories.shape[0], 1)))


def world(n_users=60, n_items=30, seed=0):
    rng = np.random.default_rng(seed)
    users, items = np.nonzero(rng.random((n_users, n_items)) < 0.3)
    return Interactions.from_triples(users, items, item_ids=np.arange(n_items))


def rng():
    return np.random.default_rng(5)


def measured(model, split, **kwargs):
    return measure(model, split, model="m", data="a made-up world", rng=rng(), **kwargs)


def by_hand(train, held_out):
    """Make a split of two tables."""
    train, held_out = csr_array(np.array(train, float)), csr_array(np.array(held_out, float))
    ids = [np.arange(size) for size in train.shape]
    return Split(Interactions(train, *ids), held_out, "by hand")


def test_a_model_that_knows_the_answers_gets_all_there_is():
    split = by_user(world(), rng=rng())

    found = measured(Oracle(split), split, n=20)

    for name in ("ndcg", "recall", "map", "mrr", "hit_rate"):
        assert found.accuracy[name].mean == pytest.approx(1.0)
        assert found.accuracy[name].low == pytest.approx(1.0)


def test_what_was_heard_is_never_in_a_list():
    split = by_user(world(), rng=rng())

    ranked, _ = rank_everyone(Everything(), split, split.train.matrix, n=30)

    heard = split.train.matrix.toarray() > 0
    assert not any(heard[user, row[row >= 0]].any() for user, row in enumerate(ranked))
    assert (ranked >= 0).sum() == (~heard).sum()


def test_only_those_with_something_held_out_are_asked():
    split = by_hand([[1, 0, 0], [1, 0, 0]], [[0, 1, 0], [0, 0, 0]])

    found = measured(Everything(), split, n=2)

    assert found.n_users == 1
    assert found.beyond["coverage"] == pytest.approx(2 / 3)
    assert np.isnan(found.per_user["ndcg"][1])


def test_scoring_in_batches_changes_nothing(monkeypatch):
    split = by_user(world(), rng=rng())
    model = Popularity().fit(split.train)
    at_once = measured(model, split).to_dict()

    monkeypatch.setattr("recommendations.engine.evaluation.report.BATCH", 7)

    assert measured(model, split).to_dict() == at_once


def test_cold_items_are_ranked_among_themselves():
    """Items 2 and 3 are new; the model likes 3 best, then 2, then the known ones."""
    split = by_hand([[1, 0, 0, 0], [0, 1, 0, 0]], [[0, 0, 1, 0], [1, 0, 0, 0]])

    found = measured(Everything(), split, n=1)

    assert found.cold_items.n_items == 2
    assert found.cold_items.recall.n_users == 1
    assert found.cold_items.recall.mean == 1.0
    assert found.accuracy["recall"].mean == 0.0


def test_no_cold_items_no_figure_for_them():
    split = by_hand([[1, 0], [0, 1]], [[0, 1], [0, 0]])

    assert measured(Everything(), split).cold_items is None


def test_cold_users_are_told_apart():
    split = by_hand([[0, 0, 0], [1, 0, 0]], [[0, 0, 1], [0, 1, 0]])

    found = measured(Everything(), split, n=1)

    assert found.cold_users.figures["recall"].mean == 1.0
    assert found.cold_users.share == 0.5
    assert found.accuracy["recall"].mean == 0.5


def test_nobody_cold_nothing_to_say_of_them():
    split = by_hand([[1, 0]], [[0, 1]])

    assert measured(Everything(), split).cold_users is None


def test_histories_given_apart_are_scored_in_place_of_the_training_rows():
    split = by_hand([[0, 0, 0], [1, 1, 1]], [[0, 1, 0], [0, 0, 0]])
    given = csr_array(np.array([[0, 0, 1.0], [0, 0, 0]]))

    found = measured(Everything(), split, n=1, histories=given)

    assert found.accuracy["recall"].mean == 1.0
    assert found.cold_users is None


def test_bands_of_activity_average_to_the_whole():
    values = {name: np.array([0.0, 0.5, 1.0, np.nan]) for name in ("ndcg", "recall")}

    bands = by_activity(values, np.array([0, 3, 3, 500]), rng=rng())

    assert [band.figures["ndcg"].n_users for band in bands] == [1, 2, 0, 0, 0]
    assert [band.share for band in bands] == pytest.approx([1 / 3, 2 / 3, 0, 0, 0])
    assert bands[1].figures["ndcg"].mean == 0.75


def test_bands_of_popularity_count_only_their_own_items_as_right():
    ranked = np.array([[0, 2]])
    held_out = csr_array([[1, 1, 1]])

    cold, rare, known, *_ = by_popularity(ranked, held_out, np.array([0, 5, 10]), n=2, rng=rng())

    assert cold.figures["recall"].mean == 1.0
    assert rare.figures["recall"].mean == 0.0
    assert known.figures["ndcg"].mean == pytest.approx(1 / np.log2(3))
    assert cold.share == pytest.approx(1 / 3)


def test_diversity_is_measured_on_as_many_lists_as_its_work_allows(monkeypatch):
    split = by_user(world(), rng=rng())
    monkeypatch.setattr("recommendations.engine.evaluation.report.PAIRS_OF_ENTRIES", 1)
    seen = []
    monkeypatch.setattr(metrics, "diversity", lambda ranked, _: seen.append(ranked) or np.ones(1))

    measured(Everything(), split)

    assert seen[0].shape[0] == 1


def test_validation_stands_beside_the_test():
    test = by_user(world(), rng=rng())
    validation = by_user(test.train, rng=rng())

    found = evaluate(
        Popularity, test, model="popularity", data="a made-up world", rng=rng(),
        validation=validation,
    )  # fmt: skip

    alone = measured(Popularity().fit(validation.train), validation)
    assert found.validation.per_user["ndcg"].tolist() == alone.per_user["ndcg"].tolist()
    assert found.validation.n_interactions < found.n_interactions


def test_json_says_data_split_length_and_users_and_has_no_nan():
    events = Events.from_columns([1, 1, 2, 3], ["a", "b", "a", "c"])
    split = by_time(events, moment=2)

    text = json.dumps(measured(Popularity().fit(split.train), split).to_dict(), allow_nan=False)

    found = json.loads(text)
    assert found["data"] == "a made-up world"
    assert found["split"].startswith("by time")
    assert (found["n"], found["n_users"], found["n_items"]) == (20, 2, 3)
    assert found["bootstrap"] == {"draws": 2000, "level": 0.95}
    assert found["accuracy"]["ndcg"]["n_users"] == 2
    assert found["validation"] is None
    assert "per_user" not in found


def test_a_split_that_asks_nobody_is_a_report_without_figures():
    split = by_hand([[1, 0]], [[0, 0]])

    found = measured(Everything(), split).to_dict()

    assert found["n_users"] == 0
    assert found["accuracy"]["ndcg"]["mean"] is None


def test_the_page_says_what_the_figures_are_about():
    test = by_user(world(), rng=rng())
    found = evaluate(
        Popularity, test, model="popularity", data="a made-up world", rng=rng(),
        validation=by_user(test.train, rng=rng()),
    )  # fmt: skip

    page = page_fragment(found)

    for part in ("a made-up world", "20% of each user", "30 tracks", "lists of 20", "60 listeners"):
        assert part in page["says"]
    ndcg = page["figures"][0]
    assert ndcg["name"] == "NDCG@20"
    assert ndcg["figure"] == f"{found.accuracy['ndcg'].mean:.3f}"
    assert ndcg["validation"] == f"{found.validation.accuracy['ndcg'].mean:.3f}"
    assert [row["name"] for row in page["activity"]] == ["1 to 4 tracks", "5 to 19 tracks"]


def test_the_page_leaves_out_what_is_not_known():
    page = page_fragment(measured(Everything(), by_hand([[1, 0]], [[0, 1]])))

    assert page["cold_items"] == {
        "n": 50, "n_tracks": "1", "figure": "1.000", "interval": "–", "listeners": "1"
    }  # fmt: skip
    assert page["figures"][0]["validation"] == "–"
    assert [row["name"] for row in page["popularity"]] == ["no listeners yet"]

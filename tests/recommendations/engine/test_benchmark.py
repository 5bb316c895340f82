import numpy as np
import pytest

from recommendations.engine.benchmark import measure as measuring
from recommendations.engine.benchmark import peers
from recommendations.engine.benchmark.data import Data, split_rows
from recommendations.engine.benchmark.files import read_lines
from recommendations.engine.benchmark.measure import Measured, measure, measure_here, peak_memory
from recommendations.engine.benchmark.peers import MODELS, Tuned
from recommendations.engine.benchmark.report import COLUMNS, as_json, as_table
from recommendations.engine.benchmark.synthetic import listening
from recommendations.engine.evaluation.splits import by_user
from recommendations.engine.interactions import Interactions
from recommendations.engine.popularity import Popularity
from recommendations.engine.ridge import NeighbourhoodRidge
from recommendations.engine.search import choose
from tests.recommendations.engine.models import two_camps

REQUIRED = ("recall", "ndcg", "precision", "coverage", "train_seconds", "peak_mb", "score_us")


def split_of(world):
    return by_user(world, rng=np.random.default_rng(0))


def read(*lines):
    return read_lines(line.encode() for line in lines)


def test_one_listener_alone_has_no_interval():
    rows = read(*(f"me t{item}" for item in range(9)))
    data = Data(split_rows(rows, method="user", share=0.3, seed=0), {}, {})
    models = [
        Measured(name, dict.fromkeys((key for key, *_ in COLUMNS), ndcg), np.array([ndcg]))
        for name, ndcg in (("a", 0.5), ("b", 0.2))
    ]

    table = as_table(data, models, n=20, seed=0)

    assert "| the best |" in table
    assert "-0.3000, one listener only" in table


def test_nobody_to_ask_is_no_reason_to_fall():
    nothing = by_user(Interactions.from_triples([1, 2], [1, 2]), rng=np.random.default_rng(0))

    assert peers.judge(Popularity().fit(nothing.train), nothing) == 0.0


def test_what_does_not_fit_is_left_out_and_said():
    world = listening(50, 20_500, 400)
    split = peers.by_user(world, rng=np.random.default_rng(0))

    found = measure("ease", split)

    assert found.figures == {"left_out": "20500 items; EASE takes up to 20000."}


def test_a_model_that_fails_is_named_and_the_others_go_on():
    found = measure("no-such-model", split_of(two_camps()))

    assert "no-such-model" in found.figures["error"]
    assert np.isnan(found.ndcg).all()


@pytest.mark.parametrize("reason", ["left_out", "error"])
def test_what_was_not_measured_is_null_and_says_why(reason):
    data = Data(split_of(two_camps()), {}, {})
    models = [Measured("ease", {reason: "too\nlarge"}, np.full(12, np.nan))]

    found = as_json(data, models, n=20, seed=0)["models"][0]

    assert (found["name"], found[reason]) == ("ease", "too\nlarge")
    for key in REQUIRED:
        assert found[key] is None
    assert as_table(data, models, n=20, seed=0).endswith("| - | - | too large |")


def test_a_table_says_which_lines_could_not_be_read_or_say_nothing():
    rows = read("ann blue", "ann red", "?", "bob red 0", *["?"] * 30)
    split = split_rows(rows, method="user", share=0.2, seed=0)
    data = Data(split, {"plays": rows.bad}, {"plays": rows.silent})

    table = as_table(data, [Measured("a", {"error": "?"}, np.full(2, np.nan))], n=20, seed=0)

    assert "plays: 31 lines could not be read, the first: 3, 5, 6, 7," in table
    assert "plays: 1 lines weigh 0 and say nothing, the first: 4\n" in table
    assert data.summary()["silent_lines"] == {"plays": 1}


@pytest.mark.parametrize("name", ["popularity", "ials"])
def test_long_lists_are_as_long_as_was_asked(name, monkeypatch):
    monkeypatch.setattr(peers, "IALS_GRID", [{"factors": 4}])
    monkeypatch.setattr(peers, "IALS_THEN", [])
    world = listening(60, 900, 1500)

    model = MODELS[name](0, 700).fit(world)

    assert (peers.rank(model, world.matrix, 700) >= 0).all()


def test_lists_longer_than_the_catalogue_end_with_it():
    split = split_of(two_camps())

    found = measure_here("popularity", split, n=10**6).figures

    assert found["recall"] == 1.0
    assert found["precision"] == pytest.approx(1e-6, rel=0.01)
    assert 0 < found["ndcg"] < 1


def test_lists_are_judged_alike_however_many_at_once(monkeypatch):
    split = split_of(listening(60, 100, 700))
    whole = measure_here("popularity", split)
    for module in (peers, measuring):
        monkeypatch.setattr(module, "ROWS", 7)

    parts = measure_here("popularity", split)

    np.testing.assert_array_equal(parts.ndcg, whole.ndcg)
    for key in ("recall", "ndcg", "precision", "coverage"):
        assert parts.figures[key] == whole.figures[key]


def test_nobody_is_asked_for_what_they_dislike():
    rows = read("ann a 1 1", "ann b 1 2", "bob a 1 3", "bob b 1 8", "ann c -1 9", "bob c 1 9")
    split = split_rows(rows, method="time", share=0.5, seed=0)

    found = measure_here("popularity", split)

    assert np.isnan(found.ndcg).tolist() == [True, False]
    assert 0 <= found.figures["ndcg"] <= 1


def test_the_seed_reaches_what_draws():
    assert MODELS["ials"](7, 20).make().seed == 7
    assert MODELS["knn"](7, 20).make().seed == 7
    assert MODELS["segue"](7, 20).seed == 7


def test_tuning_takes_the_setting_that_validates_best():
    camps = two_camps(24)

    tuned = Tuned(NeighbourhoodRidge, [[{"k": 1}, {"k": 20}], [{"regularization": 1e6}]]).fit(camps)

    assert tuned.setting_["k"] == 20
    assert tuned.model_.weights_.nnz > 0
    assert tuned.again().k == 20


def test_the_best_validation_figure_is_kept():
    tuned = Tuned(NeighbourhoodRidge, [[{"k": 1}, {"k": 20}]]).fit(two_camps(24))
    product = MODELS["segue"](0, 20).fit(listening(60, 100, 700))

    split = by_user(two_camps(24), rng=np.random.default_rng(0))
    best = NeighbourhoodRidge(k=20).fit(split.train)
    assert tuned.validation_ndcg_ == pytest.approx(peers.judge(best, split))
    chosen = [trial.ndcg for trial in product.trials_ if trial.choice == product.choice_]
    assert product.validation_ndcg_ == chosen[0]


def test_without_anybody_to_ask_there_is_no_validation_figure():
    singles = Interactions.from_triples([1, 2, 3], [1, 1, 2])

    assert Tuned(NeighbourhoodRidge, [[{"k": 2}]]).fit(singles).validation_ndcg_ is None
    assert MODELS["segue"](0, 20).fit(singles).validation_ndcg_ is None


def test_validation_asks_nobody_for_what_they_dislike():
    disliked = Interactions.from_triples([1, 1], [1, 2], [-1.0, -1.0])
    split = by_user(disliked, rng=np.random.default_rng(0))

    assert peers.judge(Popularity().fit(split.train), split) == 0.0


def test_peak_memory_sees_what_was_held_for_a_moment():
    with peak_memory() as peak:
        before = peak[0]
        held = np.ones(25_000_000)
        del held

    assert peak[0] - before > 0


def test_made_up_listening_has_the_size_asked_for_and_tastes_to_find():
    world = listening(300, 500, 6000)

    assert world.matrix.shape == (300, 500)
    assert world.matrix.nnz == 6000
    assert (world.matrix.data == 1).all()
    split = peers.by_user(world, rng=np.random.default_rng(0))
    ridge = peers.judge(NeighbourhoodRidge().fit(split.train), split)
    assert ridge > peers.judge(Popularity().fit(split.train), split)


def test_in_a_split_by_time_segue_chooses_by_time_inside_the_training_part():
    rng = np.random.default_rng(0)
    lines = [f"u{u} t{t} 1 {at}" for at, (u, t) in enumerate(rng.integers(0, 30, (900, 2)))]

    split = split_rows(read(*lines), method="time", share=0.2, seed=0)

    earlier = split.validation
    assert earlier.train.n_items == split.train.n_items
    both = (earlier.train.matrix > 0) + (earlier.held_out > 0)
    assert (both != (split.train.matrix > 0)).nnz == 0  # no more and no less than is learnt from
    found = measure_here("segue", split, n=5)
    _, trials = choose(split.train, validation=earlier)
    assert found.figures["validation_ndcg"] in [trial.ndcg for trial in trials]


def test_where_nothing_can_be_asked_for_by_time_segue_chooses_by_listener():
    lines = ["a x 1 1", "b x 1 1", "a y 1 2", "b z 1 2"]

    assert split_rows(read(*lines), method="time", share=0.4, seed=0).validation is None

import numpy as np
import pytest
from scipy.sparse import csr_array

from recommendations.engine import search
from recommendations.engine.benchmark.synthetic import listening
from recommendations.engine.blend import Parts, rank_blends
from recommendations.engine.evaluation.splits import by_user
from recommendations.engine.interactions import Interactions
from recommendations.engine.popularity import Popular, Popularity
from recommendations.engine.ranking import top_n
from recommendations.engine.search import POPULARITY, Choice, Trial, choose
from recommendations.engine.segue import Segue
from tests.recommendations.engine.models import crowd


@pytest.fixture
def camps():
    """Two tastes of forty items, everybody knows ten of theirs."""
    rng = np.random.default_rng(0)
    users = np.repeat(np.arange(200), 10)
    items = np.concatenate([40 * (user % 2) + rng.permutation(40)[:10] for user in range(200)])
    return Interactions.from_triples(users, items)


def test_blends_rank_as_the_sums_do():
    rng = np.random.default_rng(0)
    world = crowd(n_users=80, n_items=30)
    weights = csr_array(np.where(rng.random((30, 30)) < 0.3, rng.normal(size=(30, 30)), 0))
    weights = csr_array(weights.astype(np.float32))
    users, factors = rng.normal(size=(80, 4)).astype("f4"), rng.normal(size=(30, 4)).astype("f4")
    popular = Popular.of(world.matrix)
    scales, shares = rng.random((2, 30)).astype("f4"), np.array([0.0, 0.5], "f4")

    ranked = rank_blends(
        world.matrix,
        world.matrix,
        Parts(weights, users, factors, popular),
        scales=scales,
        shares=shares,
        n=5,
    )

    for number, (scale, share) in enumerate((s, q) for s in scales for q in shares):
        sums = csr_array(world.matrix @ weights)
        rows = np.repeat(np.arange(80), np.diff(sums.indptr))
        vague = (users[rows] * factors[sums.indices]).sum(axis=1)
        sums.data = scale[sums.indices] * sums.data + share * vague
        sums = popular.fill_up(sums, world.matrix)
        np.testing.assert_array_equal(ranked[number], top_n(sums, 5, hide=world.matrix))


def test_scores_are_the_ridge_plus_the_share_of_the_factors():
    world = crowd()
    choice = Choice(k=5, factors=4, low_rank_share=0.25)

    model = Segue(choice=choice, workers=1).fit(world)

    model.popular_ = None

    scores = model.score(world.matrix)

    low_rank = model.low_rank_
    for row in range(5):
        start, end = world.matrix.indptr[row : row + 2]
        items, values = world.matrix.indices[start:end], world.matrix.data[start:end]
        vague = 0.25 * low_rank.factors @ low_rank.folded(items, values).user
        reached = scores[[row]].indices
        expected = (world.matrix[[row]] @ model.weights_).toarray()[0] + vague
        np.testing.assert_allclose(scores[[row]].data, expected[reached], rtol=1e-3, atol=1e-5)
    np.testing.assert_allclose(low_rank.scale, 0.25)


def test_chooses_what_validation_says_is_best(camps):
    choice, trials = choose(camps, workers=1)

    best = max(trials, key=lambda trial: trial.ndcg)
    chosen = next(trial for trial in trials if trial.choice == choice)
    assert chosen.ndcg >= best.ndcg / search.WORTH_IT
    assert len({trial.choice for trial in trials}) == len(trials)
    assert max(trial.ndcg for trial in trials) > min(trial.ndcg for trial in trials)


def test_the_figure_of_a_trial_is_what_training_on_that_split_gives(camps):
    choice, trials = choose(camps, workers=1)
    split = by_user(camps, rng=np.random.default_rng(0))

    scores = Segue(choice=choice, workers=1).fit(split.train).score(split.train.matrix)

    ranked = top_n(scores, search.N, hide=split.train.matrix)
    figure = np.nanmean(search.accuracy(ranked, split.held_out, n=search.N)["ndcg"])
    trial = next(trial for trial in trials if trial.choice == choice)
    assert figure == pytest.approx(trial.ndcg, rel=0.02)


def test_a_sample_of_the_columns_is_enough_to_choose(camps, monkeypatch):
    monkeypatch.setattr(search, "MAX_ITEMS", 20)
    monkeypatch.setattr(search, "MAX_JUDGES", 50)

    choice, trials = choose(camps, workers=1)

    assert choice in {trial.choice for trial in trials}
    assert all(0 <= trial.ndcg <= 1 for trial in trials)


def test_listeners_with_one_item_each_leave_nothing_to_choose_by():
    singles = Interactions.from_triples(np.arange(5), np.arange(5) % 2)

    model = Segue().fit(singles)

    assert model.choice_ == Choice()
    assert model.trials_ == []


def test_the_same_data_and_seed_choose_and_train_alike_whatever_the_workers(camps):
    one, three = (Segue(workers=n).fit(camps) for n in (1, 3))

    assert one.choice_ == three.choice_
    assert one.trials_ == three.trials_
    assert one.weights_.data.tobytes() == three.weights_.data.tobytes()


def test_wide_neighbourhoods_are_tried_only_where_they_cost_little():
    few_pairs, many_items = listening(100, 2000, 1000).matrix, listening(500, 9000, 200_000).matrix

    assert search.affordable(few_pairs, 200)
    assert search.affordable(many_items, 50)
    assert not search.affordable(many_items, 200)


def test_a_history_that_reaches_nothing_gets_what_most_like(camps):
    model = Segue(choice=Choice(k=5)).fit(camps)

    newcomer = csr_array((1, 80), dtype=np.float32)
    best = top_n(model.score(newcomer), 20)[0]

    counts = np.bincount(camps.matrix.indices)
    assert (counts[best] >= np.sort(counts)[-20]).all()


@pytest.fixture
def sparse():
    """Forty items that few met, ten that nobody did, and a history that reaches two."""
    rng = np.random.default_rng(0)
    users = np.repeat(np.arange(60), 2)
    items = np.concatenate([rng.choice(40, 2, replace=False) for _ in range(60)])
    return Interactions.from_triples(users, items, item_ids=np.arange(50))


def test_a_list_goes_on_to_the_last_item_by_popularity_and_then_by_column(sparse):
    model = Segue(choice=Choice(k=5, regularization=1.0)).fit(sparse)
    history = csr_array(sparse.matrix[[0]])

    best = top_n(model.score(history), 50, hide=history)[0]

    assert np.unique(best[:48]).size == 48
    assert (best[48:] == -1).all()  # what the history holds itself
    reached = (history @ model.weights_).toarray()[0]
    rest = [item for item in best[:48] if reached[item] <= 0]
    counts = np.bincount(sparse.matrix.indices, minlength=50)
    assert rest == sorted(rest, key=lambda item: (-counts[item], item))
    assert set(range(40, 50)) <= set(rest)


def test_what_is_known_keeps_its_order_when_a_list_is_filled_up():
    scores = csr_array(np.array([[0, 0.3, 0, 0.2, 0.5]], np.float32))
    histories = csr_array(np.array([[1, 0, 0, 0, 0]], np.float32))
    popular = Popular.of(csr_array(np.array([[0, 1, 1, 1, 0], [0, 0, 1, 1, 0]], np.float32)))

    filled = popular.fill_up(scores, histories)

    assert top_n(filled, 5, hide=histories).tolist() == [[4, 1, 3, 2, -1]]
    np.testing.assert_allclose(filled.toarray(), [[0, 0.3, 0, 0.2, 0.5]], atol=2e-5)


def test_a_history_that_reaches_enough_is_left_as_it_is():
    scores, nothing = csr_array(np.ones((1, 600), np.float32)), csr_array((1, 600), dtype="f4")

    filled = Popular.of(csr_array(np.ones((3, 600), np.float32))).fill_up(scores, nothing)

    assert filled.data.tobytes() == scores.data.tobytes()


def test_popularity_is_chosen_where_nothing_surely_beats_it():
    """Two items each, drawn from a few hits and a long tail: no taste to be found."""
    rng = np.random.default_rng(0)
    shares = 1 / np.arange(1, 201)
    items = [rng.choice(200, 2, replace=False, p=shares / shares.sum()) for _ in range(300)]
    crowd = Interactions.from_triples(np.repeat(np.arange(300), 2), np.concatenate(items))

    model = Segue(workers=1).fit(crowd)

    assert model.choice_ == POPULARITY
    np.testing.assert_array_equal(
        top_n(model.score(crowd.matrix), 50, hide=crowd.matrix),
        top_n(Popularity().fit(crowd).score(crowd.matrix), 50, hide=crowd.matrix),
    )
    assert choose(crowd, or_popularity=False, workers=1)[0] != POPULARITY


def test_a_lead_within_its_standard_error_is_not_sure():
    plain = Trial.of(POPULARITY, np.array([0.0, 0.5, 1.0, np.nan]))
    lucky = Trial.of(Choice(), np.array([0.4, 0.2, 1.0, np.nan]))  # by 0.03 of 0.16
    better = Trial.of(Choice(), np.array([0.4, 0.7, 1.0, np.nan]))

    assert not lucky.surely_beats(plain)
    assert better.surely_beats(plain)
    assert not plain.surely_beats(plain)


def test_a_validation_cut_otherwise_is_what_settings_are_chosen_on(camps):
    split = by_user(camps, share=0.5, rng=np.random.default_rng(3))

    model = Segue(validation=split, workers=1).fit(camps)

    assert model.trials_ == choose(camps, validation=split, workers=1)[1]
    assert model.trials_ != Segue(workers=1).fit(camps).trials_


def test_the_popular_come_after_all_that_listening_speaks_for(camps):
    model = Segue(choice=Choice(k=5)).fit(camps)
    history = csr_array(camps.matrix[[0]])

    scores = model.score(history).toarray()[0]

    earned = (history @ model.weights_).toarray()[0]
    least = earned[earned > 1e-3].min()
    assert (scores[earned == 0] < least).all()
    assert (scores[earned == 0] > 0).any()

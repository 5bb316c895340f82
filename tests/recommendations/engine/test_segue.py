import numpy as np
import pytest
from scipy.sparse import csr_array

from recommendations.engine import search
from recommendations.engine.benchmark.synthetic import listening
from recommendations.engine.blend import Parts, rank_blends
from recommendations.engine.evaluation.splits import by_user
from recommendations.engine.interactions import Interactions
from recommendations.engine.ranking import top_n
from recommendations.engine.search import Choice, choose
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
    scales, shares = rng.random((2, 30)).astype("f4"), np.array([0.0, 0.5], "f4")

    ranked = rank_blends(
        world.matrix,
        world.matrix,
        Parts(weights, users, factors),
        scales=scales,
        shares=shares,
        n=5,
    )

    for number, (scale, share) in enumerate((s, q) for s in scales for q in shares):
        sums = csr_array(world.matrix @ weights)
        rows = np.repeat(np.arange(80), np.diff(sums.indptr))
        vague = (users[rows] * factors[sums.indices]).sum(axis=1)
        sums.data = scale[sums.indices] * sums.data + share * vague
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
        vague = 0.25 * low_rank.factors @ low_rank.user(items, values)
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


def test_the_popular_come_after_all_that_listening_speaks_for(camps):
    model = Segue(choice=Choice(k=5)).fit(camps)
    history = csr_array(camps.matrix[[0]])

    scores = model.score(history).toarray()[0]

    earned = (history @ model.weights_).toarray()[0]
    least = earned[earned > 1e-3].min()
    assert (scores[earned == 0] < least).all()
    assert (scores[earned == 0] > 0).any()

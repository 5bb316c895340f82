import numpy as np
import pytest
from scipy.sparse import csr_array

from recommendations.engine import ease
from recommendations.engine.ease import EASE, CatalogueTooLargeError
from recommendations.engine.interactions import Interactions
from recommendations.engine.linear import liked
from recommendations.engine.neighbours import Meetings
from recommendations.engine.ridge import NeighbourhoodRidge, solve_columns
from recommendations.engine.singles import singles
from tests.recommendations.engine.models import crowd, two_camps

PLAIN = {"likeness_power": 0.5, "popularity_power": 0.0}


def slow_ridge(x, item, others, regularization, dropout):
    """The regression of one column on some others, as the textbook has it."""
    gram = x[:, others].T @ x[:, others]
    penalty = np.diag(regularization + dropout * np.diag(gram))
    return np.linalg.solve(gram + penalty, x[:, others].T @ x[:, item])


def nearest(x, item, k):
    gram = x.T @ x
    cosine = gram[:, item] / np.sqrt(np.maximum(np.diag(gram), 1))
    cosine[item] = 0
    order = np.lexsort((np.arange(len(cosine)), -cosine))
    return np.array([i for i in order if cosine[i] > 0][:k])


@pytest.fixture
def tail_only(monkeypatch):
    monkeypatch.setattr("recommendations.engine.neighbours.HEAD", 0)


@pytest.fixture
def half_in_the_head(monkeypatch):
    monkeypatch.setattr("recommendations.engine.neighbours.HEAD", 12)


def check_against_the_slow_way():
    world = crowd(n_users=200)
    x = world.matrix.toarray().astype(float)

    model = NeighbourhoodRidge(k=7, regularization=2.0, dropout=0.5, **PLAIN).fit(world)

    weights = model.weights_.toarray()
    for item in range(world.n_items):
        others = nearest(x, item, 7)
        slow = slow_ridge(x, item, others, 2.0, 0.5)
        np.testing.assert_allclose(weights[others, item], slow, atol=1e-4)
        assert np.count_nonzero(weights[:, item]) <= 7


def test_equals_one_regression_on_the_nearest_neighbours():
    check_against_the_slow_way()


def test_rows_beside_count_as_users_do_by_their_weight():
    world = crowd(n_users=200)
    beside = np.random.default_rng(0).random((15, world.n_items)) * (
        np.random.default_rng(1).random((15, world.n_items)) < 0.3
    )
    x = np.vstack([world.matrix.toarray(), beside]).astype(float)

    model = NeighbourhoodRidge(
        k=7, regularization=2.0, dropout=0.5, beside=csr_array(beside.astype(np.float32)), **PLAIN
    ).fit(world)

    support = np.count_nonzero(x, axis=0)
    for item in range(world.n_items):
        likeness = (x.T @ x)[:, item] / np.sqrt(support)
        likeness[item] = 0
        others = np.lexsort((np.arange(world.n_items), -likeness))[:7]
        slow = slow_ridge(x, item, others, 2.0, 0.5)
        np.testing.assert_allclose(model.weights_.toarray()[others, item], slow, atol=1e-4)


@pytest.mark.usefixtures("tail_only")
def test_equals_the_slow_way_when_all_pairs_are_counted():
    check_against_the_slow_way()


@pytest.mark.usefixtures("half_in_the_head")
def test_equals_the_slow_way_when_some_pairs_are_looked_up():
    check_against_the_slow_way()


@pytest.mark.parametrize("head", [0, 12, 3000])
def test_items_of_one_user_equal_the_slow_way(monkeypatch, head):
    monkeypatch.setattr("recommendations.engine.neighbours.HEAD", head)
    rng = np.random.default_rng(0)
    few = np.concatenate([rng.integers(0, 15, 60), np.arange(15, 40)])  # 15 to 39 by one user each
    users = np.concatenate([rng.integers(0, 12, 60), rng.integers(0, 12, 25)])
    world = Interactions.from_triples(users, few, item_ids=np.arange(40))
    x = (world.matrix.toarray() > 0).astype(float)
    single = np.flatnonzero(x.sum(axis=0) == 1)
    meetings = Meetings.from_matrix(liked(world), bound=1000, rng=np.random.default_rng(0))

    assert singles(meetings, np.arange(40), 20)[0].size > 15
    model = NeighbourhoodRidge(k=20, regularization=2.0, dropout=0.5, **PLAIN).fit(world)

    for item in single:
        others = nearest(x, item, 20)
        slow = slow_ridge(x, item, others, 2.0, 0.5)
        np.testing.assert_allclose(model.weights_.toarray()[others, item], slow, atol=1e-4)


def test_items_of_one_user_stand_aside_only_where_all_neighbours_fit():
    world = Interactions.from_triples([0] * 4 + [1, 1, 2], [0, 1, 2, 3, 3, 4, 5])
    meetings = Meetings.from_matrix(liked(world), bound=10, rng=np.random.default_rng(0))

    every, few = (singles(meetings, np.arange(6), limit)[0] for limit in (3, 2))

    assert sorted(every) == [0, 1, 2, 4]  # 3 has two users, 5 no company
    assert sorted(few) == [4]


def test_with_all_neighbours_it_is_ease():
    pairs = [*zip(*crowd(n_users=200).matrix.nonzero(), strict=True)]
    pairs += [(1000, item) for item in range(30)]  # who met everything: now all pairs have met
    world = Interactions.from_triples(*zip(*pairs, strict=True))

    ridge = NeighbourhoodRidge(k=29, regularization=3.0, dropout=0.2, **PLAIN).fit(world)
    full = EASE(regularization=3.0, dropout=0.2).fit(world)

    np.testing.assert_allclose(ridge.weights_.toarray(), full.weights_.toarray(), atol=1e-4)


def test_ease_equals_one_regression_per_item_on_all_others():
    world = crowd(n_users=100)
    x = world.matrix.toarray().astype(float)

    weights = EASE(regularization=2.0, dropout=0.3).fit(world).weights_.toarray()

    for item in range(world.n_items):
        others = np.arange(world.n_items) != item
        np.testing.assert_allclose(
            weights[others, item], slow_ridge(x, item, others, 2.0, 0.3), atol=1e-4
        )


def test_ease_refuses_a_catalogue_that_does_not_fit():
    with pytest.raises(CatalogueTooLargeError, match="30 items"):
        EASE(max_items=20).fit(crowd())


def test_ease_refuses_what_a_third_of_the_free_memory_is_too_little_for(monkeypatch, tmp_path):
    monkeypatch.setattr(ease, "MEMORY", tmp_path / "meminfo")
    ease.MEMORY.write_text("MemTotal: 99 kB\nMemAvailable: 42 kB\n")  # 30 items take 14,400 bytes

    with pytest.raises(CatalogueTooLargeError, match="30 items need"):
        EASE().fit(crowd())

    ease.MEMORY.write_text("MemTotal: 99 kB\nMemAvailable: 43 kB\n")
    assert EASE().fit(crowd()).weights_.shape == (30, 30)
    ease.MEMORY.unlink()
    assert EASE().fit(crowd()).weights_.shape == (30, 30)


def test_the_inverse_is_put_together_of_blocks(monkeypatch):
    whole = EASE().fit(crowd()).weights_.toarray()
    monkeypatch.setattr(ease, "BLOCK", 7)

    np.testing.assert_array_equal(EASE().fit(crowd()).weights_.toarray(), whole)


def test_settings_solved_together_equal_each_alone():
    world = crowd(n_users=200)
    meetings = Meetings.from_matrix(liked(world), bound=1000, rng=np.random.default_rng(0))
    lengths = np.sqrt(np.maximum(meetings.support, 1.0))
    penalties = [(2.0, 0.0), (5.0, 1.0)]

    both = solve_columns(meetings, k=8, lengths=lengths, penalties=penalties, shares=(0.5, 1.0))

    for number, (k, penalty) in enumerate((k, p) for p in penalties for k in (4, 8)):
        alone = solve_columns(meetings, k=k, lengths=lengths, penalties=[penalty])
        np.testing.assert_array_equal(both.neighbours[:, :k], alone.neighbours)
        np.testing.assert_allclose(
            both.weights[number][:, :k], alone.weights[0], rtol=1e-4, atol=1e-6
        )


def test_columns_asked_for_equal_the_same_columns_of_all():
    meetings = Meetings.from_matrix(liked(crowd()), bound=1000, rng=np.random.default_rng(0))
    lengths, wanted = np.ones(30), np.array([3, 17, 4])

    some = solve_columns(meetings, k=5, lengths=lengths, penalties=[(1.0, 0.0)], items=wanted)

    every = solve_columns(meetings, k=5, lengths=lengths, penalties=[(1.0, 0.0)])
    np.testing.assert_array_equal(some.neighbours, every.neighbours[wanted])
    np.testing.assert_array_equal(some.weights, every.weights[:, wanted])


def test_sampled_counts_come_near_the_whole_gram_matrix(monkeypatch):
    monkeypatch.setattr("recommendations.engine.neighbours.HEAD", 0)
    world = crowd(n_users=20_000, n_items=12, share=0.5)
    x = world.matrix.toarray()
    gram = (x.T @ x).astype(float)

    meetings = Meetings.from_matrix(liked(world), bound=4000, rng=np.random.default_rng(0))
    found = solve_columns(meetings, k=11, lengths=np.ones(12), penalties=())

    assert np.diff(meetings.by_item.indptr).max() == 4000
    for item, (neighbours, together) in enumerate(
        zip(found.neighbours, found.weights[0], strict=True)
    ):
        exact = gram[neighbours, item]
        np.testing.assert_allclose(together[exact > 2000], exact[exact > 2000], rtol=0.1)
    np.testing.assert_array_equal(meetings.squares, np.diag(gram))


def test_a_sampled_ridge_comes_near_the_whole_one(monkeypatch):
    monkeypatch.setattr("recommendations.engine.neighbours.HEAD", 0)
    world = crowd(n_users=20_000, n_items=12, share=0.5)

    sampled = NeighbourhoodRidge(k=11, bound=5000).fit(world).weights_.toarray()

    whole = NeighbourhoodRidge(k=11, bound=20_000).fit(world).weights_.toarray()
    assert np.corrcoef(sampled.ravel(), whole.ravel())[0, 1] > 0.95


def test_the_number_of_workers_changes_no_byte():
    world = crowd(n_users=300, n_items=400, share=0.05)

    one, three = (NeighbourhoodRidge(k=20, workers=n).fit(world).weights_ for n in (1, 3))

    for name in ("data", "indices", "indptr"):
        assert getattr(one, name).tobytes() == getattr(three, name).tobytes()


def test_scaling_by_popularity_lowers_the_popular():
    world = crowd(n_users=300, share=0.3)
    support = np.diff(world.matrix.tocsc().indptr)

    plain = NeighbourhoodRidge(popularity_power=0.0).fit(world).weights_.toarray()
    scaled = NeighbourhoodRidge(popularity_power=0.5).fit(world).weights_.toarray()

    known = plain != 0
    ratio = (scaled[known] / plain[known]) * np.sqrt(support)[np.nonzero(known)[1]]
    np.testing.assert_allclose(ratio, ratio[0], rtol=1e-4)


def test_keeps_no_more_weights_for_a_history_item_than_allowed():
    model = NeighbourhoodRidge(k=20, row_limit=3).fit(crowd(n_users=200))

    assert np.diff(model.weights_.indptr).max() == 3


def test_tells_its_progress_to_the_end():
    told = []

    NeighbourhoodRidge(progress=told.append).fit(crowd(n_items=300))

    assert told == sorted(told)
    assert told[-1] == 1.0
    assert len(told) > 1


def test_stops_when_told_so_and_leaves_no_half_model():
    class Stop(Exception):
        pass

    def stop(done):
        raise Stop

    model = NeighbourhoodRidge().fit(two_camps())
    model.progress = stop

    with pytest.raises(Stop):
        model.fit(crowd(n_items=600))
    assert model.weights_ is None

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array
from sklearn.metrics import silhouette_score

from recommendations.engine.clusters import (
    ClusterRecommender,
    Groups,
    dbscan,
    describe,
    k_means,
    of_items,
    of_users,
    silhouette,
    tags_of_users,
)
from recommendations.engine.clusters import groups as grouping
from recommendations.engine.clusters.groups import choose_k
from recommendations.engine.clusters.table import artist_popularity, mean_ratings, robust
from recommendations.engine.interactions import Catalogue, Interactions
from recommendations.engine.protocol import NotFittedError

N_ITEMS = 60
TAGS = ["metal", "ballad", "seen live"]


def metal_and_ballads(n_items=N_ITEMS):
    """Even items are fast, loud metal; odd ones slow, quiet ballads."""
    rng = np.random.default_rng(0)
    metal = np.arange(n_items) % 2 == 0
    tempo = np.where(metal, 170.0, 70.0) + rng.normal(0, 5, n_items)
    loudness = np.where(metal, -4.0, -20.0) + rng.normal(0, 1, n_items)
    key = rng.integers(0, 12, n_items)
    tags = np.column_stack([metal, ~metal, rng.random(n_items) < 0.5]).astype(np.float32)
    return Catalogue(
        np.column_stack([tempo, loudness, key]).astype(np.float32),
        ["tempo", "loudness", "key"],
        csr_array(tags),
        TAGS,
        np.arange(n_items) // 2,
        np.full(n_items, np.nan, dtype=np.float32),
        np.arange(n_items),
    )


def two_camps(n_users=40, n_items=N_ITEMS, seed=0):
    """Even users meet even items, odd users odd ones; the last four items nobody."""
    rng = np.random.default_rng(seed)
    chance = 0.5 * (np.arange(n_users)[:, None] % 2 == np.arange(n_items) % 2)
    users, items = np.nonzero(rng.random((n_users, n_items)) < chance)
    met = items < n_items - 4
    return Interactions.from_triples(users[met], items[met], item_ids=np.arange(n_items))


def three_heaps(n=90, seed=0):
    rng = np.random.default_rng(seed)
    kinds = np.repeat([0, 1, 2], n // 3)
    return np.array([[0.0, 0], [10, 0], [0, 10]])[kinds] + rng.normal(0, 0.5, (n, 2)), kinds


def same_partition(labels, kinds):
    return len(set(zip(labels.tolist(), kinds.tolist(), strict=True))) == np.unique(kinds).size


def row(items, n_items=N_ITEMS):
    ones = np.ones(len(items), dtype=np.float32)
    return csr_array((ones, (np.zeros(len(items), int), items)), shape=(1, n_items))


def test_k_means_finds_the_heaps():
    values, kinds = three_heaps()

    found = k_means(values, 3)

    assert same_partition(found.labels, kinds)
    np.testing.assert_allclose(found.centres[found.labels[0]], values[:30].mean(axis=0))


def test_dbscan_finds_the_heaps_and_leaves_the_lonely_out():
    values, kinds = three_heaps()
    lonely = np.array([[50.0, 50.0]])

    found = dbscan(np.vstack([values, lonely]), min_rows=5)

    dense = found.labels >= 0
    assert found.labels[-1] == grouping.NOISE
    assert found.k == 3
    assert dense.mean() > 0.7
    assert same_partition(found.labels[:-1][dense[:-1]], kinds[dense[:-1]])


def test_dbscan_groups_rows_it_did_not_learn_from(monkeypatch):
    monkeypatch.setattr(grouping, "DENSE_ROWS", 60)
    values, kinds = three_heaps(300)

    found = dbscan(values, min_rows=5)

    dense = found.labels >= 0
    assert dense.sum() > 150
    assert same_partition(found.labels[dense], kinds[dense])


def test_dbscan_of_too_few_rows_finds_nothing():
    assert dbscan(np.zeros((3, 2)), min_rows=5).k == 0


def test_rows_that_nothing_tells_apart_are_one_group():
    for rows in (np.zeros((50, 3)), np.zeros((50, 0))):
        assert dbscan(rows).sizes.tolist() == [50]
        assert k_means(rows, 3).sizes.tolist() == [50]


def test_dbscan_finds_heaps_of_equals():
    assert dbscan(np.repeat([[0.0], [5.0]], [30, 20], axis=0)).sizes.tolist() == [30, 20]


def test_no_rows_are_no_groups():
    for found in (k_means(np.zeros((0, 3)), 3), dbscan(np.zeros((0, 3)))):
        assert found.k == 0
        assert found.labels.size == 0


def test_dbscan_where_everyone_met_everything():
    world = Interactions.from_triples(np.repeat(np.arange(30), 20), np.tile(np.arange(20), 30))

    model = ClusterRecommender(method="dbscan").fit(world)

    assert model.groups_.labels.size == 20
    assert np.isfinite(model.score(world.matrix).data).all()


def test_batches_find_the_heaps_too(monkeypatch):
    monkeypatch.setattr(grouping, "MANY_ROWS", 50)
    values, kinds = three_heaps()

    assert same_partition(k_means(values, 3).labels, kinds)


def test_no_more_groups_than_different_rows():
    assert k_means(np.repeat([[1.0], [2.0]], 5, axis=0), 4).k == 2


def test_groups_are_numbered_by_size():
    values = np.repeat([[0.0], [5.0], [9.0]], [2, 7, 4], axis=0)

    assert k_means(values, 3).sizes.tolist() == [7, 4, 2]


def test_rows_never_seen_go_to_the_nearest_centre(monkeypatch):
    monkeypatch.setattr(grouping, "BATCH", 7)
    values, _ = three_heaps()
    found = k_means(values, 3)
    fresh = np.random.default_rng(1).normal(3, 5, (20, 2))

    slow = [np.linalg.norm(found.centres - point, axis=1).argmin() for point in fresh]

    np.testing.assert_array_equal(found.assign(fresh), slow)


def test_silhouette_is_scikit_learns_without_the_noise():
    values, kinds = three_heaps()
    labels = np.where(np.arange(90) % 10 == 0, grouping.NOISE, kinds)

    found = silhouette(values, labels, np.random.default_rng(0))

    assert found == pytest.approx(silhouette_score(values[labels >= 0], labels[labels >= 0]))


def test_silhouette_of_one_group_is_not_known():
    assert np.isnan(silhouette(np.ones((5, 1)), np.zeros(5, int), np.random.default_rng(0)))


def test_the_silhouette_is_highest_at_the_true_number():
    values, _ = three_heaps()

    found = choose_k(values, [2, 3, 6])

    assert max(found, key=found.get) == 3


def test_robust_scaling_is_not_moved_by_one_odd_value():
    column = np.append(np.linspace(-1, 1, 99), 1e9)

    scaled = robust(column)

    assert np.abs(scaled[:-1]).max() < 1.5
    assert scaled[-1] == 4.0


@pytest.mark.parametrize(
    ("column", "scaled"),
    [
        ([2.0, 2.0, np.nan], [0.0, 0.0, np.nan]),
        ([np.nan, np.nan], [np.nan, np.nan]),
        ([0.0, 0, 0, 0, 0, 1], [0.0, 0, 0, 0, 0, 1 / np.std([0, 0, 0, 0, 0, 1])]),
    ],
)
def test_robust_scaling_of_constant_unknown_and_rare_values(column, scaled):
    np.testing.assert_allclose(robust(np.array(column)), scaled)


def test_a_new_item_is_as_popular_as_its_artist():
    heard = Interactions.from_triples([1, 2, 3], [0, 0, 1], item_ids=np.arange(4))

    found = artist_popularity(heard, np.array([7, 5, 7, -1]))

    np.testing.assert_allclose(found, [np.log1p(2), np.log1p(1), np.log1p(2), np.nan])


def test_few_ratings_are_drawn_to_the_mean_and_none_are_not_known():
    ratings = Interactions.from_triples(
        [1, *range(10, 60)], [0, *[1] * 50], [5.0, *[2.0] * 50], item_ids=np.arange(3)
    )

    one, fifty, none = mean_ratings(ratings)

    assert 2.0 < one < 3.0
    assert fifty == pytest.approx(2.0, abs=0.05)
    assert np.isnan(none)


def test_items_are_compared_by_sound_genre_artist_and_ratings_but_not_by_key():
    table = of_items(two_camps(), metal_and_ballads(), two_camps())

    assert table.names == ["tempo", "loudness", "year", "artist popularity", "rating"]
    assert table.values.shape[1] > len(table.names)
    assert np.isfinite(table.values).all()


def test_what_is_unknown_sits_in_the_middle():
    catalogue = metal_and_ballads()
    catalogue.features[5] = np.nan

    table = of_items(two_camps(), catalogue)

    assert np.isnan(table.scaled[5, :2]).all()
    assert (table.values[5, :2] == 0.0).all()


def test_tempo_and_genre_part_metal_from_ballads_and_name_them():
    catalogue = metal_and_ballads()
    table = of_items(two_camps(), catalogue)

    groups = k_means(table.values, 2)
    profiles = describe(groups, table, catalogue.tags, TAGS)

    assert same_partition(groups.labels, np.arange(N_ITEMS) % 2)
    by_tag = {profile.tags[0]: profile for profile in profiles}
    assert {trait.word for trait in by_tag["metal"].traits} == {"fast", "loud"}
    assert by_tag["ballad"].name in ("Slow, quiet ballad", "Quiet, slow ballad")
    assert all(profile.tags == [tag] for tag, profile in by_tag.items())
    assert all(profile.size == 30 for profile in profiles)


def test_the_difference_is_the_mean_inside_less_the_mean_outside():
    table = of_items(two_camps(), metal_and_ballads())
    groups = k_means(table.values, 2)

    trait = describe(groups, table)[0].traits[0]

    column = table.scaled[:, table.names.index(trait.column)]
    inside = groups.labels == 0
    slow = (column[inside].mean() - column[~inside].mean()) / column.std()
    assert trait.difference == pytest.approx(slow)


@given(st.integers(2, 12))
def test_no_two_groups_have_one_name(k):
    table = of_items(two_camps(), metal_and_ballads())

    names = [profile.name for profile in describe(k_means(table.values, k), table)]

    assert len(set(names)) == len(names)
    assert all(names)


def test_listeners_are_grouped_by_what_they_like():
    heard, catalogue = two_camps(), metal_and_ballads()
    items = of_items(heard, catalogue)
    users = of_users(heard.matrix, items)

    groups = k_means(users.values, 2)

    assert same_partition(groups.labels, heard.user_ids % 2)
    profiles = describe(groups, users, tags_of_users(heard.matrix, catalogue.tags), TAGS)
    assert {profile.tags[0] for profile in profiles} == {"metal", "ballad"}


def test_a_listener_alone_is_the_same_as_among_others():
    heard = two_camps()
    items = of_items(heard, metal_and_ballads())

    alone = of_users(csr_array(heard.matrix[[3]]), items)

    np.testing.assert_allclose(alone.values[0], of_users(heard.matrix, items).values[3])


def test_a_skip_says_nothing_of_what_a_listener_likes():
    heard, catalogue = two_camps(), metal_and_ballads()
    items = of_items(heard, catalogue)
    liked = row([0, 2])
    skipped = liked - row([1])

    np.testing.assert_allclose(of_users(liked, items).values[0, :-1],
                               of_users(csr_array(skipped), items).values[0, :-1])  # fmt: skip


@pytest.fixture(params=["k-means", "dbscan"])
def model(request):
    return ClusterRecommender(catalogue=metal_and_ballads(), method=request.param, k=2)


def test_recommends_from_the_clusters_a_history_lies_in(model):
    scores = model.fit(two_camps()).score(row([0])).toarray()[0]

    assert set(np.flatnonzero(scores)) <= set(range(0, N_ITEMS, 2))
    assert np.count_nonzero(scores) > 20


def test_an_item_nobody_met_has_a_place_behind_those_met():
    model = ClusterRecommender(catalogue=metal_and_ballads(), k=2)

    scores = model.fit(two_camps()).score(row([0])).toarray()[0]

    assert 0 < scores[N_ITEMS - 2] < np.median(scores[0:N_ITEMS:2])


def test_the_score_is_the_sum_of_what_each_item_of_the_history_gives(model):
    model.fit(two_camps())
    items, weights = [0, 3, 4], np.array([1.5, -0.5, 2.0], dtype=np.float32)
    history = csr_array((weights, ([0, 0, 0], items)), shape=(1, N_ITEMS))

    whole = model.score(history).toarray()

    parts = sum(weight * model.score(row([item])).toarray() for item, weight in zip(
        items, weights, strict=True))  # fmt: skip
    np.testing.assert_allclose(whole, parts, atol=1e-6)


def test_only_the_best_of_each_cluster_are_candidates():
    model = ClusterRecommender(catalogue=metal_and_ballads(), k=2, candidates=3)

    scores = model.fit(two_camps()).score(row([0])).toarray()[0]

    degrees = np.bincount(two_camps().matrix.indices, minlength=N_ITEMS)
    assert np.count_nonzero(scores) == 3
    assert degrees[scores > 0].min() >= np.sort(degrees[::2])[-3]


def test_without_a_catalogue_items_are_known_by_their_company():
    model = ClusterRecommender(k=2).fit(two_camps())

    met = np.arange(N_ITEMS - 4)
    assert same_partition(model.groups_.labels[met], met % 2)


def test_noise_recommends_nothing():
    groups = Groups(np.array([0, 0, -1]), np.zeros((1, 2)))
    model = ClusterRecommender(method="dbscan")
    model._group = lambda table: groups

    scores = model.fit(Interactions.from_triples([1, 1, 2], [0, 1, 2])).score(row([2], 3))

    assert scores.nnz == 0


def test_second_fit_forgets_the_first_and_repeats_exactly(model):
    twice = model.fit(two_camps(seed=1)).fit(two_camps(seed=2)).score(two_camps().matrix)

    fresh = model.fit(two_camps(seed=2)).score(two_camps().matrix)

    assert twice.data.tobytes() == fresh.data.tobytes()
    np.testing.assert_array_equal(twice.indices, fresh.indices)


def test_no_history_no_scores(model):
    assert model.fit(two_camps()).score(csr_array((1, N_ITEMS))).nnz == 0


def test_says_what_to_do_before_the_first_fit():
    with pytest.raises(NotFittedError, match="fit"):
        ClusterRecommender().score(row([0]))

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommendations.engine.ranking import Rules, Steering, Taste, recommend
from tests.recommendations.engine.serving_worlds import model_of, random_model, star, unit

ANY = Rules(per_artist=None, one_version=False)
HEARD_FIRST = Taste(np.array([0], np.int32), np.array([1.0], np.float32))


def listed(model, n=10, taste=HEARD_FIRST, **asked):
    asked.setdefault("rules", ANY)
    return recommend(model, taste, n, **asked).items.tolist()


def test_best_first_and_equal_scores_by_column():
    assert listed(star([0.2, 0.9, 0.2, 0.5])) == [2, 4, 1, 3]


def test_no_more_than_asked_and_no_more_than_there_are():
    assert listed(star([0.2, 0.9, 0.5]), n=2) == [2, 3]
    assert listed(star([0.2, 0.9, 0.5]), n=9) == [2, 3, 1]


def test_hides_what_it_is_told_and_counts_it():
    model = star([0.2, 0.9, 0.5])

    ranking = recommend(model, HEARD_FIRST, 9, hidden=np.array([2, 2, -1], np.int32), rules=ANY)

    assert ranking.items.tolist() == [3, 1]
    assert ranking.held_back["hidden"] == 1


def test_shows_only_what_is_allowed():
    allowed = np.array([True, True, False, False])

    assert listed(star([0.2, 0.9, 0.5]), allowed=allowed) == [1]
    with pytest.raises(ValueError, match="allowed has 3 flags for 4 items"):
        listed(star([0.2, 0.9, 0.5]), allowed=allowed[:3])


def test_leaves_nothing_behind_for_the_next_listener():
    model = star([0.2, 0.9, 0.5])
    first = listed(model)

    listed(model, hidden=np.array([1, 3], np.int32), also=np.array([0], np.int32))

    assert listed(model) == first


def test_a_listener_without_history_gets_what_is_offered_beside_it():
    model = star([0.2, 0.9, 0.5])
    nobody = Taste(np.empty(0, np.int32), np.empty(0, np.float32))

    assert listed(model, taste=nobody) == []
    popular = Steering(levels={"popularity": 1.0})
    assert listed(model, taste=nobody, also=model.popular, steering=popular) == [0, 1, 2, 3]


def test_what_the_history_does_not_reach_can_be_offered():
    model = model_of([[0, 1, 0], [0, 0, 0], [0, 0, 0]])

    assert listed(model, also=np.array([2, 1], np.int32)) == [1, 2]


def test_a_dislike_counts_against_what_is_like_it():
    weights = np.zeros((4, 4))
    weights[0, [2, 3]] = 1.0, 0.9
    weights[1, 2] = 0.5
    taste = Taste(np.array([0, 1], np.int32), np.array([1.0, -1.0], np.float32))

    assert listed(model_of(weights), taste=taste) == [3, 2]


def test_knows_tracks_by_their_ids_and_passes_over_strangers():
    taste = Taste.of(star([0.2, 0.9]), [102, 7, 100], [1.0, 2.0, 3.0])

    assert taste.items.tolist() == [2, 0]
    assert taste.weights.tolist() == [1.0, 3.0]


def test_no_more_of_one_artist_than_the_cap():
    model = star([0.9, 0.8, 0.7, 0.6], artist=np.array([0, 1, 1, 1, 2]))

    ranking = recommend(model, HEARD_FIRST, 3, rules=Rules(per_artist=2))

    assert ranking.items.tolist() == [1, 2, 4]
    assert ranking.held_back["artist cap"] == 1


def test_tracks_of_unknown_artists_are_not_one_artist():
    model = star([0.9, 0.8, 0.7], artist=np.array([-1, -1, -1, -1]))

    assert listed(model, rules=Rules(per_artist=1)) == [1, 2, 3]


def test_of_the_versions_of_a_work_only_the_best():
    model = star([0.9, 0.8, 0.7, 0.6], work=np.array([0, 1, 2, 1, -1]))

    ranking = recommend(model, HEARD_FIRST, 4, rules=Rules(per_artist=None))

    assert ranking.items.tolist() == [1, 2, 4]
    assert ranking.held_back["versions"] == 1


def test_diversity_prefers_what_is_unlike_the_chosen():
    alike, other = [1.0, 0.0], [0.0, 1.0]
    model = star([0.9, 0.89, 0.8, 0.1], vectors=np.array([alike, alike, alike, other, alike]))

    ranking = recommend(model, HEARD_FIRST, 3, rules=Rules(per_artist=None, diversity=0.5))

    assert ranking.items.tolist() == [1, 3, 2]
    assert [ranking.rules_at(k) for k in range(3)] == [[], ["diversity"], []]


def greedy_mmr(scores, vectors, n, diversity):
    """The slow definition."""
    scaled = (scores - scores.min()) / (scores.max() - scores.min())
    chosen, left = [], list(range(len(scores)))
    while left and len(chosen) < n:
        likeness = [max([0.0, *(vectors[i] @ vectors[j] for j in chosen)]) for i in left]
        values = [
            (1 - diversity) * scaled[i] - diversity * s for i, s in zip(left, likeness, strict=True)
        ]
        chosen.append(left.pop(int(np.argmax(values))))
    return chosen


@pytest.mark.parametrize("diversity", [0.1, 0.5, 0.9])
def test_diversity_equals_its_slow_definition(diversity):
    rng = np.random.default_rng(3)
    scores = np.sort(rng.random(16))[::-1]
    vectors = unit(rng.normal(size=(17, 3))).astype(np.float16)

    found = listed(star(scores, vectors=vectors), n=8, rules=Rules(None, diversity=diversity))

    expected = greedy_mmr(
        scores.astype(np.float32).astype(float), vectors[1:].astype(float), 8, diversity
    )
    assert [item - 1 for item in found] == expected


def test_exploration_draws_from_further_down_and_says_so():
    model = star(np.linspace(1, 0.1, 30))
    rules = Rules(per_artist=None, exploration=0.5)

    ranking = recommend(model, HEARD_FIRST, 10, rules=rules, rng=np.random.default_rng(1))

    explored = ranking.items > 10
    assert 0 < explored.sum() < 10
    assert ranking.items[0] == 1
    assert [ranking.rules_at(k) == ["exploration"] for k in range(10)] == explored.tolist()


def test_exploration_is_the_same_for_the_same_seed_and_needs_one():
    model = star(np.linspace(1, 0.1, 30))
    rules = Rules(per_artist=None, exploration=0.5)

    lists = [listed(model, rules=rules, rng=np.random.default_rng(seed)) for seed in (1, 1, 2)]

    assert lists[0] == lists[1] != lists[2]
    with pytest.raises(ValueError, match="needs a random generator"):
        listed(model, rules=rules)


def test_a_level_slider_reorders_and_unknown_levels_are_left_alone():
    energy = np.array([[0.5], [0.9], [np.nan], [0.1]], dtype=np.float32)
    model = star([0.5, 0.5, 0.5], features=energy)

    assert listed(model, steering=Steering(levels={"energy": 1.0})) == [1, 2, 3]
    assert listed(model, steering=Steering(levels={"energy": -1.0})) == [3, 2, 1]
    assert listed(model, steering=Steering(levels={"energy": 0.0})) == [1, 2, 3]


def test_refuses_a_slider_it_does_not_have():
    with pytest.raises(ValueError, match="no slider “sparkle”; there are energy, year, popularity"):
        listed(star([0.5]), steering=Steering(levels={"sparkle": 1.0}))


def test_popular_to_rare_is_a_slider():
    model = star([0.5, 0.5, 0.5])

    assert listed(model, steering=Steering(levels={"popularity": -1.0})) == [3, 2, 1]


def test_adventure_moves_away_from_known_artists():
    model = star([0.5, 0.45], artist=np.array([7, 7, 8]))

    assert listed(model, steering=Steering(adventure=-1.0)) == [1, 2]
    assert listed(model, steering=Steering(adventure=1.0)) == [2, 1]


def test_adventure_moves_away_from_the_sound_of_the_history():
    model = star([0.5, 0.45], vectors=np.array([[1, 0], [1, 0], [0, 1]]))

    assert listed(model, steering=Steering(adventure=-1.0)) == [1, 2]
    assert listed(model, steering=Steering(adventure=1.0)) == [2, 1]


def test_shares_of_the_sources_are_sliders():
    model = model_of([[0, 1.0], [0, 0]], sources=("history", "sound"))
    steering = Steering(shares={"sound": 0.25})

    ranking = recommend(model, HEARD_FIRST, 1, steering=steering)

    assert ranking.scores.tolist() == [1.25]


def test_what_was_shown_lately_can_count_against():
    model = star([0.9, 0.8])
    shown = {"shown lately": (np.array([1], np.int32), np.array([-0.5]))}

    ranking = recommend(model, HEARD_FIRST, 2, added=shown, rules=ANY)

    assert ranking.items.tolist() == [2, 1]
    np.testing.assert_allclose(ranking.added["shown lately"], [0, -0.45], atol=1e-6)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), low_rank=st.booleans())
def test_scores_equal_the_matrix_product(seed, low_rank):
    """Against dense arithmetic, written out."""
    model = random_model(seed, low_rank=low_rank)
    rng = np.random.default_rng(seed)
    items = rng.choice(model.n_items, 6, replace=False).astype(np.int32)
    weights = rng.normal(size=6).astype(np.float32)

    ranking = recommend(model, Taste(items, weights), model.n_items, rules=ANY)

    history = np.zeros(model.n_items)
    history[items] = weights
    expected = sum(history @ dense(term, model.n_items) for term in model.terms)
    if low_rank:
        expected = expected + fold_in(model.low_rank, history)
    reached = set(
        np.flatnonzero(sum(np.abs(dense(t, model.n_items))[items].sum(0) for t in model.terms))
    )
    assert set(ranking.items.tolist()) == reached
    np.testing.assert_allclose(ranking.scores, expected[ranking.items], atol=1e-5)
    assert (np.diff(ranking.scores) <= 0).all()


def dense(term, n_items):
    full = np.zeros((n_items, n_items))
    for row in range(n_items):
        part = slice(term.indptr[row], term.indptr[row + 1])
        full[row, term.indices[part]] = term.data[part]
    return full


def fold_in(low_rank, history):
    """One weighted ridge regression, as in the paper."""
    confidence = np.diag(1 + low_rank.alpha * np.abs(history))
    y = low_rank.factors.astype(float)
    regular = low_rank.gram - y.T @ y
    user = np.linalg.solve(y.T @ confidence @ y + regular, y.T @ confidence @ (history > 0))
    return low_rank.scale * (y @ user)

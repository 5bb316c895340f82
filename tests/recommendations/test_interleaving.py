"""Two lists in one: fair, seeded, and able to tell the better of two models."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from recommendations.interleaving import leads, sign_test, team_draft

lists = st.lists(st.integers(0, 30), unique=True, max_size=20)


@given(lists, lists, st.integers(0, 25), st.text(max_size=5))
def test_a_draft_is_a_list_of_both_and_nothing_twice(first, second, n, seed):
    drawn = team_draft(first, second, n, seed=seed)

    items = [item for item, _side in drawn]
    assert len(set(items)) == len(items) == min(n, len({*first, *second}))
    assert all(item in (first if side == "a" else second) for item, side in drawn)
    assert drawn == team_draft(first, second, n, seed=seed)


@given(lists, lists, st.text(max_size=5))
def test_each_side_takes_its_own_best_in_order(first, second, seed):
    drawn = team_draft(first, second, 20, seed=seed)

    for side, own in (("a", first), ("b", second)):
        places = [own.index(item) for item, of in drawn if of == side]
        assert places == sorted(places)


@given(st.integers(1, 10), st.text(max_size=5))
def test_both_sides_get_as_many_places(rounds, seed):
    drawn = team_draft(range(100), range(100, 200), 2 * rounds, seed=seed)

    sides = [side for _item, side in drawn]
    assert sides.count("a") == sides.count("b") == rounds


def test_who_begins_is_drawn_by_lot():
    begins = [team_draft([1], [2], 1, seed=str(number))[0][1] for number in range(1000)]

    assert 430 < begins.count("a") < 570


def test_acts_count_for_the_side_and_by_listener():
    acts = [(1, "a", "like"), (1, "b", "play"), (1, "b", "skip"), (2, "b", "favourite")]

    assert leads([*acts, (3, "a", "rating")]) == {1: (1, 0), 2: (0, 1), 3: (0, 0)}


def test_the_sign_test_is_that_of_the_books():
    assert sign_test(0, 0) == sign_test(1, 1) == 1.0
    assert sign_test(8, 2) == sign_test(2, 8) == 2 * (45 + 10 + 1) / 1024


def simulated(quality_a, quality_b, *, listeners=300, seed=0):
    """Let listeners like what they see as often as it deserves; return who preferred which.

    A model of quality q puts a track the listener would like at a place with probability q.
    """
    rng = np.random.default_rng(seed)
    wins = {"a": 0, "b": 0}
    for listener in range(listeners):
        liked = set(rng.permutation(200)[:60].tolist())
        first, second = (ranked(liked, quality, rng) for quality in (quality_a, quality_b))
        drawn = team_draft(first, second, 10, seed=f"{seed}:{listener}")
        acts = [(listener, side, "like") for item, side in drawn if item in liked]
        for lead in leads(acts).values():
            if lead.a != lead.b:
                wins["a" if lead.a > lead.b else "b"] += 1
    return wins["a"], wins["b"]


def ranked(liked, quality, rng):
    good = rng.permutation(sorted(liked)).tolist()
    bad = rng.permutation([item for item in range(200) if item not in liked]).tolist()
    return [(good if rng.random() < quality else bad).pop() for _ in range(10)]


def test_it_finds_the_better_of_two_models_of_known_quality():
    for seed in range(5):
        wins, losses = simulated(0.5, 0.35, seed=seed)
        assert wins > losses
        assert sign_test(wins, losses) < 0.01

        losses, wins = simulated(0.35, 0.5, seed=seed)
        assert sign_test(wins, losses) < 0.01


def test_equal_models_are_told_apart_no_oftener_than_by_chance():
    found = [sign_test(*simulated(0.4, 0.4, seed=seed)) < 0.05 for seed in range(40)]

    assert sum(found) <= 6

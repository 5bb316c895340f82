import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommendations.engine import reasons
from recommendations.engine.ranking import Rules, Steering, Taste, recommend
from tests.recommendations.engine.serving_worlds import model_of, random_model

SLIDERS = st.floats(-1, 1)
ANY = Rules(per_artist=None, one_version=False)


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    heard=st.lists(
        st.tuples(st.integers(0, 39), st.floats(-5, 20, width=32)),
        max_size=30,
        unique_by=lambda pair: pair[0],
    ),
    low_rank=st.booleans(),
    shares=st.fixed_dictionaries({"history": SLIDERS, "sound": SLIDERS, "tags": SLIDERS}),
    levels=st.fixed_dictionaries({"energy": SLIDERS, "popularity": SLIDERS}),
    adventure=SLIDERS,
)
def test_reasons_add_up_to_the_score(seed, heard, low_rank, shares, levels, adventure):
    model = random_model(seed, low_rank=low_rank)
    taste = Taste(
        np.array([item for item, _ in heard], np.int32),
        np.array([weight for _, weight in heard], np.float32),
    )
    steering = Steering(shares=shares, levels=levels, adventure=adventure)
    shown_lately = {"shown lately": (np.array([3, 9], np.int32), np.array([-0.5, -1.0]))}

    ranking = recommend(model, taste, 12, also=model.popular, steering=steering, added=shown_lately)
    explained = reasons.explain(model, ranking)

    np.testing.assert_allclose(explained.totals, ranking.scores, atol=1e-5)
    for reason, score in zip(explained.all(), ranking.scores, strict=True):
        named = [*reason.speaks_for, *reason.speaks_against]
        total = sum(part.value for part in named) + sum(reason.others) + sum(reason.added.values())
        assert total == pytest.approx(score, abs=1e-5)
        assert sum(reason.by_source.values()) == pytest.approx(score, abs=1e-5)
        for part in named:
            assert sum(part.by_source) == pytest.approx(part.value)


def hand_made():
    weights = np.zeros((6, 6))
    weights[:5, 5] = 0.4, 0.1, 0.3, 0.2, 0.5
    taste = Taste(np.arange(5, dtype=np.int32), np.array([1, 1, 1, 1, -1], np.float32))
    return model_of(weights, sources=("history", "sound")), taste


def test_names_the_strongest_tracks_and_shows_apart_what_counts_against():
    model, taste = hand_made()

    ranking = recommend(model, taste, 1, rules=ANY)
    reason = reasons.explain(model, ranking).of(0, top=2)

    assert [part.item for part in reason.speaks_for] == [0, 2]
    assert [part.value for part in reason.speaks_for] == pytest.approx([0.8, 0.6])
    assert [part.item for part in reason.speaks_against] == [4]
    assert reason.speaks_against[0].value == pytest.approx(-1.0)
    assert reason.others == pytest.approx((0.6, 0.0))
    assert reason.total_for == pytest.approx(2.0)
    assert reason.score == pytest.approx(1.0)


def test_splits_each_track_by_source():
    model, taste = hand_made()

    ranking = recommend(model, taste, 1, steering=Steering(shares={"sound": 0.5}), rules=ANY)
    explained = reasons.explain(model, ranking)

    assert explained.sources == ("history", "sound")
    assert explained.of(0).speaks_for[0].by_source == pytest.approx((0.4, 0.2))
    assert explained.of(0).by_source == pytest.approx({"history": 0.5, "sound": 0.25})


def test_sliders_have_a_line_of_their_own():
    model, taste = hand_made()

    ranking = recommend(model, taste, 1, steering=Steering(levels={"energy": 0.5}), rules=ANY)
    reason = reasons.explain(model, ranking).of(0)

    assert reason.added == pytest.approx({"energy": 0.5})
    assert reason.by_source["energy"] == pytest.approx(0.5)
    assert reason.score == pytest.approx(1.5)


def test_rules_change_no_score():
    model = random_model(5)
    taste = Taste(np.arange(6, dtype=np.int32), np.ones(6, np.float32))
    plain = recommend(model, taste, 40, rules=ANY)
    scores = dict(zip(plain.items.tolist(), plain.scores.tolist(), strict=True))

    ruled = recommend(
        model,
        taste,
        10,
        rules=Rules(per_artist=1, diversity=0.7, exploration=0.3),
        rng=np.random.default_rng(0),
    )

    for item, score in zip(ruled.items.tolist(), ruled.scores.tolist(), strict=True):
        assert score == pytest.approx(scores[item])


def test_a_list_without_a_history_has_reasons_without_tracks():
    model, _ = hand_made()
    nobody = Taste(np.empty(0, np.int32), np.empty(0, np.float32))

    steering = Steering(levels={"popularity": 1.0})
    ranking = recommend(model, nobody, 2, also=model.popular, steering=steering)
    first = reasons.explain(model, ranking).of(0)

    assert first.speaks_for == first.speaks_against == []
    assert first.by_source == {"history": 0, "sound": 0, "popularity": 1.0}


def test_explaining_leaves_nothing_behind():
    model, taste = hand_made()
    ranking = recommend(model, taste, 1, rules=ANY)

    first = reasons.explain(model, ranking).of(0)

    assert reasons.explain(model, ranking).of(0) == first
    assert not model.scratch.place.any()

"""The analysis of a catalogue against slow and obvious ways to the same numbers."""

import math
import statistics

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr

from catalog.exploring import correlations as correlating
from catalog.exploring import typical, years
from catalog.exploring.distributions import category, distribution
from catalog.exploring.drawing_lots import drawn
from catalog.exploring.gaps import counted, missing
from catalog.exploring.groups import beside_all, branches, in_order, of_branch
from catalog.exploring.measures import CATEGORIES, MEASURES, SOUNDS
from catalog.exploring.pairs import classes_of, points_of, strongest
from catalog.exploring.typical import robust_distances, typical_and_unusual, with_scales
from catalog.exploring.years import over_years
from catalog.features import scaled

UNKNOWN = math.nan


def make_frame(n=400, *, seed=7, unknown=0.05, **columns):
    """Tracks of no meaning: every measure by chance, some of it unknown."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"id": np.arange(1, n + 1), "artist": np.arange(1, n + 1)})
    frame["genre"] = rng.integers(1, 5, n).astype(float)
    for name, measure in MEASURES.items():
        values = rng.uniform(measure.low, measure.high, n).round(measure.decimals)
        frame[name] = np.where(rng.random(n) < unknown, UNKNOWN, values)
    for name in CATEGORIES:
        frame[name] = rng.integers(0, 2, n).astype(float)
    return frame.assign(**columns)


@pytest.mark.parametrize("name", MEASURES)
def test_counts_each_step_as_a_loop_would(name):
    measure = MEASURES[name]
    values = make_frame()[name]
    edges = measure.edges()

    found = distribution(values, measure)

    slow = [0] * measure.steps
    for value in values.dropna():
        slow[max(step for step in range(measure.steps) if edges[step] <= value)] += 1
    assert found["counts"] == slow
    assert found["known"] == sum(slow) == values.notna().sum()
    assert found["quantiles"][2] == round(statistics.median(values.dropna()), measure.decimals)


def test_what_lies_outside_counts_in_the_outermost_step():
    found = distribution(pd.Series([12.0, 39.9, 250.0, 220.0]), MEASURES["tempo"])

    assert (found["counts"][0], found["counts"][-1]) == (2, 2)


def test_counts_whole_numbers_and_leaves_the_unknown_out():
    found = category(pd.Series([4.0, 3.0, UNKNOWN, 4.0]))

    assert found == {"known": 3, "values": [3, 4], "counts": [1, 2]}


def test_the_quartiles_of_a_year_are_those_of_its_tracks():
    dated = np.repeat([1999.0, 2000.0, 2001.0], 40)
    frame = make_frame(120, unknown=0, year=dated)

    found = over_years(frame)

    energy = frame.loc[frame["year"] == 2000, "energy"]
    assert found["from"] == [1999, 2000, 2001]
    assert found["tracks"] == [40, 40, 40]
    assert [part[1] for part in found["measures"]["energy"]] == [
        round(float(np.percentile(energy, share)), 3) for share in (25, 50, 75)
    ]


def test_a_time_with_too_few_measured_tracks_says_nothing():
    frame = make_frame(120, unknown=0, year=np.repeat([1999.0, 2000.0, 2001.0], 40))
    frame.loc[frame["year"] == 2000, "energy"] = UNKNOWN
    frame.loc[frame.index[frame["year"] == 2000][: years.FEWEST - 1], "energy"] = 0.5

    found = over_years(frame)

    assert [part[1] for part in found["measures"]["energy"]] == [None] * 3
    assert found["measures"]["valence"][1][1] is not None


@pytest.mark.parametrize(("a_year", "step"), [(40, 1), (5, 5), (1, 10)])
def test_takes_years_together_until_a_time_has_enough_tracks(a_year, step):
    dated = np.repeat(np.arange(1970.0, 2010.0), a_year)

    found = over_years(make_frame(len(dated), year=dated))

    assert found["step"] == step
    assert all(start % step == 0 for start in found["from"])
    assert sum(found["tracks"]) == len(dated)


def test_a_catalogue_without_years_has_no_times():
    assert over_years(make_frame(year=UNKNOWN))["from"] == []


def test_correlates_as_scipy_does_on_what_both_are_known_of():
    frame = make_frame(unknown=0.2)
    frame["loudness"] = frame["energy"] ** 3 * 20 - 25 + frame["valence"]

    found = correlating.correlations(frame)

    for row, one in enumerate(MEASURES):
        for column, other in enumerate(MEASURES):
            both = frame[[one, other]].dropna().T.drop_duplicates().T
            slow = spearmanr(both).statistic if both.shape[1] == 2 else 1.0
            assert found["matrix"][row][column] == pytest.approx(slow, abs=0.001)


def test_what_never_changes_or_is_hardly_known_goes_with_nothing():
    frame = make_frame(unknown=0, liveness=0.1)
    frame.loc[correlating.FEWEST - 1 :, "valence"] = UNKNOWN

    found = correlating.correlations(frame)

    names = [name for pair in strongest(found) for name in pair[:2]]
    assert not {"liveness", "valence"} & set(names)
    assert len(names) == 2 * 36


def test_a_large_catalogue_is_asked_by_lot(monkeypatch):
    monkeypatch.setattr(correlating, "MOST", 100)

    assert correlating.correlations(make_frame(400))["tracks"] == 100


def test_the_strongest_pair_comes_first_whatever_its_sign():
    frame = make_frame(unknown=0)
    frame["acousticness"] = 1 - frame["energy"]
    frame["loudness"] = frame["tempo"] / 10 - 20 + frame["valence"]

    first, second, *_rest = strongest(correlating.correlations(frame))

    assert set(first[:2]) == {"energy", "acousticness"}
    assert first[2] == pytest.approx(-1)
    assert set(second[:2]) == {"tempo", "loudness"}


def test_distances_are_those_of_the_definition():
    points = make_frame(200, unknown=0)[["energy", "valence", "liveness"]].to_numpy()
    points[:, 1] = 0.6 * points[:, 0] + 0.4 * points[:, 1]

    found = robust_distances(points)

    middle = [statistics.median(column) for column in points.T]
    spread = [
        max(1.4826 * statistics.median(abs(column - m)), typical.NARROWEST)
        for column, m in zip(points.T, middle, strict=True)
    ]
    ties = 0.9 * spearmanr(points).statistic + 0.1 * np.eye(3)
    for row in (0, 17, 199):
        steps = (points[row] - middle) / spread
        slow = math.sqrt(steps @ np.linalg.inv(ties) @ steps)
        assert found[row] == pytest.approx(slow)


def test_nonsense_does_not_hide_itself_by_moving_the_middle():
    rng = np.random.default_rng(3)
    sound = rng.normal(0.5, 0.05, (160, 4))
    nonsense = rng.normal(0.95, 0.005, (40, 4))

    found = robust_distances(np.vstack([sound, nonsense]))

    assert found[160:].min() > found[:160].max()


def test_breaking_a_tie_is_stranger_than_following_it():
    rng = np.random.default_rng(5)
    energy = rng.uniform(0.2, 0.8, 300)
    points = np.column_stack([energy, energy + rng.normal(0, 0.02, 300)])
    points[0], points[1] = (0.75, 0.75), (0.75, 0.25)

    found = robust_distances(points)

    assert found[1] > 2 * found[0]


def test_a_sound_that_all_share_is_divided_by_something():
    assert np.isfinite(robust_distances(np.full((30, 4), 0.5))).all()


def test_scales_as_the_one_place_does():
    frame = make_frame(30)

    numbers = with_scales(frame)

    for _, row in numbers.iterrows():
        slow = scaled({name: row[name] for name in SOUNDS if not math.isnan(row[name])})
        for name in SOUNDS:
            assert row[f"{name}_scaled"] == pytest.approx(slow.get(name, UNKNOWN), nan_ok=True)


def make_alike(n=60, **columns):
    """Tracks that hardly differ, so that what a test changes stands out."""
    rng = np.random.default_rng(11)
    frame = make_frame(n, unknown=0)
    for name in SOUNDS:
        measure = MEASURES[name]
        frame[name] = measure.low + (measure.high - measure.low) * rng.normal(0.5, 0.03, n)
    return frame.assign(**columns)


def test_the_strangest_comes_first_and_says_why():
    frame = make_alike()
    frame.loc[4, "speechiness"] = 0.97

    strangest = typical_and_unusual(with_scales(frame))["unusual"][0]

    assert (strangest["id"], strangest["by"], strangest["value"]) == (5, "speechiness", 0.97)
    assert (strangest["above"], strangest["below"]) == (1.0, 0.0)


def test_the_most_typical_is_in_the_middle_of_everything():
    frame = make_alike()
    frame.loc[9, list(SOUNDS)] = frame[list(SOUNDS)].median()

    assert typical_and_unusual(with_scales(frame))["typical"][0]["id"] == 10


def test_one_of_an_artist_and_two_of_a_kind():
    frame = make_alike(artist=[1] * 10 + list(range(2, 52)))
    frame.loc[:20, "liveness"] = 0.99
    frame.loc[21:22, "tempo"] = 215.0

    found = typical_and_unusual(with_scales(frame))

    artists = dict(zip(frame["id"], frame["artist"], strict=True))
    for ones in found.values():
        assert len({artists[one["id"]] for one in ones}) == len(ones)
    reasons = [one["by"] for one in found["unusual"]]
    assert len(reasons) == typical.SHOWN
    assert max(map(reasons.count, reasons)) == typical.ALIKE


def test_only_what_is_measured_whole_is_compared():
    frame = make_alike()
    frame.loc[4, ["speechiness", "tempo"]] = 0.97, UNKNOWN

    found = typical_and_unusual(with_scales(frame))

    assert 5 not in [one["id"] for ones in found.values() for one in ones]


def test_too_few_have_no_middle():
    frame = with_scales(make_alike(typical.FEWEST - 1))

    assert typical_and_unusual(frame) == {"typical": [], "unusual": []}


def test_a_genre_has_all_that_grows_from_it():
    parents = {1: None, 2: 1, 3: 2, 4: None}

    assert branches(parents) == {1: {1, 2, 3}, 2: {2, 3}, 3: {3}, 4: {4}}


def test_genres_in_a_circle_end_nothing():
    assert branches({1: 2, 2: 1}) == {1: {1, 2}, 2: {1, 2}}


def test_a_median_stands_above_the_share_that_is_lower():
    everything = make_frame(unknown=0.1, instrumentalness=0.0)
    part = of_branch(everything, {2, 3})

    found = beside_all(part, in_order(everything))

    tempo, middle = everything["tempo"].dropna(), part["tempo"].median()
    slow = sum(1.0 if value < middle else 0.5 * (value == middle) for value in tempo)
    assert found["tracks"] == sum(genre in (2, 3) for genre in everything["genre"])
    assert found["medians"]["tempo"] == round(middle, 1)
    assert found["above"]["tempo"] == pytest.approx(slow / len(tempo), abs=0.001)
    assert found["above"]["instrumentalness"] == 0.5


def test_a_genre_nobody_measured_has_no_middle():
    frame = make_frame(tempo=UNKNOWN)

    found = beside_all(frame, in_order(frame))

    assert (found["medians"]["tempo"], found["above"]["tempo"]) == (None, None)


def test_the_same_lots_are_drawn_again_and_a_newcomer_moves_one_at_most():
    frame = make_frame(500)
    newcomer = make_frame(1, seed=8, id=501)

    before = drawn(frame, 100)
    after = drawn(pd.concat([frame.sample(frac=1, random_state=1), newcomer]), 100)

    assert before["ids"] == sorted(set(before["ids"]))
    assert len(before["ids"]) == 100
    assert len(set(before["ids"]) - set(after["ids"])) <= 1
    assert (before["of"], after["of"]) == (500, 501)


def test_lots_fall_evenly():
    ids = drawn(make_frame(2000), 500)["ids"]

    assert 200 < sum(number <= 1000 for number in ids) < 300


def test_drawn_tracks_carry_what_is_known():
    frame = make_frame(20)

    found = drawn(frame)

    assert found["ids"] == list(range(1, 21))
    for value, shown in zip(frame["energy"], found["values"]["energy"], strict=True):
        assert shown == (None if math.isnan(value) else value)


def test_a_pair_has_the_tracks_that_know_both():
    values = {"tempo": [90.0, None, 120.0], "energy": [0.1, 0.2, None]}

    assert points_of({"values": values}, "tempo", "energy") == [(90.0, 0.1)]


def test_classes_hold_their_lower_edge_and_the_top_its_end():
    points = [(0.1, 60.0), (0.19, 80.0), (0.2, 100.0), (0.3, 70.0), (1.0, 90.0)]

    found = classes_of(points, "energy", "tempo")

    assert [(one["from"], one["to"], one["points"]) for one in found] == [
        (0.1, 0.2, 2), (0.2, 0.3, 1), (0.3, 0.4, 1), (0.9, 1.0, 1),
    ]  # fmt: skip
    assert found[0]["quartiles"] == [65.0, 70.0, 75.0]
    assert found[1]["quartiles"] == [100.0] * 3


def test_says_what_there_is_and_what_is_missing():
    frame = make_frame(50, unknown=0, artist=[1, 2] * 25)
    frame.loc[:9, [*SOUNDS, "key", "mode", "time_signature"]] = UNKNOWN
    frame.loc[10:12, "tempo"] = UNKNOWN
    frame.loc[0, ["genre", "year"]] = UNKNOWN

    held, lacking = counted(frame), missing(frame)

    assert (held["tracks"], held["artists"], held["measured"]) == (50, 2, 40)
    assert (held["first_year"], held["last_year"]) == (frame["year"].min(), frame["year"].max())
    assert (lacking["sound"], lacking["tempo"], lacking["energy"]) == (10, 13, 10)
    assert (lacking["genre"], lacking["year"], lacking["duration"]) == (1, 1, 0)

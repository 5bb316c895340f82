"""What is counted, against the slow and obvious way."""

from collections import Counter
from datetime import date, datetime, timedelta
from itertools import groupby, pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listening.counting.clock import days_of, week_of
from listening.counting.discovery import KEPT, discovery_of
from listening.counting.drift import MOST, REST, river_of
from listening.counting.loyalty import loyalty_of
from listening.counting.overview import longest_streak, overview_of
from listening.counting.plays import Plays, as_date, number, on_the_clock
from listening.counting.review import AWAY, Review
from listening.counting.sessions import PAUSE, sessions_of
from listening.counting.spans import Span, buckets_of, span_of, step_of
from listening.counting.tops import tops_of

TODAY = date(2026, 9, 30)
START = datetime(2026, 9, 1, tzinfo=ZoneInfo("UTC"))
YEAR = span_of("year", today=TODAY, oldest=TODAY)
NONE = np.float32("nan")


def plays(*rows, zone="UTC"):
    """Make plays of (hours since the first of September, track); an artist has three tracks."""
    rows = sorted(rows)
    at = np.array([START.timestamp() + hour * 3600 for hour, _ in rows], dtype=np.int64)
    track = np.array([track for _, track in rows], dtype=np.int64)
    return Plays(
        at=at,
        local=on_the_clock(at, zone),
        seconds=np.full(at.size, 200),
        skipped=np.zeros(at.size, dtype=bool),
        track=track,
        artist=track // 3 + 1,
        album=track // 2,
        genre=track % 9,
        year=np.where(track % 5, 1960 + track % 60, 0),
        features={
            name: np.where(track % 4, track % 7 / 7 * (200 if name == "tempo" else 1), NONE)
            for name in ("tempo", "energy", "valence")
        },
    )


histories = st.lists(
    st.tuples(st.floats(-2000, 700).map(lambda hour: round(hour, 2)), st.integers(1, 30)),
    max_size=80,
).map(lambda rows: plays(*rows))


def rows_in(heard, span):
    """The plays of a span as (local time, track, artist)."""
    epoch = datetime(1970, 1, 1)  # noqa: DTZ001 -- on the listener's clock
    rows = zip(heard.local.tolist(), heard.track.tolist(), heard.artist.tolist(), strict=True)
    timed = [(epoch + timedelta(seconds=local), track, artist) for local, track, artist in rows]
    return [row for row in timed if span.first <= row[0].date() <= span.last]


@given(histories)
@settings(deadline=None)
def test_the_most_played_are_those(heard):
    counts = Counter(track for _, track, _ in rows_in(heard, YEAR))
    found = tops_of(heard, YEAR, "track", 100)
    assert {top.id: top.plays for top in found} == counts
    assert [top.plays for top in found] == sorted(counts.values(), reverse=True)
    assert all(sum(top.spark) == top.plays for top in found)


@given(histories)
@settings(deadline=None)
def test_the_big_numbers_are_true(heard):
    rows = rows_in(heard, YEAR)
    earlier = {
        artist for _, _, artist in rows_in(heard, Span(date.min, YEAR.first - timedelta(1), ""))
    }
    found = overview_of(heard, YEAR)
    assert found.plays == len(rows)
    assert found.artists == len({artist for _, _, artist in rows})
    assert found.new_artists == len({artist for _, _, artist in rows} - earlier)
    assert found.plays_before == len(rows_in(heard, YEAR.before()))


@given(histories)
@settings(deadline=None)
def test_the_clock_and_the_calendar_hold_every_play(heard):
    week, days = week_of(heard), days_of(heard)
    rows = rows_in(heard, Span(date.min, date.max, ""))
    hours = Counter((at.weekday(), at.hour) for at, _, _ in rows)
    assert {cell: int(week[cell]) for cell in np.ndindex(7, 24) if week[cell]} == hours
    assert {as_date(day): n for day, n in days.items()} == Counter(at.date() for at, _, _ in rows)


@given(histories)
@settings(deadline=None)
def test_a_discovery_is_the_first_play_ever(heard):
    found = discovery_of(heard, YEAR)
    every = rows_in(heard, Span(date.min, date.max, ""))
    firsts = {}
    for at, track, _ in every:
        firsts.setdefault(track, at)
    new = [track for track, at in firsts.items() if YEAR.first <= at.date() <= YEAR.last]
    times = Counter(track for _, track, _ in every)
    assert sum(found.new) == len(new)
    assert sum(found.new) + sum(found.again) == len(rows_in(heard, YEAR))
    assert sum(found.kept) == sum(times[track] >= KEPT for track in new)


@given(histories, st.sampled_from(["genre", "decade", "mood", "tempo"]))
@settings(deadline=None)
def test_a_river_holds_every_play_that_is_known(heard, kind):
    found = river_of(heard, YEAR, kind)
    assert found.plays.sum() + found.unknown == len(rows_in(heard, YEAR))
    assert len(found.bands) <= MOST + 1 or kind == "decade"
    assert found.plays.shape == (len(found.buckets), max(len(found.bands), 1))
    if kind == "genre":
        genres = Counter(track % 9 for _, track, _ in rows_in(heard, YEAR) if track % 9)
        columns = dict(zip(found.bands, found.plays.sum(axis=0).tolist(), strict=False))
        rest = columns.pop(REST, 0)
        assert columns.items() <= genres.items()
        assert rest == genres.total() - sum(columns.values())


@given(histories)
@settings(deadline=None)
def test_a_session_ends_with_half_an_hour_of_silence(heard):
    ends, count = None, 0
    for at, long in zip(heard.at.tolist(), heard.seconds.tolist(), strict=True):
        count += ends is None or at - ends > PAUSE
        ends = at + long
    assert sessions_of(heard).sessions == count


@given(st.lists(st.integers(20_000, 20_060), max_size=40))
def test_a_streak_is_days_in_a_row(days):
    found = longest_streak(np.array(days, dtype=np.int64))
    runs = groupby(enumerate(sorted(set(days))), key=lambda pair: pair[1] - pair[0])
    lengths = [len(list(run)) for _, run in runs]
    assert (found.days if found else 0) == max(lengths, default=0)
    if found:
        assert {number(found.first), number(found.last)} <= set(days)


@given(histories)
@settings(deadline=None)
def test_loyalty_counts_the_months_of_an_artist(heard):
    months = {}
    for at, _, artist in rows_in(heard, Span(date.min, date.max, "")):
        months.setdefault(artist, set()).add((at.year, at.month))
    found = loyalty_of(heard, 100)
    assert {one.artist: one.months for one in found.faithful} == {
        artist: len(of) for artist, of in months.items()
    }


def test_a_place_is_compared_with_the_span_before():
    week = span_of("week", today=date(2026, 9, 14), oldest=TODAY)
    early, late = 24 * 3, 24 * 10  # the fourth and the eleventh
    heard = plays(
        (early, 1), (early + 1, 1), (early + 2, 2), (late, 2), (late + 1, 2), (late + 2, 3)
    )
    places = {top.id: (top.place, top.before) for top in tops_of(heard, week, "track", 5)}
    assert places == {2: (1, 2), 3: (2, None)}


def test_an_artist_who_was_silent_for_half_a_year_comes_back():
    heard = plays((-24 * (AWAY + 5), 3), (24, 4), (25, 4), (26, 9), (27, 9), (28, 9))
    month = span_of("month", today=TODAY, oldest=TODAY)
    found = Review(heard, month)
    assert (found.comeback.artist, found.comeback.plays) == (2, 2)
    assert found.comeback.days_away >= AWAY
    assert (found.discovered.artist, found.discovered.plays) == (4, 3)


def test_the_clock_is_the_listeners():
    lisbon = plays((23.5, 1), zone="Europe/Lisbon")  # summer time there
    assert as_date(lisbon.day[0]) == date(2026, 9, 2)
    assert week_of(lisbon)[2, 0] == 1  # a Wednesday, half past midnight


@pytest.mark.parametrize(
    ("name", "first"),
    [("week", date(2026, 9, 24)), ("month", date(2026, 8, 31)), ("year", date(2025, 10, 1))],
)
def test_a_span_ends_today(name, first):
    span = span_of(name, today=TODAY, oldest=date(2020, 1, 1))
    assert (span.first, span.last) == (first, TODAY)
    assert span.before().last == first - timedelta(1)
    assert span.before().days == span.days


@given(st.dates(date(1990, 1, 1)), st.integers(0, 4000))
@settings(deadline=None)
def test_buckets_cover_a_span_without_a_gap(first, days):
    span = Span(first, min(first + timedelta(days), date(9999, 1, 1)), "custom")
    if span.last < span.first:
        return
    buckets = buckets_of(span, step_of(span))
    assert (buckets[0].first, buckets[-1].last) == (span.first, span.last)
    for one, following in pairwise(buckets):
        assert following.first - one.last == timedelta(1)

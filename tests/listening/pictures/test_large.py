"""Half a million plays are drawn while one waits for a page."""

import time
from datetime import timedelta
from statistics import median

import numpy as np
import pytest
from django.urls import reverse

from catalog.models import Artist, Track
from catalog.services import storing
from listening.models import Play
from listening.services.rolling_up import roll_up
from tests.factories import NOON, make_genre

pytestmark = [pytest.mark.prove, pytest.mark.django_db]

PLAYS, TRACKS, ARTISTS = 500_000, 30_000, 4_000
YEARS = 8
LIMIT = 0.300  # seconds


def make_catalogue():
    genres = [make_genre(f"genre {number}").pk for number in range(40)]
    Artist.objects.bulk_create(
        Artist(name=f"Artist {n}", match_key=f"artist {n}", source="demo") for n in range(ARTISTS)
    )
    artists = list(Artist.objects.order_by("pk").values_list("pk", flat=True))
    Track.objects.bulk_create(
        (
            Track(
                title=f"Track {n}",
                artist_id=artists[n % ARTISTS],
                genre_id=genres[n % 40],
                year=1960 + n % 60,
                duration_ms=200_000,
                match_key=f"track {n}",
                source="demo",
            )
            for n in range(TRACKS)
        ),
        batch_size=2_000,
    )
    return list(Track.objects.order_by("pk").values_list("pk", flat=True))


def make_plays(listener, tracks, rng):
    """Heavy tails, as people listen: few tracks often, many once."""
    chosen = np.minimum(rng.zipf(1.25, PLAYS), TRACKS) - 1
    ago = np.sort(rng.choice(YEARS * 365 * 86_400, PLAYS, replace=False))[::-1]
    moments = [storing.as_moment(NOON - timedelta(seconds=int(seconds))) for seconds in ago]
    names = ("listener", "track", "started_at", "ms_played", "source")
    rows = [
        (listener.pk, tracks[track], at, 180_000, "demo")
        for track, at in zip(chosen.tolist(), moments, strict=True)
    ]
    for start in range(0, PLAYS, 5_000):
        storing.insert(Play, names, rows[start : start + 5_000])


@pytest.mark.time_machine(NOON, tick=True)
def test_half_a_million_plays_are_drawn_within_the_limit(as_listener, capsys):
    make_plays(as_listener.listener, make_catalogue(), np.random.default_rng(3))
    started = time.perf_counter()
    roll_up(listener_id=as_listener.listener.pk, at=NOON)
    report = [f"packed in {time.perf_counter() - started:.1f} s"]
    for name in ("listening", "listening_review", "listening_tops"):
        for asked in ("week", "year", "all"):
            times = []
            for _ in range(5):
                started = time.perf_counter()
                answer = as_listener.get(reverse(name), {"range": asked})
                times.append(time.perf_counter() - started)
                assert answer.status_code == 200
            report.append(f"{name} {asked}: {median(times) * 1000:.0f} ms")
            assert median(times) < LIMIT, report
    with capsys.disabled():
        print(*report, sep="\n")  # noqa: T201

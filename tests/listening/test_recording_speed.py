"""A million plays: proof, not part of every run (`pytest -m prove`)."""

import random
import resource
import time
from datetime import timedelta

import pytest

from listening.arrivals import Arrival, Fate
from listening.models import Import, Play
from listening.services.recording import record_plays
from tests.factories import NOON, make_listener

pytestmark = [
    pytest.mark.prove,
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(600),
]

PLAYS = 1_000_000
TRACKS = 60_000
CHUNK = 2000
GAP = timedelta(seconds=151)
LONGEST = 90  # seconds
LARGEST = 400 * 1024  # kB


def chunks():
    """A long life's listening: favourites often, and of most tracks a few plays."""
    rng = random.Random(7)
    start = NOON - PLAYS * GAP
    for first in range(0, PLAYS, CHUNK):
        numbers = (int(TRACKS * rng.random() ** 2) for _ in range(CHUNK))
        yield [
            Arrival(
                start + (first + place) * GAP,
                f"Artist {number % 4000}",
                f"Track {number}",
                album=f"Album {number // 12}",
                ms_played=20_000 + 60_000 * (place % 4),
                ids=(("spotify", f"{number:022d}"),),
            )
            for place, number in enumerate(numbers)
        ]


def test_a_million_plays_are_recorded_in_a_minute_and_a_half():
    listener = make_listener()
    brought = Import.objects.create(listener=listener, created_at=NOON)
    names = {}
    began, counted = time.perf_counter(), 0

    for chunk in chunks():
        outcomes = record_plays(
            listener=listener,
            arrivals=chunk,
            source=Play.Source.SPOTIFY_FILE,
            source_import=brought,
            at=NOON,
            names=names,
        )
        counted += sum(outcome.fate in (Fate.NEW, Fate.CREATED, Fate.SHORT) for outcome in outcomes)

    seconds = time.perf_counter() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert counted == Play.objects.count() == PLAYS
    assert seconds < LONGEST, f"{seconds:.0f} s"
    assert memory < LARGEST, f"{memory // 1024} MB"

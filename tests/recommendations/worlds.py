"""Little worlds of listeners whose taste is known, stored for a training to read."""

from datetime import timedelta

import numpy as np

from listening.models import Play
from tests.factories import NOON, make_artist, make_listener, make_track

CAMPS = 2
TRACKS = 25  # of each camp
EARLY, LATE = 12, 5  # tracks each listener hears of them, before and after


def make_camps(*, listeners=40, seed=0):
    """Two camps, each with tracks of its own, that go on listening to what is theirs.

    So what the neighbours hear tells what comes next, and what most people hear tells half of it.
    """
    rng = np.random.default_rng(seed)
    artist = make_artist()
    camps = [[make_track(artist=artist) for _ in range(TRACKS)] for _ in range(CAMPS)]
    plays = []
    for number in range(listeners):
        listener = make_listener(shares_taste=True)
        heard = rng.permutation(TRACKS)[: EARLY + LATE]
        for place, column in enumerate(heard):
            days = 100 - place if place < EARLY else 10 - (place - EARLY)
            plays.append(
                Play(
                    listener=listener,
                    track=camps[number % CAMPS][column],
                    started_at=NOON - timedelta(days=days),
                    ms_played=200_000,
                    source=Play.Source.SITE,
                )
            )
    Play.objects.bulk_create(plays)
    return camps

"""Two workers that bring the same at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from catalog.models import Artist, Track
from listening.arrivals import Fate
from listening.models import Import, Play
from listening.services.undoing import undo_import
from tests.factories import NOON, make_listener
from tests.listening.test_recording import LATER, arrive, fates, record

SCROBBLE = Play.Source.SCROBBLE

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(120),
]


def at_once(*calls):
    """Do all of these at the same moment, each with a connection of its own."""
    start = Barrier(len(calls))

    def do(call):
        start.wait()
        try:
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(do, calls))


def test_the_same_play_is_stored_once():
    listener = make_listener()

    outcomes = at_once(*[lambda: record(listener, arrive())] * 4)

    assert sorted(fates(one)[0] for one in outcomes) == [Fate.CREATED, *[Fate.KNOWN] * 3]
    assert Play.objects.count() == Track.objects.count() == 1


def test_what_two_players_tell_at_once_is_stored_once():
    listener = make_listener()

    outcomes = at_once(
        *[
            lambda key=key: record(listener, arrive(after=key), source=SCROBBLE, key=key)
            for key in range(4)
        ]
    )

    assert sorted(fates(one)[0] for one in outcomes) == [Fate.CREATED, *[Fate.ECHO] * 3]
    assert Play.objects.count() == 1


def test_the_same_unknown_track_is_made_once():
    listeners = [make_listener() for _ in range(4)]
    many = [arrive(f"Night {k}", f"Artist {k % 7}", after=600 * k) for k in range(60)]

    at_once(*[lambda listener=one: record(listener, *many) for one in listeners])

    assert Play.objects.count() == 240
    assert (Track.objects.count(), Artist.objects.count()) == (60, 7)


def test_a_track_is_not_dropped_under_the_hands_of_who_found_it():
    listeners = [make_listener() for _ in range(4)]
    imports = [
        Import.objects.create(listener=one, created_at=NOON, state=Import.State.DONE)
        for one in listeners
    ]
    many = [arrive(f"Night {k}", after=600 * k) for k in range(30)]
    for one, brought in zip(listeners[:2], imports[:2], strict=True):
        record(one, *many, source_import=brought)

    at_once(
        *[
            lambda brought=brought: undo_import(import_=brought, at=LATER)
            for brought in imports[:2]
        ],
        *[
            lambda one=one, brought=brought: record(one, *many, source_import=brought)
            for one, brought in zip(listeners[2:], imports[2:], strict=True)
        ],
    )

    assert Play.objects.count() == 60
    assert Track.objects.count() == 30

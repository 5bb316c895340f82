"""Public playlists of others are shown to those whom they fit."""

import pytest
from django.urls import reverse

from playlists.models import Playlist, PlaylistEntry
from playlists.services.fitting import fitting_playlists
from tests.factories import NOON, make_listener, make_play, make_track
from tests.queries import count_queries
from tests.recommendations.written_models import go_live

pytestmark = pytest.mark.django_db


@pytest.fixture
def listener(as_listener):
    return as_listener.listener


@pytest.fixture
def tracks(listener):
    """What is heard leads to the first six, the nearer the earlier, and not to the others."""
    heard = make_track("Heard")
    tracks = [make_track(f"Track {number}") for number in range(1, 10)]
    make_play(listener, heard)
    leads = {(heard, track): 0.9 - place / 10 for place, track in enumerate(tracks[:6])}
    go_live([heard, *tracks], leads)
    return tracks


def make_playlist(name, tracks, *, by=None, is_public=True):
    playlist = Playlist.objects.create(
        listener=by or make_listener(),
        name=name,
        is_public=is_public,
        created_at=NOON,
        changed_at=NOON,
    )
    PlaylistEntry.objects.bulk_create(
        PlaylistEntry(playlist=playlist, track=track, position=place, added_at=NOON)
        for place, track in enumerate(tracks, start=1)
    )
    return playlist


def test_what_holds_more_of_the_list_comes_first(listener, tracks):
    make_playlist("Far", tracks[5:])
    make_playlist("Near", [tracks[8], *tracks[:3]])
    make_playlist("Apart", [make_track()])

    found = fitting_playlists(listener=listener, at=NOON)

    assert [each.playlist.name for each in found] == ["Near", "Far"]
    assert found[0].share == 100
    assert found[0].tracks[:3] == tracks[:3]
    assert found[0].playlist.track_count == 4


def test_neither_private_ones_nor_ones_own_are_shown(listener, tracks):
    make_playlist("Private", tracks[:3], is_public=False)
    make_playlist("Mine", tracks[:3], by=listener)

    assert fitting_playlists(listener=listener, at=NOON) == []


def test_home_shows_them(as_listener, tracks):
    playlist = make_playlist("For a walk", tracks[:3])

    html = as_listener.get(reverse("home")).content.decode()

    assert "Playlists of the moment" in html
    assert playlist.get_absolute_url() in html
    assert playlist.listener.handle not in html


def test_queries_do_not_grow_with_them(as_listener, tracks):
    make_playlist("One", tracks[:3])
    few = count_queries(as_listener, reverse("home"))
    for number in range(5):
        make_playlist(f"More {number}", tracks[number : number + 3])

    assert count_queries(as_listener, reverse("home")) == few

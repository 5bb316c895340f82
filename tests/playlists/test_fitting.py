"""Public playlists of others are shown to those whom they fit."""

import pytest
from django.urls import reverse

from playlists.services.fitting import fitting_playlists
from tests.factories import NOON, make_play, make_playlist, make_track
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


def test_what_holds_more_of_the_list_comes_first(listener, tracks):
    make_playlist(name="Far", tracks=tracks[5:], is_public=True)
    make_playlist(name="Near", tracks=[tracks[8], *tracks[:3]], is_public=True)
    make_playlist(name="Apart", tracks=[make_track()], is_public=True)

    found = fitting_playlists(listener=listener, at=NOON)

    assert [each.group.name for each in found] == ["Near", "Far"]
    assert found[0].share == 100
    assert found[0].tracks[:3] == tracks[:3]
    assert found[0].group.track_count == 4


def test_neither_private_ones_nor_ones_own_are_shown(listener, tracks):
    make_playlist(name="Private", tracks=tracks[:3], is_public=False)
    make_playlist(listener, name="Mine", tracks=tracks[:3], is_public=True)

    assert fitting_playlists(listener=listener, at=NOON) == []


def test_home_shows_them(as_listener, tracks):
    playlist = make_playlist(name="For a walk", tracks=tracks[:3], is_public=True)

    html = as_listener.get(reverse("home")).content.decode()

    assert "Playlists of the moment" in html
    assert playlist.get_absolute_url() in html
    assert playlist.listener.handle not in html


def test_queries_do_not_grow_with_them(as_listener, tracks):
    make_playlist(name="One", tracks=tracks[:3], is_public=True)
    few = count_queries(as_listener, reverse("home"))
    for number in range(5):
        make_playlist(tracks=tracks[number : number + 3], is_public=True)

    assert count_queries(as_listener, reverse("home")) == few

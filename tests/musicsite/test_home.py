"""Home: a list for a listener, a window for a visitor."""

from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from django.urls import reverse

from accounts.models import Listener
from catalog.models import Source
from musicsite.views.home import moment
from recommendations import pipeline
from recommendations.models import Slate
from tests.factories import NOON, make_artist, make_features, make_listener, make_play, make_track
from tests.queries import count_queries

pytestmark = pytest.mark.django_db

HOME = reverse("home")


def make_heard(count):
    teacher = make_listener(shares_taste=True)
    tracks = [make_track() for _ in range(count)]
    for track in tracks:
        make_features(track)
        make_play(teacher, track)
    pipeline.train(at=NOON)
    return tracks


def test_a_listener_sees_tracks_with_soundprints_and_reasons(as_listener):
    track = make_heard(1)[0]

    page = as_listener.get(HOME).content.decode()

    assert track.title in page
    assert "<svg" in page
    assert "1 of 1 listeners here plays it" in page
    assert Slate.objects.filter(listener=as_listener.listener).exists()


def test_a_visitor_sees_what_is_heard_here_and_leaves_no_trace(client):
    track = make_heard(1)[0]

    page = client.get(HOME).content.decode()

    assert track.title in page
    assert reverse("account_signup") in page
    assert not Slate.objects.exists()


def test_a_visitor_is_shown_nothing_explicit(client):
    track = make_heard(1)[0]
    track.is_explicit = True
    track.save()

    assert track.title not in client.get(HOME).content.decode()


def test_without_a_model_the_page_says_what_to_do(as_listener, client):
    assert "No list yet" in as_listener.get(HOME).content.decode()
    assert client.get(HOME).status_code == 200


def test_names_stand_as_text_and_know_their_language(as_listener):
    teacher = make_listener(shares_taste=True)
    artist = make_artist("<b>Bold</b>")
    make_play(teacher, make_track("ليلى المرجان", artist=artist))
    pipeline.train(at=NOON)

    page = as_listener.get(HOME).content.decode()

    assert "&lt;b&gt;Bold" in page
    assert 'dir="rtl"' in page


def test_costs_the_same_however_long_the_list(as_listener):
    make_heard(2)
    before = count_queries(as_listener, HOME)

    make_heard(6)

    assert count_queries(as_listener, HOME) == before


def test_the_foot_says_that_a_demo_world_is_fictional(client):
    assert "fictional" not in client.get(HOME).content.decode()

    make_artist(source=Source.DEMO)
    cache.clear()

    assert "fictional" in client.get(HOME).content.decode()


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("UTC", "Friday night"),
        ("Asia/Tokyo", "Friday morning"),
        ("America/Los_Angeles", "Thursday evening"),
    ],
)
def test_greets_in_the_listeners_own_time(zone, said):
    assert moment(Listener(time_zone=zone), datetime(2026, 5, 15, 1, 30, tzinfo=UTC)) == said


def test_a_newcomer_is_asked_to_begin(as_listener):
    assert reverse("start") in as_listener.get(HOME).content.decode()
    make_play(as_listener.listener, make_track())
    assert reverse("start") not in as_listener.get(HOME).content.decode()

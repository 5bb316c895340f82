"""The pages of listening."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.urls import reverse

from tests.factories import NOON, make_features, make_genre, make_listener, make_play, make_track
from tests.queries import count_queries

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOON, tick=False)]

PAGES = ["listening", "listening_tops", "listening_review"]


def hear(listener, tracks, *, days=1, each=1):
    for number, track in enumerate(tracks):
        for again in range(each):
            at = NOON - timedelta(days=days * number, hours=again)
            make_play(listener, track, started_at=at, ms_played=180_000)


@pytest.fixture
def listener(as_listener):
    return as_listener.listener


@pytest.mark.parametrize("name", PAGES)
def test_it_asks_to_log_in(client, name):
    assert client.get(reverse(name)).status_code == 302


@pytest.mark.parametrize("name", PAGES)
def test_it_says_what_to_do_without_a_play(as_listener, name):
    page = as_listener.get(reverse(name)).content.decode()
    assert "Nothing heard yet" in page or "No plays in these days" in page


def test_it_shows_the_pictures_of_the_year(as_listener, listener):
    tracks = [make_track(f"Glass {n}", genre=make_genre(f"genre {n}")) for n in range(3)]
    for track in tracks:
        make_features(track, tempo=100, energy=0.7, valence=0.2)
    hear(listener, tracks, days=20, each=3)
    make_play(listener, tracks[0], started_at=NOON - timedelta(days=500))
    page = as_listener.get(reverse("listening"))
    text = page.content.decode()
    assert [row.thing for row in page.context["tops"]] == tracks
    for words in ("9 plays", "How your taste moves", "Clock of the week", "Loyalty", "Glass 2"):
        assert words in text


@pytest.mark.parametrize("kind", ["track", "artist", "album", "genre"])
@pytest.mark.parametrize("name", ["listening", "listening_tops"])
def test_it_ranks_any_kind(as_listener, listener, name, kind):
    track = make_track("Salt", genre=make_genre("fado"))
    hear(listener, [track], each=2)
    page = as_listener.get(reverse(name), {"top": kind})
    wanted = [getattr(track, kind)] if kind != "track" else [track]
    assert [row.thing for row in page.context["tops"]] == [thing for thing in wanted if thing]


@pytest.mark.parametrize("kind", ["genre", "decade", "mood", "tempo"])
@pytest.mark.parametrize("asked", ["week", "month", "year", "all"])
def test_it_draws_any_river_of_any_span(as_listener, listener, kind, asked):
    track = make_track(year=1999, genre=make_genre("fado"))
    make_features(track, tempo=100, energy=0.7, valence=0.2)
    hear(listener, [track] * 3, days=3)
    page = as_listener.get(reverse("listening"), {"river": kind, "range": asked})
    assert page.status_code == 200
    assert page.context["river"].drawing["bands"]


@pytest.mark.parametrize(
    ("asked", "complaint"),
    [
        ({"first": "2026-05-01"}, "Give both"),
        ({"first": "2026-05-02", "last": "2026-05-01"}, "lies after"),
        ({"first": "yesterday", "last": "2026-05-01"}, "A day is written as"),
        ({"first": "0001-01-01", "last": "9999-12-31"}, "between the years 1900 and 2999"),
        ({"range": "century"}, "There is nothing called “century” to show."),
        ({"top": "cover"}, "There is nothing called “cover” to show."),
        ({"river": "colour"}, "There is nothing called “colour” to show."),
    ],
)
@pytest.mark.parametrize("name", PAGES)
def test_wrong_days_are_said_and_the_year_is_shown(as_listener, listener, name, asked, complaint):
    hear(listener, [make_track()])
    page = as_listener.get(reverse(name), asked)
    assert page.status_code == 200
    assert complaint in page.content.decode()
    assert page.context["span"].name == "year"


@pytest.mark.parametrize("name", PAGES)
def test_the_same_complaint_of_both_days_is_said_once(as_listener, listener, name):
    hear(listener, [make_track()])
    page = as_listener.get(reverse(name), {"first": "0001-01-01", "last": "9999-12-31"})
    assert page.content.decode().count("Choose a day between the years 1900 and 2999.") == 1


@pytest.mark.parametrize("days", [("1900-01-01", "2999-12-31"), ("2999-01-01", "2999-12-31")])
def test_many_days_can_be_asked_for(as_listener, listener, days):
    hear(listener, [make_track()])
    first, last = days
    assert as_listener.get(reverse("listening"), {"first": first, "last": last}).status_code == 200


@pytest.mark.parametrize("name", PAGES)
def test_it_asks_as_much_whatever_was_heard(as_listener, listener, name):
    hear(listener, [make_track() for _ in range(2)])
    few = count_queries(as_listener, reverse(name))
    hear(listener, [make_track() for _ in range(30)], days=2)
    assert count_queries(as_listener, reverse(name)) == few


def test_nobody_elses_plays_count(as_listener):
    hear(make_listener(), [make_track()])
    assert not as_listener.get(reverse("listening")).context["has_plays"]


def test_skips_count_in_no_picture(as_listener, listener):
    track = make_track()
    hear(listener, [track])
    make_play(listener, track, started_at=NOON - timedelta(hours=9), ms_played=900, skipped=True)
    page = as_listener.get(reverse("listening"))
    assert [row.plays for row in page.context["tops"]] == ["1"]


def test_each_card_can_be_saved(as_listener, listener):
    hear(listener, [make_track('<b>"Ünïcode" & more</b>'), make_track("مقهى الصباح")], each=3)
    cards = as_listener.get(reverse("listening_review")).context["cards"]
    assert {"track", "artist", "time", "session", "day", "hour"} <= {card.slug for card in cards}
    for card in cards:
        answer = as_listener.get(reverse("listening_card", args=[card.slug]))
        assert answer["Content-Type"] == "image/svg+xml"
        assert "attachment" in answer["Content-Disposition"]
        ElementTree.fromstring(answer.content)  # noqa: S314 -- our own


def test_a_card_that_is_not_there_is_not_found(as_listener, listener):
    hear(listener, [make_track()])
    assert as_listener.get(reverse("listening_card", args=["moon"])).status_code == 404

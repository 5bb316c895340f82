"""What a listener thinks of artists, albums and genres, said on their pages."""

import re

import pytest
from django.urls import reverse
from pytest_django.asserts import assertRedirects

from listening.models import Feedback, FeedbackChange
from listening.services.feedback import give_feedback
from tests.factories import NOON, make_album, make_artist, make_genre, make_listener, make_track
from tests.queries import count_queries

pytestmark = pytest.mark.django_db

SAY = reverse("give_opinion")
MUSIC = pytest.mark.parametrize("make", [make_artist, make_album, make_genre])
KINDS = pytest.mark.parametrize("kind", ["like", "dislike", "hide"])


def field(thing):
    return {thing._meta.model_name: thing.pk}


def pressed(client, thing):
    """The buttons of the page that are pressed."""
    page = client.get(thing.get_absolute_url()).content.decode()
    return set(
        re.findall(r'name="(like|dislike|hide)" value="take-back" aria-pressed="true"', page)
    )


def opinions(listener):
    return set(Feedback.objects.filter(listener=listener).values_list("kind", flat=True))


@MUSIC
@KINDS
def test_a_button_says_it_and_once_more_takes_it_back(as_listener, make, kind):
    thing = make("Salt Road")
    assert pressed(as_listener, thing) == set()

    answer = as_listener.post(SAY, field(thing) | {kind: "say"}, follow=True)
    assertRedirects(answer, thing.get_absolute_url())
    assert "Salt Road." in answer.content.decode()
    assert opinions(as_listener.listener) == pressed(as_listener, thing) == {kind}

    as_listener.post(SAY, field(thing) | {kind: "take-back"})
    assert opinions(as_listener.listener) == pressed(as_listener, thing) == set()
    assert FeedbackChange.objects.filter(withdrawn=True).count() == 1


@MUSIC
def test_a_page_shows_what_stands_and_only_what_this_listener_said(as_listener, make):
    thing, other = make(), make_listener()
    for kind in ("like", "hide", "favourite"):
        give_feedback(listener=as_listener.listener, kind=kind, on=thing, at=NOON)
    give_feedback(listener=other, kind="dislike", on=thing, at=NOON)

    assert pressed(as_listener, thing) == {"like", "hide"}


@MUSIC
def test_a_visitor_is_shown_no_buttons_and_can_say_nothing(client, make):
    thing = make()

    assert SAY not in client.get(thing.get_absolute_url()).content.decode()
    assert "login" in client.post(SAY, field(thing) | {"like": "say"}).url
    assert not Feedback.objects.exists()


def test_an_artist_shows_what_was_said_of_one_merged_into_them(as_listener):
    artist = make_artist()
    merged = make_artist(canonical=artist)
    give_feedback(listener=as_listener.listener, kind="hide", on=merged, at=NOON)
    assert pressed(as_listener, artist) == {"hide"}

    as_listener.post(SAY, field(artist) | {"hide": "take-back"})

    assert not Feedback.objects.exists()
    assert FeedbackChange.objects.get(withdrawn=True).artist == merged


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"like": "say"},
        {"artist": "x", "like": "say"},
        {"artist": 99, "like": "say"},
        {"genre": 99, "hide": "say"},
        {"rating": "say"},
    ],
)
def test_what_names_no_one_thing_is_refused(as_listener, said):
    assert as_listener.post(SAY, said).status_code == 400
    assert not Feedback.objects.exists()


def test_one_thing_of_one_thing_alone_is_said(as_listener):
    artist, genre = make_artist(), make_genre()
    hidden = make_artist(hidden_at=NOON)

    for said in (
        field(artist) | field(genre) | {"like": "say"},
        field(artist) | {"like": "say", "hide": "say"},
        field(hidden) | {"like": "say"},
    ):
        assert as_listener.post(SAY, said).status_code == 400

    assert as_listener.get(SAY).status_code == 405


@MUSIC
def test_what_was_said_costs_one_query(as_listener, client, make):
    thing = make()
    if make is make_genre:
        make_track(genre=thing)

    visited = count_queries(client, thing.get_absolute_url())
    seen = count_queries(as_listener, thing.get_absolute_url())
    give_feedback(listener=as_listener.listener, kind="like", on=thing, at=NOON)

    assert count_queries(as_listener, thing.get_absolute_url()) == seen
    assert visited < seen

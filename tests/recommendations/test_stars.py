"""Stars on a track's page: given, changed, taken back."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from listening.models import Feedback, FeedbackKind
from recommendations.models import SlateOutcome
from recommendations.services import rating
from recommendations.services.rating import Stars
from tests.factories import NOON, make_feedback, make_listener, make_slate, make_track
from tests.queries import count_queries
from tests.recommendations.written_models import go_live

pytestmark = pytest.mark.django_db

RATING = FeedbackKind.RATING


@pytest.fixture
def track():
    return make_track("Salt Road")


def give(client, track, **said):
    return client.post(reverse("rate", args=[track.pk]), said)


def page_of(client, track):
    return client.get(track.get_absolute_url()).content.decode()


def chosen(page):
    return re.findall(r'name="stars" value="(\d)" required checked', page)


def stars_given():
    return list(Feedback.objects.of_kind(RATING).values_list("rating", flat=True))


def make_stars(listener, track, stars, **fields):
    return make_feedback(listener, kind=RATING, track=track, rating=stars, **fields)


def test_stars_are_given_and_the_page_shows_them(as_listener, track):
    answer = give(as_listener, track, stars=4)

    assert answer.url == f"{track.get_absolute_url()}#stars"
    assert stars_given() == [4]
    page = page_of(as_listener, track)
    assert chosen(page) == ["4"]
    assert "You gave it 4 of 5." in page


def test_stars_are_changed(as_listener, track):
    give(as_listener, track, stars=4)
    give(as_listener, track, stars=2)

    assert stars_given() == [2]
    assert chosen(page_of(as_listener, track)) == ["2"]


def test_stars_are_taken_back_with_those_before_them(as_listener, track):
    give(as_listener, track, stars=2)
    give(as_listener, track, stars=5)

    give(as_listener, track, stars=5, take_back="on")

    assert stars_given() == []
    page = page_of(as_listener, track)
    assert chosen(page) == []
    assert "You have not rated it." in page


@pytest.mark.parametrize("said", [{}, {"stars": ""}, {"stars": 0}, {"stars": 6}, {"stars": "x"}])
def test_what_is_not_1_to_5_is_refused(as_listener, track, said):
    assert give(as_listener, track, **said).status_code == 400
    assert stars_given() == []


def test_stars_are_given_by_post_to_what_is_there_by_who_is_logged_in(as_listener, client, track):
    hidden = make_track(hidden_at=NOON)

    assert as_listener.get(reverse("rate", args=[track.pk])).status_code == 405
    assert give(as_listener, hidden, stars=4).status_code == 404
    assert reverse("account_login") in give(client, track, stars=4).url
    assert stars_given() == []


def test_in_place_the_answer_is_what_is_given_now(as_listener, track):
    answer = give(as_listener, track, stars=3, in_place=1)

    assert answer.content.decode().strip() == "You gave it 3 of 5."
    answer = give(as_listener, track, take_back="on", in_place=1)
    assert answer.content.decode().strip() == "You have not rated it."


def test_a_visitor_is_not_asked(client, track):
    assert 'name="stars"' not in page_of(client, track)


def test_without_a_model_a_listener_says_what_they_think_all_the_same(as_listener, track):
    page = page_of(as_listener, track)

    assert 'name="stars"' in page
    assert 'name="like"' in page


def test_stars_leave_a_like_as_it_is(as_listener, track):
    other = make_track()
    go_live([track, other], {(track, other): 0.5})
    make_feedback(as_listener.listener, track=track, given_at=NOON - timedelta(days=1))

    give(as_listener, track, stars=5)

    like = re.search(r'name="like" value="\d+" aria-pressed="true"', page_of(as_listener, track))
    assert like is not None


def test_each_listener_has_their_own(as_listener, track):
    make_stars(make_listener(), track, 1)

    assert chosen(page_of(as_listener, track)) == []


def test_stars_of_what_was_merged_are_shown_and_taken_back(as_listener, track):
    merged = make_track(canonical=track)
    make_stars(as_listener.listener, merged, 2, given_at=NOON)
    make_stars(as_listener.listener, track, 5, given_at=NOON - timedelta(days=1))
    assert rating.stars_of(track, listener=as_listener.listener) == Stars(2)

    give(as_listener, track, take_back="on")

    assert stars_given() == []


def test_the_list_that_showed_it_is_credited_until_they_are_taken_back(track):
    listener = make_listener()
    slate = make_slate(listener, tracks=[track])
    rating.rate(track=track, stars=4, listener=listener, at=NOON + timedelta(hours=1))
    assert SlateOutcome.objects.get(slate=slate).kind == RATING

    rating.take_stars_back(track=track, listener=listener, at=NOON + timedelta(hours=2))

    assert not SlateOutcome.objects.exists()


def test_a_track_page_costs_the_same_however_many_rated_it(as_listener, track):
    make_stars(as_listener.listener, track, 3)
    few = count_queries(as_listener, track.get_absolute_url())
    for _ in range(5):
        make_stars(make_listener(), track, 2)
        make_stars(as_listener.listener, make_track(canonical=track), 4)

    assert count_queries(as_listener, track.get_absolute_url()) == few

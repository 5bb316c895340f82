"""The page of favourite genres and artists."""

import pytest
from django.urls import reverse

from listening.models import Feedback, FeedbackKind
from tests.factories import (
    NOON,
    make_artist,
    make_feedback,
    make_genre,
    make_listener,
)
from tests.queries import count_queries

pytestmark = pytest.mark.django_db

PAGE, ADD, REMOVE = map(reverse, ("favourites", "add_favourite", "remove_favourite"))


def favour(listener, **thing):
    return make_feedback(listener, kind=FeedbackKind.FAVOURITE, **thing)


def kept_by(listener):
    return {row.genre or row.artist for row in Feedback.objects.favourites_of(listener)}


def pressed(page, name, value):
    """Say whether the button of that genre or artist is pressed in."""
    html = page.content.decode()
    button = next(
        part for part in html.split("<button") if f'name="{name}" value="{value}"' in part
    )
    return 'aria-pressed="true"' in button.split(">")[0]


def test_the_page_of_a_newcomer(as_listener):
    page = as_listener.get(PAGE).content.decode()

    assert "No favourite artist yet" in page
    assert "There is no genre in the catalogue yet" in page


@pytest.mark.parametrize("url", [PAGE, ADD, REMOVE])
def test_favourites_are_for_people_who_are_logged_in(client, url):
    genre = make_genre()

    assert client.get(url).url.startswith(reverse("account_login"))
    assert client.post(url, {"genre": genre.pk}).url.startswith(reverse("account_login"))


def test_a_genre_is_chosen_and_let_go_and_chosen_again(as_listener):
    ambient, dub = make_genre("ambient"), make_genre("dub")
    listener = as_listener.listener

    page = as_listener.post(ADD, {"genre": ambient.pk}, follow=True)
    assert kept_by(listener) == {ambient}
    assert pressed(page, "genre", ambient.pk)
    assert not pressed(page, "genre", dub.pk)

    page = as_listener.post(REMOVE, {"genre": ambient.pk}, follow=True)
    assert kept_by(listener) == set()
    assert page.context["undo"] == {"name": "ambient", "field": "genre", "pk": ambient.pk}

    as_listener.post(ADD, {"genre": ambient.pk})
    assert kept_by(listener) == {ambient}
    listener.refresh_from_db()
    assert listener.taste_version == 3


def test_undo_is_not_offered_for_what_is_a_favourite(as_listener):
    ferry = make_artist("Ferry")
    favour(as_listener.listener, artist=ferry)

    page = as_listener.get(PAGE, {"removed-artist": ferry.pk})

    assert page.context["undo"] is None


def test_an_artist_is_found_and_chosen_and_the_search_goes_on(as_listener):
    ferry, other = make_artist("Ferry"), make_artist("Lantern")

    page = as_listener.get(PAGE, {"find": "ferr"})
    assert page.context["found"][0] == ferry
    assert not pressed(page, "artist", ferry.pk)

    page = as_listener.post(ADD, {"artist": ferry.pk, "find": "ferr"}, follow=True)
    assert kept_by(as_listener.listener) == {ferry}
    assert page.context["words"] == "ferr"
    assert pressed(page, "artist", ferry.pk)
    assert other.name not in page.content.decode()


def test_a_search_that_finds_nobody_says_so(as_listener):
    page = as_listener.get(PAGE, {"find": "<b>nobody"}).content.decode()

    assert "No artist here is called “&lt;b&gt;nobody”" in page


@pytest.mark.parametrize("words", ["x" * 101, "\0"])
def test_words_too_strange_to_be_a_name_find_nobody(as_listener, words):
    assert as_listener.get(PAGE, {"find": words}).context["words"] == ""


@pytest.mark.parametrize("url", [ADD, REMOVE])
@pytest.mark.parametrize(
    "sent", [{}, {"genre": "0"}, {"artist": "abc"}, {"genre": "9" * 40}, {"track": "1"}]
)
def test_what_is_neither_genre_nor_artist_is_refused(as_listener, url, sent):
    assert as_listener.post(url, sent).status_code == 400
    assert kept_by(as_listener.listener) == set()


def test_a_genre_and_an_artist_at_once_are_refused(as_listener):
    both = {"genre": make_genre().pk, "artist": make_artist().pk}

    assert as_listener.post(ADD, both).status_code == 400


def test_an_artist_that_was_hidden_can_be_let_go_and_not_chosen(as_listener):
    hidden = make_artist(hidden_at=NOON)
    favour(as_listener.listener, artist=hidden)

    assert as_listener.post(REMOVE, {"artist": hidden.pk}).status_code == 302
    assert as_listener.post(ADD, {"artist": hidden.pk}).status_code == 400

    assert kept_by(as_listener.listener) == set()


def test_each_profile_has_favourites_of_its_own(as_listener):
    ambient = make_genre("ambient")
    sleep = make_listener("Sleep", user=as_listener.user)
    stranger = make_listener()
    favour(sleep, genre=ambient)
    favour(stranger, genre=ambient)

    page = as_listener.get(PAGE)
    assert not pressed(page, "genre", ambient.pk)

    as_listener.post(REMOVE, {"genre": ambient.pk})
    assert kept_by(sleep) == kept_by(stranger) == {ambient}


@pytest.mark.parametrize("url", [ADD, REMOVE])
def test_a_favourite_takes_a_click(as_listener, url):
    assert as_listener.get(url, {"genre": make_genre().pk}).status_code == 405


def test_the_page_costs_the_same_however_much_is_on_it(as_listener):
    def more():
        favour(as_listener.listener, genre=make_genre())
        favour(as_listener.listener, artist=make_artist())
        make_artist("Ferry"), make_genre()

    more()
    before = count_queries(as_listener, f"{PAGE}?find=ferry")

    for _ in range(5):
        more()

    assert count_queries(as_listener, f"{PAGE}?find=ferry") == before

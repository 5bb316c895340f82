"""The menu that adds a track to a playlist, and the buttons that lead to it."""

import re

import pytest
from django.urls import reverse

from playlists.models import Playlist
from tests.factories import NOON, make_artist, make_playlist, make_track
from tests.playlists.test_pages import adding, order, text
from tests.queries import count_queries
from tests.recommendations.written_models import go_live

pytestmark = pytest.mark.django_db

PLAYLISTS = reverse("playlists")


def test_the_menu_offers_ones_own_playlists_and_a_new_one(as_listener):
    track = make_track("Salt Road")
    rain = make_playlist(as_listener.listener, name="Rain")
    make_playlist(as_listener.listener, name="Sun", tracks=[track])
    make_playlist(name="Somebody else’s", is_public=True)

    page = text(as_listener.get(adding(track)))

    assert f'name="playlist" value="{rain.pk}"' in page
    assert page.count('name="playlist"') == 1
    assert "already in it" in page
    assert "Somebody else" not in page
    assert "Make it and add" in page


def test_a_track_is_added_and_the_page_says_so(as_listener):
    track, rain = make_track("Salt Road"), make_playlist(as_listener.listener, name="Rain")

    page = as_listener.post(
        adding(track), {"playlist": rain.pk, "next": "/taste/?a=b"}, follow=False
    )

    assert page.url == "/taste/?a=b"
    assert order(rain) == ["Salt Road"]
    said = text(as_listener.get(PLAYLISTS))
    assert "Salt Road" in said
    assert "now." in said


def test_a_track_is_added_to_a_new_playlist(as_listener):
    track = make_track("Salt Road")

    as_listener.post(adding(track), {"name": "Rain"})

    made = Playlist.objects.get()
    assert (made.name, made.listener, order(made)) == ("Rain", as_listener.listener, ["Salt Road"])


def test_adding_twice_says_that_it_is_there(as_listener):
    track = make_track("Salt Road")
    rain = make_playlist(as_listener.listener, name="Rain", tracks=[track])

    page = as_listener.post(adding(track), {"playlist": rain.pk}, follow=True)

    assert "is already in" in text(page)
    assert order(rain) == ["Salt Road"]


def test_asked_in_place_only_the_menu_and_the_sentence_come(as_listener):
    track, rain = make_track("Salt Road"), make_playlist(as_listener.listener, name="Rain")

    menu = text(as_listener.get(adding(track), {"in_place": "1"}))
    assert "<html" not in menu
    assert "data-ask" in menu
    assert 'name="in_place" value="1"' in menu

    sent = {"playlist": rain.pk, "in_place": "1"}
    first, second = as_listener.post(adding(track), sent), as_listener.post(adding(track), sent)
    assert (first.status_code, second.status_code) == (200, 409)
    assert "is in" in text(first)
    assert "is already in" in text(second)
    assert "Salt Road" not in text(as_listener.get(PLAYLISTS))  # nothing is said once more later


def test_more_playlists_than_one_menu_holds_are_all_reached(as_listener, monkeypatch):
    monkeypatch.setattr("playlists.views.tracks.PAGE", 2)
    track = make_track()
    for number in range(3):
        make_playlist(as_listener.listener, name=f"List {number}")

    first, second = (as_listener.get(adding(track), {"page": n}) for n in (1, 2))
    shown = re.findall(r"<span>(List \d)</span>", text(first) + text(second))
    assert shown == ["List 2", "List 1", "List 0"]
    menu = text(as_listener.get(adding(track), {"in_place": "1"}))
    assert f'<a href="{adding(track)}">All your playlists</a>' in menu


@pytest.mark.parametrize("in_place", ["", "1"])
def test_a_new_playlist_without_a_name_is_asked_again(as_listener, in_place):
    track = make_track()

    page = as_listener.post(adding(track), {"name": " ", "in_place": in_place})

    assert page.status_code == 400
    assert 'class="error"' in text(page)
    assert ("<html" in text(page)) is not bool(in_place)
    assert not Playlist.objects.exists()


def test_a_track_goes_only_into_ones_own_playlists(as_listener):
    others = make_playlist(is_public=True)

    for playlist in (others.pk, "x", "9" * 30, ""):
        answer = as_listener.post(adding(make_track()), {"playlist": playlist})
        assert answer.status_code == 400

    assert order(others) == []


@pytest.mark.parametrize("fields", [{"hidden_at": NOON}, {"artist": "hidden"}])
def test_what_is_hidden_is_added_to_nothing(as_listener, fields):
    if "artist" in fields:
        fields = {"artist": make_artist(hidden_at=NOON)}
    track = make_track(**fields)

    assert as_listener.get(adding(track)).status_code == 404
    assert as_listener.post(adding(track), {"name": "Rain"}).status_code == 404


def test_what_was_merged_is_added_as_what_it_shows_as(as_listener):
    merged = make_track(canonical=make_track("Salt Road"))

    as_listener.post(adding(merged), {"name": "Rain"})

    assert order(Playlist.objects.get()) == ["Salt Road"]


def test_adding_leads_back_to_the_list_as_it_stood(as_listener):
    track = make_track()

    def next_after(referer, **query):
        page = as_listener.get(adding(track), query, headers={"referer": referer})
        return page.context["next"]

    assert next_after("http://testserver/", slate="7") == "/?slate=7"
    assert next_after("http://testserver/?energy=1", slate="7") == "/?slate=7"
    assert next_after("http://testserver/search/?q=a") == "/search/?q=a"
    assert next_after("http://elsewhere.example/") == ""
    assert next_after("") == ""
    page_two = f"http://testserver{adding(track)}"
    assert next_after(page_two, next="/?slate=7") == "/?slate=7"
    assert next_after(page_two, next="//elsewhere.example/") == ""


def test_nobody_is_led_away(as_listener):
    track = make_track("Salt Road")

    answer = as_listener.post(adding(track), {"name": "Rain", "next": "https://elsewhere.example/"})

    assert answer.url == track.get_absolute_url()


# Where the button stands


def test_lists_and_the_page_of_a_track_lead_to_the_menu(as_listener):
    tracks = [make_track("One"), make_track("Two")]
    go_live(tracks)

    home = text(as_listener.get(reverse("home")))
    assert re.search(
        rf'href="{adding(tracks[0])}\?slate=\d+" aria-label="Add One to a playlist"', home
    )
    page = text(as_listener.get(tracks[0].get_absolute_url()))
    assert f'href="{adding(tracks[0])}' in page


def test_the_page_of_a_track_leads_there_before_there_is_a_model(as_listener):
    track = make_track()

    assert f'href="{adding(track)}"' in text(as_listener.get(track.get_absolute_url()))


def test_a_visitor_sees_no_button_that_adds(client):
    tracks = [make_track("One")]
    go_live(tracks)

    for url in (reverse("home"), tracks[0].get_absolute_url()):
        assert "/playlists/add/" not in text(client.get(url))


def test_the_menu_costs_the_same_however_many(as_listener):
    track = make_track()
    make_playlist(as_listener.listener, tracks=[track])
    before = count_queries(as_listener, adding(track))
    for _ in range(5):
        make_playlist(as_listener.listener, tracks=[track, make_track()])

    assert count_queries(as_listener, adding(track)) == before

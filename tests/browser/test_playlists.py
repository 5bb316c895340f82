"""Playlists: a track is added without leaving the list, by hand or by keyboard, and taken out."""

import pytest
from playwright.sync_api import expect

from accounts.models import Listener
from playlists.models import Playlist
from tests.browser.looks import assert_axe_clean, look, take_pictures
from tests.factories import make_features, make_playlist, make_track
from tests.recommendations.written_models import go_live

pytestmark = pytest.mark.django_db(transaction=True)

ROWS = "[data-now] >> nth=0 >> li.track h3"


@pytest.fixture
def tracks(listener_page):
    tracks = [make_track(f"Song {n}") for n in range(1, 6)]
    for number, track in enumerate(tracks):
        make_features(track, energy=number / 5)
    go_live(tracks)
    return tracks


@pytest.fixture
def rain(listener_page):
    listener = Listener.objects.get(pk=listener_page.listener.pk)
    return make_playlist(listener, name="Rain", tracks=[make_track("Drops")])


def order(playlist):
    return list(playlist.entries.order_by("position").values_list("track__title", flat=True))


def add_button(page):
    return page.get_by_role("link", name="Add Song 1 to a playlist").first


def test_a_track_is_added_and_the_list_stays_as_it_is(listener_page, tracks, rain):
    page = listener_page
    page.goto("/")
    before, address = page.locator(ROWS).all_inner_texts(), page.url

    add_button(page).click()
    page.get_by_role("dialog").get_by_role("button", name="Rain").click()

    page.locator(".toast", has_text="Song 1").wait_for()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert order(rain) == ["Drops", "Song 1"]
    assert (page.locator(ROWS).all_inner_texts(), page.url) == (before, address)

    add_button(page).click()
    expect(page.get_by_role("dialog").get_by_text("already in it")).to_be_visible()


def test_the_keyboard_alone_does_it_and_comes_back_to_where_it_was(listener_page, tracks, rain):
    page = listener_page
    page.goto("/")
    add_button(page).focus()

    page.keyboard.press("Enter")
    page.get_by_role("dialog").wait_for()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(add_button(page)).to_be_focused()

    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_role("button", name="Rain")).to_be_focused()
    page.keyboard.press("Enter")
    page.locator(".toast", has_text="Song 1").wait_for()

    assert order(rain) == ["Drops", "Song 1"]
    expect(add_button(page)).to_be_focused()


def test_a_new_playlist_is_made_on_the_spot_once_it_has_a_name(listener_page, tracks, complaints):
    page = listener_page
    page.goto("/")
    add_button(page).click()
    name = page.get_by_role("dialog").get_by_role("textbox")

    name.fill("   ")
    name.press("Enter")
    page.get_by_role("dialog").locator(".error:not([data-lost])").wait_for()
    expect(name).to_be_focused()
    name.fill("Evening")
    name.press("Enter")
    page.locator(".toast", has_text="Evening").wait_for()

    assert order(Playlist.objects.get()) == ["Song 1"]
    complaints.clear()  # the browser tells of every answer that is no


def test_where_the_answer_is_lost_it_says_so(listener_page, tracks, rain, complaints):
    page = listener_page
    page.goto("/")
    add_button(page).click()
    page.get_by_role("dialog").wait_for()
    page.route("**/playlists/add/**", lambda route: route.abort())

    page.get_by_role("dialog").get_by_role("button", name="Rain").click()
    page.get_by_role("dialog").get_by_text("nothing has changed").wait_for()

    assert order(rain) == ["Drops"]
    complaints.clear()


def test_who_was_logged_out_meanwhile_is_led_to_the_login(listener_page, tracks, rain):
    page = listener_page
    page.goto("/")
    page.context.clear_cookies()

    add_button(page).click()

    page.wait_for_url("**/account/login/?next=/playlists/add/**")


def test_without_a_script_a_page_asks_and_leads_back_to_the_same_list(plain_page, tracks, rain):
    page = plain_page
    page.goto("/")
    before = page.locator(ROWS).all_inner_texts()

    add_button(page).click()
    page.get_by_role("button", name="Rain").click()

    assert order(rain) == ["Drops", "Song 1"]
    assert "Song 1" in page.locator(".notice").inner_text()
    assert page.locator(ROWS).all_inner_texts() == before


def test_a_track_is_taken_out_and_comes_back(listener_page, rain):
    page = listener_page
    page.goto(rain.get_absolute_url())

    page.get_by_role("button", name="Take Drops out").click()
    page.get_by_text("is out of this playlist").wait_for()
    assert order(rain) == []
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("It is back.").wait_for()

    assert order(rain) == ["Drops"]


def test_playlists_are_for_everyone(listener_page, tracks, rain):
    page = listener_page
    listener = Listener.objects.get(pk=page.listener.pk)
    long = make_playlist(listener, name="أغاني المطر 🌧️ " + "Rain" * 40, tracks=tracks)
    empty = make_playlist(listener, name="Empty", is_public=True)
    pages = {
        "playlists": "/playlists/",
        "playlist": long.get_absolute_url(),
        "playlist-empty": empty.get_absolute_url(),
        "playlist-delete": f"/playlists/{long.pk}/delete/",
        "playlist-add": f"/playlists/add/{tracks[0].pk}/",
    }

    for name, address in pages.items():
        page.goto(address)
        assert_axe_clean(page)
        take_pictures(page, name)
    page.goto("/")
    for theme, width in (("light", 390), ("dark", 1280)):
        with look(page, theme, width):
            add_button(page).click()
            page.get_by_role("dialog").wait_for()
            assert_axe_clean(page, looks=[(theme, width)])
            page.keyboard.press("Escape")

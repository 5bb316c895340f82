"""Hearing music in the page, with the keyboard alone; and Spotify only when it was let in."""

import re

import pytest
from playwright.sync_api import expect

from catalog.models import AudioFile, ExternalId
from tests.browser.looks import LOOKS, PICTURES, assert_axe_clean, look, take_pictures
from tests.catalog.audio.sounds import cadence, write_wav
from tests.factories import NOON, make_artist, make_features, make_track

SPOTIFY_ID = "4BJqT0PrAfrxzMOxytFOIz"


@pytest.fixture
def track(transactional_db, settings, tmp_path):
    """A track of twenty seconds that can be heard here."""
    settings.AUDIO_DIR = tmp_path
    found = make_track("Maré Vazia, e uma noite muito longa no cais", artist=make_artist("Björk"))
    make_features(found)
    place = write_wav(tmp_path / "a.wav", cadence(0, seconds=20))
    AudioFile.objects.create(
        track=found, source_id="file-1", path="a.wav", mime_type="audio/wav", audience="users",
        size=place.stat().st_size, modified_at=NOON, checksum="1" * 64, added_at=NOON,
    )  # fmt: skip
    return found


@pytest.fixture
def abroad(transactional_db):
    """A track that Spotify has, and we have not."""
    found = make_track("Hyperballad", artist=make_artist("Björk"))
    make_features(found)
    ExternalId.objects.create(track=found, kind="spotify", value=SPOTIFY_ID, source="tidytuesday")
    return found


@pytest.fixture
def spotify(page):
    """What was asked of Spotify, which answers from here."""
    asked = []

    def answer(route):
        asked.append(route.request.url)
        route.fulfill(content_type="text/html", body="<!doctype html><title>A player</title>")

    page.context.route(re.compile(r"spotify"), answer)
    return asked


def player(page):
    return page.get_by_role("region", name="Player")


def place(page):
    return player(page).get_by_role("slider", name="Place in the track")


def now(page):
    return page.evaluate("document.querySelector('music-player audio').currentTime")


def heard_something(page):
    """A second of it, at least."""
    expect(page.locator("music-player [data-now]")).not_to_have_text("0:00")


def is_paused(page):
    return page.evaluate("document.querySelector('music-player audio').paused")


def test_a_keyboard_alone_plays_seeks_pauses_and_closes(listener_page, track):
    page = listener_page
    page.goto(track.get_absolute_url())
    expect(player(page)).to_be_hidden()

    page.get_by_role("link", name="Play Maré Vazia").focus()
    page.keyboard.press("Enter")
    expect(player(page)).to_be_visible()
    heard_something(page)
    assert page.url.endswith(track.get_absolute_url()) or "/tracks/" in page.url
    expect(place(page)).to_have_attribute("max", "20")

    place(page).focus()
    before = now(page)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert now(page) == pytest.approx(before + 10, abs=1)
    page.keyboard.press("ArrowLeft")
    assert now(page) == pytest.approx(before + 5, abs=1)
    page.keyboard.press("Home")
    assert now(page) < 1
    expect(place(page)).to_have_attribute("aria-valuetext", re.compile(r"0:0\d of 0:20"))

    player(page).get_by_role("button", name="Pause Maré Vazia").focus()
    page.keyboard.press("Space")
    assert is_paused(page)
    expect(player(page).get_by_role("button", name="Play Maré Vazia")).to_be_focused()

    player(page).get_by_role("button", name="Close the player").focus()
    page.keyboard.press("Enter")
    expect(player(page)).to_be_hidden()
    expect(page.get_by_role("link", name="Play Maré Vazia")).to_be_focused()


def test_the_button_of_the_page_pauses_what_it_plays(listener_page, track):
    page = listener_page
    page.goto(track.get_absolute_url())

    page.get_by_role("link", name="Play Maré Vazia").click()
    heard_something(page)
    page.get_by_role("link", name="Pause Maré Vazia").click()

    expect(page.get_by_role("link", name="Play Maré Vazia")).to_be_visible()
    assert is_paused(page)


def test_what_was_heard_is_told_to_the_page_once(listener_page, track):
    page = listener_page
    page.goto(track.get_absolute_url())
    page.evaluate(
        "window.told = []; addEventListener('track-played', (event) => told.push(event.detail))"
    )

    page.get_by_role("link", name="Play Maré Vazia").click()
    heard_something(page)
    place(page).focus()
    page.keyboard.press("End")
    expect(player(page).get_by_role("button", name="Play Maré Vazia")).to_be_visible()
    player(page).get_by_role("button", name="Close the player").click()

    (told,) = page.evaluate("window.told")
    assert told["track"] == track.pk
    assert 1 <= told["seconds"] <= 3
    assert told["length"] == pytest.approx(20, abs=0.1)


def test_the_bar_hides_nothing(listener_page, track):
    """At the end of the page it lies between the page and its foot, and above the tabs."""
    page = listener_page
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 700})
        page.goto(track.get_absolute_url())
        page.get_by_role("link", name="Play Maré Vazia").click()
        expect(player(page)).to_be_visible()
        page.evaluate("scrollTo(0, document.body.scrollHeight)")

        boxes = {
            name: page.locator(name).bounding_box() for name in ("main", ".player", ".foot")
        }  # fmt: skip
        assert boxes["main"]["y"] + boxes["main"]["height"] <= boxes[".player"]["y"] + 1
        assert boxes[".player"]["y"] + boxes[".player"]["height"] <= boxes[".foot"]["y"] + 1
        page.evaluate("scrollTo(0, 0)")
        tabs = page.locator(".tabbar")
        if tabs.count() and tabs.is_visible():
            bar = player(page).bounding_box()
            assert bar["y"] + bar["height"] <= tabs.bounding_box()["y"] + 1


def test_what_cannot_be_played_is_said(listener_page, track, complaints):
    page = listener_page
    page.goto(track.get_absolute_url())
    AudioFile.objects.update(path="gone.wav")

    page.get_by_role("link", name="Play Maré Vazia").click()

    expect(player(page).get_by_role("status")).to_contain_text("cannot be played")
    complaints.clear()


def test_without_javascript_it_is_a_link_to_the_file(plain_page, track):
    page = plain_page
    page.goto(track.get_absolute_url())

    link = page.get_by_role("link", name="Play Maré Vazia")

    expect(link).to_have_attribute("href", f"/audio/{AudioFile.objects.get().pk}/")
    expect(page.locator("music-player")).to_be_hidden()


def test_spotify_is_asked_nothing_before_it_is_let_in(page, abroad, spotify):
    page.goto(abroad.get_absolute_url())
    page.wait_for_load_state("networkidle")
    expect(page.get_by_role("link", name="Spotify")).to_have_attribute(
        "href", f"https://open.spotify.com/track/{SPOTIFY_ID}"
    )
    assert spotify == []
    assert page.locator("iframe").count() == 0

    page.get_by_role("button", name="Show Spotify’s player").click()
    expect(page.locator("iframe")).to_have_attribute("title", "Spotify’s player: Hyperballad")
    page.wait_for_timeout(300)
    assert spotify == [f"https://open.spotify.com/embed/track/{SPOTIFY_ID}"]


def test_the_word_on_spotify_is_remembered_and_can_be_taken_back(page, abroad, spotify):
    page.goto(abroad.get_absolute_url())
    page.get_by_role("button", name="Show Spotify’s player").click()
    page.reload()
    expect(page.locator("iframe")).to_be_visible()

    page.get_by_role("button", name="Take that back").click()
    expect(page.locator("iframe")).to_have_count(0)
    expect(page.get_by_role("button", name="Show Spotify’s player")).to_be_focused()
    spotify.clear()
    page.reload()
    page.wait_for_load_state("networkidle")

    assert page.locator("iframe").count() == 0
    assert spotify == []


def test_only_spotify_may_be_framed(page, abroad):
    policy = page.goto(abroad.get_absolute_url()).headers["content-security-policy"]

    assert "frame-src https://open.spotify.com;" in policy + ";"


def test_a_visitor_is_asked_to_log_in(page, track):
    page.goto(track.get_absolute_url())

    page.get_by_role("link", name="Log in to listen").click()

    assert "/login/" in page.url
    assert "next=" in page.url


def test_it_is_clean_in_every_look(listener_page, track, abroad, spotify):
    page = listener_page
    page.goto(track.get_absolute_url())
    page.get_by_role("link", name="Play Maré Vazia").click()
    heard_something(page)
    player(page).get_by_role("button", name="Pause").click()
    assert_axe_clean(page)
    PICTURES.mkdir(exist_ok=True)
    for theme, width in LOOKS:
        with look(page, theme, width):
            page.screenshot(path=PICTURES / f"player-{theme}-{width}.png")

    page.goto(abroad.get_absolute_url())
    assert_axe_clean(page)
    take_pictures(page, "listen-elsewhere")
    page.get_by_role("button", name="Show Spotify’s player").click()
    assert_axe_clean(page)

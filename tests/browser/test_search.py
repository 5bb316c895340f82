"""Searching with the keyboard alone, and the pages of music, as people see them."""

import pytest
from playwright.sync_api import expect

from catalog.models import Source, TrackRecord, TrackTag
from catalog.services import indexing
from tests.browser.looks import LOOKS, assert_axe_clean, look, scrolls_sideways, take_pictures
from tests.factories import (
    NOON,
    make_album,
    make_artist,
    make_features,
    make_genre,
    make_play,
    make_tag,
    make_track,
)

RIVER = {"acousticness": 0.92, "energy": 0.3, "valence": 0.33, "mode": 0, "tempo": 92.0}


@pytest.fixture
def music(transactional_db):
    """A small catalogue; returns the track that has most to show."""
    folk = make_genre("folk")
    fado, artist = make_genre("fado", parent=folk), make_artist("Björk & Çağla", language="is")
    album = make_album("O Cais e a Lua", artist=artist, year=2021)
    for number in range(6):
        make_features(make_track(f"Harbour {number}", genre=fado, artist=artist, year=2020))
    track = make_track("Maré Vazia", artist=artist, album=album, genre=fado, year=2021)
    make_features(track, source=Source.AUDIO, **RIVER)
    make_features(track, source=Source.KAGGLE_TRACKS, **RIVER | {"tempo": 98.0})
    make_features(make_track("夜の海", artist=make_artist("宇多田ヒカル"), genre=folk, year=1999))
    said = {"year": 2012, "title": "Maré Vazia (ao vivo)"}
    TrackRecord.objects.create(
        track=track, source=Source.MSD, source_id="1", said=said, said_at=NOON
    )
    for name in ("harbour songs", "fado novo", "slow"):
        TrackTag.objects.create(track=track, tag=make_tag(name), source="curator")
    indexing.index_all()
    return track


def test_a_keyboard_alone_finds_a_track_and_goes_there(page, music):
    page.goto("/genres/")

    page.keyboard.press("/")
    page.keyboard.type("mare vazai")
    page.get_by_role("option").first.wait_for()
    box = page.get_by_role("combobox", name="Search tracks")
    assert box.get_attribute("aria-expanded") == "true"
    assert box.get_attribute("aria-activedescendant") is None
    page.keyboard.press("ArrowDown")
    chosen = page.locator("[aria-selected=true]")
    assert chosen.get_attribute("id") == box.get_attribute("aria-activedescendant")
    assert "Maré Vazia" in chosen.inner_text()
    page.keyboard.press("Enter")

    page.wait_for_url(f"**/tracks/{music.pk}/**")
    assert page.locator("h1").inner_text() == "Maré Vazia"


def test_arrows_go_round_and_back_to_the_box(page, music):
    page.goto("/genres/")
    page.locator("#q").fill("harbour")
    page.get_by_role("option").first.wait_for()

    page.keyboard.press("ArrowUp")
    assert page.locator("[aria-selected=true]").get_attribute("id") == "found-all"
    page.keyboard.press("ArrowDown")

    assert page.locator("[aria-selected=true]").count() == 0


def test_escape_closes_the_list_and_enter_asks_for_the_page(page, music):
    page.goto("/genres/")
    page.locator("#q").fill("harbour")
    page.get_by_role("option").first.wait_for()

    page.keyboard.press("Escape")
    assert page.get_by_role("option").count() == 0
    assert page.locator(".search input").input_value() == "harbour"
    page.keyboard.press("Enter")

    page.wait_for_url("**/search/?q=harbour")
    assert page.locator("h1").inner_text() == "harbour"


def test_what_was_found_is_said_aloud(page, music):
    page.goto("/genres/")

    page.locator("#q").fill("mare vazai")

    said = page.locator(".search [role=status]")
    expect(said).to_have_text("Nothing is spelt “mare vazai”. These come close:")


def test_the_list_is_for_everyone(page, music):
    page.goto("/genres/")
    page.locator("#q").fill("a")
    page.locator("#q").fill("ma")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")

    take_pictures(page, "search-box")
    assert_axe_clean(page)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("search", "/search/?q=harbour"),
        ("search-guess", "/search/?q=harbuor"),
        ("search-empty", "/search/?q=qqqq"),
        ("search-wrong", "/search/?year_from=1&q=a"),
        ("genres", "/genres/"),
        ("year", "/years/2020/"),
    ],
)
def test_a_list_is_for_everyone(page, music, complaints, name, path):
    page.goto(path)

    take_pictures(page, name)
    assert_axe_clean(page)
    if name == "search-wrong":
        complaints.clear()  # the browser says that the answer was 400


def test_pages_of_music_are_for_everyone(page, music):
    tag = music.track_tags.get(tag__name="slow").tag
    for thing in (music, music.artist, music.album, music.genre.parent, tag):
        page.goto(thing.get_absolute_url())
        page.evaluate("for (const one of document.querySelectorAll('.how')) one.open = true")

        take_pictures(page, type(thing).__name__.lower())
        assert_axe_clean(page)


ENDLESS = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 3


@pytest.mark.parametrize("name", [ENDLESS, "فرقة الموسيقى العربية 🎻 (live)", "👩‍👩‍👧‍👦🏳️‍🌈" * 20])
def test_no_name_breaks_a_page(listener_page, music, name):
    music.title, music.artist.name, music.album.title = name, name[:300], name
    music.genre.name = name[:60]
    for thing in (music, music.artist, music.album, music.genre):
        thing.save()
    indexing.index_all()
    make_play(listener_page.listener, music)

    places = [thing.get_absolute_url() for thing in (music, music.artist, music.album, music.genre)]
    for place in (*places, f"/search/?q={name[:20]}", "/genres/", "/listening/plays/"):
        listener_page.goto(place)
        for theme, width in LOOKS[:2]:
            with look(listener_page, theme, width):
                assert not scrolls_sideways(listener_page), f"{place} is wider than {width} px"

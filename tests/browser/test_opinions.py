"""Opinions on artists, albums and genres in a real browser: for everyone, and without a script."""

import pytest

from listening.models import Feedback
from listening.services.feedback import give_feedback
from tests.browser.conftest import let_in
from tests.browser.looks import assert_axe_clean, take_pictures
from tests.factories import NOON, make_album, make_artist, make_genre, make_listener, make_track


def make_pages():
    """An artist, an album and a genre of a name nobody planned for, with tracks."""
    artist = make_artist("طارق الميناوي بن عبد الله الطويل الاسم جدا", language="ar")
    album = make_album("Very long title " * 6 + "Withoutanyspaceatall" * 3, artist=artist)
    genre = make_genre("indie folk")
    make_genre("chamber folk", parent=genre)
    for number in range(3):
        make_track(f"Track {number}", artist=artist, album=album, genre=genre, year=1994)
    return artist, album, genre


def test_the_pages_are_for_everyone_with_what_was_said_on_them(listener_page):
    for thing in make_pages():
        for kind in ("like", "hide"):
            give_feedback(listener=listener_page.listener, kind=kind, on=thing, at=NOON)

        listener_page.goto(thing.get_absolute_url())

        assert listener_page.get_by_role("button", name="Hide", pressed=True).is_visible()
        take_pictures(listener_page, f"opinions-{thing._meta.model_name}")
        assert_axe_clean(listener_page)


@pytest.mark.parametrize("scripted", [True, False])
def test_it_is_said_and_taken_back(browser, base_url, transactional_db, scripted):
    listener = make_listener()
    artist = make_artist("Mira Vale")
    with browser.new_context(java_script_enabled=scripted, base_url=base_url) as context:
        page = let_in(context.new_page(), base_url, listener.user)
        page.goto(artist.get_absolute_url())

        page.get_by_role("button", name="Hide").click()
        assert page.get_by_text("You hid Mira Vale.").is_visible()
        assert Feedback.objects.get().artist == artist
        take_pictures(page, f"opinions-said-{scripted}")

        page.get_by_role("button", name="Hide", pressed=True).click()
        assert page.get_by_text("You no longer hide Mira Vale.").is_visible()
        assert page.get_by_role("button", name="Hide", pressed=False).is_visible()
        assert not Feedback.objects.exists()

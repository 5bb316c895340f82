"""The history and the taste profile in a real browser: for everyone, and without a script."""

import pytest

from catalog.services.indexing import index_all
from listening.models import Correction, Mute, Play
from tests.browser.conftest import let_in
from tests.browser.looks import assert_axe_clean
from tests.factories import NOON, make_artist, make_genre, make_listener, make_play, make_track


def make_heard(listener):
    """A play of a track whose name nobody planned for, and another one."""
    artist = make_artist("طارق الميناوي بن عبد الله الطويل الاسم جدا")
    title = "🌙 " + "Very long title " * 8 + "Withoutanyspaceatall" * 4
    track = make_track(title, artist=artist, genre=make_genre("fado"), year=1994)
    make_listener("Kids", user=listener.user)
    make_play(listener, track=make_track("Halo"))
    index_all()
    return make_play(listener, track=track)


def test_the_pages_are_for_everyone(listener_page):
    listener = listener_page.listener
    play = make_heard(listener)
    Mute.objects.create(listener=listener, track=play.track, made_at=NOON)
    Correction.objects.create(listener=listener, wrong=make_track(), right=play.track, made_at=NOON)

    for path in (
        "/listening/plays/",
        "/listening/plays/?first=2026-05-01",
        "/listening/plays/?source=scrobble",
        f"/listening/plays/{play.pk}/?find=halo",
        f"/listening/plays/delete/?play={play.pk}",
        "/listening/plays/changes/",
        "/taste/",
        f"/taste/mute/?session={play.pk}",
    ):
        listener_page.goto(path)
        assert_axe_clean(listener_page, looks=[("light", 1280), ("dark", 390)])


@pytest.mark.parametrize("path", ["/listening/plays/", "/listening/plays/changes/", "/taste/"])
def test_empty_pages_are_for_everyone(listener_page, path):
    listener_page.goto(path)

    assert_axe_clean(listener_page)


def test_all_of_it_works_without_a_script(browser, base_url, transactional_db):
    listener = make_listener()
    play = make_heard(listener)
    with browser.new_context(java_script_enabled=False, base_url=base_url) as context:
        page = let_in(context.new_page(), base_url, listener.user)

        page.goto(f"/listening/plays/{play.pk}/")
        page.get_by_role("link", name="This play").click()
        page.get_by_role("button", name="Mute it").click()
        assert Mute.objects.in_force().get().play == play
        page.get_by_role("button", name="Let it count").click()
        assert page.get_by_text("it counts again").is_visible()

        page.goto(f"/listening/plays/{play.pk}/?find=halo")
        page.get_by_role("button", name="Correct it").click()
        assert {one.track.title for one in Play.objects.all()} == {"Halo"}

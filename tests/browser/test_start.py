"""The first minute, and mixes, in a real browser."""

import pytest

from recommendations import pipeline
from tests.browser.looks import assert_axe_clean, take_pictures
from tests.factories import NOON, make_genre, make_listener, make_play, make_track

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def music():
    genres = [make_genre(name) for name in ("fado", "dub")]
    tracks = [make_track(f"Song {n}", genre=genres[n % 2]) for n in range(16)]
    for place in range(12):
        listener = make_listener(shares_taste=True)
        for track in tracks[place % 2 :: 2]:
            make_play(listener, track)
    pipeline.train(at=NOON)
    return tracks


@pytest.mark.parametrize("step", ["artists", "genres", "tracks", "paste"])
@pytest.mark.usefixtures("music")
def test_every_step_is_for_everyone(listener_page, step):
    listener_page.goto(f"/start/?step={step}")

    assert_axe_clean(listener_page)
    take_pictures(listener_page, f"start-{step}", looks=[("light", 1280), ("dark", 390)])


@pytest.mark.usefixtures("music")
def test_a_pick_with_the_keyboard_changes_the_list_beside_it(listener_page):
    listener_page.goto("/start/?step=genres")
    before = listener_page.locator(".stick .track-name").all_inner_texts()

    chip = listener_page.get_by_role("button", name="dub")
    chip.focus()
    listener_page.keyboard.press("Enter")

    listener_page.get_by_text("1 answer").wait_for()
    picked = listener_page.get_by_role("button", name="dub")
    assert picked.get_attribute("aria-pressed") == "true"
    assert picked.evaluate("button => button === document.activeElement")
    assert listener_page.locator(".stick .track-name").all_inner_texts() != before


@pytest.mark.usefixtures("music")
def test_mixes_are_for_everyone(listener_page):
    listener_page.goto("/mixes/")

    assert_axe_clean(listener_page)
    take_pictures(listener_page, "mixes", looks=[("light", 1280), ("dark", 390)])
    listener_page.locator(".mix-card a").first.click()
    assert_axe_clean(listener_page)

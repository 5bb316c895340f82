"""The map: a picture to look at and to walk in, and the same in words."""

import pytest

from recommendations import pipeline
from recommendations.serving import live
from tests.browser.looks import assert_axe_clean, take_pictures
from tests.factories import NOON, make_play
from tests.recommendations.worlds import make_camps


@pytest.fixture
def world():
    camps = make_camps()
    pipeline.train(at=NOON)
    live._process.looked_at = -live.LOOK_AGAIN
    return camps


def test_the_map_is_for_everyone(listener_page, world):
    make_play(listener_page.listener, track=world[0][0])

    listener_page.goto("/map/")
    listener_page.locator("track-map canvas").wait_for()

    assert_axe_clean(listener_page)
    take_pictures(listener_page, "map")


def test_a_track_of_the_list_says_where_it_is_and_leads_on(listener_page, world):
    listener_page.goto("/map/")
    listener_page.locator("track-map canvas").wait_for()
    step = listener_page.locator(".map-step").first
    title = step.locator("b").inner_text()

    step.focus()
    assert title in listener_page.locator(".map-tip").inner_text()
    listener_page.keyboard.press("Enter")
    listener_page.wait_for_url("**/map/?walk=*")

    assert title in listener_page.locator(".map-way [aria-current]").inner_text()
    assert_axe_clean(listener_page)


def test_the_map_is_moved_and_enlarged_with_keys(listener_page, world):
    listener_page.goto("/map/")
    canvas = listener_page.locator("track-map canvas")
    canvas.wait_for()
    canvas.focus()
    view = "canvas => ({ ...canvas.closest('track-map').view })"
    whole = canvas.evaluate(view)

    listener_page.keyboard.press("ArrowRight")
    moved = canvas.evaluate(view)
    listener_page.keyboard.press("+")

    assert moved["x"] > whole["x"]
    assert canvas.evaluate(view) == moved | {"zoom": 1.5}

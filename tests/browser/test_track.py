"""A track's page: stars are given on the spot."""

import pytest
from playwright.sync_api import expect

from listening.models import Feedback, FeedbackKind
from tests.browser.looks import assert_axe_clean, take_pictures
from tests.factories import make_track


@pytest.fixture
def track(listener_page):
    return make_track("Salt Road")


def stars_given():
    rated = Feedback.objects.of_kind(FeedbackKind.RATING)
    return list(rated.values_list("rating", flat=True))


def said(page, text):
    expect(page.get_by_role("status").filter(has_text=text)).to_be_visible()


def test_stars_are_given_at_once_changed_and_taken_back(listener_page, track):
    page = listener_page
    page.goto(track.get_absolute_url())

    page.locator("label.star").nth(3).click()
    said(page, "You gave it 4 of 5.")
    assert stars_given() == [4]
    page.locator("label.star").nth(1).click()
    said(page, "You gave it 2 of 5.")
    assert stars_given() == [2]
    page.reload()
    expect(page.get_by_role("radio", name="2 stars")).to_be_checked()

    page.get_by_role("button", name="Take it back").click()
    said(page, "You have not rated it.")
    assert stars_given() == []
    expect(page.get_by_role("radio", name="1 star", exact=True)).to_be_focused()
    expect(page.get_by_role("radio", checked=True)).to_have_count(0)
    expect(page.get_by_role("button", name="Take it back")).to_be_hidden()


def test_stars_are_given_by_the_keys_and_those_passed_by_are_not(listener_page, track):
    page = listener_page
    page.goto(track.get_absolute_url())
    sent = []
    page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)

    stars = page.get_by_role("group", name="Your rating").get_by_role("radio")
    stars.first.focus()
    page.keyboard.press("Space")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    said(page, "You gave it 5 of 5.")

    expect(page.get_by_role("radio", name="5 stars")).to_be_focused()
    assert stars_given() == [5]
    assert len(sent) < 5


def test_where_the_stars_are_lost_the_page_shows_what_is_given(listener_page, track, complaints):
    page = listener_page
    page.goto(track.get_absolute_url())
    page.locator("label.star").nth(2).click()
    said(page, "You gave it 3 of 5.")
    page.route("**/feedback/stars/**", lambda route: route.abort())

    page.locator("label.star").nth(4).click()
    page.locator(".toast", has_text="nothing has changed").wait_for()

    expect(page.get_by_role("radio", name="3 stars")).to_be_checked()
    assert stars_given() == [3]
    complaints.clear()


def test_without_a_script_stars_are_given_by_a_button(plain_page, track):
    page = plain_page
    page.goto(track.get_absolute_url())

    page.get_by_role("radio", name="4 stars").check(force=True)
    page.get_by_role("button", name="Rate it").click()
    assert stars_given() == [4]
    expect(page.get_by_text("You gave it 4 of 5.")).to_be_visible()
    page.get_by_role("button", name="Take it back").click()

    assert stars_given() == []


def test_a_track_with_stars_is_for_everyone(listener_page, track):
    page = listener_page
    page.goto(track.get_absolute_url())
    page.locator("label.star").nth(3).click()
    said(page, "You gave it 4 of 5.")

    assert_axe_clean(page)
    take_pictures(page, "track-stars")

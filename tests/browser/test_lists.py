"""Home answers before one's eyes."""

import pytest
from playwright.sync_api import expect

from accounts.models import Listener
from listening.models import Feedback
from tests.browser.looks import assert_axe_clean, take_pictures
from tests.factories import (
    NOON,
    make_features,
    make_feedback,
    make_genre,
    make_play,
    make_track,
)
from tests.recommendations.written_models import go_live

ROWS = "[data-now] >> nth=0 >> li.track h3"


@pytest.fixture
def tracks(listener_page):
    """One was heard and leads to twelve; the third of these leads to three that are behind them."""
    listener = Listener.objects.get(pk=listener_page.listener.pk)
    genre = make_genre("folk")
    titles = ["Heard", *(f"Near {n}" for n in range(1, 13)), *(f"Behind {n}" for n in range(1, 4))]
    tracks = [make_track(title, genre=genre, year=2001) for title in titles]
    for number, track in enumerate(tracks):
        make_features(track, energy=number / 20)
    make_play(listener, tracks[0])
    make_feedback(listener, track=tracks[0])
    leads = {(tracks[0], track): 0.3 - place / 100 for place, track in enumerate(tracks[1:13])}
    leads |= {(tracks[3], track): 0.8 for track in tracks[13:]}
    go_live(
        tracks, leads, energy={track: place / 20 for place, track in enumerate(tracks)}, at=NOON
    )
    return tracks


def shown(page):
    return page.locator(ROWS).all_inner_texts()


def test_a_like_changes_the_list_and_undo_restores_it_exactly(listener_page, tracks):
    page = listener_page
    page.goto("/")
    before = shown(page)
    reasons = page.locator("[data-now] >> nth=0 >> .why").all_inner_texts()

    page.get_by_role("button", name="Like Near 3", exact=True).first.click()
    page.get_by_text("You liked Near 3.").first.wait_for()

    after = shown(page)
    assert after != before
    assert "Near 3" not in after
    came = page.locator("[data-now] >> nth=0 >> li.track-new", has_text="Behind")
    assert "because you liked Near 3" in came.first.inner_text()
    assert Feedback.objects.filter(track=tracks[3], kind="like").exists()

    page.locator("[data-changed]").get_by_role("button", name="Undo").click()
    page.get_by_text("Taken back.").first.wait_for()

    assert shown(page) == before
    assert page.locator("[data-now] >> nth=0 >> .why").all_inner_texts() == reasons
    assert not Feedback.objects.filter(track=tracks[3]).exists()


def test_the_toast_undoes_too_and_the_focus_stays_in_the_list(listener_page, tracks):
    page = listener_page
    page.goto("/")
    before = shown(page)

    page.get_by_role("button", name="Hide Near 1", exact=True).first.press("Enter")
    page.locator(".toast").wait_for()
    assert page.evaluate("document.activeElement.matches('[data-now]')")
    page.locator(".toast").get_by_role("button", name="Undo").click()
    page.get_by_text("Taken back.").first.wait_for()

    assert shown(page) == before


def test_a_slider_steers_as_it_moves_and_stays_in_the_address(listener_page, tracks):
    page = listener_page
    page.goto("/")
    before = shown(page)
    slider = page.get_by_role("slider", name="Calm to Energetic")

    with page.expect_response("**/api/v1/recommendations/**"):
        for _ in range(5):
            slider.press("ArrowRight")
    expect(page.locator("[aria-busy]")).to_have_count(0)

    assert slider.get_attribute("aria-valuetext") == "Energetic, 100 %"
    assert shown(page) != before
    assert "energy=1" in page.url
    steered = shown(page)
    page.reload()
    assert shown(page) == steered


def test_a_mood_is_chosen_by_its_button(listener_page, tracks):
    page = listener_page
    page.goto("/")

    with page.expect_response("**mood=energetic**"):
        page.get_by_role("button", name="energetic", exact=True).click()

    pressed = page.locator("button[name=mood][aria-pressed=true]")
    assert pressed.inner_text() == "energetic"


def test_without_a_script_the_same_forms_post(browser, base_url, listener_page, tracks):
    context = browser.new_context(
        java_script_enabled=False,
        base_url=base_url,
        storage_state=listener_page.context.storage_state(),
    )
    page = context.new_page()
    page.goto("/")
    before = shown(page)

    page.get_by_role("button", name="Like Near 3", exact=True).first.click()
    assert "You liked Near 3." in page.locator("[data-changed]").inner_text()
    page.locator("[data-changed]").get_by_role("button", name="Undo").click()

    assert shown(page) == before
    page.get_by_role("button", name="Show the list").click()
    assert "energy=0" in page.url
    context.close()


def test_where_the_answer_is_lost_the_list_stays_and_says_so(listener_page, tracks, complaints):
    page = listener_page
    page.goto("/")
    before = shown(page)
    page.route("**/api/v1/feedback/", lambda route: route.abort())

    page.get_by_role("button", name="Like Near 3", exact=True).first.click()
    page.locator(".toast", has_text="nothing has changed").wait_for()

    assert shown(page) == before
    complaints.clear()


def test_rows_travel_where_motion_is_wanted(listener_page, tracks):
    page = listener_page
    page.emulate_media(reduced_motion="no-preference")
    page.goto("/")
    page.evaluate("""() => {
        window.moved = [];
        const animate = Element.prototype.animate;
        Element.prototype.animate = function (...how) {
          window.moved.push(this.dataset.track);
          return animate.apply(this, how);
        };
    }""")

    page.get_by_role("button", name="Dislike Near 1", exact=True).first.click()
    page.get_by_text("You disliked Near 1.").first.wait_for()

    assert page.evaluate("window.moved.length") > 0


def test_home_and_track_are_for_everyone(listener_page, tracks):
    page = listener_page
    page.goto("/")
    page.get_by_role("button", name="Like Near 3", exact=True).first.click()
    page.get_by_text("You liked Near 3.").first.wait_for()
    page.locator("summary", has_text="because").first.click()

    assert_axe_clean(page)
    take_pictures(page, "home-list")
    page.goto(tracks[1].get_absolute_url())
    assert_axe_clean(page)
    take_pictures(page, "track-scores")

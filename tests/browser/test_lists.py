"""Home answers before one's eyes."""

import re

import pytest
from playwright.sync_api import expect

from accounts.models import Listener
from listening.models import Feedback
from tests.browser.looks import assert_axe_clean, take_pictures
from tests.browser.waiting import PATIENCE, PAUSE
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


def test_without_a_script_the_same_forms_post(plain_page, tracks):
    page = plain_page
    page.goto("/")
    before = shown(page)

    page.get_by_role("button", name="Like Near 3", exact=True).first.click()
    assert "You liked Near 3." in page.locator("[data-changed]").inner_text()
    page.locator("[data-changed]").get_by_role("button", name="Undo").click()

    assert shown(page) == before
    page.get_by_role("button", name="Show the list").click()
    assert "energy=0" in page.url


def test_where_the_answer_is_lost_the_list_stays_and_says_so(listener_page, tracks, complaints):
    page = listener_page
    page.goto("/")
    before = shown(page)
    page.route("**/api/v1/feedback/", lambda route: route.abort())

    page.get_by_role("button", name="Like Near 3", exact=True).first.click()
    page.locator(".toast", has_text="nothing has changed").wait_for()

    assert shown(page) == before
    complaints.clear()


# What is done while something is on its way


LIST, FEEDBACK = "**/api/v1/recommendations/**", "**/api/v1/feedback/"
LONG = 400  # ms; longer than a slider waits for its next move


class Held:
    """The requests to an address: each is noted, and waits until it is let go."""

    def __init__(self, page, address):
        self.asked, self.waiting, self.is_open = [], [], False
        self.page = page
        page.route(address, self._hold)

    def _hold(self, route):
        self.asked.append(route.request)
        if self.is_open:
            route.continue_()
        else:
            self.waiting.append(route)

    def wait_for(self, count):
        for _ in range(PATIENCE * 1000 // PAUSE):
            if len(self.asked) >= count:
                return
            self.page.wait_for_timeout(PAUSE)
        raise AssertionError(f"asked {len(self.asked)} times, not {count}")

    def let_go(self):
        """Let the oldest go on; the page may have broken it off."""
        self.waiting.pop(0).continue_()

    def let_all_go(self):
        self.is_open = True
        while self.waiting:
            self.let_go()


def like(page, title):
    page.get_by_role("button", name=f"Like {title}", exact=True).first.click()


def toast(page, title):
    return page.locator(".toast", has_text=re.compile(f"You liked .{title}."))


def steer(page):
    for _ in range(5):
        page.get_by_role("slider", name="Calm to Energetic").press("ArrowRight")


def told(held):
    return [(said["kind"], said["track"]) for said in (each.post_data_json for each in held.asked)]


def test_a_slider_moved_while_a_like_is_on_its_way_is_asked_after_it(listener_page, tracks):
    page = listener_page
    page.goto("/")
    likes, lists = Held(page, FEEDBACK), Held(page, LIST)

    like(page, "Near 3")
    steer(page)
    page.wait_for_timeout(LONG)
    assert lists.asked == []
    likes.let_all_go()

    expect(toast(page, "Near 3").get_by_role("button", name="Undo")).to_be_visible()
    lists.wait_for(1)
    lists.let_all_go()
    expect(page.locator("[aria-busy]")).to_have_count(0)
    assert len(lists.asked) == 1
    assert "energy=1" in lists.asked[0].url
    assert "energy=1" in page.url
    assert Feedback.objects.filter(track=tracks[3], kind="like").exists()


def test_a_like_breaks_off_a_list_that_is_asked_for_and_it_is_asked_for_after(
    listener_page, tracks, complaints
):
    page = listener_page
    page.goto("/")
    lists = Held(page, LIST)

    steer(page)
    lists.wait_for(1)
    like(page, "Near 3")
    toast(page, "Near 3").wait_for()
    lists.wait_for(2)
    lists.let_all_go()
    expect(page.locator("[aria-busy]")).to_have_count(0)

    assert "energy=1" in page.url
    assert "Near 3" not in shown(page)


def test_likes_are_sent_one_after_the_other_and_each_is_answered(listener_page, tracks):
    page = listener_page
    page.goto("/")
    likes = Held(page, FEEDBACK)

    like(page, "Near 3")
    like(page, "Near 4")
    page.wait_for_timeout(LONG)
    assert told(likes) == [("like", tracks[3].pk)]
    likes.let_go()
    toast(page, "Near 3").wait_for()
    likes.wait_for(2)
    likes.let_go()
    toast(page, "Near 4").wait_for()

    assert told(likes)[1:] == [("like", tracks[4].pk)]
    first, second = (each.post_data_json["slate"] for each in likes.asked)
    assert second > first  # it is said of the list that answered the first
    assert not {"Near 3", "Near 4"} & set(shown(page))


def test_a_button_pressed_twice_says_one_thing(listener_page, tracks):
    page = listener_page
    page.goto("/")
    likes = Held(page, FEEDBACK)

    page.get_by_role("button", name="Like Near 3", exact=True).first.dblclick()
    likes.let_all_go()
    toast(page, "Near 3").wait_for()
    expect(page.locator("[aria-busy]")).to_have_count(0)

    assert told(likes) == [("like", tracks[3].pk)]


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

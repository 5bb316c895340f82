"""Something is wrong with a track: it is said where one stands, and the list stays."""

import pytest
from playwright.sync_api import expect

from listening.models import Feedback, FeedbackKind
from recommendations.models import SlateOutcome
from tests.browser.looks import assert_axe_clean, take_pictures
from tests.factories import make_play, make_track
from tests.recommendations.written_models import go_live

LINK = "Something is wrong with Near 2"
THANKS = "Thank you. A curator will look at it."


@pytest.fixture
def tracks(listener_page):
    """One was heard and leads to four."""
    tracks = [make_track("Heard"), *(make_track(f"Near {number}") for number in range(1, 5))]
    make_play(listener_page.listener, tracks[0])
    go_live(tracks, {(tracks[0], track): 0.5 for track in tracks[1:]})
    return tracks


def asked(page):
    page.get_by_role("link", name=LINK).first.click()
    dialog = page.get_by_role("dialog", name=LINK)
    dialog.wait_for()
    return dialog


def titles(page):
    return page.locator("[data-now] >> nth=0 >> li.track h3").all_inner_texts()


def notes():
    reports = Feedback.objects.of_kind(FeedbackKind.REPORT)
    return list(reports.values_list("track__title", "note"))


def test_a_report_is_sent_from_the_list_which_stays_as_it_is(listener_page, tracks):
    page = listener_page
    page.goto("/")
    before = titles(page)

    dialog = asked(page)
    dialog.get_by_role("radio", name="It is not of this genre").check()
    dialog.get_by_label("What a curator should know").fill("It is fado.")
    dialog.get_by_role("button", name="Tell a curator").click()
    page.locator(".toast", has_text=THANKS).wait_for()

    expect(dialog).to_be_hidden()
    expect(page.get_by_role("link", name=LINK).first).to_be_focused()
    assert notes() == [("Near 2", "Wrong genre: It is fado.")]
    assert SlateOutcome.objects.get().kind == "report"
    assert titles(page) == before


def test_a_report_is_sent_by_the_keys_alone(listener_page, tracks):
    page = listener_page
    page.goto("/")
    page.get_by_role("link", name=LINK).first.press("Enter")
    first = page.get_by_role("radio", name="The title or the artist is wrong")

    expect(first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name=LINK).first).to_be_focused()
    page.keyboard.press("Enter")
    expect(first).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator(".toast", has_text=THANKS).wait_for()

    assert notes() == [("Near 2", "Wrong genre")]


def test_what_is_missing_is_asked_for_in_place(listener_page, tracks, complaints):
    page = listener_page
    page.goto("/")

    dialog = asked(page)
    dialog.get_by_role("radio", name="Something else").check()
    dialog.get_by_role("button", name="Tell a curator").click()
    dialog.get_by_text("Say in a few words what it is.").wait_for()

    expect(dialog.get_by_label("What a curator should know")).to_be_focused()
    assert_axe_clean(page)
    take_pictures(page, "report-wrong")
    assert notes() == []
    complaints.clear()  # the browser says that it was a 422


def test_where_the_answer_is_lost_what_was_written_stays(listener_page, tracks, complaints):
    page = listener_page
    page.goto("/")
    dialog = asked(page)
    dialog.get_by_role("radio", name="It does not play").check()
    dialog.get_by_label("What a curator should know").fill("Since Tuesday.")
    page.route("**/feedback/report/**", lambda route: route.abort())

    dialog.get_by_role("button", name="Tell a curator").click()
    dialog.get_by_text("nothing has changed").wait_for()

    expect(dialog.get_by_label("What a curator should know")).to_have_value("Since Tuesday.")
    complaints.clear()


def test_without_a_script_it_is_a_page_that_leads_back_to_the_list(plain_page, tracks):
    page = plain_page
    page.goto("/")
    before = titles(page)

    page.get_by_role("link", name=LINK).first.click()
    page.get_by_role("radio", name="It does not play").check()
    page.get_by_role("button", name="Tell a curator").click()

    expect(page.get_by_text(THANKS)).to_be_visible()
    assert titles(page) == before
    assert notes() == [("Near 2", "Does not play")]


def test_the_question_is_for_everyone(listener_page, tracks):
    page = listener_page
    page.goto("/")
    address = page.get_by_role("link", name=LINK).first.get_attribute("href")
    asked(page)
    assert_axe_clean(page)
    take_pictures(page, "report-dialog")

    page.goto(address)

    assert_axe_clean(page)
    take_pictures(page, "report-page")

"""Explore in a real browser: for everyone, by keyboard alone, and without a script."""

import pytest

from tests.browser.looks import assert_axe_clean
from tests.browser.waiting import wait_until
from tests.catalog.explored import explore_now, make_catalogue, make_tracks
from tests.factories import make_genre

DRAWN = """() => [...document.querySelectorAll("data-chart canvas")].every(
    (canvas) => canvas.toDataURL().length > 5000)"""


@pytest.fixture
def _explored(transactional_db):
    make_catalogue()
    make_tracks(make_genre("soul"), 100, year=1980)
    explore_now()


@pytest.mark.usefixtures("_explored")
@pytest.mark.parametrize("chosen", ["", "?genre=fado", "?x=colour"])
def test_a_page_is_for_everyone(page, complaints, chosen):
    page.goto(f"/explore/{chosen}")
    for numbers in page.locator("details.numbers > summary").all():
        numbers.click()

    assert_axe_clean(page)
    if "colour" in chosen:
        complaints.clear()  # the browser says that it was a 400


def test_an_empty_page_is_for_everyone(page):
    page.goto("/explore/")

    assert page.get_by_role("heading", name="Nothing to see yet").is_visible()
    assert_axe_clean(page)


@pytest.mark.usefixtures("_explored")
def test_both_charts_are_drawn(page):
    page.goto("/explore/")

    wait_until(page, DRAWN)
    assert page.locator("data-chart").count() == 2


@pytest.mark.usefixtures("_explored")
def test_it_can_be_used_with_the_keyboard_alone(page):
    page.goto("/explore/")

    page.get_by_label("Across").focus()
    page.keyboard.type("Tempo")
    page.keyboard.press("Tab")
    page.keyboard.type("Length")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/explore/?x=tempo&y=duration#pair")
    assert page.get_by_role("heading", name="Tempo and Length").is_visible()

    summary = page.locator("#pair details.numbers > summary")
    summary.focus()
    page.keyboard.press("Enter")
    assert page.locator("#pair table").is_visible()

    page.get_by_label("Genre", exact=True).focus()
    page.keyboard.type("fado")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/explore/?genre=fado")
    assert page.locator("h1").inner_text() == "What fado sounds like"


@pytest.mark.usefixtures("_explored")
def test_everything_but_the_canvases_stands_without_a_script(browser, base_url):
    with browser.new_context(java_script_enabled=False, base_url=base_url) as context:
        page = context.new_page()
        page.goto("/explore/")

        page.locator("#years details.numbers > summary").click()
        page.locator("#pair details.numbers > summary").click()

        assert page.locator("#years figure table tbody tr").count() >= 5
        assert page.locator("#pair table tbody tr").first.is_visible()
        assert page.locator("#sound svg rect").count() > 200

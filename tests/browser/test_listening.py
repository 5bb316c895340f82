"""Pictures of listening and one's own data in a real browser."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from tests.browser.looks import assert_axe_clean, take_pictures
from tests.factories import make_features, make_genre, make_listener, make_play, make_track

pytestmark = pytest.mark.django_db(transaction=True)

NAMES = [
    "Glass Harbour",
    "مقهى الصباح",
    "夜の水路",
    "🌧️ after 🌧️",
    "A title that goes on and on " * 5,
]


@pytest.fixture
def heard(listener_page):
    """A year of five tracks, one of each genre."""
    at = now()
    for number, name in enumerate(NAMES):
        track = make_track(name, genre=make_genre(f"genre {number}"), year=1970 + 10 * number)
        make_features(track, tempo=70 + 20 * number, energy=number / 5, valence=1 - number / 5)
        for again in range(6):
            started = at - timedelta(days=40 * again + number, hours=number)
            make_play(listener_page.listener, track, started_at=started, ms_played=200_000)
    return listener_page


@pytest.mark.parametrize("asked", ["?range=year", "?range=all&river=tempo&top=genre", "?first=x"])
def test_the_pictures_are_for_everyone(heard, asked):
    heard.goto(f"/listening/{asked}")
    for numbers in heard.locator("details.numbers > summary").all():
        numbers.click()

    assert_axe_clean(heard)
    take_pictures(heard, f"listening-{asked[1:6]}")


@pytest.mark.parametrize("width", [390, 1280])
def test_what_is_wrong_with_the_days_is_said_where_nothing_covers_it(heard, width):
    heard.set_viewport_size({"width": width, "height": 844})

    heard.goto("/listening/?first=0001-01-01&last=9999-12-31")

    said = heard.get_by_role("alert").get_by_text("Choose a day between the years 1900 and 2999.")
    said.click(trial=True, timeout=3000)


@pytest.mark.parametrize("path", ["/listening/most/", "/listening/review/"])
def test_the_lists_and_the_cards_are_for_everyone(heard, path):
    heard.goto(path)

    assert_axe_clean(heard)
    take_pictures(heard, path.strip("/").replace("/", "-"))


@pytest.mark.parametrize("path", ["/listening/", "/account/data/"])
def test_an_empty_page_is_for_everyone(listener_page, path):
    listener_page.goto(path)

    assert_axe_clean(listener_page)


def test_the_days_are_chosen_with_the_keyboard_alone(heard):
    heard.goto("/listening/")

    heard.locator(".picker-days > summary").focus()
    heard.keyboard.press("Enter")
    heard.locator("#id_first").fill("2020-01-01")
    heard.locator("#id_last").fill("2020-12-31")
    heard.locator("#id_last").press("Enter")
    heard.wait_for_url("**first=2020-01-01**")
    assert heard.get_by_role("heading", name="No plays in these days").is_visible()


def test_a_card_is_saved_as_a_picture(heard):
    heard.goto("/listening/review/")

    with heard.expect_download() as download:
        heard.locator("a[href*='/track.svg']").click()
    assert download.value.suggested_filename == "segue-track.png"
    assert download.value.path().read_bytes().startswith(b"\x89PNG")


def test_ones_own_data_is_for_everyone(heard):
    make_listener("Sleep", user=heard.listener.user)
    heard.goto("/account/data/")

    assert_axe_clean(heard)
    heard.get_by_role("button", name="Export my data").click()
    assert heard.get_by_text("Packing your data").is_visible()
    assert_axe_clean(heard, looks=[("light", 390)])

"""Accounts and profiles in a real browser."""

import re

import pytest
from django.urls import reverse

from accounts.models import Listener
from tests.accounts.conftest import link_in, post  # noqa: F401 -- fixtures
from tests.browser.conftest import let_in
from tests.browser.looks import LOOKS, assert_axe_clean
from tests.factories import (
    NOON,
    PASSWORD,
    make_artist,
    make_feedback,
    make_genre,
    make_listener,
    make_user,
)


@pytest.fixture
def nadia_page(page, base_url):
    """The browser of somebody with three profiles and a few favourites."""
    nadia = make_user("Nadia Ferro", email="nadia@example.org")
    page.main = make_listener("Main", user=nadia, handle="nadia", shares_taste=True)
    page.sleep = make_listener("Sleep", user=nadia, handle="nadia-sleep", wants_explicit=False)
    make_listener("Кухня", user=nadia, handle="nadia-kitchen")
    return let_in(page, base_url, nadia)


def make_music():
    names = "ambient,dub,fado,house,indie folk,jazz trio,metal,post-punk,soul,string quartet"
    genres = [make_genre(name) for name in names.split(",")]
    artists = [make_artist(name) for name in ("Salt Road", "Станция Ясень", "ليلى المرجان")]
    return genres, artists


@pytest.mark.parametrize("door", ["account_signup", "account_login", "account_reset_password"])
def test_the_doors_are_for_everyone(page, door):
    page.goto(reverse(door))

    assert_axe_clean(page)


@pytest.fixture
def browser_context_args(browser_context_args):
    return browser_context_args | {"timezone_id": "Asia/Tokyo"}


def test_somebody_signs_up_and_the_hour_is_right(page, post, link_in):  # noqa: F811
    page.goto(reverse("account_signup"))
    page.get_by_label("Email").fill("nadia@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Name").fill("Nadia")
    page.get_by_role("main").get_by_role("button", name="Sign up").click()
    page.wait_for_url(re.compile("confirm"))
    assert_axe_clean(page, looks=LOOKS[:1])

    page.goto(link_in(post()[0]))
    assert_axe_clean(page, looks=LOOKS[:1])
    page.get_by_role("main").get_by_role("button").first.click()
    page.get_by_label("Email").fill("NADIA@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Log in").click()
    page.wait_for_url("/")

    listener = Listener.objects.get()
    assert (listener.handle, listener.time_zone) == ("nadia", "Asia/Tokyo")


@pytest.mark.parametrize("name", ["account", "about_you", "profiles", "new_listener"])
def test_the_pages_of_an_account_are_for_everyone(nadia_page, name):
    nadia_page.goto(reverse(name))

    assert_axe_clean(nadia_page)


def test_a_profile_is_changed_and_deleted(nadia_page):
    page = nadia_page
    page.goto(page.sleep.get_absolute_url())
    assert_axe_clean(page)

    page.get_by_label("Name").fill("Main")
    page.get_by_role("button", name="Save").click()
    assert page.get_by_label("Name").get_attribute("aria-invalid") == "true"
    assert_axe_clean(page, looks=LOOKS[:1])

    page.get_by_label("Name").fill("Night")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Delete this profile").click()
    assert_axe_clean(page)
    page.get_by_label("Type nadia-sleep to confirm").fill("nadia-sleep")
    page.get_by_role("button", name="Delete it for good").click()

    page.wait_for_url(reverse("profiles"))
    assert "“Night” is gone" in page.get_by_role("main").inner_text()


def test_another_profile_listens_from_the_head_of_the_page(nadia_page):
    page = nadia_page
    page.goto(reverse("favourites"))

    page.locator(".switch summary").click()
    page.get_by_role("button", name="Sleep").click()

    page.wait_for_url(reverse("favourites"))
    assert "Sleep" in page.locator(".switch summary").inner_text()


def test_favourites_are_chosen_and_undone(nadia_page):
    page = nadia_page
    genres, artists = make_music()
    for thing in ({"genre": genres[0]}, {"artist": artists[1]}, {"artist": artists[2]}):
        make_feedback(page.main, kind="favourite", given_at=NOON, **thing)
    page.goto(reverse("favourites"))

    page.get_by_role("button", name="ambient").click()
    assert page.get_by_role("button", name="ambient").get_attribute("aria-pressed") == "false"
    page.get_by_label("Find an artist").fill("salt")
    page.get_by_role("button", name="Find", exact=True).click()
    page.get_by_role("button", name="Make Salt Road a favourite").click()
    page.get_by_role("button", name="Take Salt Road out of your favourites").first.click()
    assert_axe_clean(page)

    page.get_by_role("button", name="Undo").click()
    assert page.get_by_role("button", name="Take Salt Road out of your favourites").count() == 2


def test_favourites_work_without_scripts(browser, browser_context_args, base_url):
    make_music()
    listener = make_listener()
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    page = context.new_page()
    let_in(page, base_url, listener.user)

    page.goto(reverse("favourites"))
    page.get_by_role("button", name="dub").click()

    assert page.get_by_role("button", name="dub").get_attribute("aria-pressed") == "true"
    context.close()

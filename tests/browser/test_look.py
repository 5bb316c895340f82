"""The parts of the look in a real browser: what moves, what closes, what stands offline."""

import pytest
from django.urls import reverse

from tests.browser.looks import assert_axe_clean
from tests.browser.waiting import wait_until
from tests.factories import PASSWORD, make_listener

VISITOR_PAGES = ["account_login", "account_signup", "account_reset_password", "offline"]
ACCOUNT_PAGES = ["account_email", "account_change_password", "mfa_index", "usersessions_list"]


def theme_of(page):
    return page.evaluate("document.documentElement.dataset.theme ?? ''")


def menu_is_open(page):
    return page.evaluate("document.querySelector('.switch details').open")


def say(page, text):
    page.evaluate(
        """text => document.dispatchEvent(new CustomEvent("toast", { detail: {
            text, action: { label: "Undo", run() { document.title = "undone"; } } } }))""",
        text,
    )


def test_the_style_page_is_for_everyone(curator_page):
    curator_page.goto(reverse("styleguide"))

    assert_axe_clean(curator_page)


@pytest.mark.parametrize("name", VISITOR_PAGES)
def test_a_door_is_for_everyone(page, name):
    page.goto(reverse(name))

    assert_axe_clean(page)


@pytest.mark.parametrize("name", ACCOUNT_PAGES)
def test_a_page_of_the_account_is_for_everyone(listener_page, name):
    listener_page.goto(reverse(name))

    assert_axe_clean(listener_page)


def test_a_page_that_is_not_there_is_for_everyone(page, complaints):
    page.goto("/no/such/page/")

    assert_axe_clean(page)
    complaints.clear()  # the browser says that it was a 404


def test_a_wrong_form_is_for_everyone(page):
    page.goto(reverse("account_login"))
    page.fill("[name=login]", "nobody@example.org")
    page.fill("[name=password]", PASSWORD)
    page.click("main form button[type=submit]")

    assert page.locator("[role=alert]").count() == 1
    assert_axe_clean(page)


def test_the_menu_closes_on_escape_and_gives_the_focus_back(listener_page):
    listener_page.goto("/")
    listener_page.locator(".switch summary").focus()
    listener_page.keyboard.press("Enter")
    assert menu_is_open(listener_page)
    assert_axe_clean(listener_page)

    listener_page.keyboard.press("Tab")
    listener_page.keyboard.press("Escape")

    assert not menu_is_open(listener_page)
    assert listener_page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_the_menu_closes_when_the_hand_goes_elsewhere(listener_page):
    listener_page.goto("/")
    listener_page.click(".switch summary")

    listener_page.click("h1")

    assert not menu_is_open(listener_page)


def test_another_profile_is_one_press_away(listener_page):
    make_listener("Sleep", user=listener_page.listener.user)
    listener_page.goto(reverse("account_email"))
    listener_page.click(".switch summary")

    listener_page.click(".switch-menu >> text=Sleep")

    assert listener_page.locator(".switch .which").inner_text() == "Sleep"


def test_the_theme_turns_at_once_and_stays(listener_page):
    listener_page.goto("/")
    listener_page.click(".switch summary")
    with listener_page.expect_response("**/theme/"):
        listener_page.click(".switch-menu >> text=Dark")
    assert theme_of(listener_page) == "dark"

    listener_page.reload()

    assert theme_of(listener_page) == "dark"
    assert listener_page.evaluate("getComputedStyle(document.body).backgroundColor") == (
        "rgb(22, 23, 27)"
    )


def test_a_theme_that_could_not_be_kept_turns_back(listener_page, complaints):
    listener_page.goto("/")
    listener_page.route("**/theme/", lambda route: route.abort())
    listener_page.click(".switch summary")

    listener_page.click(".switch-menu >> text=Dark")

    wait_until(listener_page, "document.documentElement.dataset.theme === undefined")
    complaints.clear()  # the browser says that the request failed


def test_the_theme_can_be_chosen_without_scripts(browser, base_url):
    with browser.new_context(java_script_enabled=False, base_url=base_url) as context:
        page = context.new_page()
        page.goto(reverse("account_login"))

        page.click(".foot >> text=Dark")

        assert page.locator("html[data-theme=dark]").count() == 1


def test_a_slash_leads_to_the_search_but_not_out_of_a_field(page):
    page.goto(reverse("account_login"))
    if not page.locator("#q").count():
        pytest.skip("there is no search yet")
    page.locator("h1").click()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"

    page.locator("[name=login]").focus()
    page.keyboard.press("/")

    assert page.locator("[name=login]").input_value() == "/"


def test_a_password_can_be_looked_at(page):
    page.goto(reverse("account_login"))

    page.click("main >> text=Show")
    assert page.get_attribute("[name=password]", "type") == "text"
    page.click("main >> text=Hide")

    assert page.get_attribute("[name=password]", "type") == "password"


def test_a_toast_offers_to_undo(page):
    page.goto(reverse("account_login"))
    say(page, "Hidden.")
    say(page, "Hidden <b>too</b>.")
    assert page.locator(".toast").all_inner_texts()[0].startswith("Hidden <b>too</b>.")

    page.click(".toast >> text=Undo")

    assert page.title() == "undone"
    assert page.locator(".toast").count() == 0


def test_a_chart_turns_with_the_theme(curator_page):
    curator_page.goto(reverse("styleguide"))
    picture = "document.querySelector('data-chart canvas').toDataURL()"
    light = curator_page.evaluate(picture)

    curator_page.click(".switch summary")
    with curator_page.expect_response("**/theme/"):
        curator_page.click(".switch-menu >> text=Dark")

    assert len(light) > 5000
    assert curator_page.evaluate(picture) != light


def test_a_notice_can_be_put_away(curator_page):
    curator_page.goto(reverse("styleguide"))
    notice = curator_page.locator("closing-notice", has_text="You are offline.")

    notice.locator("text=Close").click()

    assert notice.count() == 0


def test_without_a_connection_the_offline_page_stands(page, complaints):
    page.goto(reverse("account_login"))
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    wait_until(page, "navigator.serviceWorker.controller !== null")

    page.context.set_offline(True)
    page.goto("/anything/")

    assert page.locator("h1").inner_text() == "You are offline."
    assert page.evaluate("getComputedStyle(document.body).display") == "flex"
    complaints.clear()  # the browser says what it could not fetch


def test_a_keyboard_finds_the_page_first(page):
    page.goto(reverse("account_login"))

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "main"

from tests.browser.looks import assert_axe_clean


def test_a_visitor_sees_the_name_of_the_house(page):
    page.goto("/")

    assert "Segue" in page.title()
    assert page.locator("h1").count() == 1


def test_the_home_page_is_for_everyone(page):
    page.goto("/")

    assert_axe_clean(page)


def test_the_browser_asks_nobody_but_us(page, live_server):
    asked = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto("/")
    page.wait_for_load_state("networkidle")

    assert {url for url in asked if not url.startswith((live_server.url, "data:"))} == set()

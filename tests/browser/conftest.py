"""A real browser before a real server with the built front end.

A test asks for `page` (a visitor) or `listener_page` (someone logged in, `.listener` says who) and
goes to a path: `page.goto("/")`. Whatever the console complains of fails the test at its end.
"""

from pathlib import Path

import pytest
from django.conf import settings

from tests.conftest import logged_in
from tests.factories import make_curator, make_listener

CHROMIUM = "/usr/bin/chromium"
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker("browser")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    plain = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    local = ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"]
    return browser_type_launch_args | {
        "executable_path": CHROMIUM,
        "args": [*plain, *quiet, *local],
    }


@pytest.fixture(scope="session", autouse=True)
def _built_front_end():
    if not Path(settings.DJANGO_VITE["default"]["manifest_path"]).exists():
        pytest.fail("the front end is not built: make build", pytrace=False)


@pytest.fixture(scope="session")
def base_url(live_server):
    return live_server.url


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return browser_context_args | {
        "viewport": {"width": 1280, "height": 800},
        "reduced_motion": "reduce",
    }


@pytest.fixture
def complaints():
    """What the browser's console said. A test that provokes an error clears what it expects."""
    return []


@pytest.fixture
def page(page, complaints):
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda message: (
            complaints.append(message.text) if message.type in {"error", "warning"} else None
        ),
    )
    page.set_default_timeout(10_000)
    page.set_default_navigation_timeout(30_000)  # the first page of a process compiles the ranking
    yield page
    assert not complaints, "the browser complained"


def let_in(page, base_url, user):
    """Log the browser in as this user, without the form."""
    name = settings.SESSION_COOKIE_NAME
    session = logged_in(user).cookies[name].value
    page.context.add_cookies([{"name": name, "value": session, "url": base_url}])
    return page


@pytest.fixture
def listener_page(page, base_url):
    page.listener = make_listener()
    return let_in(page, base_url, page.listener.user)


@pytest.fixture
def plain_page(browser, base_url, listener_page):
    """The same listener in a browser without scripts."""
    context = browser.new_context(
        java_script_enabled=False,
        base_url=base_url,
        storage_state=listener_page.context.storage_state(),
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def curator_page(page, base_url):
    page.user = make_curator()
    return let_in(page, base_url, page.user)

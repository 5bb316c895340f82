"""Keys and players in a real browser."""

import re

import pytest
from django.urls import reverse
from django.utils.timezone import now

from listening.models import LoggedScrobble, PlayingNow
from listening.services import app_requests
from tests.browser.looks import LOOKS, assert_axe_clean
from tests.factories import make_key, make_play, make_track


def log(listener, title="Glass Harbour", **fields):
    fields = {"artist": "Mira Vale", "fate": "created", "protocol": "listenbrainz"} | fields
    return LoggedScrobble.objects.create(
        listener=listener, title=title, started_at=now(), received_at=now(), **fields
    )


@pytest.fixture
def players_page(listener_page):
    """The browser of somebody whose players told of a few things."""
    listener = listener_page.listener
    key, _secret = make_key(listener, name="Navidrome")
    track = make_track("شارع البحر")
    log(listener, "شارع البحر", play=make_play(listener, track), key=key, player="Navidrome")
    log(
        listener, "A title that is far longer than any column of a page " * 4, fate="known", key=key
    )
    log(listener, "", artist="", fate="rejected", reason="JSON document requires a listen_type.")
    PlayingNow.objects.create(
        listener=listener,
        title="夜の水路 🎧",
        artist_name="青木ミナト",
        player="Phone",
        started_at=now(),
        expires_at=now().replace(year=now().year + 1),
    )
    return listener_page


def test_the_page_of_the_players_is_for_everyone(players_page):
    players_page.goto(reverse("players"))
    for summary in players_page.locator(".guide > summary").all():
        summary.click()

    assert_axe_clean(players_page)


def test_an_empty_page_of_the_players_is_for_everyone(listener_page):
    listener_page.goto(reverse("players"))

    assert_axe_clean(listener_page)


def test_a_key_is_made_copied_and_revoked(players_page):
    players_page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    players_page.goto(reverse("players"))
    players_page.get_by_label("What shall it be called?").fill("Kitchen")
    players_page.get_by_role("button", name="Make a key").click()
    players_page.wait_for_url(reverse("players"))
    assert_axe_clean(players_page, looks=LOOKS[:1])

    players_page.get_by_role("button", name="Copy").click()
    players_page.get_by_role("button", name="Copied").wait_for()
    secret = players_page.evaluate("navigator.clipboard.readText()")
    assert secret == players_page.locator("#new-key").input_value()
    assert len(secret) == 43

    players_page.get_by_role("link", name="Kitchen").click()
    assert_axe_clean(players_page)
    players_page.get_by_role("button", name="Revoke this key").click()
    players_page.wait_for_url(reverse("keys"))
    assert_axe_clean(players_page)
    assert "“Kitchen” opens nothing any more" in players_page.get_by_role("main").inner_text()


def test_a_new_key_for_a_program_is_for_everyone(players_page):
    players_page.goto(reverse("new_key"))

    assert_axe_clean(players_page)


def test_what_comes_in_shows_by_itself_unless_paused(players_page):
    players_page.clock.install()
    players_page.goto(reverse("players"))
    log(players_page.listener, "Tidelines")

    players_page.clock.run_for(6000)
    players_page.get_by_text("Tidelines").wait_for()

    players_page.get_by_role("button", name="Pause").click()
    log(players_page.listener, "Salt Road")
    players_page.clock.run_for(20_000)
    assert players_page.get_by_text("Salt Road").count() == 0

    players_page.get_by_role("button", name="Pause").click()
    players_page.clock.run_for(6000)
    players_page.get_by_text("Salt Road").wait_for()


def test_an_app_is_let_in(players_page):
    asked = app_requests.ask()
    players_page.goto(f"{reverse('approve_app')}?api_key=x&token={asked}")
    assert_axe_clean(players_page, looks=LOOKS[:1])

    players_page.get_by_role("button", name="Yes, it may").click()

    players_page.wait_for_url(re.compile("done"))
    assert app_requests.approved_by(asked) == players_page.listener
    assert_axe_clean(players_page, looks=LOOKS[:1])

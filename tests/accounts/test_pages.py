"""The pages of an account and its profiles."""

import re
from zoneinfo import ZoneInfo

import pytest
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone, translation

from accounts.middleware import SESSION_KEY, current_listener
from accounts.models import Listener, Partner
from tests.factories import make_listener, make_play, make_user
from tests.queries import count_queries

pytestmark = pytest.mark.django_db

ACCOUNT, ABOUT, PROFILES, NEW, SWITCH = map(
    reverse, ("account", "about_you", "profiles", "new_listener", "switch_listener")
)
LOG_IN = reverse("account_login")


def delete_url(listener):
    return reverse("delete_listener", args=[listener.handle])


def text(response):
    """Return the words of the page's main part, without its tags."""
    main = re.search(r"<main.*</main>", response.content.decode(), re.DOTALL)[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


@pytest.fixture
def partner(db):
    return Partner.objects.create(name="Radio", contact_email="radio@example.org")


@pytest.fixture
def sleep(as_listener):
    """A second profile of the one who is logged in."""
    return make_listener("Sleep", user=as_listener.user)


# Who gets in


@pytest.mark.parametrize("url", [ACCOUNT, ABOUT, PROFILES, NEW])
def test_a_page_is_for_people_who_are_logged_in(as_listener, client, url):
    assert as_listener.get(url).status_code == 200
    assert client.get(url).url == f"{LOG_IN}?next={url}"


@pytest.mark.parametrize("url", [ACCOUNT, ABOUT, PROFILES, NEW])
def test_a_page_costs_the_same_however_many_profiles(as_listener, url):
    before = count_queries(as_listener, url)

    for number in range(5):
        make_listener(f"Profile {number}", user=as_listener.user)

    assert count_queries(as_listener, url) == before


def test_the_profile_of_somebody_else_is_not_there(as_listener, client):
    other = make_listener("Theirs")

    for url in (other.get_absolute_url(), delete_url(other)):
        assert as_listener.get(url).status_code == 404
        assert as_listener.post(url, {"handle": other.handle}).status_code == 404
        assert client.get(url).url.startswith(LOG_IN)
    assert Listener.objects.filter(pk=other.pk, name="Theirs").exists()


def test_the_listener_of_a_partner_has_no_page(as_listener, partner):
    customer = make_listener(partner=partner, external_id="7")

    assert as_listener.get(customer.get_absolute_url()).status_code == 404


# Account and about you


def test_the_account_says_how_one_gets_in(as_listener):
    page = text(as_listener.get(ACCOUNT))

    assert as_listener.user.email in page
    assert "not confirmed" in page
    assert "Two-step login Off" in page
    assert "Linked services None" in page
    assert "Profiles Main" in page


@pytest.mark.parametrize("url", [ACCOUNT, reverse("socialaccount_connections")])
def test_a_service_that_was_linked_and_is_switched_off_is_still_named(as_listener, url):
    SocialAccount.objects.create(user=as_listener.user, provider="spotify", uid="7")

    assert "Spotify" in text(as_listener.get(url))


def test_about_you_is_kept(as_listener, sleep):
    answer = as_listener.post(
        ABOUT,
        {
            "name": "Nadia",
            "country": "PT",
            "birth_year": "1984",
            "may_use_background": "on",
            "language": "en",
            "explicit_in": [sleep.pk],
        },
    )

    assert answer.url == ABOUT
    user = as_listener.user
    user.refresh_from_db()
    assert (user.name, user.country, user.birth_year) == ("Nadia", "PT", 1984)
    assert user.may_use_background
    allowed = dict(user.listeners.values_list("name", "wants_explicit"))
    assert allowed == {"Main": False, "Sleep": True}


def test_nothing_about_you_has_to_be_said(as_listener):
    as_listener.post(ABOUT, {"language": "en"})

    user = as_listener.user
    user.refresh_from_db()
    assert (user.name, user.country, user.birth_year) == ("", "", None)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("birth_year", "1899"),
        ("birth_year", "2099"),
        ("birth_year", "nineteen"),
        ("country", "XX"),
        ("language", "tlh"),
        ("name", "N" * 81),
        ("explicit_in", "0"),
    ],
)
def test_what_cannot_be_about_you_is_said_and_not_kept(as_listener, field, value):
    page = as_listener.post(ABOUT, {"name": "Nadia", "language": "en", field: value})

    assert page.status_code == 200
    assert page.context["form"].errors[field]
    assert f'id="id_{field}_error"' in page.content.decode()
    as_listener.user.refresh_from_db()
    assert as_listener.user.name != "Nadia"


def test_nobody_says_who_hears_explicit_tracks_for_another(as_listener):
    other = make_listener(wants_explicit=False)

    as_listener.post(ABOUT, {"language": "en", "explicit_in": [other.pk]})

    other.refresh_from_db()
    assert not other.wants_explicit


# Profiles


def test_profiles_are_listed_with_the_one_that_listens(as_listener, sleep):
    page = text(as_listener.get(PROFILES))

    assert f"{as_listener.listener.handle}, listening now" in page
    assert sleep.handle in page
    assert page.count("listening now") == 1


def test_a_new_profile_listens_at_once(as_listener):
    answer = as_listener.post(
        NEW, {"name": "Running", "time_zone": "Asia/Tokyo", "wants_explicit": "on"}
    )

    running = as_listener.user.listeners.get(name="Running")
    assert answer.url == running.get_absolute_url()
    assert (running.time_zone, running.wants_explicit) == ("Asia/Tokyo", True)
    assert as_listener.get(PROFILES).context["listener"] == running


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("name", " "), ("name", "Main"), ("name", "N" * 61), ("time_zone", "Mars/X")],
)
def test_a_profile_that_cannot_be_is_not_made(as_listener, field, value):
    page = as_listener.post(NEW, {"name": "Running", "time_zone": "UTC", field: value})

    assert f'id="id_{field}_error"' in page.content.decode()
    assert as_listener.user.listeners.count() == 1


def change(client, listener, **fields):
    fields = {
        "name": listener.name,
        "handle": listener.handle,
        "time_zone": listener.time_zone,
        "shares_taste": "",
    } | fields
    return client.post(listener.get_absolute_url(), fields)


@pytest.mark.parametrize(("answer", "stored"), [("yes", True), ("no", False), ("", None)])
def test_a_profile_is_changed(as_listener, answer, stored):
    listener = as_listener.listener

    response = change(
        as_listener,
        listener,
        name="Day",
        handle="nadia-by-day",
        time_zone="Europe/Lisbon",
        shares_taste=answer,
    )

    listener.refresh_from_db()
    assert response.url == listener.get_absolute_url()
    assert (listener.name, listener.handle) == ("Day", "nadia-by-day")
    assert (listener.time_zone, listener.wants_explicit) == ("Europe/Lisbon", False)
    assert listener.shares_taste is stored


def test_a_profile_shows_the_answer_it_was_given(as_listener):
    Listener.objects.update(shares_taste=False)

    page = as_listener.get(as_listener.listener.get_absolute_url())

    assert page.context["form"]["shares_taste"].initial == "no"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "Sleep"),
        ("handle", "Nadia"),
        ("handle", "n"),
        ("handle", "nadia ferro"),
        ("handle", "taken"),
        ("time_zone", "Mars/X"),
        ("shares_taste", "maybe"),
    ],
)
def test_a_change_that_cannot_be_is_said_and_not_kept(as_listener, sleep, field, value):
    make_listener(handle="taken")
    listener = as_listener.listener

    page = change(as_listener, listener, **{"name": "Day", field: value})

    assert f'id="id_{field}_error"' in page.content.decode()
    assert Listener.objects.get(pk=listener.pk).name == "Main"
    assert delete_url(listener) in page.content.decode()  # not of the handle that was typed


def test_a_time_zone_under_an_old_name_can_stay(as_listener):
    listener = as_listener.listener
    Listener.objects.update(time_zone="Zulu")
    listener.refresh_from_db()

    change(as_listener, listener, name="Day")

    listener.refresh_from_db()
    assert (listener.name, listener.time_zone) == ("Day", "Zulu")


# Deleting


def test_a_profile_goes_once_its_handle_is_typed(as_listener, sleep):
    play = make_play(sleep)
    assert "cannot be undone" in text(as_listener.get(delete_url(sleep)))

    wrong = as_listener.post(delete_url(sleep), {"handle": "something"})
    assert "That is not the handle" in text(wrong)
    assert as_listener.get(delete_url(sleep)).status_code == 200

    right = as_listener.post(delete_url(sleep), {"handle": sleep.handle})
    assert right.url == PROFILES
    assert ["gone" in str(each) for each in get_messages(right.wsgi_request)] == [True]
    assert list(as_listener.user.listeners.all()) == [as_listener.listener]
    assert not play.track.plays.exists()


def test_the_only_profile_cannot_go(as_listener):
    only = as_listener.listener

    page = as_listener.post(delete_url(only), {"handle": only.handle})

    assert "This is your only profile" in text(page)
    assert Listener.objects.filter(pk=only.pk).exists()


def test_when_the_profile_that_listens_goes_the_oldest_takes_over(as_listener, sleep):
    as_listener.post(SWITCH, {"listener": sleep.pk})

    as_listener.post(delete_url(sleep), {"handle": sleep.handle})

    assert as_listener.get(PROFILES).context["listener"] == as_listener.listener


# Switching


def test_switching_changes_who_listens_and_returns_to_the_page(as_listener, sleep):
    answer = as_listener.post(SWITCH, {"listener": sleep.pk, "next": "/genres/ambient/?page=2"})

    assert answer.url == "/genres/ambient/?page=2"
    assert as_listener.get(PROFILES).context["listener"] == sleep


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "", "\\\\evil"]
)
def test_switching_leads_to_no_other_site(as_listener, sleep, back):
    assert as_listener.post(SWITCH, {"listener": sleep.pk, "next": back}).url == "/"


def test_nobody_listens_as_somebody_else(as_listener, client):
    other = make_listener()

    assert as_listener.post(SWITCH, {"listener": other.pk}).status_code == 404
    assert SESSION_KEY not in as_listener.session
    assert client.post(SWITCH, {"listener": other.pk}).url.startswith(LOG_IN)


def test_a_session_that_names_somebody_else_is_not_believed(as_listener):
    session = as_listener.session
    session[SESSION_KEY] = make_listener().pk
    session.save()

    assert as_listener.get(PROFILES).context["listener"] == as_listener.listener


@pytest.mark.parametrize("value", ["", "abc", "-1", "1.5", "٣٣", "9" * 40])
def test_a_profile_that_is_no_number_is_refused(as_listener, value):
    assert as_listener.post(SWITCH, {"listener": value}).status_code in (400, 404)


def test_switching_takes_a_click(as_listener, sleep):
    assert as_listener.get(SWITCH, {"listener": sleep.pk}).status_code == 405


# What the middleware says


def pass_through(request):
    """Return what a view would find."""
    seen = {}

    def view(request):
        seen["zone"] = timezone.get_current_timezone()
        seen["language"] = translation.get_language()

    current_listener(view)(request)
    return seen


def test_a_visitor_has_no_listener(rf):
    request = rf.get("/")
    request.user = AnonymousUser()

    pass_through(request)

    assert (request.listener, request.listeners) == (None, [])


def test_a_page_stands_in_the_zone_of_the_profile(rf):
    tokyo = make_listener(time_zone="Asia/Tokyo")
    request = rf.get("/")
    request.user, request.session = tokyo.user, {}
    before = timezone.get_current_timezone()

    assert pass_through(request)["zone"] == ZoneInfo("Asia/Tokyo")
    assert timezone.get_current_timezone() == before


def test_a_page_stands_in_the_language_of_the_user(rf, settings):
    settings.LANGUAGES = [("en", "English"), ("pt", "Português")]
    request = rf.get("/")
    request.user, request.session = make_listener(user=make_user(language="pt")).user, {}

    with translation.override("en"):
        assert pass_through(request)["language"] == "pt"
        assert translation.get_language() == "en"

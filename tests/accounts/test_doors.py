"""Signing up, logging in and out, forgetting the password: as a person without a script would."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client
from django.urls import reverse

from accounts.models import Listener, User
from jobs.models import Job
from tests.conftest import logged_in
from tests.factories import PASSWORD, make_curator, make_user

pytestmark = pytest.mark.django_db

SIGN_UP, LOG_IN, LOG_OUT = map(reverse, ("account_signup", "account_login", "account_logout"))
RESET = reverse("account_reset_password")


def sign_up(client, **fields):
    fields = {"email": "nadia@example.org", "password1": PASSWORD, "name": "Nadia"} | fields
    return client.post(SIGN_UP, fields)


def log_in(client, email, password=PASSWORD):
    return client.post(LOG_IN, {"login": email, "password": password})


def who(client):
    """Return the address of whoever is logged in here; None for a visitor."""
    key = client.session.get("_auth_user_id")
    return key and User.objects.get(pk=key).email


def make_known(email="nadia@example.org", **fields):
    user = make_user("Nadia", email=email, **fields)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


@pytest.mark.parametrize("door", [SIGN_UP, LOG_IN, RESET])
def test_each_door_has_its_page(client, door):
    assert client.get(door).status_code == 200


def test_signing_up_confirming_and_logging_in(client, post, link_in):
    answer = sign_up(client, time_zone="Europe/Lisbon")
    assert answer.url == reverse("account_email_verification_sent")
    assert who(client) is None

    [letter] = post()
    assert letter.to == ["nadia@example.org"]
    client.post(link_in(letter))
    log_in(client, "nadia@example.org")

    assert who(client) == "nadia@example.org"
    listener = Listener.objects.get()
    assert (listener.user.name, listener.name) == ("Nadia", "Main")
    assert (listener.handle, listener.time_zone) == ("nadia", "Europe/Lisbon")


def test_looking_at_the_link_confirms_nothing(client, post, link_in):
    sign_up(client)

    page = client.get(link_in(post()[0]))

    assert page.status_code == 200
    assert not EmailAddress.objects.get().verified


def test_an_unconfirmed_address_does_not_get_in(client, post):
    sign_up(client)

    log_in(client, "nadia@example.org")

    assert who(client) is None


def test_without_mail_nobody_has_to_confirm(client, settings):
    settings.ACCOUNT_EMAIL_VERIFICATION = "optional"

    sign_up(client)

    assert who(client) == "nadia@example.org"


def test_the_handle_says_nothing_of_the_address(client):
    sign_up(client, name="")
    sign_up(client, email="omar@example.org", name="omar@example.org")

    handles = set(Listener.objects.values_list("handle", flat=True))
    assert handles == {"listener", "listener-2"}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"email": "nadia"}, "valid email"),
        ({"email": ""}, "required"),
        ({"password1": "short"}, "at least 10"),
        ({"password1": "1234567890123"}, "numeric"),
        ({"password1": "nadia@example.org"}, "similar"),
        ({"name": "N" * 81}, "at most 80"),
    ],
)
def test_a_sign_up_that_cannot_be_says_why(client, wrong, said):
    page = sign_up(client, **wrong)

    assert page.status_code == 200
    assert said in page.content.decode()
    assert not User.objects.exists()


def test_signing_up_tells_nobody_who_is_here_already(client, post):
    make_known()

    known = sign_up(client, email="Nadia@Example.org")
    unknown = sign_up(client, email="omar@example.org")

    assert known.url == unknown.url
    to_known, to_unknown = post()
    assert to_known.subject != to_unknown.subject
    assert User.objects.filter(email__iexact="nadia@example.org").count() == 1


@pytest.mark.parametrize("email", ["nadia@example.org", "NADIA@EXAMPLE.ORG", "Nadia@Example.org"])
def test_an_address_lets_in_whatever_its_case(client, email):
    make_known()

    log_in(client, email)

    assert who(client) == "nadia@example.org"


def test_an_account_made_by_hand_is_found_in_any_case():
    assert make_user(email="Nadia@Example.ORG").email == "nadia@example.org"
    assert User.objects.get_by_natural_key("NADIA@example.org").email == "nadia@example.org"


def test_a_wrong_password_and_an_unknown_address_sound_alike(client):
    make_known()

    wrong = log_in(client, "nadia@example.org", "another long word").content.decode()
    unknown = log_in(client, "omar@example.org", "another long word").content.decode()

    error = re.compile(r'<div class="notice notice-bad.*?</div>', re.DOTALL)
    assert error.search(wrong)[0] == error.search(unknown)[0]
    assert who(client) is None


def test_guessing_comes_to_an_end(client):
    make_known()
    for _ in range(5):
        log_in(client, "nadia@example.org", "another long word")

    log_in(client, "nadia@example.org")

    assert who(client) is None


def test_a_closed_account_does_not_get_in(client):
    make_known(is_active=False)

    log_in(client, "nadia@example.org")

    assert who(client) is None


def test_logging_out_takes_a_click(as_listener):
    as_listener.get(LOG_OUT)
    assert who(as_listener)

    as_listener.post(LOG_OUT)
    assert who(as_listener) is None


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_logging_in_leads_to_no_other_site(client, back):
    make_known()

    answer = client.post(LOG_IN, {"login": "nadia@example.org", "password": PASSWORD, "next": back})

    assert answer.url == reverse("home")


def test_a_forgotten_password_is_set_anew(client, post, link_in):
    make_known()

    client.post(RESET, {"email": "NADIA@example.org"})
    [letter] = post()
    form = client.get(link_in(letter)).url
    client.post(form, {"password1": "quite another word", "password2": "quite another word"})

    log_in(client, "nadia@example.org")
    assert who(client) is None
    log_in(client, "nadia@example.org", "quite another word")
    assert who(client) == "nadia@example.org"


def test_a_reset_link_works_once(client, post, link_in):
    make_known()
    client.post(RESET, {"email": "nadia@example.org"})
    link = link_in(post()[0])
    client.post(
        client.get(link).url, {"password1": "quite another word", "password2": "quite another word"}
    )

    again = client.get(link)

    assert again.status_code == 200
    assert "password1" not in again.content.decode()


def test_an_unknown_address_hears_the_same_and_gets_no_mail(client, post):
    make_known()

    known = client.post(RESET, {"email": "nadia@example.org"})
    unknown = client.post(RESET, {"email": "omar@example.org"})

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert [letter.to for letter in post()] == [["nadia@example.org"]]


def test_mail_that_waits_can_be_read_by_nobody(client, link_in, post):
    make_known()
    client.post(RESET, {"email": "nadia@example.org"})

    waiting = str(Job.objects.get(name="accounts.send_mail").args)

    assert "nadia" not in waiting
    assert link_in(post()[0]) not in waiting


def test_changing_the_password_is_told_by_mail(post):
    nadia = make_known()
    client = logged_in(nadia)
    words = {"oldpassword": PASSWORD, "password1": "quite another word"}

    client.post(reverse("account_change_password"), words | {"password2": words["password1"]})

    nadia.refresh_from_db()
    assert nadia.check_password("quite another word")
    assert [letter.to for letter in post()] == [["nadia@example.org"]]


def test_the_second_step_is_asked_for_and_its_secret_lies_sealed(client):
    nadia = make_known()
    secret = "JBSWY3DPEHPK3PXP"
    TOTP.activate(nadia, secret)
    assert secret not in str(Authenticator.objects.get(type="totp").data)

    answer = log_in(client, "nadia@example.org")
    assert answer.url == reverse("mfa_authenticate")
    assert who(client) is None
    client.post(answer.url, {"code": "000000"})
    assert who(client) is None

    client.post(answer.url, {"code": code_now(secret)})
    assert who(client) == "nadia@example.org"


def code_now(secret):
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def test_the_admin_has_no_door_of_its_own(client):
    make_curator("Omar", email="omar@example.org")
    login = reverse("admin:login")

    answer = client.post(login, {"username": "omar@example.org", "password": PASSWORD})

    assert who(client) is None
    assert answer.status_code == 302
    assert answer.url.startswith(LOG_IN)


def test_the_admin_is_closed_to_listeners(as_listener):
    assert as_listener.get(reverse("admin:login")).status_code == 403


PAGES = [
    "account_email",
    "account_change_password",
    "mfa_index",
    "usersessions_list",
    "socialaccount_connections",
]


@pytest.mark.parametrize("name", PAGES)
def test_pages_of_an_account_are_for_its_owner(client, as_listener, name):
    assert as_listener.get(reverse(name)).status_code == 200
    assert client.get(reverse(name)).url.startswith(LOG_IN)


def test_one_can_be_logged_out_elsewhere():
    make_known()
    here, there = Client(), Client()
    log_in(here, "nadia@example.org")
    log_in(there, "nadia@example.org")

    here.post(reverse("usersessions_list"))

    assert here.get(reverse("account")).status_code == 200
    assert there.get(reverse("account")).url.startswith(LOG_IN)

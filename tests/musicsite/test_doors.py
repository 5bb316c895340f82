"""The pages of logging in and of the account, and the mails they send, in our own words."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse
from zeal import zeal_ignore

from tests.factories import PASSWORD, make_user

VISITOR_PAGES = [
    "account_login",
    "account_signup",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
    "account_email_verification_sent",
    "account_inactive",
    "socialaccount_login_cancelled",
]
ACCOUNT_PAGES = [
    "account_logout",
    "account_email",
    "account_change_password",
    "account_reauthenticate",
    "mfa_index",
    "socialaccount_connections",
    "usersessions_list",
]


def assert_in_our_look(answer):
    page = answer.content.decode()
    assert answer.status_code == 200
    assert page.count("<h1") == 1
    assert '<header class="masthead">' in page
    assert "style=" not in page
    assert not re.search(r"<script>|<script (?![^>]*src)", page)


@pytest.fixture
def mails(monkeypatch):
    """What would be sent: subject, then text."""
    sent = []
    monkeypatch.setattr(
        "accounts.services.post_mail",
        lambda *, subject, text, to: sent.append(f"{subject}\n{text}"),
    )
    return sent


@pytest.fixture
def rosalind(db):
    user = make_user("Rosalind", email="rosalind@example.org")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@pytest.mark.parametrize("name", VISITOR_PAGES)
def test_a_visitor_finds_our_look(client, db, name):
    assert_in_our_look(client.get(reverse(name)))


@pytest.mark.parametrize("name", ACCOUNT_PAGES)
def test_a_listener_finds_our_look(as_listener, name):
    assert_in_our_look(as_listener.get(reverse(name)))


@pytest.mark.parametrize("name", ["account_email", "account_change_password", "mfa_index"])
def test_a_page_of_the_account_is_for_its_owner(client, db, name):
    answer = client.get(reverse(name))

    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))


def test_a_wrong_password_is_said_plainly(client, rosalind):
    answer = client.post(
        reverse("account_login"), {"login": rosalind.email, "password": "not this one"}
    )

    assert 'role="alert"' in answer.content.decode()
    assert "not correct" in answer.content.decode()


def test_logging_in_says_nothing(client, rosalind):
    answer = client.post(
        reverse("account_login"), {"login": rosalind.email, "password": PASSWORD}, follow=True
    )

    assert answer.context["user"] == rosalind
    assert "notice" not in answer.content.decode()


def test_a_link_that_is_too_old_says_so(client, db):
    confirmation = client.get(reverse("account_confirm_email", args=["too-old"]))
    reset = client.get(reverse("account_reset_password_from_key", args=["1", "too-old"]))

    assert "too old" in confirmation.content.decode()
    assert "too old" in reset.content.decode()


def test_signing_up_sends_a_link_that_confirms(client, db, mails):
    client.post(
        reverse("account_signup"),
        {"email": "ada@example.org", "password1": PASSWORD, "name": "Ada & Co"},
    )

    words = mails[0]
    link = re.search(r"http://testserver(/account/confirm-email/\S+)", words).group(1)
    assert words.startswith("Is this your e-mail address?\nOpen this link to confirm that ada@")
    assert_in_our_look(client.get(link))
    with zeal_ignore():  # allauth asks twice for the address; it is one
        client.post(link)
    assert EmailAddress.objects.get(email="ada@example.org").verified


def test_a_forgotten_password_is_mended_by_mail(client, rosalind, mails):
    client.post(reverse("account_reset_password"), {"email": rosalind.email})

    words = mails[0]
    link = re.search(r"http://testserver(\S+)", words).group(1)
    assert words.startswith("A new password\nOpen this link")
    form = client.get(link, follow=True)
    assert_in_our_look(form)
    client.post(
        form.request["PATH_INFO"], {"password1": "a quite new one", "password2": "a quite new one"}
    )
    rosalind.refresh_from_db()
    assert rosalind.check_password("a quite new one")
    assert "Was it not you?" in mails[1]


def test_a_mail_holds_no_html(client, rosalind, mails):
    client.post(reverse("account_signup"), {"email": rosalind.email, "password1": PASSWORD})

    words = mails[0]
    assert words.startswith("You already have an account\nSomebody, perhaps you, wanted to sign up")
    assert not re.search(r"&\w+;|<\w", words)


def test_several_addresses_are_offered_with_what_is_known_of_them(client, rosalind):
    EmailAddress.objects.create(user=rosalind, email="old@example.org", verified=False)
    client.force_login(rosalind)

    page = client.get(reverse("account_email")).content.decode()

    assert page.count('type="radio"') == 2
    assert "we write here" in page
    assert "not confirmed" in page


def test_two_step_login_shows_its_square(client, rosalind):
    client.post(reverse("account_login"), {"login": rosalind.email, "password": PASSWORD})

    again = client.get(reverse("mfa_activate_totp"), follow=True)
    assert_in_our_look(again)
    answer = client.post(again.redirect_chain[-1][0], {"password": PASSWORD}, follow=True)

    assert_in_our_look(answer)
    assert 'class="qr" src="data:image/svg+xml' in answer.content.decode()

"""Keys of players and programs: made, shown once, named, used, revoked."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts import services
from accounts.models import Partner, Scope, Token
from tests.accounts.test_pages import text
from tests.factories import NOON, make_key, make_listener
from tests.queries import count_queries

pytestmark = pytest.mark.django_db

KEYS, NEW = reverse("keys"), reverse("new_key")


def new(client, **fields):
    fields = {"name": "Phone", "listener": client.listener.pk, "kind": "app"} | fields
    return client.post(NEW, fields)


def url_of(token):
    return reverse("key", args=[token.pk])


# The service


def test_only_a_hash_of_the_secret_is_stored():
    token, secret = make_key(make_listener())

    row = " ".join(map(str, Token.objects.filter(pk=token.pk).values_list().get()))
    assert secret not in row
    assert secret.startswith(token.prefix)
    assert len(secret) != 32  # which mpdscribble would take for a hash


def test_what_an_old_handshake_needs_is_stored_where_asked_for_alone():
    assert make_key(make_listener())[0].handshake_md5 == ""
    token, secret = make_key(make_listener(), handshakes=True)
    assert token.handshake_md5 == Token.md5_of(secret)


def test_a_key_opens_until_it_ends_or_is_revoked():
    token, secret = make_key(make_listener())
    assert services.key_shown(secret=secret, at=NOON) == token
    assert services.key_shown(secret=secret[:-1], at=NOON) is None

    Token.objects.update(expires_at=NOON)
    assert services.key_shown(secret=secret, at=NOON) is None

    Token.objects.update(expires_at=None)
    services.revoke_tokens(tokens=[token], at=NOON)
    assert services.key_shown(secret=secret, at=NOON) is None


def test_its_use_is_noted_at_most_once_a_minute(django_assert_num_queries):
    _token, secret = make_key(make_listener())

    services.key_shown(secret=secret, at=NOON)
    with django_assert_num_queries(1):
        services.key_shown(secret=secret, at=NOON + timedelta(minutes=1))
    assert Token.objects.get().last_used_at == NOON

    later = NOON + timedelta(minutes=1, seconds=1)
    services.key_shown(secret=secret, at=later)
    assert Token.objects.get().last_used_at == later


def test_a_profile_holds_so_many_keys(monkeypatch):
    monkeypatch.setattr(services, "MOST_KEYS", 2)
    listener = make_listener()
    first, _secret = make_key(listener)
    make_key(listener)

    with pytest.raises(services.TooManyKeys):
        make_key(listener)
    services.revoke_tokens(tokens=[first], at=NOON)
    make_key(listener)


def test_nobody_makes_keys_by_the_hundred(monkeypatch):
    monkeypatch.setattr(services, "MOST_KEYS_AN_HOUR", 2)
    listener = make_listener()
    make_key(listener)
    token, _secret = make_key(listener)

    with pytest.raises(services.TooManyKeys):
        make_key(listener, at=token.created_at + timedelta(minutes=59))
    make_key(listener, at=token.created_at + timedelta(minutes=61))


# The pages


@pytest.mark.parametrize("url", [KEYS, NEW])
def test_a_page_is_for_people_who_are_logged_in(as_listener, client, url):
    assert as_listener.get(url).status_code == 200
    assert client.get(url).status_code == 302


def test_a_new_key_is_shown_once(as_listener):
    assert new(as_listener).url == KEYS

    page = as_listener.get(KEYS)

    secret = page.context["new_key"]["secret"]
    assert secret in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert services.key_shown(secret=secret, at=NOON).listener == as_listener.listener
    assert secret not in as_listener.get(KEYS).content.decode()


def test_the_secret_does_not_lie_open_in_the_session(as_listener):
    new(as_listener)

    kept = str(as_listener.session.items())
    secret = as_listener.get(KEYS).context["new_key"]["secret"]

    assert secret not in kept


def test_a_player_gets_a_key_for_all_that_players_do(as_listener):
    new(as_listener, scopes=["read"])

    assert Token.objects.get().scopes == Scope.values


def test_a_program_gets_what_was_ticked(as_listener):
    new(as_listener, kind="personal", scopes=["read"])

    assert Token.objects.get().scopes == ["read"]


@pytest.mark.parametrize(
    "fields",
    [
        {"name": ""},
        {"name": "x" * 81},
        {"kind": "partner"},
        {"kind": "personal"},
        {"kind": "personal", "scopes": ["everything"]},
        {"listener": "0"},
    ],
)
def test_a_key_that_makes_no_sense_is_not_made(as_listener, fields):
    page = new(as_listener, **fields)

    assert page.status_code == 200
    assert page.context["form"].errors
    assert not Token.objects.exists()


def test_nobody_makes_a_key_for_the_profile_of_somebody_else(as_listener):
    assert new(as_listener, listener=make_listener("Theirs").pk).context["form"].errors


def test_too_many_are_refused_in_words(as_listener, monkeypatch):
    monkeypatch.setattr(services, "MOST_KEYS", 0)

    assert "as many keys as it can hold" in text(new(as_listener))


def test_it_goes_back_to_where_it_was_asked_for_but_not_elsewhere(as_listener):
    assert new(as_listener, next="/account/profiles/").url == "/account/profiles/"
    assert new(as_listener, next="https://elsewhere.example/").url == KEYS


def test_a_key_can_be_named_anew(as_listener):
    token, _secret = make_key(as_listener.listener)

    assert as_listener.post(url_of(token), {"name": "Old phone"}).url == KEYS
    assert "Old phone" in text(as_listener.get(KEYS))


def test_a_revoked_key_is_gone(as_listener):
    token, secret = make_key(as_listener.listener)
    revoke = reverse("revoke_key", args=[token.pk])
    assert as_listener.get(revoke).status_code == 405

    as_listener.post(revoke)

    assert services.key_shown(secret=secret, at=NOON) is None
    assert "No key yet" in text(as_listener.get(KEYS))
    assert as_listener.get(url_of(token)).status_code == 404
    assert as_listener.post(revoke).status_code == 404


def test_the_key_of_somebody_else_is_not_there(as_listener):
    partner = Partner.objects.create(name="Radio", contact_email="radio@example.org")
    theirs = [
        make_key(make_listener())[0],
        Token.objects.create(kind="partner", name="Shop", prefix="p", hash="h", partner=partner),
    ]

    assert "No key yet" in text(as_listener.get(KEYS))
    for token in theirs:
        assert as_listener.get(url_of(token)).status_code == 404
        assert as_listener.post(reverse("revoke_key", args=[token.pk])).status_code == 404
    assert not Token.objects.filter(revoked_at__isnull=False).exists()


def test_the_page_costs_the_same_however_many_keys(as_listener):
    make_key(as_listener.listener)
    before = count_queries(as_listener, KEYS)

    for number in range(5):
        make_key(make_listener(f"Profile {number}", user=as_listener.user))

    assert count_queries(as_listener, KEYS) == before

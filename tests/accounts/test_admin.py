"""The admin of people: nobody rises in it, and no key can be read in it."""

from types import SimpleNamespace

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.admin import site
from django.contrib.auth.models import Group
from django.urls import reverse

from accounts.models import Listener, Partner, Token, User
from accounts.services import move_taste_on
from musicsite.groups import OPERATOR, ensure_groups
from tests.conftest import logged_in
from tests.factories import NOON, PASSWORD, make_curator, make_listener, make_user

pytestmark = pytest.mark.django_db


def page(model, which, *args):
    return reverse(f"admin:accounts_{model}_{which}", args=args)


@pytest.fixture
def as_operator():
    """A browser in which somebody of the group of operators is logged in."""
    ensure_groups()
    user = make_user("Olga", is_staff=True)
    user.groups.set([operators()])
    return logged_in(user)


def operators():

    return Group.objects.get(name=OPERATOR)


def change_user(client, user, **fields):
    about = {"name": user.name, "language": "en", "is_active": "on"}
    return client.post(page("user", "change", user.pk), about | fields)


@pytest.mark.parametrize("words", ["nadia@example.org", "Nadia", "nadia-by-night"])
def test_a_user_is_found_by_address_name_or_handle(as_curator, words):
    nadia = make_user("Nadia", email="nadia@example.org")
    make_listener(user=nadia, handle="nadia-by-night")
    make_user("Omar")

    found = as_curator.get(page("user", "changelist"), {"q": words}).context["cl"].queryset

    assert list(found) == [nadia]


def test_a_user_is_added_with_a_password_nobody_can_read(as_curator):
    words = {"email": "Nadia@Example.org", "name": "Nadia"}

    as_curator.post(page("user", "add"), words | {"password1": PASSWORD, "password2": PASSWORD})

    nadia = User.objects.get(name="Nadia")
    assert nadia.email == "nadia@example.org"
    assert nadia.check_password(PASSWORD)


def test_an_address_is_added_once_whatever_its_case(as_curator):
    make_user(email="nadia@example.org")
    words = {"email": "NADIA@example.org", "password1": PASSWORD, "password2": PASSWORD}

    answer = as_curator.post(page("user", "add"), words)

    assert answer.context["adminform"].form.errors["email"]


def test_a_user_is_changed_but_for_the_address(as_curator):
    nadia = make_user("Nadia", email="nadia@example.org")

    change_user(as_curator, nadia, name="Nadja", email="someone@example.org")

    nadia.refresh_from_db()
    assert (nadia.name, nadia.email) == ("Nadja", "nadia@example.org")


def test_an_operator_looks_after_users_and_gives_no_powers(as_operator):
    nadia = make_user("Nadia")
    powers = {"is_staff": "on", "is_superuser": "on", "groups": [operators().pk]}

    change_user(as_operator, nadia, name="Nadja", **powers)

    nadia.refresh_from_db()
    assert nadia.name == "Nadja"
    assert (nadia.is_staff, nadia.is_superuser, nadia.groups.count()) == (False, False, 0)


@pytest.mark.parametrize("which", ["change", "delete"])
def test_an_operator_does_not_touch_the_login_of_staff(as_operator, which):
    boss = make_curator("Omar")

    answer = as_operator.post(page("user", which, boss.pk), {"post": "yes", "name": "Taken"})

    assert answer.status_code == 403
    assert User.objects.get(pk=boss.pk).name == "Omar"


def test_an_operator_sets_no_password_of_staff(as_operator):
    boss = make_curator("Omar")
    url = reverse("admin:auth_user_password_change", args=[boss.pk])

    answer = as_operator.post(url, {"password1": "taken over now", "password2": "taken over now"})

    assert answer.status_code == 403
    boss.refresh_from_db()
    assert boss.check_password(PASSWORD)


def test_an_operator_does_not_raise_the_own_powers(as_operator):
    answer = change_user(as_operator, as_operator.user, is_superuser="on")

    assert answer.status_code == 403
    as_operator.user.refresh_from_db()
    assert not as_operator.user.is_superuser


def test_groups_are_for_superusers(as_operator, as_curator):
    url = reverse("admin:auth_group_changelist")

    assert as_curator.get(url).status_code == 200
    assert as_operator.get(url).status_code == 403


def test_a_listener_changed_here_keeps_a_taste_that_moved_on_meanwhile(rf):
    read_early = make_listener("Main")
    move_taste_on(listener=Listener.objects.get(pk=read_early.pk))
    form = SimpleNamespace(changed_data=["name"])

    read_early.name = "Day"
    site.get_model_admin(Listener).save_model(rf.post("/"), read_early, form, change=True)

    stored = Listener.objects.get(pk=read_early.pk)
    assert (stored.name, stored.taste_version) == ("Day", 1)


def test_a_listener_is_changed_here(as_curator):
    listener = make_listener("Main", wants_explicit=True)
    url = page("listener", "change", listener.pk)
    form = as_curator.get(url).context["adminform"].form
    sent = {name: form[name].value() for name in form.fields if form[name].value() is not None}

    answer = as_curator.post(url, sent | {"name": "Day", "wants_explicit": ""})

    assert answer.status_code == 302
    listener.refresh_from_db()
    assert (listener.name, listener.wants_explicit, listener.taste_version) == ("Day", False, 1)


def test_a_listener_with_two_owners_is_refused(as_curator):
    listener = make_listener()
    partner = Partner.objects.create(name="Radio", contact_email="radio@example.org")
    sent = {
        "user": listener.user_id,
        "partner": partner.pk,
        "external_id": "7",
        "handle": listener.handle,
        "name": "Main",
        "time_zone": "UTC",
    }

    answer = as_curator.post(page("listener", "change", listener.pk), sent)

    assert answer.status_code == 200
    assert Listener.objects.get(pk=listener.pk).partner is None


@pytest.fixture
def token():
    hashed = Token.hash_of("the key itself")
    return Token.objects.create(
        kind="app", name="Player", prefix="the", hash=hashed, listener=make_listener()
    )


def test_no_key_can_be_made_changed_or_read(as_curator, token):
    assert as_curator.get(page("token", "add")).status_code == 403
    assert as_curator.post(page("token", "change", token.pk), {"name": "Mine"}).status_code == 403

    shown = as_curator.get(page("token", "change", token.pk)).content.decode()
    listed = as_curator.get(page("token", "changelist")).content.decode()

    assert "Player" in shown
    assert "Player" in listed
    assert token.hash not in shown + listed


def test_a_key_is_revoked(as_curator, token, time_machine):
    time_machine.move_to(NOON, tick=False)
    as_curator.force_login(as_curator.user)
    action = {"action": "revoke", "_selected_action": [token.pk]}

    as_curator.post(page("token", "changelist"), action)

    token.refresh_from_db()
    assert token.revoked_at == NOON


def test_a_customer_is_found_under_its_partner(as_curator):
    partner = Partner.objects.create(name="Radio Café", contact_email="radio@example.org")
    customer = make_listener(partner=partner, external_id="customer-7")
    make_listener()

    found = as_curator.get(page("listener", "changelist"), {"q": "customer-7"}).context["cl"]

    assert list(found.queryset) == [customer]


def test_where_somebody_is_logged_in_is_found_by_address():
    someone = make_user("Olga")
    for user in (someone, make_user("Nadia")):
        UserSession.objects.create(user=user, ip="127.0.0.1", session_key=f"key-{user.pk}")
    client = logged_in(make_user(is_staff=True, is_superuser=True))
    url = reverse("admin:usersessions_usersession_changelist")

    found = client.get(url, {"q": someone.email}).context_data["cl"].result_list

    assert [session.user for session in found] == [someone]
    assert client.get(reverse("admin:usersessions_usersession_add")).status_code == 403

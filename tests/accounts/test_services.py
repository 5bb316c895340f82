"""Profiles, handles, keys and groups."""

import threading
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection, transaction

from accounts import services
from accounts.models import Listener, Token
from tests.factories import NOON, make_listener, make_play, make_user

pytestmark = pytest.mark.django_db


def test_the_first_profile_is_made_when_it_is_asked_for():
    nadia = make_user("Nadia")

    first = services.listeners_of(nadia)
    again = services.listeners_of(nadia)

    assert [listener.name for listener in first] == ["Main"]
    assert again == first


def test_profiles_come_oldest_first():
    nadia = make_user()
    names = ["Zydeco", "Morning", "Aria"]
    for name in names:
        services.add_listener(user=nadia, name=name)

    assert [listener.name for listener in services.listeners_of(nadia)] == names


def test_another_profile_takes_over_the_time_zone():
    nadia = make_user()
    services.add_listener(user=nadia, name="Main", time_zone="Asia/Tokyo")

    assert services.add_listener(user=nadia, name="Sleep").time_zone == "Asia/Tokyo"


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../etc/passwd", "x" * 500])
def test_a_time_zone_nobody_knows_is_utc(zone):
    assert services.add_listener(user=make_user(), name="Main", time_zone=zone).time_zone == "UTC"


def test_a_name_is_used_once_by_each_user():
    nadia, omar = make_user(), make_user()
    services.add_listener(user=nadia, name="Sleep")

    with pytest.raises(services.NameTaken, match="already"):
        services.add_listener(user=nadia, name="Sleep")

    services.add_listener(user=omar, name="Sleep")


def test_an_account_holds_so_many_profiles_and_no_more(monkeypatch):
    monkeypatch.setattr(services, "MOST_LISTENERS", 2)
    nadia = make_user()
    services.add_listener(user=nadia, name="Main")
    services.add_listener(user=nadia, name="Sleep")

    with pytest.raises(services.TooManyListeners):
        services.add_listener(user=nadia, name="Kids")


@pytest.mark.parametrize(
    ("wish", "handle"),
    [
        ("Nadia Ferro", "nadia-ferro"),
        ("Ælfgifu Élan", "lfgifu-elan"),
        ("藤野", "listener"),
        ("", "listener"),
        ("n", "n-listener"),
        ("_-_", "listener"),
        ("nadia@example.org", "listener"),
        ("N" * 80, "n" * 30),
    ],
)
def test_a_handle_comes_from_the_name_and_never_from_an_address(wish, handle):
    assert services.free_handle(wish) == handle


def test_a_taken_handle_gets_a_number():
    make_listener(handle="nadia")
    make_listener(handle="nadia-2")

    assert services.free_handle("Nadia") == "nadia-3"


def test_a_handle_taken_at_the_same_moment_is_replaced_by_one_nobody_guesses(monkeypatch):
    make_listener(handle="nadia")
    monkeypatch.setattr(services, "free_handle", lambda wish: "nadia")

    listener = services.add_listener(user=make_user("Nadia"), name="Main")

    assert listener.handle.startswith("nadia-")
    assert len(listener.handle) > len("nadia-2")


def test_a_changed_profile_keeps_a_taste_that_moved_on_meanwhile():
    seen = make_listener(name="Main")
    services.move_taste_on(listener=Listener.objects.get(pk=seen.pk))

    seen.name = "Day"
    services.change_listener(listener=seen, fields=["name"])

    stored = Listener.objects.get(pk=seen.pk)
    assert (stored.name, stored.taste_version) == ("Day", 1)


def test_saying_no_to_explicit_tracks_outdates_the_lists():
    listener = make_listener()

    listener.wants_explicit = False
    services.change_listener(listener=listener, fields=["wants_explicit"])

    assert Listener.objects.get(pk=listener.pk).taste_version == listener.taste_version == 1


def test_explicit_tracks_are_for_the_profiles_named():
    nadia = make_user()
    main = make_listener("Main", user=nadia, wants_explicit=False)
    kids = make_listener("Kids", user=nadia, wants_explicit=True)
    sleep = make_listener("Sleep", user=nadia, wants_explicit=True)
    someone = make_listener(wants_explicit=True)

    services.allow_explicit(user=nadia, only_in=[main, sleep])

    now = dict(Listener.objects.values_list("pk", "wants_explicit"))
    assert now == {main.pk: True, kids.pk: False, sleep.pk: True, someone.pk: True}
    sleep.refresh_from_db()
    assert sleep.taste_version == 0


def test_removing_a_profile_takes_its_plays_and_leaves_the_others():
    nadia = make_user()
    main, sleep = make_listener("Main", user=nadia), make_listener("Sleep", user=nadia)
    kept = make_play(main)
    make_play(sleep, kept.track)

    services.remove_listener(listener=sleep)

    assert list(nadia.listeners.all()) == [main]
    assert list(kept.track.plays.all()) == [kept]


def test_the_only_profile_stays():
    main = make_listener()

    with pytest.raises(services.LastListener, match="only profile"):
        services.remove_listener(listener=main)

    assert Listener.objects.filter(pk=main.pk).exists()


def test_the_taste_moves_on_for_one_listener_alone():
    main, other = make_listener(), make_listener()

    services.move_taste_on(listener=main)
    services.move_taste_on(listener=main)

    other.refresh_from_db()
    assert (main.taste_version, other.taste_version) == (2, 0)


def test_the_taste_of_a_listener_who_is_gone_does_not_move():
    gone = make_listener()
    Listener.objects.filter(pk=gone.pk).delete()

    with pytest.raises(Listener.DoesNotExist):
        services.move_taste_on(listener=gone)


@pytest.mark.django_db(transaction=True)
def test_two_pages_at_the_same_moment_make_one_first_profile():
    nadia = make_user()
    start = threading.Barrier(2)
    found = []

    def ask():
        start.wait()
        found.append(services.listeners_of(nadia))
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found[0] == found[1]
    assert nadia.listeners.count() == 1


def make_token(**fields):
    fields = {"kind": "personal", "name": "Player", "prefix": "abc", "hash": "h"} | fields
    return Token.objects.create(**fields)


def test_revoking_shuts_open_keys_and_leaves_the_hour_of_the_others():
    listener, earlier = make_listener(), NOON - timedelta(days=1)
    open_one = make_token(listener=listener, hash="1")
    shut = make_token(listener=listener, hash="2", revoked_at=earlier)
    untouched = make_token(listener=listener, hash="3")

    assert services.revoke_tokens(tokens=[open_one, shut], at=NOON) == 1

    for token in (open_one, shut, untouched):
        token.refresh_from_db()
    assert (open_one.revoked_at, shut.revoked_at, untouched.revoked_at) == (NOON, earlier, None)


def test_a_group_may_do_just_what_is_named():
    services.ensure_group(name="helpers", permissions=["catalog.view_*", "jobs.view_job"])

    group = services.ensure_group(
        name="helpers", permissions=["catalog.change_*", "catalog.view_track"]
    )

    held = set(group.permissions.values_list("codename", flat=True))
    every_change = Permission.objects.filter(
        content_type__app_label="catalog", codename__startswith="change_"
    )
    assert held == {"view_track", *every_change.values_list("codename", flat=True)}


@pytest.mark.parametrize("wish", ["catalog.fly_track", "nowhere.*"])
def test_a_permission_nobody_has_heard_of_is_an_error_and_changes_nothing(wish):
    group = services.ensure_group(name="helpers", permissions=["catalog.view_track"])

    with pytest.raises(LookupError, match="no permission"), transaction.atomic():
        services.ensure_group(name="helpers", permissions=[wish])

    assert [each.codename for each in group.permissions.all()] == ["view_track"]

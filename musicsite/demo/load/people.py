"""Users and their listeners; the two known users can log in, the others cannot."""

from __future__ import annotations

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from accounts.models import Listener, User
from musicsite import groups
from musicsite.demo.habits import PLACES
from musicsite.demo.known import CURATOR, KNOWN_LISTENERS, PASSWORD, ROSALIND
from musicsite.demo.load.rows import store
from musicsite.demo.world import World

DOMAIN = "demo.example"  # no mail can reach it


def load_people(world: World) -> list[int]:
    """Return the keys of the listeners by their row."""
    emails = [_email(world, row) for row in range(len(world.listeners))]
    owners = _load_users(world, emails)
    for email in (ROSALIND, CURATOR):
        EmailAddress.objects.create(user_id=owners[email], email=email, verified=True, primary=True)
    _make_curator(User.objects.get(pk=owners[CURATOR]))
    return store(_listener(world, row, owners[email]) for row, email in enumerate(emails))


def _email(world: World, row: int) -> str:
    if row < len(KNOWN_LISTENERS):
        return KNOWN_LISTENERS[row].email
    return f"{world.listeners.handles[row]}@{DOMAIN}"


def _load_users(world: World, emails: list[str]) -> dict[str, int]:
    first_rows = {email: row for row, email in reversed(list(enumerate(emails)))}
    keys = store(_user(world, row, email) for email, row in first_rows.items())
    return dict(zip(first_rows, keys, strict=True))


def _user(world: World, row: int, email: str) -> User:
    people = world.listeners
    known = row < len(KNOWN_LISTENERS)
    return User(
        email=email,
        password=make_password(PASSWORD if known else None),
        name=KNOWN_LISTENERS[row].user_name if known else people.names[row],
        country=PLACES[people.place[row]].country,
        birth_year=int(people.birth_year[row]) or None,
        may_use_background=bool(people.birth_year[row]),
        date_joined=world.start + timedelta(days=int(people.joined[row])),
    )


def _listener(world: World, row: int, owner: int) -> Listener:
    people = world.listeners
    known = row < len(KNOWN_LISTENERS)
    return Listener(
        user_id=owner,
        handle=people.handles[row],
        name=KNOWN_LISTENERS[row].name if known else "Main",
        time_zone=PLACES[people.place[row]].time_zone,
        wants_explicit=bool(people.wants_explicit[row]),
        shares_taste=bool(people.shares_taste[row]),
        taste_version=1,
    )


def _make_curator(user: User) -> None:
    groups.ensure_groups()
    user.groups.add(Group.objects.get(name=groups.CURATOR))
    User.objects.filter(pk=user.pk).update(is_staff=True)

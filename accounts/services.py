"""What a person does with an account and its taste profiles."""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.contrib.auth.models import Group, Permission
from django.core.mail import EmailMessage
from django.db import IntegrityError, connection, transaction
from django.db.models import DateTimeField
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts import sealing, time_zones
from accounts.models import Listener, Scope, Token, User
from jobs import services as jobs
from jobs.prepared import Given, Prepared, Whole

MOST_LISTENERS = 20
MOST_KEYS = 100  # in use at a time, for one profile
MOST_KEYS_AN_HOUR = 20
USE_NOTED_EVERY = timedelta(minutes=1)  # so that a busy key does not write with each call
PREFIX_LENGTH = 8
FIRST_NAME = "Main"


class AccountError(Exception):
    """A refusal whose message may be shown to the person as it stands."""


class LastListener(AccountError):
    pass


class NameTaken(AccountError):
    pass


class TooManyListeners(AccountError):
    pass


class TooManyKeys(AccountError):
    pass


@transaction.atomic
def welcome(*, user: User, name: str, time_zone: str) -> Listener:
    """Complete a user who has just signed up, and make the first taste profile."""
    user.name = name
    user.save(update_fields=["name"])
    return add_listener(user=user, name=FIRST_NAME, time_zone=time_zone)


def listeners_of(user: User) -> list[Listener]:
    """Return the user's listeners, oldest first; make the first one when there is none."""
    return _listeners(user) or [_first_listener(user)]


def _listeners(user: User) -> list[Listener]:
    return list(user.listeners.order_by("pk"))


def _first_listener(user: User) -> Listener:
    try:
        return add_listener(user=user, name=FIRST_NAME)
    except (IntegrityError, NameTaken):  # two pages asked at the same moment
        return _listeners(user)[0]


@transaction.atomic
def add_listener(
    *,
    user: User,
    name: str,
    time_zone: str = "",
    wants_explicit: bool = True,
) -> Listener:
    """Add a taste profile with a free handle made from the user's and the profile's name.

    :raises NameTaken: if the user has one of that name
    :raises TooManyListeners: if the user has `MOST_LISTENERS` already
    """
    earlier = _listeners(user)
    if len(earlier) >= MOST_LISTENERS:
        raise TooManyListeners(_("You have as many profiles as one account can hold."))
    if any(listener.name == name for listener in earlier):
        raise NameTaken(_("You have a profile of that name already."))
    zone = time_zone or (earlier[0].time_zone if earlier else "UTC")
    return _insert(
        wish=f"{user.name} {name}" if earlier else user.name,
        user=user,
        name=name,
        time_zone=zone if time_zones.is_known(zone) else "UTC",
        wants_explicit=wants_explicit,
    )


def _insert(*, wish: str, **fields: object) -> Listener:
    """Somebody may take the handle between the look and the row; then nobody guesses the next."""
    try:
        with transaction.atomic():
            return Listener.objects.create(handle=free_handle(wish), **fields)
    except IntegrityError:
        return Listener.objects.create(handle=_unguessable(_stem(wish)), **fields)


@transaction.atomic
def change_listener(*, listener: Listener, fields: Collection[str]) -> None:
    """Store these fields of a profile, and outdate its lists where they say what may be in them."""
    listener.save(update_fields=list(fields))
    if "wants_explicit" in fields:
        move_taste_on(listener=listener)


@transaction.atomic
def allow_explicit(*, user: User, only_in: Iterable[Listener]) -> None:
    """Let the user's profiles named hear explicit tracks, and no other."""
    allowed = {listener.pk for listener in only_in}
    for listener in _listeners(user):
        if listener.wants_explicit != (listener.pk in allowed):
            listener.wants_explicit = not listener.wants_explicit
            change_listener(listener=listener, fields=["wants_explicit"])


@transaction.atomic
def remove_listener(*, listener: Listener) -> None:
    """Delete a taste profile with all that hangs on it.

    :raises LastListener: if the user has no other
    """
    if listener.user is not None:
        siblings = Listener.objects.select_for_update().filter(user=listener.user)
        if len(siblings) < 2:
            raise LastListener(_("This is your only profile. Make another one first."))
    listener.delete()


def move_taste_on(*, listener: Listener) -> None:
    """Outdate what is cached of a listener's taste.

    Inside a transaction this also makes others wait who change the same taste.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TASTE_MOVES_ON, [listener.pk])
        row = cursor.fetchone()
    if row is None:
        raise Listener.DoesNotExist(f"Listener #{listener.pk} is gone.")
    [listener.taste_version] = row


_TASTE_MOVES_ON = (  # the ORM would have to ask again what it is now
    f"UPDATE {Listener._meta.db_table} SET taste_version = taste_version + 1"  # noqa: S608
    " WHERE id = %s RETURNING taste_version"
)


def free_handle(wish: str) -> str:
    """Return the wish as a handle nobody has, with a number behind it where needed."""
    stem = _stem(wish)
    taken = set(Listener.objects.filter(handle__startswith=stem).values_list("handle", flat=True))
    if stem not in taken:
        return stem
    free = (f"{stem}-{number}" for number in range(2, 1000))
    return next((handle for handle in free if handle not in taken), _unguessable(stem))


def _stem(wish: str) -> str:
    """Say nothing of an e-mail address, even where somebody gave it as a name."""
    stem = "" if "@" in wish else slugify(wish)[:30].strip("-_")
    return stem if len(stem) > 1 else f"{stem}-listener".strip("-")


def _unguessable(stem: str) -> str:
    return f"{stem}-{secrets.token_hex(4)}"


def post_mail(*, subject: str, text: str, to: list[str]) -> None:
    """Have the mail sent by a worker: sealed, since what waits may hold a link that lets one in."""
    letter = {"subject": subject, "body": text, "to": to}
    jobs.enqueue("accounts.send_mail", sealing.seal(json.dumps(letter)))


def deliver_mail(*, sealed: str) -> None:
    """Send what was posted.

    :raises sealing.BrokenSeal: if SECRET_KEY has changed since
    """
    EmailMessage(**json.loads(sealing.unseal(sealed))).send()


@transaction.atomic
def make_key(
    *,
    listener: Listener,
    kind: Token.Kind,
    name: str,
    at: datetime,
    scopes: Iterable[str] = Scope.values,
    handshakes: bool = False,
) -> tuple[Token, str]:
    """Return a new key of a listener, and its secret: nobody can read that again.

    With `handshakes` players of the AudioScrobbler age may prove that they have it.

    :raises TooManyKeys: if there are too many already, or were made within the hour
    """
    Listener.objects.select_for_update().get(pk=listener.pk)
    earlier = Token.objects.filter(listener=listener)
    if earlier.usable(at).count() >= MOST_KEYS:
        raise TooManyKeys(_("This profile has as many keys as it can hold. Revoke one first."))
    if earlier.filter(created_at__gt=at - timedelta(hours=1)).count() >= MOST_KEYS_AN_HOUR:
        raise TooManyKeys(_("That were many keys in one hour. Try again later."))
    secret = Token.new_secret()
    token = Token.objects.create(
        listener=listener,
        kind=kind,
        name=name,
        scopes=list(scopes),
        prefix=secret[:PREFIX_LENGTH],
        hash=Token.hash_of(secret),
        handshake_md5=Token.md5_of(secret) if handshakes else "",
    )
    return token, secret


def key_shown(*, secret: str, at: datetime) -> Token | None:
    """Return the key of this secret, with its holder, if it still opens; and note its use."""
    rows = _USABLE.rows(hash=Token.hash_of(secret), at=at)
    if not rows:
        return None
    token = _TOKEN.object(rows[0])
    note_use(token=token, at=at)
    return token


_TOKEN = Whole(Token, "listener", "listener__user", "partner")
_USABLE = Prepared(
    lambda: (
        Token.objects.usable(Given("at", DateTimeField()))
        .filter(hash=Given("hash"))
        .values_list(*_TOKEN.names)
    )
)


def note_use(*, token: Token, at: datetime) -> None:
    if token.last_used_at is None or token.last_used_at < at - USE_NOTED_EVERY:
        Token.objects.filter(pk=token.pk).update(last_used_at=at)


def revoke_tokens(*, tokens: Iterable[Token], at: datetime) -> int:
    """Shut keys for good; return how many were open."""
    pks = [token.pk for token in tokens]
    return Token.objects.filter(pk__in=pks, revoked_at__isnull=True).update(revoked_at=at)


@transaction.atomic
def ensure_group(*, name: str, permissions: Iterable[str]) -> Group:
    """Make the group, or bring it up to date, so that it may do just this.

    A permission is "catalog.change_track", or "catalog.change_*" or "catalog.*" for several.

    :raises LookupError: if nothing has a permission of that name
    """
    group, _created = Group.objects.get_or_create(name=name)
    group.permissions.set([pk for wish in permissions for pk in _permissions(wish)])
    return group


def _permissions(wish: str) -> list[int]:
    app, _dot, codename = wish.partition(".")
    of_app = Permission.objects.filter(content_type__app_label=app)
    if codename.endswith("*"):
        named = of_app.filter(codename__startswith=codename[:-1])
    else:
        named = of_app.filter(codename=codename)
    found = list(named.values_list("pk", flat=True))
    if not found:
        raise LookupError(f"there is no permission {wish}")
    return found

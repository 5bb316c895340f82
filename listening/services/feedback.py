"""What a listener thinks: an opinion is given, or taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import StrIndex
from django.utils.translation import gettext as _

from accounts.models import Listener
from accounts.services import move_taste_on
from catalog.models import Album, Artist, Genre, Track
from catalog.naming import normalise
from listening.models import Feedback, FeedbackChange, FeedbackKind

Music = Track | Artist | Album | Genre

OPPOSITES = {
    FeedbackKind.LIKE: FeedbackKind.DISLIKE,
    FeedbackKind.DISLIKE: FeedbackKind.LIKE,
}
ONLY_ON = {
    FeedbackKind.SKIP: (Track,),
}
RATINGS = range(1, 6)


class FeedbackError(Exception):
    """A refusal whose message may be shown to the listener as it stands."""


@transaction.atomic
def give_feedback(
    *,
    listener: Listener,
    kind: FeedbackKind,
    on: Music,
    at: datetime,
    rating: int | None = None,
    note: str = "",
) -> Feedback | None:
    """Store what the listener thinks of it, in place of what was thought before.

    An opinion older than the last one joins the history and changes nothing: then None.

    :raises FeedbackError: if this kind does not go with this thing, or the rating is not 1 to 5
    """
    _check(kind, on, rating)
    thing = _named(on)
    move_taste_on(listener=listener)
    fields: dict[str, Any] = {"listener": listener, "kind": kind, **thing}
    says = {"rating": rating, "note": note}
    is_stale = _is_stale(listener, kind, thing, at)
    FeedbackChange.objects.create(**fields, **says, at=at)
    if is_stale:
        return None
    if kind in OPPOSITES:
        _withdraw(listener, OPPOSITES[kind], on, at)
    feedback, _new = Feedback.objects.update_or_create(**fields, defaults={**says, "given_at": at})
    return feedback


@transaction.atomic
def withdraw_feedback(*, listener: Listener, kind: FeedbackKind, on: Music, at: datetime) -> bool:
    """Take an opinion back, and one on what is merged into this by now; False if there was none."""
    withdrawn = _withdraw(listener, kind, on, at)
    if withdrawn:
        move_taste_on(listener=listener)
    return withdrawn


def said_of(on: Music, *, listener: Listener) -> set[str]:
    """Return the kinds of all that the listener thinks of it now."""
    given = Feedback.objects.filter(_about(on), listener=listener)
    return set(given.values_list("kind", flat=True))


def artists_named(words: str) -> QuerySet[Artist]:
    """Return the artists whose name has these words in it, those that begin with them first."""
    key = normalise(words)
    if not key:
        return Artist.objects.none()
    named = Artist.objects.shown().filter(match_key__contains=key)
    return named.order_by(StrIndex("match_key", Value(key)), "name", "pk")


def _withdraw(listener: Listener, kind: FeedbackKind, on: Music, at: datetime) -> bool:
    """Take back what was said of it, and of what is merged into it by now."""
    standing = Feedback.objects.filter(_about(on), listener=listener, kind=kind)
    column = f"{on._meta.model_name}_id"
    said: dict[str, Any] = {"listener": listener, "kind": kind, "withdrawn": True, "at": at}
    things = standing.values_list(column, flat=True)
    if changes := [FeedbackChange(**said, **{column: pk}) for pk in things]:
        FeedbackChange.objects.bulk_create(changes)
        standing.delete()
    return bool(changes)


def _is_stale(
    listener: Listener, kind: FeedbackKind, thing: dict[str, Music], at: datetime
) -> bool:
    about = FeedbackChange.objects.filter(listener=listener, **thing)
    return about.of_kind(kind, OPPOSITES.get(kind, kind)).after(at).exists()


def _about(on: Music) -> Q:
    """The condition that an opinion is on this as it shows: with what was merged into it."""
    if not isinstance(on, Track | Artist):
        return Q(**_named(on))
    return Q(**_named(on)) | Q(**{f"{on._meta.model_name}__canonical": on})


def _named(on: Music) -> dict[str, Music]:
    """Return the thing under the name of its column."""
    return {str(on._meta.model_name): on}


def _check(kind: FeedbackKind, on: Music, rating: int | None) -> None:
    if not isinstance(on, ONLY_ON.get(kind, Music)):
        thing, act = on._meta.verbose_name, kind.label
        raise FeedbackError(_("%(act)s: not on a %(thing)s.") % {"act": act, "thing": thing})
    if kind == FeedbackKind.RATING and rating not in RATINGS:
        raise FeedbackError(_("A rating is a number from 1 to 5."))
    if kind != FeedbackKind.RATING and rating is not None:
        raise FeedbackError(_("Only a rating has a number."))

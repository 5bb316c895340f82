"""Lists that come by themselves: three mixes a day, and on Mondays a list of discoveries.

They are made before the listener's morning by a job. Who comes earlier, or is new, gets them made
on the spot.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import Count, Exists, OuterRef, Q

from accounts.models import Listener
from catalog.models import Genre
from listening.models import Feedback, FeedbackKind, Play
from recommendations import serving
from recommendations.models import Mix
from recommendations.serving import About, Ask, Surface

TRACKS = 30
MORNING = 4  # o'clock on the listener's clock; from then on it is a new day
LATELY = timedelta(days=365)  # plays that say which genres one hears
AWAY = timedelta(days=90)  # who did not log in or play for so long gets lists only if by mail
DAILY = (Mix.Kind.FIRST, Mix.Kind.SECOND, Mix.Kind.THIRD)
MOODS = ("calm", "energetic", "happy")  # for whom fewer than three genres are known
MANY = 1_000_000  # seeds of the weeks lie apart from those of the days


class Wanted(NamedTuple):
    kind: Mix.Kind
    day: date
    title: str
    ask: Ask


def mixes_of(listener: Listener, *, at: datetime) -> list[Mix]:
    """Return the mixes of the listener's day and week, made now where they are missing.

    :raises serving.NoModel: if there is no model yet
    """
    day = day_of(listener, at)
    found = Mix.objects.filter(listener=listener).filter(day__in=[day, monday_of(day)])
    there = {(mix.kind, mix.day): mix for mix in found}
    due = [(kind, day) for kind in DAILY] + [(Mix.Kind.DISCOVERY, monday_of(day))]
    if any(pair not in there for pair in due):
        for wanted in wanted_for(listener, day, at=at):
            pair = (wanted.kind, wanted.day)
            there[pair] = there.get(pair) or _make(wanted, listener, at=at)
    return [there[pair] for pair in due]


def make_due(*, at: datetime, n: int) -> int:
    """Make the mixes of up to `n` listeners whose day has begun; return for how many."""
    listeners = _due(at)[:n]
    for listener in listeners:
        mixes_of(listener, at=at)
    return len(listeners)


def _due(at: datetime) -> list[Listener]:
    """Return who comes by and has no mix of the day that it is where they are."""
    plays = Play.objects.since(at - AWAY).filter(listener=OuterRef("pk"))
    comes_by = Q(user__last_login__gt=at - AWAY) | Q(mix_wish__by_mail=True) | Exists(plays)
    people = Listener.objects.filter(comes_by, user__is_active=True)
    zones = people.order_by("time_zone").values_list("time_zone", flat=True).distinct()
    due: list[Listener] = []
    for day, names in _zones_by_day(zones, at).items():
        made = Mix.objects.filter(listener=OuterRef("pk"), kind=DAILY[-1], day=day)
        due += people.filter(~Exists(made), time_zone__in=names).order_by("pk")
    return due


def _zones_by_day(zones: Iterable[str], at: datetime) -> dict[date, list[str]]:
    days: dict[date, list[str]] = {}
    for zone in zones:
        days.setdefault(day_of(Listener(time_zone=zone), at), []).append(zone)
    return days


def day_of(listener: Listener, at: datetime) -> date:
    return (at.astimezone(listener.zone) - timedelta(hours=MORNING)).date()


def monday_of(day: date) -> date:
    return day - timedelta(day.weekday())


def wanted_for(listener: Listener, day: date, *, at: datetime) -> list[Wanted]:
    """Return what the mixes of a day are about, each with other tracks than the one before it."""
    before = _tracks_before(listener)
    genres = _genres_of(listener, at=at)
    moods = iter(MOODS)
    wanted = []
    for place, kind in enumerate(DAILY):
        if place < len(genres):
            surface, title = Surface.GENRE, genres[place].name
            about = About(genre=genres[place].pk)
        else:
            surface, title = Surface.MOOD, next(moods)
            about = About(mood=title)
        ask = _ask(surface, about, seed=day.toordinal(), rested=before.get(kind, ()))
        wanted.append(Wanted(kind, day, title, ask))
    monday, rested = monday_of(day), before.get(Mix.Kind.DISCOVERY, ())
    discovery = _ask(Surface.NEW, About(), seed=MANY + monday.toordinal(), rested=rested)
    return [*wanted, Wanted(Mix.Kind.DISCOVERY, monday, "", discovery)]


def _ask(surface: Surface, about: About, *, seed: int, rested: tuple[int, ...]) -> Ask:
    """Ask for a mix: a list by itself, which the pages of the next visit do not go by."""
    return Ask(surface, TRACKS, about, seed=seed, rested=rested, is_apart=True)


def _tracks_before(listener: Listener) -> dict[str, tuple[int, ...]]:
    """Return the tracks of the last mix of each kind."""
    latest = Mix.objects.filter(listener=listener).newest_first()[: 8 * len(Mix.Kind)]
    before: dict[str, tuple[int, ...]] = {}
    for mix in latest:
        before.setdefault(mix.kind, tuple(mix.tracks))
    return before


def _genres_of(listener: Listener, *, at: datetime) -> list[Genre]:
    """Return the genres heard most of late, then the favourite ones."""
    heard = (
        Play.objects.heard()
        .filter(listener=listener, started_at__gte=at - LATELY, track__genre__isnull=False)
        .values_list("track__genre")
        .annotate(plays=Count("pk"))
        .order_by("-plays", "track__genre")[: len(DAILY)]
    )
    chosen = Feedback.objects.filter(
        listener=listener, kind=FeedbackKind.FAVOURITE, genre__isnull=False
    ).order_by("-given_at")
    ids = [genre for genre, _plays in heard] + [one.genre_id for one in chosen]
    genres = Genre.objects.in_bulk(ids)
    return [genres[pk] for pk in dict.fromkeys(ids)][: len(DAILY)]


def _listed(wanted: Wanted, listener: Listener, *, at: datetime) -> serving.Listed:
    """Return the list; where nothing is of that kind, one of everything that fits."""
    given: dict[str, Any] = {"listener": listener, "at": at, "noted": {"mix": wanted.kind}}
    if listed := serving.make_list(wanted.ask, **given):
        return listed
    everything = replace(wanted.ask, surface=Surface.FOR_YOU, about=About())
    return serving.make_list(everything, **given)


def _make(wanted: Wanted, listener: Listener, *, at: datetime) -> Mix:
    kept = {"kind": wanted.kind, "day": wanted.day}
    try:
        with transaction.atomic():
            listed = _listed(wanted, listener, at=at)
            return Mix.objects.create(
                listener=listener,
                **kept,
                title="" if listed.ask.surface == Surface.FOR_YOU else wanted.title,
                slate=listed.slate,
                tracks=listed.track_ids,
                made_at=at,
            )
    except IntegrityError:  # the job and a visit made it at the same moment
        return Mix.objects.get(listener=listener, **kept)

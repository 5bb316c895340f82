"""“Wrong track?”: what a listener says their plays were really of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Listener
from catalog.models import Track
from catalog.services.hinting import give_hint, take_hint_back
from catalog.services.unverified import Named, drop_unused, find_or_make
from listening.models import Correction, Play, Sighting, corrections_of
from listening.models.plays import Telling
from listening.services.changing import hold
from listening.services.telling import Told, tell_again

CHUNK = 1000
NO_CHANGE = _("This is the track it is already.")
CIRCLE = _("You said the opposite before. Undo that first.")
NAMELESS = _("Give the artist and the title.")


class NotCorrected(Exception):
    """A refusal whose message may be shown to the listener as it stands."""


def track_named(*, artist: str, title: str, at: datetime) -> Track:
    """Return the track of that name, made if there is none; inside the caller's transaction.

    :raises NotCorrected: if one of the two is missing
    """
    (found,) = find_or_make([Named(artist, title)], at=at)
    if found is None:
        raise NotCorrected(str(NAMELESS))
    return Track.objects.select_related("canonical").get(pk=found.track)


@transaction.atomic
def correct_track(*, listener: Listener, wrong: Track, right: Track, at: datetime) -> Correction:
    """Whatever this listener is told to have heard of `wrong`, before and from now on, is `right`.

    Curators see how many say so, and not who.

    :raises NotCorrected: if that is no change, or leads in a circle
    """
    hold(listener.pk)
    wrong, right = wrong.canonical or wrong, right.canonical or right
    if wrong == right:
        raise NotCorrected(str(NO_CHANGE))
    if corrections_of(listener.pk).get(right.pk) == wrong.pk:
        raise NotCorrected(str(CIRCLE))
    for former in Correction.objects.holding().filter(listener=listener, wrong=wrong):
        _let_go(former, at)
    correction = Correction.objects.create(listener=listener, wrong=wrong, right=right, made_at=at)
    give_hint(track=wrong.pk, match=right.pk, at=at)
    apply_corrections(listener, at)
    return correction


@transaction.atomic
def undo_correction(*, correction: Correction, at: datetime) -> bool:
    """Let plays be of the track again that they were told of; False if it was undone before."""
    hold(correction.listener_id)
    if not Correction.objects.holding().filter(pk=correction.pk).exists():
        return False
    _let_go(correction, at)
    apply_corrections(correction.listener, at)
    return True


@transaction.atomic
def correct_play(*, play: Play, right: Track, at: datetime) -> Play:
    """This one play was of another track; what was told of others stays.

    :raises NotCorrected: if that is no change
    """
    hold(play.listener_id)
    right = right.canonical or right
    if right.pk in {play.track_id, play.track.canonical_id}:
        raise NotCorrected(str(NO_CHANGE))

    def other(told: Told) -> Told:
        was = told.told_track or told.track
        return told._replace(track=right.pk, told_track=was, is_pinned=True)

    return _became(play, tell_again(plays=[play.pk], change=other, at=at).became)


@transaction.atomic
def restore_play(*, play: Play, at: datetime) -> Play:
    """Undo what was said of this one play."""
    hold(play.listener_id)
    really = corrections_of(play.listener_id)

    def as_told(told: Told) -> Told:
        return _corrected(told._replace(is_pinned=False), really)

    return _became(play, tell_again(plays=[play.pk], change=as_told, at=at).became)


def _let_go(correction: Correction, at: datetime) -> None:
    Correction.objects.filter(pk=correction.pk).update(undone_at=at)
    take_hint_back(track=correction.wrong_id, match=correction.right_id)


def apply_corrections(listener: Listener, at: datetime) -> None:
    """Bring all that was told of this listener in line with what they say now."""
    really = corrections_of(listener.pk)
    plays = sorted(set(_astray(listener, really)))
    for start in range(0, len(plays), CHUNK):
        chunk = plays[start : start + CHUNK]
        again = tell_again(plays=chunk, change=lambda told: _corrected(told, really), at=at)
        drop_unused(tracks=again.tracks)


def _astray(listener: Listener, really: dict[int, int]) -> Iterator[int]:
    """The plays of which something is told that does not follow what the listener says."""
    concerned = Q(told_track__isnull=False) | Q(track__in=really)
    models: tuple[tuple[type[Telling], str], ...] = ((Play, "pk"), (Sighting, "play_id"))
    for model, play in models:
        told = model._default_manager.filter(concerned, listener=listener, is_pinned=False)
        for pk, track, before in told.values_list(play, "track_id", "told_track_id"):
            was = before or track
            if really.get(was, was) != track:
                yield pk


def _corrected(told: Told, really: dict[int, int]) -> Told:
    if told.is_pinned:
        return told
    was = told.told_track or told.track
    now = really.get(was, was)
    return told._replace(track=now, told_track=was if now != was else None)


def _became(play: Play, became: dict[int, tuple[int, int]]) -> Play:
    return Play.objects.select_related("track").get(pk=became[play.pk][0])

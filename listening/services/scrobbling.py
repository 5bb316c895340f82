"""What players tell is stored, and what became of it is kept for the listener to see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from accounts.models import Listener, Token
from catalog.models import ExternalId, Track
from catalog.services.matching import Wanted, find_tracks
from catalog.services.unverified import Named, drop_unused, find_or_make
from jobs.prepared import Given, Prepared
from listening.arrivals import Arrival, Fate, Outcome
from listening.models import (
    FeedbackKind,
    LatestImport,
    LoggedScrobble,
    Play,
    PlayingNow,
    PrivateSession,
    Sighting,
    Source,
)
from listening.scrobbling.msid import msid_of, msid_of_names, track_in
from listening.scrobbling.scrobble import Scrobble
from listening.services.changing import hold
from listening.services.feedback import give_feedback, withdraw_feedback
from listening.services.recording import AHEAD, record_plays
from listening.services.telling import remove

KEPT = 100  # of what a listener's players told
TRIMMED_AT = 2 * KEPT  # so that not every scrobble has to look for an old one to forget
SCORES = {1: FeedbackKind.LIKE, -1: FeedbackKind.DISLIKE}

Protocol = LoggedScrobble.Protocol


@dataclass(frozen=True, slots=True)
class Teller:
    """Who told: the key that was shown, and in which protocol."""

    key: Token
    protocol: Protocol

    @property
    def listener(self) -> Listener:
        assert self.key.listener  # noqa: S101 -- the doors let no other key in
        return self.key.listener


@transaction.atomic
def record_scrobbles(
    *, teller: Teller, scrobbles: Sequence[Scrobble], at: datetime
) -> list[Outcome]:
    """Store what a player says was heard; return what became of each.

    Of a private session nothing is kept, not even that something was told.
    """
    arrivals = [scrobble.arrival for scrobble in scrobbles]
    outcomes = record_plays(
        listener=teller.listener,
        arrivals=arrivals,
        source=Source.SCROBBLE,
        key=teller.key.pk,
        at=at,
    )
    told = list(zip(scrobbles, outcomes, strict=True))
    _log([_row(teller, scrobble, outcome, at) for scrobble, outcome in told[-TRIMMED_AT:]])
    for scrobble, outcome in told:
        if scrobble.is_loved and outcome.track:
            love(listener=teller.listener, track=Track.objects.get(pk=outcome.track), at=at)
    return outcomes


@transaction.atomic
def log_refusal(*, teller: Teller, reason: str, at: datetime, about: Arrival | None = None) -> None:
    """Keep for the listener to see why something that a player told was not taken."""
    if PrivateSession.objects.on(at).filter(listener=teller.listener).exists():
        return
    refused = LoggedScrobble(
        listener=teller.listener,
        key=teller.key,
        protocol=teller.protocol,
        artist=about.artist[:500] if about else "",
        title=about.title[:500] if about else "",
        fate=Fate.REJECTED,
        reason=reason[:300],
        received_at=at,
    )
    _log([refused])


@transaction.atomic
def note_playing(*, listener: Listener, scrobble: Scrobble, at: datetime) -> UUID:
    """Remember what a player says is on, until it is over; return its MSID."""
    arrival = scrobble.arrival
    track = _known(arrival)
    if not PrivateSession.objects.on(at).filter(listener=listener).exists():
        PlayingNow.objects.update_or_create(
            listener=listener,
            defaults={
                "track_id": track,
                "title": arrival.title[:500],
                "artist_name": arrival.artist[:500],
                "player": scrobble.player,
                "started_at": at,
                "expires_at": scrobble.plays_until,
            },
        )
    return msid_of(track) if track else msid_of_names(arrival.artist, arrival.title)


def stop_playing(*, listener: Listener) -> None:
    PlayingNow.objects.filter(listener=listener).delete()


def playing(*, listener: Listener, at: datetime) -> PlayingNow | None:
    """Return what is on now."""
    on = PlayingNow.objects.filter(listener=listener, expires_at__gt=at)
    return on.select_related("track__artist", "track__album").first()


def msid_playing(now: PlayingNow) -> UUID:
    if now.track_id:
        return msid_of(now.track_id)
    return msid_of_names(now.artist_name, now.title)


@transaction.atomic
def forget_listen(*, listener: Listener, msid: UUID, started_at: datetime, at: datetime) -> bool:
    """Delete the play that anybody says was of that recording in that second; False if none is.

    A track that only this play knew goes with it.
    """
    if started_at > at + AHEAD:  # no play does, and after the last moment of all comes none
        return False
    hold(listener.pk)
    told = {
        "listener": listener,
        "track": track_in(msid) or 0,
        "started_at__gte": started_at,
        "started_at__lt": started_at + timedelta(seconds=1),
    }
    found = {
        *Play.objects.filter(**told).values_list("pk", flat=True),
        *Sighting.objects.filter(**told).values_list("play", flat=True),
    }
    if not found:
        return False
    drop_unused(tracks=remove(plays=found, at=at))
    return True


@transaction.atomic
def track_of(*, arrival: Arrival, at: datetime) -> Track | None:
    """Return the track of these names, made where there is none, so that no opinion is lost."""
    named = Named(
        arrival.artist,
        arrival.title,
        arrival.artists,
        arrival.album,
        arrival.duration_ms,
        arrival.ids,
    )
    [found] = find_or_make([named], at=at)
    return Track.objects.select_related("canonical").get(pk=found.track) if found else None


def known_track(*, arrival: Arrival) -> Track | None:
    """Return the track of these names, if there is one."""
    return Track.objects.select_related("canonical").filter(pk=_known(arrival) or 0).first()


@transaction.atomic
def track_of_msid(*, listener: Listener, msid: UUID, at: datetime) -> Track | None:
    """Return the track of an MSID of ours. What plays now may be of none yet: then it is made."""
    if pk := track_in(msid):
        return Track.objects.select_related("canonical").filter(pk=pk).first()
    now = PlayingNow.objects.filter(listener=listener).first()
    if now is None or msid_playing(now) != msid:
        return None
    named = Arrival(started_at=now.started_at, artist=now.artist_name, title=now.title)
    return track_of(arrival=named, at=at)


def track_of_mbid(mbid: UUID) -> Track | None:
    """Return the track that has this id at MusicBrainz."""
    [match] = find_tracks([Wanted("", "", ids=((ExternalId.Kind.MUSICBRAINZ, str(mbid)),))])
    return Track.objects.get(pk=match.shown) if match else None


def love(*, listener: Listener, track: Track, at: datetime, score: int = 1) -> None:
    """Store a like (1), a dislike (-1), or neither (0), on the track as it shows."""
    shown = track.canonical or track
    if kind := SCORES.get(score):
        give_feedback(listener=listener, kind=kind, on=shown, at=at)
        return
    for kind in SCORES.values():
        withdraw_feedback(listener=listener, kind=kind, on=shown, at=at)


@transaction.atomic
def note_import(*, listener: Listener, up_to: datetime) -> None:
    """Remember up to when a program has brought history; it never goes back."""
    latest, _new = LatestImport.objects.get_or_create(listener=listener, defaults={"up_to": up_to})
    LatestImport.objects.filter(pk=latest.pk, up_to__lt=up_to).update(up_to=up_to)


def _known(arrival: Arrival) -> int | None:
    wanted = Wanted(arrival.artist, arrival.title, arrival.duration_ms, arrival.ids)
    [match] = find_tracks([wanted])
    return match.track if match else None


def _row(teller: Teller, scrobble: Scrobble, outcome: Outcome, at: datetime) -> LoggedScrobble:
    return LoggedScrobble(
        listener=teller.listener,
        key=teller.key,
        protocol=teller.protocol,
        player=scrobble.player,
        artist=scrobble.arrival.artist[:500],
        title=scrobble.arrival.title[:500],
        started_at=scrobble.arrival.started_at,
        fate=outcome.fate,
        reason=outcome.reason[:300],
        play_id=outcome.play,
        received_at=at,
    )


def _log(rows: Iterable[LoggedScrobble]) -> None:
    kept = [row for row in rows if row.fate != Fate.INCOGNITO]
    if not kept:
        return
    LoggedScrobble.objects.bulk_create(kept[-KEPT:])
    listener = kept[0].listener
    if _TOO_OLD.rows(listener=listener.pk):
        mine = LoggedScrobble.objects.of(listener)
        oldest = mine.newest_first().values_list("pk", flat=True)[KEPT - 1]
        mine.filter(pk__lt=oldest).delete()


_TOO_OLD = Prepared(
    lambda: (
        LoggedScrobble.objects.filter(listener=Given("listener"))
        .newest_first()
        .values_list("pk")[TRIMMED_AT : TRIMMED_AT + 1]
    )
)

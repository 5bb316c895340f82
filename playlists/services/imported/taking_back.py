"""An import is undone: what only it told of playlists goes, what the listener changed stays."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from catalog.services import storing
from catalog.services.storing import among
from catalog.services.unverified import drop_unused
from listening.models import Import
from listening.services.changing import hold
from playlists.models import Playlist, PlaylistEntry, Telling
from playlists.services.placing import order_again

CHUNK = 20  # playlists in one transaction


def take_back(*, import_: Import, at: datetime) -> None:
    """Take back what only this import told, and the tracks that only it knew.

    It goes in chunks; if it is broken off, do it again.
    """
    while _take_some_back(import_, at):
        pass


def stayed(*, import_: Import) -> int:
    """Return how many playlists an undo has left, since the listener had changed them."""
    return Telling.objects.filter(source_import=import_, is_kept=True).count()


@transaction.atomic
def _take_some_back(import_: Import, at: datetime) -> int:
    hold(import_.listener_id)
    told = Telling.objects.filter(source_import=import_)
    chunk = list(_open(told).order_by("pk").values_list("playlist", flat=True)[:CHUNK])
    list(Playlist.objects.filter(among("pk", chunk)).select_for_update().order_by("pk"))
    ours = told.filter(among("playlist", chunk))
    _keep(ours)
    ours.filter(entry__isnull=False).delete()
    _open(ours).delete()
    tracks, shorter = _drop_entries(chunk)
    changed = {*order_again(chunk), *shorter}
    Playlist.objects.filter(among("pk", list(changed))).update(
        version=F("version") + 1, changed_at=at
    )
    _drop_playlists(chunk)
    drop_unused(tracks=tracks)
    return len(chunk)


def _open(tellings: QuerySet[Telling]) -> QuerySet[Telling]:
    """Of the playlists themselves, and not undone yet."""
    return tellings.filter(entry__isnull=True, is_kept=False)


def _keep(tellings: QuerySet[Telling]) -> None:
    """Remember which playlists the listener has made their own since they were told of."""
    became_own = Q(entry__isnull=True, playlist__is_own=True) | Q(entry__is_own=True)
    changed = tellings.filter(became_own, was_own=False).values("playlist")
    _open(tellings).filter(playlist__in=changed).update(is_kept=True)


def _drop_entries(playlists: list[int]) -> tuple[set[int], set[int]]:
    """Drop what nobody tells of any more; return the tracks, and the playlists they were in."""
    told = Telling.objects.filter(entry=OuterRef("pk"))
    gone = PlaylistEntry.objects.filter(~Exists(told), among("playlist", playlists), is_own=False)
    rows = list(gone.values_list("pk", "track", "playlist"))
    storing.delete(PlaylistEntry, [pk for pk, _, _ in rows])
    return {track for _, track, _ in rows}, {playlist for _, _, playlist in rows}


def _drop_playlists(playlists: list[int]) -> None:
    told = Telling.objects.filter(playlist=OuterRef("pk"))
    Playlist.objects.filter(~Exists(told), among("pk", playlists), is_own=False).delete()

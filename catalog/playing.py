"""How a track can be heard by someone: here, or elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from django.db.models import Q
from django.urls import reverse

from catalog.models import AudioFile, ExternalId, Source, Track

ELSEWHERE = {
    ExternalId.Kind.SPOTIFY: ("Spotify", "https://open.spotify.com/track/{}"),
    ExternalId.Kind.DEEZER: ("Deezer", "https://www.deezer.com/track/{}"),
    ExternalId.Kind.MUSICBRAINZ: ("MusicBrainz", "https://musicbrainz.org/recording/{}"),
}


@dataclass(frozen=True)
class Playable:
    """`url` plays here; if there is none, `links` (name, address) lead elsewhere."""

    url: str = ""
    mime_type: str = ""
    needs_login: bool = False  # it is here, for whoever is logged in
    spotify: str = ""  # Spotify's id, for its own player
    links: tuple[tuple[str, str], ...] = ()


def playable_of(track: Track, *, user: Any) -> Playable:
    files = AudioFile.objects.of([track.pk])
    file = files.audible_to(user).order_by("pk").first()
    if file is not None:
        return Playable(url=file.get_absolute_url(), mime_type=file.mime_type)
    ids = _ids(track)
    return Playable(
        needs_login=not user.is_authenticated and files.exclude(audience="staff").exists(),
        spotify=ids.get(ExternalId.Kind.SPOTIFY, ""),
        links=_links(track, ids),
    )


def playable_for(tracks: Iterable[Track], *, user: Any) -> dict[int, str]:
    """Return the addresses of what can be played here, by track: one query for a whole list."""
    keys = [track.pk for track in tracks]
    files = AudioFile.objects.of(keys).audible_to(user).order_by("-pk")
    found = files.values_list("track", "track__canonical", "pk")
    return {canonical or track: reverse("audio", args=[pk]) for track, canonical, pk in found}


def _ids(track: Track) -> dict[str, str]:
    of_group = Q(track=track) | Q(track__canonical=track)
    found = ExternalId.objects.filter(of_group, kind__in=ELSEWHERE).order_by("-pk")
    return dict(found.values_list("kind", "value"))


def _links(track: Track, ids: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """Invented music is nowhere else."""
    if track.source == Source.DEMO:
        return ()
    known = [
        (name, address.format(quote(ids[kind], safe="")))
        for kind, (name, address) in ELSEWHERE.items()
        if kind in ids
    ]
    words = urlencode({"search_query": f"{track.byline} {track.title}"})
    return (*known, ("YouTube", f"https://www.youtube.com/results?{words}"))

"""Artists, albums and by-lines, found by name or made, any number in a few queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from catalog.models import Album, Artist, ArtistCredit, Rule, Track
from catalog.naming import match_key, name_key, search_text
from catalog.services import storing

BETWEEN = ", "
BEFORE_THE_LAST = " & "
FIELDS = ("track", "artist", "position", "join_phrase")


def find_artists(names: Iterable[str], *, source: str) -> dict[str, int]:
    """Return the artist of each name, made where there is none.

    An artist merged into another keeps its name: what comes in under it stays with it, so that a
    split is exact.
    """
    named = {name: name_key(name) for name in names}
    known = _artists_by_key(set(named.values()))
    new: dict[str, str] = {}
    for name, key in named.items():
        if key not in known:
            new.setdefault(key, name)
    keys = storing.next_keys(Artist, len(new))
    Artist.objects.bulk_create(
        [
            Artist(pk=pk, name=name[:300], match_key=key, source=source)
            for pk, (key, name) in zip(keys, new.items(), strict=True)
        ],
        batch_size=500,
    )
    known |= dict(zip(new, keys, strict=True))
    return {name: known[key] for name, key in named.items()}


def find_albums(
    wanted: Iterable[tuple[int, str, int | None]], *, source: str
) -> dict[tuple[int, str], int]:
    """Return the album of each (artist, title, year), by artist and title, made where missing."""
    named = {(artist, title): year for artist, title, year in wanted}
    keys = {(artist, title): (artist, name_key(title)) for artist, title in named}
    known = _albums_by_key(set(keys.values()))
    new: dict[tuple[int, str], tuple[str, int | None]] = {}
    for name, key in keys.items():
        if key not in known:
            new.setdefault(key, (name[1][:400], named[name]))
    made = storing.next_keys(Album, len(new))
    storing.insert(
        Album,
        ("id", "title", "artist", "match_key", "year", "source"),
        [
            (pk, title, artist, key, year, source)
            for pk, ((artist, key), (title, year)) in zip(made, new.items(), strict=True)
        ],
    )
    known |= dict(zip(new, made, strict=True))
    return {name: known[key] for name, key in keys.items()}


def names_of(track_ids: Iterable[int]) -> dict[int, list[str]]:
    """The names credited on each track, in order."""
    names: dict[int, list[str]] = defaultdict(list)
    rows = ArtistCredit.objects.filter(storing.among("track", track_ids)).order_by(
        "track", "position"
    )
    for track, name in rows.values_list("track_id", "artist__name"):
        names[track].append(name)
    return dict(names)


def credit_line(names: Sequence[str]) -> str:
    """The by-line of several artists; empty for one, whose name says it."""
    if len(names) < 2:
        return ""
    return (BETWEEN.join(names[:-1]) + BEFORE_THE_LAST + names[-1])[:500]


def credit_rows(track: int, artists: Sequence[int]) -> list[tuple[int, int, int, str]]:
    """The by-line as rows of `ArtistCredit`, each artist once."""
    distinct = list(dict.fromkeys(artists))
    last = len(distinct)
    return [
        (track, artist, position, _join(position, last))
        for position, artist in enumerate(distinct, start=1)
    ]


def credits_for(track_id: int, artists: Sequence[int]) -> list[ArtistCredit]:
    return [
        ArtistCredit(track_id=track, artist_id=artist, position=position, join_phrase=join)
        for track, artist, position, join in credit_rows(track_id, artists)
    ]


def show_names(wanted: Mapping[Track, Mapping[str, Any]]) -> None:
    """Let these tracks show another title, other artists, another album (None: leave it)."""
    if not wanted:
        return
    names = names_of(track.pk for track in wanted)
    artists = {
        track: said.get("artists") or names.get(track.pk) or [track.artist.name]
        for track, said in wanted.items()
    }
    found = find_artists(
        [name for credited in artists.values() for name in credited],
        source=next(iter(wanted)).source,
    )
    _rewrite_credits(artists, found)
    _rename(wanted, artists, found)


def _rewrite_credits(artists: Mapping[Track, Sequence[str]], found: Mapping[str, int]) -> None:
    ArtistCredit.objects.filter(track__in=[track.pk for track in artists]).delete()
    storing.insert(
        ArtistCredit,
        FIELDS,
        [
            row
            for track, credited in artists.items()
            for row in credit_rows(track.pk, [found[name] for name in credited])
        ],
    )


def _rename(
    wanted: Mapping[Track, Mapping[str, Any]],
    artists: Mapping[Track, Sequence[str]],
    found: Mapping[str, int],
) -> None:
    first = {track: found[credited[0]] for track, credited in artists.items()}
    albums = find_albums(
        [
            (first[track], said["album"], None)
            for track, said in wanted.items()
            if said.get("album")
        ],
        source=next(iter(wanted)).source,
    )
    for track, said in wanted.items():
        track.title = (said.get("title") or track.title)[:500]
        track.artist_id = first[track]
        track.credit = credit_line(artists[track])
        track.match_key = match_key(artists[track][0], track.title)
        if said.get("album"):
            track.album_id = albums[first[track], said["album"]]
        track.search_text = search_text(track.title, *artists[track], said.get("album") or "")
    storing.update(
        Track,
        ("title", "artist", "credit", "match_key", "album", "search_text"),
        [
            (
                track.pk,
                track.title,
                track.artist_id,
                track.credit,
                track.match_key,
                track.album_id,
                track.search_text,
            )
            for track in wanted
        ],
    )


def _artists_by_key(keys: set[str]) -> dict[str, int]:
    """The oldest artist of each name, or the one that a curator said the name means."""
    rows = Artist.objects.filter(storing.among("match_key", keys)).order_by("-pk")
    ruled = Rule.objects.holding().filter(
        storing.among("match_key", keys), kind=Rule.Kind.MATCH, artist__isnull=False
    )
    said = ruled.order_by("made_at", "pk").values_list("match_key", "artist_id")
    known = dict(rows.values_list("match_key", "pk"))
    return known | {key: artist for key, artist in said if artist is not None}


def _albums_by_key(keys: set[tuple[int, str]]) -> dict[tuple[int, str], int]:
    """Asked by artist alone: with both, SQLite tries every artist with every title."""
    rows = Album.objects.filter(storing.among("artist", {artist for artist, _ in keys})).order_by(
        "-pk"
    )
    found = rows.values_list("artist_id", "match_key", "pk")
    return {(artist, key): pk for artist, key, pk in found if (artist, key) in keys}


def _join(position: int, last: int) -> str:
    if position == last:
        return ""
    return BEFORE_THE_LAST if position == last - 1 else BETWEEN

"""What curators do to tracks, artists, albums and genres.

The functions over many `ids` are one change each, told and undoable, and raise `Refused` where
nothing would change or where it is too much at once. The functions named `edit_…` are steps
inside of a change that their caller records.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Model, Q

from catalog.models import (
    Album,
    Artist,
    ArtistCredit,
    Change,
    Genre,
    Rule,
    Source,
    Tag,
    Track,
    TrackGenre,
    TrackTag,
)
from catalog.naming import clean, match_key, name_key, search_text
from catalog.services import crediting, states
from catalog.services.changing import By, Recording, recording
from catalog.services.refusing import Refused
from catalog.services.showing import SAID, refresh_shown

MOST = 1000  # rows that one change may touch: more would hold up everybody who writes
MOST_NAMED = 10_000  # tracks that the new name of an artist or an album may touch
TAG_LENGTH = 120


def hide_tracks(*, ids: Collection[int], by: By, at: datetime) -> Change:
    return _bulk("Hid {rows}", Track, ids, _set(Track, ids, hidden_at=at), by=by, at=at)


def unhide_tracks(*, ids: Collection[int], by: By, at: datetime) -> Change:
    return _bulk("Showed {rows} again", Track, ids, _set(Track, ids, hidden_at=None), by=by, at=at)


def hide_artists(*, ids: Collection[int], by: By, at: datetime) -> Change:
    return _bulk("Hid {rows}", Artist, ids, _set(Artist, ids, hidden_at=at), by=by, at=at)


def unhide_artists(*, ids: Collection[int], by: By, at: datetime) -> Change:
    show = _set(Artist, ids, hidden_at=None)
    return _bulk("Showed {rows} again", Artist, ids, show, by=by, at=at)


def verify_tracks(*, ids: Collection[int], by: By, at: datetime) -> Change:
    verify = _set(Track, ids, is_verified=True)
    return _bulk("Verified {rows}", Track, ids, verify, by=by, at=at)


def mark_explicit(*, ids: Collection[int], explicit: bool, by: By, at: datetime) -> Change:
    words = {pk: {"is_explicit": explicit} for pk in ids}
    what = "Marked {rows} as explicit" if explicit else "Marked {rows} as not explicit"
    return _bulk(what, Track, ids, lambda: edit_words(words=words, at=at), by=by, at=at)


def set_genre(*, ids: Collection[int], genre: Genre | None, by: By, at: datetime) -> Change:
    """Let the curator say the genre; None takes the curator's word back."""
    genres = dict.fromkeys(ids, genre)
    what = (
        f"Set the genre of {{rows}} to {genre.name}" if genre else "Took back the genre of {rows}"
    )
    return _bulk(what, Track, ids, lambda: edit_genres(genres=genres), by=by, at=at)


def retag(
    *,
    ids: Collection[int],
    add: Iterable[str] = (),
    remove: Iterable[str] = (),
    by: By,
    at: datetime,
) -> Change:
    """Put tags to tracks, and take others off, whoever put them there."""
    added, removed = _tag_names(add), _tag_names(remove)

    def work() -> None:
        TrackTag.objects.filter(track__in=ids, tag__name__in=removed).delete()
        edit_tags(tags=dict.fromkeys(ids, added))

    return _bulk("Retagged {rows}", Track, ids, work, by=by, at=at)


COLUMNS = ("position", "language", "work", "is_verified", "hidden_at")


def edit_tracks(*, values: Mapping[int, Mapping[str, Any]], at: datetime) -> None:
    """Set any of what tracks show: what sources speak of becomes the curator's word.

    Takes the names of `SAID` and `COLUMNS`, and `hidden`, `genre`, and `tags` (a list of names).
    """
    _edit_columns(values, at=at)
    edit_tags(tags=_those_with("tags", values), replace=True)
    if genres := _those_with("genre", values):
        edit_genres(genres=genres)
    words = {
        pk: {name: _or_none(said[name]) for name in SAID if name in said}
        for pk, said in values.items()
    }
    edit_words(words={pk: said for pk, said in words.items() if said}, at=at)


def edit_words(*, words: Mapping[int, Mapping[str, Any]], at: datetime) -> None:
    """Let the curator say these values of these tracks (of `SAID`; None takes a word back)."""
    states.put_words(words, at=at)
    refresh_shown(words)


def edit_genres(*, genres: Mapping[int, Genre | None]) -> None:
    TrackGenre.objects.filter(track__in=genres, source=Source.CURATOR).delete()
    TrackGenre.objects.bulk_create(
        TrackGenre(track_id=pk, genre=genre, source=Source.CURATOR)
        for pk, genre in genres.items()
        if genre
    )
    refresh_shown(genres)


def edit_tags(*, tags: Mapping[int, Collection[str]], replace: bool = False) -> None:
    """Put these tags to these tracks; with `replace`, take off all others."""
    names = {name for of_track in tags.values() for name in of_track}
    Tag.objects.bulk_create([Tag(name=name) for name in sorted(names)], ignore_conflicts=True)
    known = dict(Tag.objects.filter(name__in=names).values_list("name", "pk"))
    rows = TrackTag.objects.filter(track__in=tags).values_list("pk", "track_id", "tag__name")
    there = {(track, name) for _pk, track, name in rows}
    if replace:
        gone = [pk for pk, track, name in rows if name not in tags[track]]
        TrackTag.objects.filter(pk__in=gone).delete()
    TrackTag.objects.bulk_create(
        TrackTag(track_id=track, tag_id=known[name], source=Source.CURATOR)
        for track, of_track in tags.items()
        for name in of_track
        if (track, name) not in there
    )


def edit_artist(*, artist: Artist, name: str, record: Recording, at: datetime) -> None:
    """Give an artist another name, on all their tracks; the old name goes on meaning them.

    :raises Refused: if somebody else has that name
    """
    old_key, artist.name = artist.match_key, clean(name)
    artist.match_key = name_key(artist.name)
    if Artist.objects.filter(match_key=artist.match_key).exclude(pk=artist.pk).exists():
        raise Refused(f"There is another artist called {artist.name}: merge the two instead.")
    of_artist = Q(artist=artist) | Q(credits__artist=artist)
    tracks = set(Track.objects.filter(of_artist).values_list("pk", flat=True))
    _refuse_too_many(tracks, most=MOST_NAMED)
    record.watch(Track, tracks)
    Artist.objects.filter(pk=artist.pk).update(name=artist.name, match_key=artist.match_key)
    states.respell([artist.pk])
    names = crediting.names_of(tracks)
    edit_words(words={pk: {"artists": names.get(pk) or [artist.name]} for pk in tracks}, at=at)
    if old_key != artist.match_key:
        rule = Rule(kind=Rule.Kind.MATCH, match_key=old_key, artist=artist, made_at=at)
        record.made(Rule.objects.bulk_create([rule]))


def edit_album(*, album: Album, title: str, record: Recording, at: datetime) -> None:
    """Give an album another title, as each of its tracks names it.

    :raises Refused: if the artist has another album of that title
    """
    album.title = clean(title)
    album.match_key = name_key(album.title)
    same = Album.objects.filter(artist=album.artist_id, match_key=album.match_key)
    if same.exclude(pk=album.pk).exists():
        raise Refused(f"This artist has another album called {album.title}.")
    tracks = set(album.tracks.values_list("pk", flat=True))
    _refuse_too_many(tracks, most=MOST_NAMED)
    record.watch(Track, tracks)
    Album.objects.filter(pk=album.pk).update(title=album.title, match_key=album.match_key)
    edit_words(words={pk: {"album": album.title} for pk in tracks}, at=at)


def make_track(*, title: str, artists: list[str]) -> Track:
    """Make a track of which nobody but the curator has said anything."""
    found = crediting.find_artists(artists, source=Source.CURATOR)
    track = Track.objects.create(
        title=clean(title),
        artist_id=found[artists[0]],
        credit=crediting.credit_line(artists),
        match_key=match_key(artists[0], title),
        search_text=search_text(title, *artists),
        source=Source.CURATOR,
    )
    ArtistCredit.objects.bulk_create(
        crediting.credits_for(track.pk, [found[name] for name in artists])
    )
    return track


def refuse_circle(*, genre: Genre, parent: Genre | None) -> None:
    """:raises Refused: if the genre would stand below itself"""
    above = dict(Genre.objects.values_list("pk", "parent_id"))
    pk = parent.pk if parent else None
    while pk is not None:
        if pk == genre.pk:
            raise Refused(f"{genre.name} cannot stand below itself.")
        pk = above.get(pk)


def move_genres(*, ids: Collection[int], parent: Genre | None, by: By, at: datetime) -> Change:
    for genre in Genre.objects.filter(pk__in=ids):
        refuse_circle(genre=genre, parent=parent)
    what = f"Moved {{rows}} under {parent.name}" if parent else "Moved {rows} to the top"
    move = _set(Genre, ids, parent=parent)
    return _bulk(what, Genre, ids, move, by=by, at=at)


def _bulk(
    what: str,
    model: type[Model],
    ids: Collection[int],
    work: Callable[[], Any],
    *,
    by: By,
    at: datetime,
) -> Change:
    _refuse_too_many(ids)
    with recording(what, by=by, at=at, watch=(model, ids)) as record:
        work()
    if record.change is None:
        raise Refused("Nothing to change: all of these are like that already.")
    return record.change


def _refuse_too_many(ids: Collection[int], *, most: int = MOST) -> None:
    if len(ids) > most:
        raise Refused(
            f"These are {len(ids):,} {'tracks' if most > MOST else 'rows'}: "
            f"at most {most:,} can be changed at a time."
        )


def _set(model: type[Model], ids: Collection[int], **values: Any) -> Callable[[], int]:
    """Set these values on the rows that have others."""
    (name,) = values
    rows = model._default_manager.filter(pk__in=ids)
    if name == "hidden_at":
        rows = rows.filter(hidden_at__isnull=values[name] is not None)
    return lambda: rows.update(**values)


def _edit_columns(values: Mapping[int, Mapping[str, Any]], *, at: datetime) -> None:
    hidden = _those_with("hidden", values)
    rows = Track.objects.in_bulk(list(values))
    for pk, row in rows.items():
        if pk in hidden:
            row.hidden_at = at if hidden[pk] else None
        for name in COLUMNS:
            if name in values[pk]:
                setattr(row, name, values[pk][name])
    Track.objects.bulk_update(rows.values(), COLUMNS, batch_size=500)


def _those_with(name: str, values: Mapping[int, Mapping[str, Any]]) -> dict[int, Any]:
    return {pk: of_track[name] for pk, of_track in values.items() if name in of_track}


def _or_none(value: Any) -> Any:
    return None if value == "" else value


def _tag_names(names: Iterable[str]) -> list[str]:
    cleaned = (clean(name).lower()[:TAG_LENGTH] for name in names)
    return list(dict.fromkeys(name for name in cleaned if name))

"""What tests are made of: `make_track(title="Solaris")` stores one, and invents the rest."""

from datetime import UTC, datetime
from itertools import count

from accounts.models import Listener, Token, User
from accounts.services import make_key as make_key_of
from catalog.models import Album, Artist, FeatureSet, Genre, Source, Tag, Track
from catalog.naming import match_key, normalise
from listening.models import Feedback, FeedbackKind, Play
from playlists.models import Playlist, PlaylistEntry
from recommendations.models import ModelVersion, Slate

NOON = datetime(2026, 5, 14, 12, 0, tzinfo=UTC)
PASSWORD = "a long enough word"
SOUND = {
    "tempo": 96.0,
    "loudness": -9.0,
    "key": 7,
    "mode": 1,
    "time_signature": 4,
    "energy": 0.6,
    "valence": 0.4,
    "danceability": 0.5,
    "acousticness": 0.3,
    "instrumentalness": 0.1,
    "liveness": 0.2,
    "speechiness": 0.05,
}

_numbers = count(1)


def make_user(name="", *, password=PASSWORD, **fields):
    number = next(_numbers)
    name = name or f"Person {number}"
    fields.setdefault("email", f"{normalise(name).replace(' ', '.')}.{number}@example.org")
    return User.objects.create_user(password=password, name=name, **fields)


def make_curator(name="", **fields):
    return make_user(name, is_staff=True, is_superuser=True, **fields)


def make_listener(name="Main", *, user=None, **fields):
    fields.setdefault("handle", f"listener-{next(_numbers)}")
    if "partner" not in fields:
        fields["user"] = user or make_user()
    return Listener.objects.create(name=name, **fields)


def make_key(listener=None, **fields):
    """Return a key and its secret."""
    fields = {"kind": Token.Kind.APP, "name": "Phone", "at": NOON} | fields
    return make_key_of(listener=listener or make_listener(), **fields)


def make_genre(name="", **fields):
    name = name or f"Genre {next(_numbers)}"
    fields.setdefault("slug", normalise(name).replace(" ", "-"))
    return Genre.objects.create(name=name, **fields)


def make_tag(name="", **fields):
    return Tag.objects.create(name=name or f"tag {next(_numbers)}", **fields)


def make_artist(name="", **fields):
    name = name or f"Artist {next(_numbers)}"
    fields = {"match_key": normalise(name), "source": Source.CURATOR} | fields
    return Artist.objects.create(name=name, **fields)


def make_album(title="", *, artist=None, **fields):
    title = title or f"Album {next(_numbers)}"
    fields = {"match_key": normalise(title), "source": Source.CURATOR} | fields
    return Album.objects.create(title=title, artist=artist or make_artist(), **fields)


def make_track(title="", *, artist=None, **fields):
    title = title or f"Track {next(_numbers)}"
    artist = artist or make_artist()
    fields = {
        "match_key": match_key(artist.name, title),
        "search_text": normalise(f"{title} {artist.name}"),
        "duration_ms": 200_000,
        "source": Source.CURATOR,
    } | fields
    return Track.objects.create(title=title, artist=artist, **fields)


def make_features(track, **fields):
    """Say how a track sounds, and show it."""
    fields = SOUND | {"source": Source.CURATOR, "measured_at": NOON} | fields
    track.features = FeatureSet.objects.create(track=track, **fields)
    track.save(update_fields=["features"])
    return track.features


def make_play(listener=None, track=None, **fields):
    fields = {"started_at": NOON, "ms_played": 200_000, "source": Play.Source.SITE} | fields
    return Play.objects.create(
        listener=listener or make_listener(), track=track or make_track(), **fields
    )


def make_feedback(listener=None, *, kind=FeedbackKind.LIKE, **fields):
    if not fields.keys() & {"track", "artist", "album", "genre"}:
        fields["track"] = make_track()
    fields.setdefault("given_at", NOON)
    return Feedback.objects.create(listener=listener or make_listener(), kind=kind, **fields)


def make_playlist(listener=None, *, tracks=(), **fields):
    fields = {"name": f"Playlist {next(_numbers)}", "created_at": NOON, "changed_at": NOON} | fields
    playlist = Playlist.objects.create(listener=listener or make_listener(), **fields)
    for position, track in enumerate(tracks, start=1):
        PlaylistEntry.objects.create(
            playlist=playlist, track=track, position=position, added_at=NOON
        )
    return playlist


def make_model_version(**fields):
    fields = {"algorithm": "popularity", "state": "ready", "started_at": NOON} | fields
    return ModelVersion.objects.create(**fields)


def make_slate(listener=None, *, tracks=(), **fields):
    fields = {"surface": "home", "taste_version": 0, "shown_at": NOON} | fields
    return Slate.objects.create(
        listener=listener or make_listener(), tracks=[track.pk for track in tracks], **fields
    )

"""A site of some size: 100,000 tracks, 5,000 listeners with their plays and keys, and a model.

Written straight into PostgreSQL, since a million rows through objects would take minutes.
"""

import io
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
from django.core.files.storage import default_storage
from django.db import connection
from django.utils.timezone import now

from accounts.models import Listener, Scope, Token, User
from catalog.models import Artist, FeatureSet, Genre, Source, Track
from listening.models import Play
from recommendations.engine.serving_speed import synthetic_model
from recommendations.models import ModelVersion

ARTISTS, GENRES = 12_500, 40
HEARD = 200  # tracks of each listener
BATCH = 5000


def make_big_world(*, tracks, listeners, at, seed=0):
    """Fill the database; return the keys that the listeners show."""
    rng = np.random.default_rng(seed)
    pks = make_music(rng, tracks, at)
    model = make_model(pks, at)
    keys = make_people(listeners, at)
    make_plays(rng, model, list(Listener.objects.values_list("pk", flat=True)), at)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return keys


def make_music(rng, count, at):
    genres = Genre.objects.bulk_create(
        Genre(name=f"genre {number}", slug=f"genre-{number}") for number in range(GENRES)
    )
    artists = Artist.objects.bulk_create(
        (
            Artist(name=f"Artist {number}", match_key="x", source=Source.CSV)
            for number in range(ARTISTS)
        ),
        BATCH,
    )
    by, of = rng.integers(0, ARTISTS, count), rng.integers(0, GENRES, count)
    tracks = Track.objects.bulk_create(
        (
            Track(
                title=f"Track {number}",
                artist=artists[by[number]],
                genre=genres[of[number]],
                year=int(1950 + number % 75),
                match_key="x",
                source=Source.CSV,
            )
            for number in range(count)
        ),
        BATCH,
    )
    sound = rng.random((count, 2))
    FeatureSet.objects.bulk_create(
        (
            FeatureSet(
                track=track, source=Source.CSV, measured_at=at, energy=energy, valence=valence
            )
            for track, (energy, valence) in zip(tracks, sound.tolist(), strict=True)
        ),
        BATCH,
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE catalog_track SET features_id = found.id"
            " FROM catalog_featureset found WHERE found.track_id = catalog_track.id"
        )
    return np.array([track.pk for track in tracks])


def make_model(pks, at, *, seed=0):
    """Make a model of these tracks live, as large as a trained one."""
    model = synthetic_model(pks.size, k=50, seed=seed)
    artists = Track.objects.order_by("pk").values_list("artist_id", flat=True)
    model = replace(model, item_ids=pks, artist=np.fromiter(artists, np.int32))
    row = ModelVersion.objects.create(algorithm="synthetic", started_at=at)
    row.artifact = f"models/{row.pk}"
    folder = Path(default_storage.path(row.artifact))
    row.checksum = model.save(folder, counts={"listeners": 5000}).checksum
    row.save()
    promote(row)
    return model


def another_model():
    """Return a version that is ready to go live, the one before being live as it was."""
    before = ModelVersion.objects.live().get()
    pks = np.fromiter(Track.objects.order_by("pk").values_list("pk", flat=True), np.int64)
    make_model(pks, now(), seed=1)
    after = ModelVersion.objects.live().get()
    promote(before)
    return after


def promote(row):
    ModelVersion.objects.live().update(state=ModelVersion.State.RETIRED)
    ModelVersion.objects.filter(pk=row.pk).update(state=ModelVersion.State.LIVE)


def make_people(count, at):
    users = User.objects.bulk_create(
        (User(email=f"{number}@example.org", password="!") for number in range(count)), BATCH
    )
    listeners = Listener.objects.bulk_create(
        (Listener(user=user, handle=f"listener-{user.pk}") for user in users), BATCH
    )
    keys = [f"key-of-listener-number-{number}" for number in range(count)]
    Token.objects.bulk_create(
        (
            Token(
                kind=Token.Kind.PERSONAL,
                name="load",
                prefix="key",
                hash=Token.hash_of(key),
                scopes=Scope.values,
                listener=listener,
                last_used_at=at,
            )
            for key, listener in zip(keys, listeners, strict=True)
        ),
        BATCH,
    )
    return keys


def make_plays(rng, model, listeners, at):
    """Each listener hears tracks as they are popular, over the last year."""
    chances = np.cumsum(model.popularity, dtype=np.float64)
    lines = io.StringIO()
    for listener in listeners:
        drawn = np.unique(np.searchsorted(chances, rng.random(HEARD) * chances[-1]))
        for column, days in zip(drawn, rng.integers(1, 365, drawn.size), strict=True):
            moment = (at - timedelta(days=int(days))).isoformat()
            lines.write(f"{listener}\t{model.item_ids[column]}\t{moment}\t200000\tf\tsite\tf\n")
    lines.seek(0)
    columns = (
        "listener_id",
        "track_id",
        "started_at",
        "ms_played",
        "skipped",
        "source",
        "is_pinned",
    )
    with connection.cursor() as cursor:
        cursor.copy_from(lines, Play._meta.db_table, columns=columns)

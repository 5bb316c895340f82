"""A Spotify export as large as a lifetime of music, for measuring; all names in it are made up."""

import json
import random
import zipfile
from datetime import UTC, datetime, timedelta

from tests.listening.imports.exports import spotify

ROWS_IN_A_FILE = 16_000  # about 12 MB
LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
SYLLABLES = ("ka", "lo", "mi", "ren", "so", "tú", "va", "ny", "or", "el", "ba", "дом", "夜")
FIRST = datetime(2006, 10, 7, tzinfo=UTC)


def write_spotify_export(path, plays, *, tracks=50_000, seed=1):
    """Write a zip of extended streaming history: some tracks often, most of them seldom."""
    rng = random.Random(seed)
    catalogue = [_track(rng, tracks) for _ in range(tracks)]
    files = (range(first, min(first + ROWS_IN_A_FILE, plays))
             for first in range(0, plays, ROWS_IN_A_FILE))  # fmt: skip
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for number, rows in enumerate(files):
            streams = [_stream(rng, catalogue, row) for row in rows]
            archive.writestr(f"Streaming_History_Audio_{number:03}.json", json.dumps(streams))
    return path


def _stream(rng, catalogue, row):
    title, artist, album, uri = catalogue[int(len(catalogue) * rng.random() ** 3)]
    ended = FIRST + timedelta(minutes=8 * row, seconds=rng.randrange(60))
    return spotify(
        ts=f"{ended:%Y-%m-%dT%H:%M:%SZ}",
        ms_played=rng.choice((3_000, 180_000, 200_000, 240_000)),
        master_metadata_track_name=title,
        master_metadata_album_artist_name=artist,
        master_metadata_album_album_name=album,
        spotify_track_uri=uri,
    )


def _track(rng, tracks):
    artist = random.Random(rng.randrange(tracks // 10))
    uri = "spotify:track:" + "".join(rng.choices(LETTERS, k=22))
    return _name(rng, 4), _name(artist, 2), _name(random.Random(rng.randrange(tracks // 5)), 3), uri


def _name(rng, words):
    return " ".join("".join(rng.choices(SYLLABLES, k=3)).title() for _ in range(words))

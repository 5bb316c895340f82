"""Exports as large as a lifetime of music, for measuring; all names in them are made up."""

import json
import random
import zipfile
from datetime import UTC, datetime, timedelta
from itertools import count

from tests.listening.imports.exports import listen, scrobble, spotify

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


def write_lines_of_listens(path, size):
    """Write ListenBrainz's listens, one in each line; return how many."""
    listens = (json.dumps(listen(at, title, note=FILLER)) + "\n" for at, title in _heard())
    return _write(path, size, "", listens, "")


def write_answer_of_listens(path, size):
    """Write the same as one object, as ListenBrainz's API gives them out."""
    listens = (json.dumps(listen(at, title, note=FILLER)) for at, title in _heard())
    return _write(path, size, '{"payload": {"listens": [', _with_commas(listens), "]}}")


def write_page_of_scrobbles(path, size):
    """Write Last.fm's recent tracks, all on one page."""
    rows = (json.dumps(scrobble(at, title, image=FILLER)) for at, title in _heard())
    return _write(path, size, '{"recenttracks": {"track": [', _with_commas(rows), "]}}")


def write_table_of_scrobbles(path, size):
    rows = (f"{at},Mira Vale,{title},{FILLER}\n" for at, title in _heard())
    return _write(path, size, "uts,artist,track,url\n", rows, "")


def write_rockbox_log(path, size):
    rows = (f"Mira Vale\t{FILLER}\t{title}\t4\t201\tL\t{at}\t\n" for at, title in _heard())
    return _write(path, size, "#AUDIOSCROBBLER/1.1\n#TZ/UTC\n", rows, "")


FILLER = "x" * 6000  # so that a large file is no long import
WRITERS = {
    "lines of listens": ("listenbrainz", write_lines_of_listens),
    "listens in one object": ("listenbrainz", write_answer_of_listens),
    "scrobbles on one page": ("lastfm", write_page_of_scrobbles),
    "a table of scrobbles": ("lastfm", write_table_of_scrobbles),
    "a log of Rockbox": ("rockbox", write_rockbox_log),
}


def _heard():
    """Moments ten minutes apart, and titles."""
    first = int(FIRST.timestamp())
    return ((first + 600 * number, f"Track {number % 5000}") for number in count())


def _with_commas(rows):
    yield next(rows)
    yield from (f",{row}" for row in rows)


def _write(path, size, start, rows, end):
    written, size = 0, size - len(start)
    with path.open("w") as file:
        file.write(start)
        while size > 0:
            size -= file.write(next(rows))
            written += 1
        file.write(end)
    return written

"""Exports as their services write them, a few rows each; all music in them is made up."""

import json
import zipfile

SPOTIFY = {
    "ts": "2024-03-01T12:03:20Z",
    "platform": "android",
    "ms_played": 200_000,
    "conn_country": "AT",
    "ip_addr": "203.0.113.7",
    "master_metadata_track_name": "Glass Harbour",
    "master_metadata_album_artist_name": "Mira Vale",
    "master_metadata_album_album_name": "Tidelines",
    "spotify_track_uri": "spotify:track:4uLU6hMCjMI75M1A2tKUQC",
    "episode_name": None,
    "episode_show_name": None,
    "spotify_episode_uri": None,
    "reason_start": "trackdone",
    "reason_end": "trackdone",
    "shuffle": False,
    "skipped": False,
    "offline": False,
    "offline_timestamp": 1709294400,
    "incognito_mode": False,
}


def spotify(**fields):
    return SPOTIFY | fields


def listen(at=1_709_294_400, title="Glass Harbour", artist="Mira Vale", **more):
    told = {"track_name": title, "artist_name": artist, "additional_info": more}
    return {"listened_at": at, "inserted_at": 1_709_300_000.5, "track_metadata": told}


def scrobble(uts=1_709_294_400, name="Glass Harbour", artist="Mira Vale", **fields):
    """A row of Last.fm's recent tracks."""
    return {
        "artist": {"mbid": "", "#text": artist},
        "album": {"mbid": "", "#text": "Tidelines"},
        "name": name,
        "mbid": "",
        "date": {"uts": str(uts), "#text": "01 Mar 2024, 12:00"},
    } | fields


def write(path, value, *, encoding="utf-8"):
    """Write text as it is, a list of lines as lines, and anything else as JSON."""
    text = value if isinstance(value, str) else json.dumps(value)
    path.write_bytes(text.encode(encoding))
    return path


def write_lines(path, *rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def pack(path, files, *, compression=zipfile.ZIP_DEFLATED):
    """Make a zip archive of texts (or what is to be JSON), by their names in it."""
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, value in files.items():
            is_raw = isinstance(value, str | bytes)
            archive.writestr(name, value if is_raw else json.dumps(value))
    return path

"""Playlists as Spotify's account data has them, and how they are brought in."""

from listening.services import importing
from tests.factories import NOON
from tests.listening.imports.exports import write

PODCAST = {"track": None, "episode": {"episodeName": "One"}, "localTrack": None}
LOST = {"track": None, "episode": None, "localTrack": None}


def item(title, *, artist="Mira Vale", **fields):
    track = {"trackName": title, "artistName": artist, "albumName": "Tidelines", "trackUri": ""}
    told = {"track": track, "episode": None, "localTrack": None, "addedDate": "2024-03-01"}
    return told | fields


def told(name, *rows, **fields):
    """A playlist; a row that is text is a track of that title."""
    items = [item(row) if isinstance(row, str) else row for row in rows]
    return {"name": name, "description": None, "numberOfFollowers": 0, "items": items} | fields


def export(folder, *playlists, name="Playlist1.json"):
    return write(folder / name, {"playlists": list(playlists)})


def bring(listener, path, *, at=NOON, **options):
    import_ = importing.open_import(listener=listener, path=path, at=at)
    return importing.read_import(import_, path, at=at, **options)


def shelf(listener):
    """The playlists of a listener by name, each with its tracks in order.

    It fails where positions are not 1 to n.
    """
    held = {}
    for playlist in listener.playlists.order_by("pk"):
        rows = playlist.entries.order_by("position").values_list("position", "track__title")
        assert [position for position, _ in rows] == list(range(1, len(rows) + 1))
        held.setdefault(playlist.name, []).append([title for _, title in rows])
    return held

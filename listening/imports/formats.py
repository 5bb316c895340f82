"""All readers, in one place. To add one, write its file beside this and name it here."""

from __future__ import annotations

from listening.imports.koito import Koito
from listening.imports.lastfm import LastFm
from listening.imports.lastfm_csv import LastFmTable
from listening.imports.listenbrainz import Feedback, Listens, OldListens, Pins
from listening.imports.maloja import Maloja
from listening.imports.own import (
    OWN,
    OwnCorrections,
    OwnFeedback,
    OwnMutes,
    OwnPlays,
    OwnTable,
)
from listening.imports.own_playlists import OwnPlaylists
from listening.imports.pano import PanoLines, PanoTable
from listening.imports.readers import Head, Reader
from listening.imports.rockbox import Rockbox
from listening.imports.spotify import SpotifyHistory
from listening.imports.spotify_account import SpotifyLibrary, SpotifyPlays
from listening.imports.spotify_playlists import SpotifyPlaylists

AUTO = "auto"
# In the order in which they are asked: those that take more come later.
READERS: dict[str, Reader] = {
    reader.name: reader
    for reader in (
        SpotifyHistory(),
        SpotifyPlays(),
        SpotifyPlaylists(),
        OwnPlays(),
        OwnFeedback(),
        OwnCorrections(),
        OwnMutes(),
        OwnPlaylists(),
        Listens(),
        Feedback(),
        Pins(),
        PanoLines(),
        Maloja(),
        Koito(),
        OldListens(),
        SpotifyLibrary(),
        LastFm(),
        Rockbox(),
        OwnTable(),
        PanoTable(),
        LastFmTable(),
    )
}
# What people call an export, in the order in which they are offered.
FORMATS = {
    "spotify": "Spotify extended streaming history",
    "spotify-account": "Spotify account data",
    "lastfm": "Last.fm",
    "listenbrainz": "ListenBrainz",
    "maloja": "Maloja",
    "koito": "Koito",
    "pano": "Pano Scrobbler",
    "rockbox": "Rockbox",
    OWN: "Segue",
}


def find_reader(head: Head, format_: str = AUTO) -> Reader | None:
    """The reader that knows this file, among those of the format."""
    readers = (one for one in READERS.values() if format_ in (AUTO, one.format))
    return next((reader for reader in readers if reader.knows(head)), None)

"""The one way in: load the world if it is not there, and say what was done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from catalog.models import Artist, Source, Track
from catalog.services import indexing
from listening.models import Play
from musicsite.demo.load.clear import clear, demo_users
from musicsite.demo.load.doings import load_doings
from musicsite.demo.load.music import load_music, show_artists
from musicsite.demo.load.people import load_people
from musicsite.demo.world import FULL, SEED, Size, make_world

Tell = Callable[[str], None]


class OthersAreHere(Exception):
    """The site holds music or plays that are not fictional."""


def is_loaded() -> bool:
    """The artists are shown in the last step of loading, so one that shows means all is there."""
    return Artist.objects.filter(source=Source.DEMO, hidden_at__isnull=True).exists()


def load_world(
    *,
    at: datetime,
    tell: Tell,
    seed: int = SEED,
    size: Size = FULL,
    beside_others: bool = False,
) -> None:
    """Load the world that ends on the day of `at`; what an interrupted loading left goes first.

    :raises OthersAreHere: unless `beside_others`, if real tracks or plays are here
    """
    if not beside_others:
        _refuse_beside_others()
    if _is_begun():
        tell("Removing a demo world that was left half-way")
        clear()
    tell("Inventing artists, tracks and listeners")
    world = make_world(at=at, seed=seed, size=size)
    artists, tracks = len(world.catalogue.artists), len(world.catalogue.tracks)
    tell(f"Storing {tracks:,} tracks by {artists:,} artists")
    music = load_music(world, at=at)
    listeners = load_people(world)
    tell(f"Storing what {len(listeners):,} listeners played")
    load_doings(world, music, listeners, tell)
    show_artists()
    tell("Indexing all names, so that they can be searched")
    indexing.index_all()


def _refuse_beside_others() -> None:
    if Track.objects.exclude(source=Source.DEMO).exists():
        raise OthersAreHere("There are real tracks here.")
    if Play.objects.exclude(source=Play.Source.DEMO).exists():
        raise OthersAreHere("There are real plays here.")


def _is_begun() -> bool:
    return Artist.objects.filter(source=Source.DEMO).exists() or demo_users().exists()

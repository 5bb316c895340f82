"""Ids for recordings that have none from MusicBrainz: ListenBrainz calls them MSIDs.

Ours are one for each track, with the track's key inside, so that none has to be stored. What plays
now may be of no track yet: its id is made from its names.
"""

from __future__ import annotations

from uuid import UUID, uuid5

from catalog.naming import match_key

_OURS = 0x5E60E000_0000_8000  # the upper half of each; 8 is the version for ids of one's own make
_VARIANT = 0b10 << 62
_NAMES = UUID("5e60e000-6d73-5964-8000-000000000000")


def msid_of(track: int) -> UUID:
    return UUID(int=_OURS << 64 | _VARIANT | track)


def track_in(msid: UUID) -> int | None:
    """Return the key of the track that `msid_of` was given; None for any other id."""
    upper, lower = divmod(msid.int, 1 << 64)
    return lower ^ _VARIANT if upper == _OURS and lower >> 62 == 0b10 else None


def msid_of_names(artist: str, title: str) -> UUID:
    return uuid5(_NAMES, match_key(artist, title))

"""Koito's export: one object with its listens, each name a list of aliases."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TextIO

from listening.arrivals import Arrival
from listening.imports import values
from listening.imports.elements import elements
from listening.imports.readers import Head, Reader, Setting, each
from listening.imports.rows import Row, Unreadable


class Koito(Reader):
    name = "koito"
    format = "koito"
    source = "koito-file"

    def knows(self, head: Head) -> bool:
        track = values.mapping(head.first("listens").get("track"))
        return "aliases" in track

    def rows(self, file: TextIO, setting: Setting) -> Iterator[Row]:
        return each(elements(file), ("listens",), _row)


def _row(row: dict[str, Any]) -> Row:
    track = values.mapping(row.get("track"))
    names = values.artists([_name(one) for one in values.listed(row.get("artists"))])
    if not names:
        raise Unreadable("no artist")
    return Arrival(
        started_at=values.moment(row.get("listened_at")),
        artist=", ".join(names)[: values.ARTIST],
        title=values.title(_name(track)),
        artists=names,
        album=values.album(_name(row.get("album"))),
        duration_ms=values.milliseconds(track.get("duration"), 1000),
        ids=values.ids(musicbrainz=track.get("mbid")),
    )


def _name(thing: Any) -> str:
    """The alias that is shown, or the first."""
    aliases = [values.mapping(one) for one in values.listed(values.mapping(thing).get("aliases"))]
    shown = [one for one in aliases if one.get("is_primary")] or aliases
    return values.text(shown[0].get("alias")) if shown else ""

"""What was found, in words: one line for each thing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.models import Findable
from catalog.search.finding import Found, Group

HEADINGS: dict[str, str | Promise] = {
    Findable.ARTIST: _("Artists"),
    Findable.TRACK: _("Tracks"),
    Findable.ALBUM: _("Albums"),
    Findable.GENRE: _("Genres"),
    Findable.TAG: _("Tags"),
}
DETAILS: dict[str, Callable[[Any], str]] = {
    Findable.TRACK: lambda track: ", ".join(filter(None, [track.byline, str(track.year or "")])),
    Findable.ALBUM: lambda album: ", ".join(
        filter(None, [album.artist.name, str(album.year or "")])
    ),
    Findable.GENRE: lambda genre: genre.parent.name if genre.parent else "",
}


class Line(NamedTuple):
    kind: str
    id: int
    name: str
    language: str
    detail: str
    url: str
    thing: Any


class Lines(NamedTuple):
    kind: str
    heading: str | Promise
    here: int
    lines: list[Line]


def lines_of(found: Found) -> list[Lines]:
    return [
        Lines(group.kind, HEADINGS[group.kind], group.here, _lines(group))
        for group in found.groups
        if group.things
    ]


def _lines(group: Group) -> list[Line]:
    detail = DETAILS.get(group.kind, lambda thing: "")
    return [
        Line(
            kind=group.kind,
            id=thing.pk,
            name=getattr(thing, "name", None) or thing.title,
            language=getattr(thing, "language", ""),
            detail=detail(thing),
            url=thing.get_absolute_url(),
            thing=thing,
        )
        for thing in group.things
    ]

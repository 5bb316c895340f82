"""From what is stored to what a page of Explore shows, in a handful of queries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from catalog.figures.page import Chosen, described, page_of
from catalog.models import Exploration, Genre, Track

LISTS = ("typical", "unusual")


def read_page(genre: Genre | None, chosen: Chosen) -> dict[str, Any]:
    """Return what the template shows; without an exploration only which genres have one."""
    whole = Exploration.objects.of(None).first()
    exploration = Exploration.objects.of(genre.pk).first() if genre else whole
    page: dict[str, Any] = {"genre": genre, "exploration": exploration, "explored": _explored()}
    if exploration is None or whole is None or not exploration.tracks:
        return page | {"exploration": None, "is_empty": whole is None or not whole.tracks}
    found = exploration.findings
    figures = page_of(
        found,
        whole=whole.findings if genre else None,
        drawn=exploration.points,
        genres=Genre.objects.in_bulk([one["genre"] for one in found["genres"]]),
        chosen=chosen,
    )
    return page | figures | _tracks(found)


def read_findings(exploration: Exploration) -> dict[str, Any]:
    """Return what was found, with the names of genres, and without tracks hidden since."""
    found = exploration.findings
    genres = Genre.objects.in_bulk([one["genre"] for one in found["genres"]])
    tracks = [one["id"] for name in LISTS for one in found[name]]
    shown = set(Track.objects.playable().filter(pk__in=tracks).values_list("pk", flat=True))
    return found | {
        "genres": [
            {**one, "slug": genres[one["genre"]].slug, "name": genres[one["genre"]].name}
            for one in found["genres"]
            if one["genre"] in genres
        ],
        **{name: [one for one in found[name] if one["id"] in shown] for name in LISTS},
    }


def _explored() -> list[Genre]:
    """The genres that can be chosen, each branch before what grows from it."""
    found = Genre.objects.filter(explorations__isnull=False).select_related("parent")
    return sorted(found, key=lambda genre: (_branch(genre), genre.parent is not None, genre.name))


def _branch(genre: Genre) -> str:
    return genre.parent.name if genre.parent else genre.name


def _tracks(found: Mapping[str, Any]) -> dict[str, Any]:
    """The typical and the unusual tracks that may still be shown."""
    ids = [one["id"] for name in LISTS for one in found[name]]
    tracks = Track.objects.playable().for_rows().in_bulk(ids)
    return {
        name: [described(one, tracks) for one in found[name] if one["id"] in tracks]
        for name in LISTS
    }

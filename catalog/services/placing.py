"""Labels of files become genres of the tree; what curators made of the tree is kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import Min
from django.utils.text import slugify

from catalog.genres import Place, place
from catalog.models import Genre, TrackGenre


def place_labels(labels: Iterable[str]) -> dict[str, int]:
    """Return the genre of each label, made where the tree has none; labels that say nothing miss.

    A label goes by its genre's name, else where it went before (a curator may have renamed the
    genre), else to a new genre.
    """
    places = {label: found for label in labels if (found := place(label))}
    known = _genres({found.name for found in places.values()})
    strange = {label: found for label, found in places.items() if found.name not in known}
    before = _went_before(strange)
    new = [found for label, found in sorted(strange.items()) if label not in before]
    known |= _plant(new)
    return before | {
        label: known[found.name] for label, found in places.items() if found.name in known
    }


def _genres(names: set[str]) -> dict[str, int]:
    return dict(Genre.objects.filter(name__in=names).values_list("name", "pk"))


def _went_before(labels: Iterable[str]) -> dict[str, int]:
    labels = list(labels)
    if not labels:
        return {}
    found = TrackGenre.objects.filter(label__in=labels).values("label")
    return dict(found.annotate(first=Min("genre")).values_list("label", "first"))


def _plant(places: list[Place]) -> dict[str, int]:
    """Make these genres, and the branches they grow from."""
    if not places:
        return {}
    branches = {found.parent for found in places if found.parent}
    parents = _genres(branches)
    parents |= _make(dict.fromkeys(sorted(branches - parents.keys())))
    wanted = {
        found.name: parents[found.parent] if found.parent else None
        for found in places
        if found.name not in parents
    }
    return parents | _make(wanted)


def _make(wanted: dict[str, int | None]) -> dict[str, int]:
    slugs = _free_slugs(list(wanted))
    genres = Genre.objects.bulk_create(
        Genre(name=name, slug=next(slugs), parent_id=parent) for name, parent in wanted.items()
    )
    return {genre.name: genre.pk for genre in genres}


def _free_slugs(names: list[str]) -> Iterator[str]:
    taken = set(Genre.objects.values_list("slug", flat=True))
    for name in names:
        slug = base = slugify(name, allow_unicode=True)[:70] or "genre"
        number = 1
        while slug in taken:
            number += 1
            slug = f"{base}-{number}"
        taken.add(slug)
        yield slug

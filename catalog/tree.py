"""The tree of genres, with how many tracks each branch has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from django.db.models import Count

from catalog.models import Genre, Track


class Branch(NamedTuple):
    genre: Genre
    tracks: int  # of all that grows from it, too
    branches: list[Branch]


def genre_tree() -> list[Branch]:
    """Return the roots, and in each level those with most tracks first."""
    children: dict[int | None, list[Genre]] = defaultdict(list)
    for genre in Genre.objects.order_by("name"):
        children[genre.parent_id].append(genre)
    counted = Track.objects.findable().values("genre").annotate(here=Count("pk")).order_by()
    return _branches(None, children, {row["genre"]: row["here"] for row in counted})


def line_above(genre: Genre) -> list[Genre]:
    """Return the genres that one grows from, the root first."""
    genres = Genre.objects.in_bulk()
    line: list[Genre] = []
    above = genre.parent_id
    while above and genres[above] not in line:
        line.insert(0, genres[above])
        above = genres[above].parent_id
    return line


def _branches(
    parent: int | None, children: Mapping[int | None, list[Genre]], own: Mapping[int, int]
) -> list[Branch]:
    branches = [_branch(genre, children, own) for genre in children.get(parent, ())]
    return sorted(branches, key=lambda branch: -branch.tracks)


def _branch(
    genre: Genre, children: Mapping[int | None, list[Genre]], own: Mapping[int, int]
) -> Branch:
    below = _branches(genre.pk, children, own)
    return Branch(genre, own.get(genre.pk, 0) + sum(branch.tracks for branch in below), below)

"""`canonical` of tracks and artists, worked out from the merge rules that hold.

Each row has at most one such rule, which names what it was merged into. The rows so joined are
trees; every row points at the root of its tree. Undoing a rule cuts off one branch as it was.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Q
from django.db.models.functions import Coalesce

from catalog.models import Artist, Rule, Track
from catalog.services.refusing import Refused
from catalog.services.showing import refresh_shown
from catalog.services.storing import among

Mergeable = type[Track] | type[Artist]


def sides(model: Mergeable) -> tuple[str, str]:
    """The two columns of a rule that name rows of this model: the merged one, and into what."""
    return ("track", "other_track") if model is Track else ("artist", "other_artist")


def merge_rules(model: Mergeable, **fields: Any) -> Any:
    side, _other = sides(model)
    rules = Rule.objects.holding().filter(kind=Rule.Kind.MERGE, **fields)
    return rules.exclude(**{side: None})


def shown_as(tracks: Collection[int]) -> dict[int, int]:
    """As which track each of these shows."""
    rows = Track.objects.filter(among("pk", tracks))
    return dict(rows.values_list("pk", Coalesce("canonical_id", "pk")))


def group_of(model: Mergeable, ids: Iterable[int]) -> set[int]:
    """These rows and all that are joined with them, by pointer or by rule."""
    found: set[int] = set()
    new = set(ids)
    while new:
        found |= new
        new = _neighbours(model, new) - found
    return found


def regroup(model: Mergeable, ids: Collection[int]) -> None:
    """Point these rows, and all joined with them, at the survivor that the rules name.

    :raises Refused: if the rules lead in a circle
    """
    group = group_of(model, ids)
    side, other = sides(model)
    rules = merge_rules(model, **{f"{side}__in": group})
    into = dict(rules.values_list(f"{side}_id", f"{other}_id"))
    rows: Any = model.objects.filter(pk__in=group).only("pk", "canonical")
    moved = [row for row in rows if _point(row, _root(row.pk, into))]
    model.objects.bulk_update(moved, ["canonical"], batch_size=500)
    if model is Track:
        refresh_shown(group)


def _neighbours(model: Mergeable, ids: set[int]) -> set[int]:
    side, other = sides(model)
    rows = model.objects.filter(Q(pk__in=ids) | Q(canonical__in=ids))
    rules = merge_rules(model).filter(Q(**{f"{side}__in": ids}) | Q(**{f"{other}__in": ids}))
    pairs = [
        *rows.values_list("pk", "canonical_id"),
        *rules.values_list(f"{side}_id", f"{other}_id"),
    ]
    return {pk for pair in pairs for pk in pair if pk is not None}


def _root(pk: int, into: dict[int, int]) -> int:
    seen = {pk}
    while pk in into:
        pk = into[pk]
        if pk in seen:
            raise Refused("These have been merged the other way round since then.")
        seen.add(pk)
    return pk


def _point(row: Track | Artist, root: int) -> bool:
    """Set the pointer, and return whether that moved it."""
    before = row.canonical_id
    row.canonical_id = root if root != row.pk else None
    return row.canonical_id != before

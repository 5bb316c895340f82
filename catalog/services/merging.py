"""Two rows that are one, and one that is two after all.

A merge moves nothing: the merged row keeps its plays, records and names, and points at the
survivor. So whatever comes in under its name or id still finds it, and shows as the survivor; and
a split leaves everything as it would be had there been no merge. Each decision is a rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import combinations
from typing import Any

from django.db.models import Q

from catalog.models import Artist, Change, Rule, Track, TrackRecord
from catalog.services.changing import By, Recording, recording
from catalog.services.grouping import Mergeable, group_of, merge_rules, regroup, sides
from catalog.services.refusing import Refused


def merge_tracks(
    *, survivor: Track, tracks: Iterable[Track], by: By, at: datetime, match: bool = False
) -> Change:
    """Let these tracks show as the survivor. With `match`, their names mean them ever after.

    :raises Refused: if one of them is merged already, or nothing is left to merge
    """
    return _merge(Track, survivor, tracks, by=by, at=at, match=match)


def merge_artists(*, survivor: Artist, artists: Iterable[Artist], by: By, at: datetime) -> Change:
    """Let these artists show as the survivor, with all their tracks.

    :raises Refused: if one of them is merged already, or nothing is left to merge
    """
    return _merge(Artist, survivor, artists, by=by, at=at)


def split_track(*, track: Track, by: By, at: datetime) -> Change:
    """Let a merged track stand for itself again, with all that was merged into it before.

    :raises Refused: if it is not merged
    """
    return _split(track, by=by, at=at)


def split_artist(*, artist: Artist, by: By, at: datetime) -> Change:
    """Let a merged artist stand for themselves again.

    :raises Refused: if they are not merged
    """
    return _split(artist, by=by, at=at)


def keep_apart(*, rows: Sequence[Any], by: By, at: datetime) -> Change:
    """Say that these look alike and are not one, so that nobody is asked again.

    :raises Refused: if that has been said of all of them
    """
    known = _pairs_kept_apart(rows)
    new = [
        _apart(one, other, by=by, at=at)
        for one, other in combinations(rows, 2)
        if frozenset((one.pk, other.pk)) not in known
    ]
    with recording(f"Kept apart: {_listed(rows)}", by=by, at=at) as record:
        record.made(Rule.objects.bulk_create(new))
    return _done(record.change, "These are kept apart already.")


def undo_rule(*, rule: Rule, by: By, at: datetime) -> Change:
    """Let a rule hold no longer; what was merged by it is apart again.

    :raises Refused: if it has been undone before
    """
    what = f"Undid the rule “{rule.get_kind_display()}” about {_name(rule.track or rule.artist)}"
    with recording(what, by=by, at=at) as record:
        rule = Rule.objects.select_for_update().get(pk=rule.pk)
        if rule.undone_at is not None:
            raise Refused("This rule is undone already.")
        _let_go(rule, record, at=at)
    return _done(record.change, "This rule is undone already.")


def _merge(
    model: Mergeable,
    survivor: Track | Artist,
    rows: Iterable[Track | Artist],
    *,
    by: By,
    at: datetime,
    match: bool = False,
) -> Change:
    survivor = survivor.canonical or survivor
    others = [row for row in rows if row.pk != survivor.pk]
    what = f"Merged {_listed(others)} into {_name(survivor)}"
    with recording(what, by=by, at=at) as record:
        joined = _open(model, [survivor, *others], record, at=at)
        group = {row.pk for row in joined}
        others = [row for row in joined if row.pk in {other.pk for other in others}]
        for row in others:
            _refuse_merged(row, survivor)
        _forget_apart(model, group, record, at=at)
        rules = [_rule(Rule.Kind.MERGE, row, survivor, by=by, at=at) for row in others]
        if match:
            rules += [
                _rule(Rule.Kind.MATCH, row, None, by=by, at=at, key=row.match_key)
                for row in others
                if _is_named_alone(row)
            ]
        record.made(Rule.objects.bulk_create(rules))
        regroup(model, group)
    return _done(record.change, "Choose at least two that are not one already.")


def _split(row: Track | Artist, *, by: By, at: datetime) -> Change:
    model: Mergeable = Track if isinstance(row, Track) else Artist
    with recording(f"Split {_name(row)} off again", by=by, at=at) as record:
        _open(model, [row], record, at=at)
        rule = merge_rules(model, **{sides(model)[0]: row}).first()
        if rule is None:
            raise Refused(f"{_name(row)} is not merged into another.")
        _let_go(rule, record, at=at)
        other = rule.other_track or rule.other_artist
        record.made(Rule.objects.bulk_create([_apart(row, other, by=by, at=at)]))
    return _done(record.change, f"{_name(row)} is not merged into another.")


def _open(
    model: Mergeable, rows: Sequence[Track | Artist], record: Recording, *, at: datetime
) -> list[Any]:
    """Lock all that is joined with these rows, and see that it can be told what they were."""
    group = group_of(model, [row.pk for row in rows])
    joined: list[Any] = list(model.objects.select_for_update().filter(pk__in=group).order_by("pk"))
    _rule_for_each_pointer(model, joined, at=at)
    record.watch(model, group)
    return joined


def _rule_for_each_pointer(model: Mergeable, joined: Sequence[Any], *, at: datetime) -> None:
    """A row that points at a survivor without a rule gets one, so that rules tell it all."""
    side, other = sides(model)
    pointing = {row.pk: row.canonical_id for row in joined if row.canonical_id}
    ruled = merge_rules(model, **{f"{side}__in": pointing}).values_list(f"{side}_id", flat=True)
    Rule.objects.bulk_create(
        Rule(
            kind=Rule.Kind.MERGE,
            made_at=at,
            **{f"{side}_id": pk, f"{other}_id": pointing[pk]},
        )
        for pk in sorted(pointing.keys() - set(ruled))
    )


def _let_go(rule: Rule, record: Recording, *, at: datetime) -> None:
    """Undo a rule, and the word on a name that was given with a merge."""
    rules = {rule.pk}
    if rule.kind == Rule.Kind.MERGE and rule.track_id:
        given = Rule.objects.holding().filter(kind=Rule.Kind.MATCH, track=rule.track_id)
        rules |= set(given.filter(made_at=rule.made_at).values_list("pk", flat=True))
    record.watch(Rule, rules)
    Rule.objects.filter(pk__in=rules).update(undone_at=at)
    if rule.kind == Rule.Kind.MERGE:
        model: Mergeable = Track if rule.track_id else Artist
        group = group_of(model, [rule.track_id or rule.artist_id or 0])
        record.watch(model, group)
        regroup(model, group)


def _forget_apart(model: Mergeable, group: set[int], record: Recording, *, at: datetime) -> None:
    """The last decision holds: what was kept apart and is merged now, was not kept apart."""
    side, other = sides(model)
    rules = Rule.objects.holding().filter(
        kind=Rule.Kind.SPLIT, **{f"{side}__in": group, f"{other}__in": group}
    )
    record.watch(Rule, set(rules.values_list("pk", flat=True)))
    rules.update(undone_at=at)


def _refuse_merged(row: Track | Artist, survivor: Track | Artist) -> None:
    if row.canonical_id == survivor.pk:
        raise Refused(f"{_name(row)} is merged into {_name(survivor)} already.")
    if row.canonical_id:
        raise Refused(f"{_name(row)} is merged into another already. Split it off first.")


def _rule(
    kind: Rule.Kind,
    row: Track | Artist,
    other: Track | Artist | None,
    *,
    by: By,
    at: datetime,
    key: str = "",
) -> Rule:
    side, other_side = sides(type(row))
    names = {side: row, other_side: other}
    made_by = by.pk if by else None
    return Rule(kind=kind, match_key=key, made_by_id=made_by, made_at=at, **names)


def _apart(row: Track | Artist, other: Track | Artist, *, by: By, at: datetime) -> Rule:
    """With the name that both go by, if they do: the list of likely duplicates counts by it."""
    key = row.match_key if row.match_key == other.match_key else ""
    return _rule(Rule.Kind.SPLIT, row, other, by=by, at=at, key=key)


def _is_named_alone(row: Track | Artist) -> bool:
    """Whether no other track goes by this name; if one does, duration tells the two apart."""
    same = Q(match_key=row.match_key)
    return not (
        Track.objects.filter(same).exclude(pk=row.pk).exists()
        or TrackRecord.objects.filter(same).exclude(track=row.pk).exists()
    )


def _pairs_kept_apart(rows: Sequence[Any]) -> set[frozenset[int]]:
    side, other = sides(type(rows[0]))
    ids = [row.pk for row in rows]
    rules = Rule.objects.holding().filter(
        kind=Rule.Kind.SPLIT, **{f"{side}__in": ids, f"{other}__in": ids}
    )
    return {frozenset(pair) for pair in rules.values_list(f"{side}_id", f"{other}_id")}


def _done(change: Change | None, otherwise: str) -> Change:
    if change is None:
        raise Refused(otherwise)
    return change


def _name(row: Track | Artist | None) -> str:
    if isinstance(row, Track):
        return f"“{row.title}”"
    return f"“{row.name}”" if row else "a row that is gone"


def _listed(rows: Sequence[Track | Artist]) -> str:
    names = [_name(row) for row in rows]
    if len(names) > 3:
        return f"{', '.join(names[:2])} and {len(names) - 2} more"
    return " and ".join(names)

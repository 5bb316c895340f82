"""What listeners thought, as exports tell it: any number of opinions at once, and taken back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts import taste_cache
from accounts.models import Listener
from accounts.services import move_taste_on
from catalog.services.storing import among
from catalog.services.unverified import drop_unused
from listening.arrivals import Fate, Outcome
from listening.imports.rows import Opinion
from listening.models import Feedback, FeedbackChange, FeedbackKind, Import
from listening.services.bringing.finding import THINGS, UNKNOWN, Found, Thing, find
from listening.services.changing import hold
from listening.services.feedback import ONLY_ON, OPPOSITES, RATINGS


@transaction.atomic
def record_opinions(
    *, listener: Listener, opinions: Sequence[Opinion], source_import: Import, at: datetime
) -> list[Outcome]:
    """Store what a listener thought; return what became of each, in their order.

    One that does not say when it was given stands only where nothing was said before. What is
    known already is kept as told by this import too: it stays when who told it first is undone.
    """
    if not opinions:
        return []
    hold(listener.pk)
    found = find(opinions, at=at)
    said = _Said(listener, {one.thing for one in found.values()}, source_import)
    outcomes, changes = [], []
    for number, opinion in enumerate(opinions):
        refusal = _refusal(opinion, found.get(number))
        if refusal:
            outcomes.append(Outcome(Fate.REJECTED, reason=refusal))
            continue
        one = found[number]
        change = _change(listener, opinion, one.thing, source_import)
        known = said.has(change, is_dated=opinion.at is not None)
        if known and opinion.at is None:
            change.at = said.before(change)
        if not known or not said.is_ours(change):
            said.add(change)
            changes.append(change)
        fate = Fate.CREATED if one.is_new else Fate.NEW
        outcomes.append(Outcome(Fate.KNOWN if known else fate))
    FeedbackChange.objects.bulk_create(changes)
    tell_anew(listener=listener, things={_thing(change) for change in changes})
    return outcomes


@transaction.atomic
def take_back(*, import_: Import) -> int:
    """Unsay all opinions that an import brought; return how many."""
    hold(import_.listener_id)
    changes = FeedbackChange.objects.filter(source_import=import_)
    things = {_thing(change) for change in changes}
    deleted, _by_model = changes.delete()
    tell_anew(listener=import_.listener, things=things)
    taste_cache.forget(import_.listener_id)
    drop_unused(
        tracks=_keys(things, "track"),
        albums=_keys(things, "album"),
        artists=_keys(things, "artist"),
    )
    return deleted


def _keys(things: Iterable[Thing], column: str) -> set[int]:
    return {thing.pk for thing in things if thing.column == column}


def tell_anew(*, listener: Listener, things: set[Thing]) -> None:
    """Let the opinions on these things be what all that was ever said of them comes to."""
    if not things:
        return
    about = _about(things)
    standing = {
        (_thing(one), one.kind): one for one in Feedback.objects.filter(about, listener=listener)
    }
    changes = FeedbackChange.objects.filter(about, listener=listener).order_by("at", "pk")
    meant = {
        (thing, change.kind): change
        for thing, ours in _by_thing(changes).items()
        for change in _latest(ours)
    }
    gone = [standing[key].pk for key in standing.keys() - meant.keys()]
    Feedback.objects.filter(pk__in=gone).delete()
    Feedback.objects.bulk_create(_feedback(meant[key]) for key in meant.keys() - standing.keys())
    again = [_updated(standing[key], meant[key]) for key in standing.keys() & meant.keys()]
    Feedback.objects.bulk_update(again, ["rating", "note", "given_at"], batch_size=500)
    move_taste_on(listener=listener)


def _by_thing(changes: Iterable[FeedbackChange]) -> dict[Thing, list[FeedbackChange]]:
    grouped: dict[Thing, list[FeedbackChange]] = defaultdict(list)
    for change in changes:
        grouped[_thing(change)].append(change)
    return grouped


def _latest(changes: Iterable[FeedbackChange]) -> Iterable[FeedbackChange]:
    """What stands in the end: an opinion takes the place of the one before, and of its opposite."""
    standing: dict[str, FeedbackChange] = {}
    for change in changes:
        kind = FeedbackKind(change.kind)
        standing.pop(kind, None)
        if not change.withdrawn:
            standing.pop(OPPOSITES.get(kind, kind), None)
            standing[kind] = change
    return standing.values()


def _feedback(change: FeedbackChange) -> Feedback:
    thing = _thing(change)
    return Feedback(
        listener_id=change.listener_id,
        kind=change.kind,
        rating=change.rating,
        note=change.note,
        given_at=change.at,
        **{f"{thing.column}_id": thing.pk},
    )


def _updated(feedback: Feedback, change: FeedbackChange) -> Feedback:
    feedback.rating, feedback.note, feedback.given_at = change.rating, change.note, change.at
    return feedback


def _thing(one: Feedback | FeedbackChange) -> Thing:
    column = next(name for name in THINGS if getattr(one, f"{name}_id"))
    return Thing(column, getattr(one, f"{column}_id"))


def _about(things: set[Thing]) -> Q:
    condition = Q()
    for column in {thing.column for thing in things}:
        condition |= Q(among(column, _keys(things, column)))
    return condition


class _Said:
    """What the listener said of some things before."""

    def __init__(self, listener: Listener, things: set[Thing], source_import: Import) -> None:
        self._import = source_import.pk
        self._ours: set[tuple[Thing, str, bool]] = set()
        self._moments: dict[tuple[Thing, str], set[tuple[datetime, bool]]] = defaultdict(set)
        if things:
            for change in FeedbackChange.objects.filter(_about(things), listener=listener):
                self.add(change)

    def add(self, change: FeedbackChange) -> None:
        self._moments[_thing(change), change.kind].add((change.at, change.withdrawn))
        if change.source_import_id == self._import:
            self._ours.add((_thing(change), change.kind, change.withdrawn))

    def is_ours(self, change: FeedbackChange) -> bool:
        """Whether this import has said the same of it before."""
        return (_thing(change), change.kind, change.withdrawn) in self._ours

    def before(self, change: FeedbackChange) -> datetime:
        """A moment before all that was said of it: whatever was said takes its place."""
        kinds = (change.kind, OPPOSITES.get(FeedbackKind(change.kind), change.kind))
        said = [at for kind in kinds for at, _ in self._moments.get((_thing(change), kind), ())]
        return min(said) - timedelta(microseconds=1)

    def has(self, change: FeedbackChange, *, is_dated: bool) -> bool:
        thing, kind = _thing(change), FeedbackKind(change.kind)
        if is_dated:
            return (change.at, change.withdrawn) in self._moments.get((thing, kind), ())
        return any((thing, one) in self._moments for one in (kind, OPPOSITES.get(kind, kind)))


def _refusal(opinion: Opinion, found: Found | None) -> str:
    if found is None:
        return str(UNKNOWN)
    if not issubclass(THINGS[opinion.on], ONLY_ON.get(FeedbackKind(opinion.kind), (object,))):
        return _("That cannot be said of this.")
    if (opinion.kind == FeedbackKind.RATING) != (opinion.rating is not None):
        return _("A rating is a number from 1 to 5.")
    if opinion.rating is not None and opinion.rating not in RATINGS:
        return _("A rating is a number from 1 to 5.")
    return ""


def _change(
    listener: Listener, opinion: Opinion, thing: Thing, source_import: Import
) -> FeedbackChange:
    return FeedbackChange(
        listener=listener,
        kind=opinion.kind,
        withdrawn=opinion.withdrawn,
        rating=opinion.rating,
        note=opinion.note,
        at=opinion.at or source_import.created_at,
        source_import=source_import,
        **{f"{thing.column}_id": thing.pk},
    )

"""From a listener to a list: history, score, hide, rank, explain, remember."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, overload

import numpy as np
from django.db.models import Q

from accounts.models import Listener
from catalog.models import Track
from jobs.prepared import Adding, Given, Prepared, Whole
from recommendations.models import Slate
from recommendations.serving.asking import (
    ABOUT,
    APART,
    STEERING,
    About,
    Ask,
    Steering,
    Surface,
)
from recommendations.serving.filling import Found, fill, playable
from recommendations.serving.live import Live, current
from recommendations.serving.past import Past, day_of
from recommendations.serving.plans import ROTATING, Plan, plan_of
from recommendations.serving.reasons import Because, because_of
from recommendations.serving.trials import Side, Trial, sides_of, trial_of

VISIT = timedelta(minutes=30)  # asked again within it, the same page comes again
RESTING = 3  # one track in so many of the last visit's page makes room


@dataclass(frozen=True)
class Recommended:
    rank: int
    track: Track
    score: float
    because: Because = field(default_factory=Because)
    opinion: str = ""  # what the listener thinks of it already


@dataclass(frozen=True)
class Listed(Sequence[Recommended]):
    """A list as it is shown; `slate` is its memory, if it is kept."""

    ask: Ask
    rows: tuple[Recommended, ...]
    slate: Slate | None = None

    @overload
    def __getitem__(self, place: int) -> Recommended: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Recommended]: ...
    def __getitem__(self, place: int | slice) -> Recommended | Sequence[Recommended]:
        return self.rows[place]

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def track_ids(self) -> list[int]:
        return [row.track.pk for row in self.rows]


def recommend(
    *,
    listener: Listener,
    at: datetime,
    surface: str = Surface.FOR_YOU,
    n: int = 10,
    about: About | None = None,
    steering: Steering | None = None,
    rest: int | None = None,
    seed: int | None = None,
    after: Slate | None = None,
    keep: bool = True,
) -> Listed:
    """Return the listener's list, best first, and remember it as a slate unless told not to.

    Asked again within a visit, the page stays as it is; in the next one a third of it makes room
    for others. With `seed` the lots are drawn anew. A list that comes `after` another shows none
    of what that one, or the ones before it, showed.

    :raises NoModel: if there is none yet
    """
    ask = Ask(Surface(surface), n, about or About(), steering or Steering(), rest)
    ask = _of_this_visit(ask, listener, at, seed, after)
    return make_list(ask, listener=listener, at=at, keep=keep)


def make_list(
    ask: Ask,
    *,
    listener: Listener,
    at: datetime,
    keep: bool = True,
    noted: Mapping[str, object] | None = None,
) -> Listed:
    """Return the list of exactly this ask; `noted` is kept with the slate."""
    live = current()
    trial = trial_of(ask) if keep else None
    tried: dict[str, Any] = {}
    if trial is None:
        rows, ways = _rows_for(listener, ask, live, at)
    else:
        rows, ways, tried = _tried(trial, listener, at)
    listed = Listed(ask, rows)
    if not keep:
        return listed
    reasons = [row.because.in_short for row in rows]
    slate = _SLATES.create(
        listener=listener,
        surface=ask.surface,
        model_id=live.version if trial is None else None,  # that of an experiment has two
        settings={**ask.to_settings(), "ways": ways, "reasons": reasons, **(noted or {})},
        tracks=listed.track_ids,
        taste_version=listener.taste_version,
        shown_at=at,
        **tried,
    )
    return replace(listed, slate=slate)


def replay(slate: Slate, *, listener: Listener, at: datetime) -> Listed:
    """Show a slate again: the same tracks in the same order, each with its reason as of now.

    Only what may not be shown any more is left out.

    :raises NoModel: if there is none yet
    """
    ask = Ask.of(slate.surface, slate.settings)
    plain, sides = Side(current(), ask), sides_of(slate, ask)
    again: dict[int, Recommended] = {}
    for name in sorted(set(slate.sides)) or [""]:
        tracks = slate.tracks_of(name)
        again |= _again(tracks, sides.get(name, plain), listener=listener, at=at)
    if unknown := [pk for pk in slate.tracks if pk not in again]:
        for pk, track in playable(unknown).items():
            again[pk] = Recommended(0, track, 0.0, Because.it_was_there())
    stored = [again[pk] for pk in slate.tracks if pk in again]
    rows = tuple(replace(row, rank=rank) for rank, row in enumerate(stored, start=1))
    return Listed(ask, rows, slate)


def _again(
    track_ids: Sequence[int], side: Side, *, listener: Listener, at: datetime
) -> dict[int, Recommended]:
    """Return those of the tracks that the side's model knows, as they stand in its list of now."""
    live, past = side.live, Past.of(listener, side.live, at=at)
    plan = plan_of(side.ask, live, past, explicit=listener.wants_explicit, day=day_of(at))
    found = list(fill(plan, live))
    again = {row.track.pk: row for row in _explained(found, plan, live, past)}
    if others := [pk for pk in track_ids if pk not in again]:
        again |= {row.track.pk: row for row in _whatever_speaks_for(others, plan, live, past)}
    return {pk: again[pk] for pk in track_ids if pk in again}


def explain_track(track: Track, *, listener: Listener, at: datetime) -> Recommended | None:
    """Return what speaks for a track, for this listener; None if the model does not know it.

    :raises NoModel: if there is none yet
    """
    live = current()
    past = Past.of(listener, live, at=at)
    plan = plan_of(Ask(rest=0), live, past, explicit=True, day=day_of(at))
    return next(iter(_whatever_speaks_for([track.pk], plan, live, past)), None)


def similar(*, about: About, n: int, steering: Steering | None = None) -> Listed:
    """Return what is like these tracks or this artist, for whoever asks; nothing is remembered.

    :raises NoModel: if there is none yet
    """
    ask = Ask(Surface.SIMILAR, n, about, steering or Steering())
    rows, _ways = _rows(ask, current(), Past.of_nobody(), explicit=False, day=0)
    return Listed(ask, rows)


def popular(*, n: int) -> Listed:
    """Return the `n` most heard tracks that anybody may see.

    :raises NoModel: if there is none yet
    """
    ask = Ask(Surface.POPULAR, n)
    rows, _ways = _rows(ask, current(), Past.of_nobody(), explicit=False, day=0)
    return Listed(ask, rows)


def _of_this_visit(
    ask: Ask, listener: Listener, at: datetime, seed: int | None, after: Slate | None
) -> Ask:
    if after is not None:
        shown = (*after.settings.get("rested", ()), *after.tracks)
        seed = after.pk if seed is None else seed
        return ask.of_visit(seed=seed, rested=shown, is_apart=True)
    last = _last(ask, listener) if ask.surface in ROTATING else None
    if last is None:
        return ask.of_visit(seed=seed or 0)
    before = Ask.of(last.surface, last.settings)
    if at - last.shown_at < VISIT:
        return ask.of_visit(seed=before.seed if seed is None else seed, rested=before.rested)
    return ask.of_visit(seed=last.pk if seed is None else seed, rested=_resting(last))


def _resting(last: Slate) -> tuple[int, ...]:
    """Return the first track of a page and others by lot.

    With the first away even a list that has nothing else to show is another one.
    """
    others = np.random.default_rng(last.pk).permutation(last.tracks[1:])
    return (*last.tracks[:1], *others[: len(last.tracks) // RESTING].tolist())


def _last(ask: Ask, listener: Listener) -> Slate | None:
    """Return the last page that was asked for like this one.

    A further page or a mix is none, nor is one steered otherwise; sliders start from the plain one.
    """
    stored = ask.to_settings()
    if not stored.keys() & {ABOUT, STEERING}:
        rows = _NEWEST.rows(listener=listener.pk, surface=str(ask.surface))
        return _SLATE.object(rows[0]) if rows else None
    plain = ~Q(settings__has_key=STEERING)
    steered = Q(settings__steering=stored.get(STEERING)) | plain if STEERING in stored else plain
    about = Q(settings__about=stored[ABOUT]) if ABOUT in stored else ~Q(settings__has_key=ABOUT)
    slates = Slate.objects.filter(about, steered, listener=listener, surface=ask.surface)
    return slates.exclude(settings__has_key=APART).order_by("-shown_at", "-pk").first()


_SLATES = Adding(Slate)
_SLATE = Whole(Slate)
_NEWEST = Prepared(
    lambda: (
        Slate.objects.filter(listener=Given("listener"), surface=Given("surface"))
        .exclude(settings__has_any_keys=[ABOUT, STEERING, APART])
        .order_by("-shown_at", "-pk")
        .values_list(*_SLATE.names)[:1]
    )
)


def _tried(
    trial: Trial, listener: Listener, at: datetime
) -> tuple[tuple[Recommended, ...], list[str], dict[str, Any]]:
    """Return the list of an experiment, and which side put what where."""
    pairs, sides = trial.interleaved(
        lambda side: list(zip(*_rows_for(listener, side.ask, side.live, at), strict=True)),
        lambda pair: pair[0].track.pk,
        listener=listener.pk,
    )
    rows = tuple(replace(row, rank=rank) for rank, (row, _way) in enumerate(pairs, start=1))
    ways = [way for _row, way in pairs]
    return rows, ways, {"experiment_id": trial.number, "sides": sides}


def _rows_for(
    listener: Listener, ask: Ask, live: Live, at: datetime
) -> tuple[tuple[Recommended, ...], list[str]]:
    past = Past.of(listener, live, at=at)
    return _rows(ask, live, past, explicit=listener.wants_explicit, day=day_of(at))


def _rows(
    ask: Ask, live: Live, past: Past, *, explicit: bool, day: int
) -> tuple[tuple[Recommended, ...], list[str]]:
    plan = plan_of(ask, live, past, explicit=explicit, day=day)
    found = list(fill(plan, live))
    ways = [part.way for part in found for _track in part.tracks]
    return tuple(_explained(found, plan, live, past)), ways


def _explained(found: Sequence[Found], plan: Plan, live: Live, past: Past) -> Iterator[Recommended]:
    tracks = [track for part in found for track in part.tracks]
    columns = [int(column) for part in found for column in part.ranking.items]
    scores = [float(score) for part in found for score in part.ranking.scores]
    reasons = because_of(found, plan, live, past)
    for rank, (track, column, score, because) in enumerate(
        zip(tracks, columns, scores, reasons, strict=True), start=1
    ):
        yield Recommended(rank, track, score, because, past.opinion(column))


def _whatever_speaks_for(
    track_ids: Sequence[int], plan: Plan, live: Live, past: Past
) -> Iterator[Recommended]:
    """Explain these tracks, however little speaks for them and whatever rests."""
    columns = live.model.columns(track_ids)
    columns = columns[columns >= 0]
    mask = np.zeros(live.model.n_items, np.bool_)
    mask[columns] = True
    bare = replace(
        plan,
        ask=replace(plan.ask, n=max(1, columns.size)),
        hidden=columns[:0],
        rested=columns[:0],
        allowed=mask,
        also=columns,
        ways=("personal",),
        rules=replace(plan.rules, per_artist=None, one_version=False, exploration=0.0),
    )
    yield from _explained(list(fill(bare, live)), bare, live, past)

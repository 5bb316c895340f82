"""How good the live version is, for everybody to read: figures, baselines, history, and one's own.

What was measured is told as it was: of which data, by which split, with which interval.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils.translation import gettext as _

from accounts.models import Listener
from listening.models import FeedbackKind
from recommendations import intervals, pipeline
from recommendations.models import ModelVersion, Slate, SlateOutcome

if TYPE_CHECKING:
    from recommendations.pipeline import Band, Evaluation, Figures, Interval

VERSIONS = 12
OF_LATE = timedelta(days=30)
LIKED = (FeedbackKind.LIKE, FeedbackKind.FAVOURITE)
AGAINST = (FeedbackKind.DISLIKE, FeedbackKind.HIDE)
FEW_TRACKS, FEW_LISTENERS = 5, 10  # ends of the bands of the evaluation
WORTH_SAYING = 1.2  # times
STEPS = (0.01, 0.02, 0.05, 0.1, 0.2)
MOST_TICKS = 6


class Bar(NamedTuple):
    """One model of the comparison; `low` and `high` are where its interval ends."""

    label: str
    figure: float
    low: float
    high: float
    lead: str  # of the live version over it, with its interval
    is_ours: bool


class Found(NamedTuple):
    share: str
    low: str
    high: str


class Version(NamedTuple):
    number: int
    since: datetime
    figure: float | None
    is_live: bool
    what: str


class Ratings(NamedTuple):
    """How far expected ratings were off; `errors` has RMSE and MAE, ours and the mean's."""

    given: int
    listeners: int
    is_served: bool
    asked: int = 0
    asked_of: int = 0
    errors: Sequence[tuple[str, float, float]] = ()


class Shown(NamedTuple):
    """What one listener made of the tracks they were shown of late; each track counts once."""

    tracks: int
    liked: int
    played: int
    skipped: int
    against: int


@dataclass(frozen=True)
class Quality:
    version: ModelVersion
    figures: Figures

    @property
    def is_measured(self) -> bool:
        return self.figures.own is not None

    @property
    def fragment(self) -> dict[str, Any] | None:
        return self.figures.fragment()

    @property
    def bars(self) -> list[Bar]:
        """The live version first, then the others from the best down."""
        names = {
            "candidate": _("Segue, version %(number)s") % {"number": self.version.pk},
            "live": _("The settings of the version before"),
            "knn": _("Item-kNN, cosine"),
            "popularity": _("Most popular"),
        }
        bars = [self._bar(name, names[name]) for name in names if name in self.figures.evaluations]
        return sorted(bars, key=lambda bar: (not bar.is_ours, -bar.figure))

    @property
    def pictures(self) -> list[intervals.Picture]:
        """The comparison as it is drawn on a desk and on a phone."""
        bars = [(bar.label, bar.figure, bar.low, bar.high, bar.is_ours) for bar in self.bars]
        marks = ticks(self.bars)
        return [intervals.draw(bars, marks, frame) for frame in (intervals.WIDE, intervals.PHONE)]

    @property
    def found(self) -> Found | None:
        """How much of what was wanted next stands in the first twenty, in percent."""
        own = self.figures.own
        return Found(*(_percent(end) for end in _ends(own.accuracy["recall"]))) if own else None

    @property
    def coverage(self) -> str:
        return _coverage(self.figures.own)

    @property
    def popular_coverage(self) -> str:
        return _coverage(self.figures.evaluations.get("popularity"))

    @property
    def weak_spots(self) -> list[str]:
        """Say for which listeners and which tracks it is worst, where that can be told."""
        own = self.figures.own
        newcomers = _times_worse(own.activity, FEW_TRACKS) if own else None
        rare = _times_worse(own.popularity, FEW_LISTENERS) if own else None
        spots = []
        if newcomers:
            words = _("For listeners with under %(few)s tracks it is %(times)s times worse.")
            spots.append(words % {"few": FEW_TRACKS, "times": newcomers})
        if rare:
            words = _(
                "Tracks heard by under %(few)s listeners are found %(times)s times less well."
            )
            spots.append(words % {"few": FEW_LISTENERS, "times": rare})
        return spots

    @property
    def times_popular(self) -> float | None:
        """How many times as good as the most popular tracks it is; None if that cannot be told."""
        ours = self.figures.quality
        others = self.figures.evaluations.get("popularity")
        theirs = others.accuracy["ndcg"].mean if others else 0.0
        return ours.mean / theirs if ours and theirs > 0 else None

    @property
    def ratings(self) -> Ratings | None:
        """None for a version of before ratings were learnt from."""
        found = self.version.metrics.get("ratings")
        if not found:
            return None
        counts = found["given"], found["listeners"], found["is_served"]
        if "models" not in found:
            return Ratings(*counts)
        names = {"candidate": _("Segue"), "mean": _("The mean of all ratings")}
        errors = [(names[name], off["rmse"], off["mae"]) for name, off in found["models"].items()]
        return Ratings(*counts, found["asked"], found["lead"]["n_users"], errors)

    def _bar(self, name: str, label: str) -> Bar:
        found = self.figures.evaluations[name].accuracy["ndcg"]
        lead = _lead(self.figures.leads.get(name))
        return Bar(label, *_ends(found), lead, name == "candidate")


def quality() -> Quality | None:
    """Return what is known of the live version; None while there is none."""
    version = ModelVersion.objects.live().first()
    return Quality(version, pipeline.figures_of(version)) if version else None


def versions() -> list[Version]:
    """Return the newest versions that were made, and what became of each."""
    rows = ModelVersion.objects.good().newest_first()[:VERSIONS]
    return list(_told(rows))


def shown_of_late(listener: Listener, *, at: datetime) -> Shown:
    """Count what the listener liked of what they were shown in the last 30 days."""
    slates = Slate.objects.filter(listener=listener, shown_at__gt=at - OF_LATE, shown_at__lte=at)
    shown = {track for tracks in slates.values_list("tracks", flat=True) for track in tracks}
    outcomes = SlateOutcome.objects.filter(slate__in=slates).order_by()
    made = set(outcomes.values_list("kind", "track").distinct())

    def count(*kinds: str) -> int:
        return len({track for kind, track in made if kind in kinds})

    return Shown(len(shown), count(*LIKED), count("play"), count("skip"), count(*AGAINST))


def ticks(bars: Sequence[Bar]) -> list[float]:
    """Return the marks of an axis that holds all bars, from 0."""
    top = max((bar.high for bar in bars), default=0.0)
    step = next((step for step in STEPS if top / step <= MOST_TICKS), STEPS[-1])
    return [round(step * number, 2) for number in range(max(1, math.ceil(top / step)) + 1)]


def _told(rows: Sequence[ModelVersion] | Any) -> Iterator[Version]:
    for row in rows:
        found = pipeline.figures_of(row).quality
        yield Version(
            row.pk,
            row.promoted_at or row.started_at,
            found.mean if found else None,
            row.state == ModelVersion.State.LIVE,
            f"{row.get_state_display()}. {row.message}".strip(),
        )


def _ends(found: Interval) -> tuple[float, float, float]:
    """Return the mean and the ends of its interval; the mean again where there is none."""
    if math.isnan(found.low):
        return found.mean, found.mean, found.mean
    return found.mean, found.low, found.high


def _times_worse(bands: Sequence[Band], few: int) -> str:
    """Compare the bands that end below `few` with the best one; "" if that cannot be told."""
    asked = [band for band in bands if band.figures["ndcg"].n_users]
    low = [band.figures["ndcg"] for band in asked if band.high and band.high <= few]
    count = sum(found.n_users for found in low)
    best = max((band.figures["ndcg"].mean for band in asked), default=0.0)
    mean = sum(found.mean * found.n_users for found in low) / count if count else 0.0
    return f"{best / mean:.1f}" if mean > 0 and best / mean >= WORTH_SAYING else ""


def _percent(share: float) -> str:
    return f"{100 * share:.1f}" if share < 0.095 else f"{100 * share:.0f}"


def _coverage(found: Evaluation | None) -> str:
    return _percent(found.beyond["coverage"]) if found else "–"


def _lead(found: Interval | None) -> str:
    if found is None or math.isnan(found.low):
        return "–"
    return f"{found.mean:+.3f} ({found.low:+.3f} to {found.high:+.3f})"

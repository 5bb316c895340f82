"""A reason in words: the terms of the score, each with what the listener did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Listener
from catalog.models import Track
from listening.models import Feedback, FeedbackKind, Play
from recommendations.engine.ranking.live import Ranking
from recommendations.engine.reasons import Part, Reason
from recommendations.serving.history import SHOWN_TRACK
from recommendations.serving.live import Live

SOURCES = ("history", "sound", "tags")
OF_ALL = 100.0
WORTH_SAYING = 1  # percent: a smaller term joins the rest


class Term(NamedTuple):
    """One line of a reason: its share of all that speaks for the track, in percent.

    `words` name the track as {track}, so that a page can set the name apart.
    """

    share: int
    words: str
    track: Track | None = None

    def __str__(self) -> str:
        return self.words.replace("{track}", self.track.title if self.track else "")


class Shares(NamedTuple):
    """How much each source says, in percent."""

    history: int = 0
    sound: int = 0
    tags: int = 0


@dataclass(frozen=True)
class Because:
    """`terms` add up to 100, the first says most; `against` is in the same measure."""

    terms: Sequence[Term] = ()
    against: Sequence[Term] = ()
    shares: Shares | None = None

    @classmethod
    def many_play_it(cls, heard: int, listeners: int) -> Because:
        words = ngettext(
            "%(heard)s of %(all)s listeners here plays it",
            "%(heard)s of %(all)s listeners here play it",
            heard,
        )
        return cls([Term(100, words % {"heard": f"{heard:,}", "all": f"{listeners:,}"})])


def in_words(
    live: Live, listener: Listener, ranking: Ranking, reasons: Sequence[Reason]
) -> list[Because]:
    """Return the reason of each place of the ranking; three queries, however long it is."""
    columns = {
        part.item for reason in reasons for part in (*reason.speaks_for, *reason.speaks_against)
    }
    ids = {column: int(live.model.item_ids[column]) for column in columns}
    deeds = Deeds.of(listener, ids)
    return [
        _because(live, int(column), reason, deeds)
        for column, reason in zip(ranking.items, reasons, strict=True)
    ]


@dataclass(frozen=True)
class Deeds:
    """What the listener did with the tracks that a reason may name."""

    ids: Mapping[int, int]  # column -> track
    tracks: Mapping[int, Track]
    plays: Mapping[int, int]
    opinions: Mapping[int, str]

    @classmethod
    def of(cls, listener: Listener, ids: Mapping[int, int]) -> Deeds:
        wanted = list(ids.values())
        theirs = Q(track__in=wanted) | Q(track__canonical__in=wanted)
        heard = Play.objects.heard().filter(theirs, listener=listener).values(shown=SHOWN_TRACK)
        given = Feedback.objects.filter(theirs, listener=listener)
        return cls(
            ids,
            Track.objects.for_rows().in_bulk(wanted),
            dict(heard.annotate(times=Count("pk")).values_list("shown", "times")),
            dict(given.values_list(SHOWN_TRACK, "kind")),
        )

    def said(self, column: int) -> tuple[str, Track | None]:
        """Return what was done with the track, in words, and the track."""
        track_id = self.ids[column]
        words = _opinion(self.opinions.get(track_id)) or _plays(self.plays.get(track_id, 0))
        return words, self.tracks.get(track_id)


def _opinion(kind: str | None) -> str:
    return {
        FeedbackKind.LIKE.value: _("you liked {track}"),
        FeedbackKind.FAVOURITE.value: _("{track} is a favourite of yours"),
        FeedbackKind.RATING.value: _("you rated {track}"),
        FeedbackKind.DISLIKE.value: _("you disliked {track}"),
        FeedbackKind.HIDE.value: _("you hid {track}"),
    }.get(kind or "", "")


def _plays(plays: int) -> str:
    if not plays:
        return _("you skipped {track}")
    words = ngettext("you played {track} once", "you played {track} %(plays)s times", plays)
    return words % {"plays": f"{plays:,}"}


def _because(live: Live, column: int, reason: Reason, deeds: Deeds) -> Because:
    heard = int(live.model.popularity[column])
    if not reason.speaks_for:
        return Because.many_play_it(heard, live.listeners)
    total = reason.total_for
    lines = [_term(part, total, deeds) for part in reason.speaks_for]
    lines += _rest(reason, total)
    return Because(
        terms=_adding_up(lines),
        against=[_term(part, total, deeds) for part in reason.speaks_against],
        shares=_shares(reason),
    )


def _term(part: Part, total: float, deeds: Deeds) -> Term:
    words, track = deeds.said(part.item)
    return Term(round(OF_ALL * abs(part.value) / total), words, track)


def _rest(reason: Reason, total: float) -> list[Term]:
    others, fame = reason.others[0], max(0.0, reason.added.get("popularity", 0.0))
    lines = [
        Term(round(OF_ALL * others / total), _("other tracks you have heard")),
        Term(round(OF_ALL * fame / total), _("many listeners here play it")),
    ]
    return [line for line in lines if line.share >= WORTH_SAYING]


def _adding_up(lines: Sequence[Term]) -> list[Term]:
    """Let the rounded shares add up to 100: the largest takes what rounding lost or gained."""
    off = 100 - sum(line.share for line in lines)
    largest = max(range(len(lines)), key=lambda place: lines[place].share)
    return [
        line._replace(share=line.share + off) if place == largest else line
        for place, line in enumerate(lines)
    ]


def _shares(reason: Reason) -> Shares:
    """Split what speaks for the track among its sources."""
    by_source = {name: max(0.0, reason.by_source.get(name, 0.0)) for name in SOURCES}
    total = sum(by_source.values()) or 1.0
    history, sound = (round(OF_ALL * by_source[name] / total) for name in SOURCES[:2])
    return Shares(history, sound, 100 - history - sound)

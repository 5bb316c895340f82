"""A reason in words: the terms of the score, each with what the listener did."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from catalog.models import Album, Artist, Genre
from listening.models import FeedbackKind
from recommendations.engine.ranking.rules import EXPLORATION
from recommendations.engine.reasons import Part, Reason, explain
from recommendations.serving.filling import Found
from recommendations.serving.live import Live
from recommendations.serving.past import Deed, Past
from recommendations.serving.plans import CLUSTER, CONTENT, PERSONAL, POPULAR, SIMILAR, Plan
from recommendations.serving.stock import Named, stock_of

SOURCES = ("history", "sound", "tags")
OF_ALL = 100.0
WORTH_SAYING = 1  # percent: a smaller term joins the rest

ORDER = {"plays": -1, "rest": 1}  # what a list is for comes first, what has no name last

WAYS: dict[str, str | Promise] = {
    PERSONAL: gettext_lazy("from what you play and like"),
    SIMILAR: gettext_lazy("a step further than what you play"),
    CONTENT: gettext_lazy("close in sound and tags; nobody’s listening has led here"),
    CLUSTER: gettext_lazy("much played in the genres you hear"),
    POPULAR: gettext_lazy("much played here, since there was nothing closer"),
}
WAYS_FROM_A_START: dict[str, str | Promise] = {  # where the list starts from something else
    SIMILAR: gettext_lazy("a step further from where this list starts"),
    CLUSTER: gettext_lazy("much played in the same genres"),
}
# What is added to a score beside the history: in words when it speaks for, and against, the track
ADDED: dict[str, tuple[str | Promise, str | Promise]] = {
    "adventure": (gettext_lazy("as far from the known as you asked"),) * 2,
    "popularity": (gettext_lazy("as well or little known as you asked"),) * 2,
    "energy": (gettext_lazy("as calm or energetic as you asked"),) * 2,
    "year": (gettext_lazy("as old or new as you asked"),) * 2,
    "mood": (gettext_lazy("in the mood you asked for"), gettext_lazy("not in the mood")),
    "demoted": (gettext_lazy("shown less here"),) * 2,
    "content": (gettext_lazy("its sound and tags are close to what you play"),) * 2,
    "cluster": (gettext_lazy("many play it in the genres you hear"),) * 2,
    "fame": (gettext_lazy("many listeners here play it"),) * 2,
}
ADDED_FROM_A_START: dict[str, tuple[str | Promise, str | Promise]] = {
    "content": (gettext_lazy("its sound and tags are close to where this list starts"),) * 2,
    "cluster": (gettext_lazy("many play it in the same genres"),) * 2,
}


class Term(NamedTuple):
    """One line of a reason: its share of all that speaks for the track, in percent.

    `words` name the track as {track}, so that a page can set the name apart. `kind` is what the
    line goes back to: an opinion's kind, play, skip, chosen, near, the name of a slider, rest.
    """

    share: int
    words: str
    track: Named | None = None
    kind: str = ""

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
    way: str = PERSONAL
    by_lot: bool = False
    is_own: bool = True  # it goes by the listener's taste, not by what the list starts from

    @property
    def in_short(self) -> str:
        """What speaks most for the track, in words."""
        return str(self.terms[0]) if self.terms else ""

    @property
    def way_in_words(self) -> str:
        """How the track was found, where that was not by the history or the start itself."""
        if self.way == PERSONAL:
            return ""
        return str(WAYS[self.way] if self.is_own else (WAYS | WAYS_FROM_A_START)[self.way])

    @classmethod
    def many_play_it(
        cls,
        heard: int,
        listeners: int,
        *,
        way: str = POPULAR,
        against: Sequence[Term] = (),
        is_own: bool = True,
    ) -> Because:
        words = ngettext(
            "%(heard)s of %(all)s listeners here plays it",
            "%(heard)s of %(all)s listeners here play it",
            heard,
        )
        said = words % {"heard": f"{heard:,}", "all": f"{listeners:,}"}
        said = said if heard else _("nobody here has played it yet")
        return cls([Term(100, said, kind="fame")], against, way=way, is_own=is_own)

    @classmethod
    def it_was_there(cls) -> Because:
        """Of a list that is shown again, what the model of today knows nothing of."""
        return cls([Term(100, _("it stood here when you saw this list"), kind="again")])


def because_of(found: Sequence[Found], plan: Plan, live: Live, past: Past) -> list[Because]:
    """Return the reason of each track of the list, in its order.

    At most one query for the tracks they name, and one more for each kind of thing chosen.
    """
    reasons = [(part, explain(live.model, part.ranking).all()) for part in found]
    named = {
        each.item
        for _part, group in reasons
        for reason in group
        for each in (*reason.speaks_for, *reason.speaks_against)
    }
    deeds = Deeds.of(named, plan, live, past)
    return [
        _because(part, place, reason, deeds)
        for part, group in reasons
        for place, reason in enumerate(group)
    ]


@dataclass(frozen=True)
class Deeds:
    """What the listener did with the tracks that a reason may name."""

    plan: Plan
    live: Live
    past: Past
    tracks: Mapping[int, Named] = field(default_factory=dict)
    done: Mapping[int, Deed] = field(default_factory=dict)
    choices: Mapping[str, str] = field(default_factory=dict)
    language: str | None = field(default_factory=get_language)
    said: dict[tuple[int, str], tuple[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, columns: set[int], plan: Plan, live: Live, past: Past) -> Deeds:
        tracks = stock_of(live).titles(columns)
        chosen = {plan.chosen[column] for column in columns if column in plan.chosen}
        return cls(plan, live, past, tracks, past.deeds(columns), _names(chosen))

    def term(self, part: Part, total: float, way: str) -> Term:
        """Return what was done with the track, in words."""
        key = part.item, way
        if key not in self.said:
            self.said[key] = self._said(*key)
        kind, words = self.said[key]
        share = round(OF_ALL * abs(part.value) / total)
        return Term(share, words, self.tracks.get(part.item), kind)

    def _said(self, column: int, way: str) -> tuple[str, str]:
        if way == SIMILAR:
            if self.plan.is_own:
                return "near", _("close to {track}, and that to what you play")
            return "near", _("close to {track}, and that to where this list starts")
        plays, opinion = self.done.get(column, Deed())
        if opinion:
            return opinion, _opinion(opinion, plays)
        if not self.plan.is_own:
            return "like", _("like {track}")
        if plays:
            return "play", _plays(self.language, plays)
        if column in self.plan.chosen:
            chosen = self.choices.get(self.plan.chosen[column], "")
            return "chosen", _("{track} stands for %(choice)s, which you chose") % {
                "choice": chosen.replace("{", "(").replace("}", ")")
            }
        return "skip", _("you skipped {track}")


CHOICES: tuple[tuple[str, type[Model], str], ...] = (
    ("genre", Genre, "name"),
    ("artist", Artist, "name"),
    ("album", Album, "title"),
)


def _names(chosen: set[str]) -> dict[str, str]:
    """Return the names of chosen genres, artists and albums."""
    ids: dict[str, list[int]] = {thing: [] for thing, _model, _name in CHOICES}
    for choice in chosen:
        thing, _colon, pk = choice.partition(":")
        ids[thing].append(int(pk))
    names: dict[str, str] = {}
    for thing, model, name in CHOICES:
        if ids[thing]:
            rows = model._default_manager.filter(pk__in=ids[thing]).values_list("pk", name)
            names |= {f"{thing}:{pk}": called for pk, called in rows}
    return names


def _opinion(kind: str, plays: int) -> str:
    if kind == FeedbackKind.LIKE and plays > 1:
        return _("you liked {track}, and played it %(plays)s times") % {"plays": f"{plays:,}"}
    return {
        FeedbackKind.LIKE.value: _("you liked {track}"),
        FeedbackKind.FAVOURITE.value: _("{track} is a favourite of yours"),
        FeedbackKind.RATING.value: _("you rated {track}"),
        FeedbackKind.DISLIKE.value: _("you disliked {track}"),
        FeedbackKind.HIDE.value: _("you hid {track}"),
        FeedbackKind.SKIP.value: _("you skipped {track}"),
    }[kind]


@lru_cache(maxsize=1024)
def _plays(language: str | None, plays: int) -> str:
    """Said of most tracks in most reasons."""
    words = ngettext("you played {track} once", "you played {track} %(plays)s times", plays)
    return words % {"plays": f"{plays:,}"}


def _because(found: Found, place: int, reason: Reason, deeds: Deeds) -> Because:
    live, way, column = deeds.live, found.way, int(found.ranking.items[place])
    is_own = deeds.plan.is_own
    total, heard = reason.total_for, int(live.model.popularity[column])
    if not total:  # nothing speaks for it, not even that somebody plays it
        return Because.many_play_it(heard, live.listeners, way=way, is_own=is_own)
    lines = [deeds.term(part, total, way) for part in reason.speaks_for]
    lines += _rest(reason, total, 1.0, deeds, column)
    against = [deeds.term(part, total, way) for part in reason.speaks_against]
    against += _rest(reason, total, -1.0, deeds, column)
    against = [line for line in against if line.share >= WORTH_SAYING]
    if {line.kind for line in lines} <= {"fame"}:
        return Because.many_play_it(heard, live.listeners, way=way, against=against, is_own=is_own)
    return Because(
        terms=_adding_up(sorted(lines, key=lambda line: ORDER.get(line.kind, 0))),
        against=against,
        shares=_shares(reason),
        way=way,
        by_lot=bool(found.ranking.flags[place] & EXPLORATION),
        is_own=is_own,
    )


def _rest(reason: Reason, total: float, sign: float, deeds: Deeds, column: int) -> Iterator[Term]:
    """Yield what is added to the history on one side, and what its unnamed tracks say."""
    for name, value in reason.added.items():
        share = round(OF_ALL * sign * value / total)
        if share >= WORTH_SAYING:
            yield Term(share, _added(name, sign, deeds, column), kind=name)
    share = round(OF_ALL * abs(reason.others[0 if sign > 0 else 1]) / total)
    if share >= WORTH_SAYING:
        words = _("other tracks you have heard") if deeds.plan.is_own else _("the others")
        yield Term(share, words, kind="rest")


def _added(name: str, sign: float, deeds: Deeds, column: int) -> str:
    if name == "plays":
        row = deeds.past.row(column)
        plays = 0 if row is None else int(row["plays"])
        words = ngettext("you played it once", "you played it %(plays)s times", plays)
        return words % {"plays": f"{plays:,}"}
    added = ADDED if deeds.plan.is_own else ADDED | ADDED_FROM_A_START
    return str(added[name][0 if sign > 0 else 1])


def _adding_up(lines: Sequence[Term]) -> list[Term]:
    """Let the rounded shares add up to 100: the largest takes what rounding lost or gained."""
    off = 100 - sum(line.share for line in lines)
    largest = max(range(len(lines)), key=lambda place: lines[place].share)
    return [
        line._replace(share=line.share + off) if place == largest else line
        for place, line in enumerate(lines)
    ]


def _shares(reason: Reason) -> Shares | None:
    """Split what speaks for the track among its sources; None where none of them speaks."""
    by_source = {name: max(0.0, reason.by_source.get(name, 0.0)) for name in SOURCES}
    total = sum(by_source.values())
    if not total:
        return None
    history, sound = (round(OF_ALL * by_source[name] / total) for name in SOURCES[:2])
    return Shares(history, sound, 100 - history - sound)

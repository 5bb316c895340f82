"""From what somebody typed to what they meant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from catalog.models import Album, Artist, Findable, Genre, SearchEntry, Tag, Track
from catalog.search.dialects import Term, near_words, text_has
from catalog.search.ranking import (
    COMPARED,
    COMPARED_BY_NAME,
    ORDER,
    Hit,
    best,
    closeness,
    spellings,
)
from catalog.search.words import fold, is_unspaced, tolerance, words_of

ENOUGH = 5  # hits; with fewer, other spellings are tried
MANY = 3  # words: of more, some are left out at once
GUESSED = 20  # of each kind, ordered by how near they are
AT_MOST = 1000  # of one kind that can be leafed through


@dataclass(frozen=True)
class Filters:
    """What tracks must be like. Nothing else has a year or a tempo: then only tracks are found."""

    genre: Genre | None = None
    year_from: int | None = None
    year_to: int | None = None
    tempo_from: float | None = None
    tempo_to: float | None = None
    mood: str = ""
    explicit: str = ""

    def __bool__(self) -> bool:
        return self != Filters()

    @property
    def condition(self) -> Q:
        limits = {
            "track__year__gte": self.year_from,
            "track__year__lte": self.year_to,
            "track__features__tempo__gte": self.tempo_from,
            "track__features__tempo__lte": self.tempo_to,
            "track__genre__in": Genre.objects.branch(self.genre) if self.genre else None,
            "moods__contains": f" {self.mood} " if self.mood else None,
        }
        condition = Q(**{name: value for name, value in limits.items() if value is not None})
        if self.explicit == "yes":
            condition &= Q(track__is_explicit=True)
        if self.explicit == "no":
            condition &= Q(track__is_explicit=False) | Q(track__is_explicit=None)
        return condition


@dataclass(frozen=True)
class Wanted:
    query: str
    filters: Filters = field(default_factory=Filters)
    kind: str = ""
    n: int = 5  # of each kind

    @property
    def leafs(self) -> bool:
        """Whether one kind is leafed through, and not the best of each shown."""
        return bool(self.kind or self.filters)

    def entries(self) -> QuerySet[SearchEntry]:
        entries = SearchEntry.objects.all()
        if self.filters:
            return entries.filter(self.filters.condition, kind=Findable.TRACK)
        return entries.filter(kind=self.kind) if self.kind else entries


@dataclass
class Group:
    """What was found of one kind, best first; `here` counts more than the keys named."""

    kind: str
    keys: list[int]
    here: int
    things: list[Any] = field(default_factory=list)


@dataclass(frozen=True)
class Found:
    groups: list[Group]
    is_guess: bool = False  # nothing is called what was typed

    def __len__(self) -> int:
        return sum(len(group.keys) for group in self.groups)


def find(wanted: Wanted) -> Found:
    """Return what fits, without loading it: `load` does that."""
    words = words_of(wanted.query)
    if not words:
        return _browse(wanted)
    hits = _called(wanted, words)
    if len(hits) >= ENOUGH:
        return Found(_groups(hits))
    known = {hit.entry for hit in hits}
    near = [hit for hit in _guess(wanted, words) if hit.entry not in known]
    return Found(_groups([*hits, *near], wanted.n), is_guess=bool(near) and not hits)


def load(found: Found) -> Found:
    """Load what was found, a query for each kind; what has been hidden since is left out."""
    for group in found.groups:
        things = LOADERS[group.kind]().in_bulk(group.keys)
        group.things = [things[pk] for pk in group.keys if pk in things]
    return found


LOADERS: dict[str, Any] = {
    Findable.ARTIST: lambda: Artist.objects.shown(),
    Findable.TRACK: lambda: Track.objects.findable().for_rows(),
    Findable.ALBUM: lambda: Album.objects.select_related("artist"),
    Findable.GENRE: lambda: Genre.objects.select_related("parent"),
    Findable.TAG: lambda: Tag.objects.all(),
}


def _browse(wanted: Wanted) -> Found:
    """Without a word, the filters alone say what is wanted."""
    if not wanted.filters or wanted.query.strip():
        return Found([])
    some = wanted.entries().order_by("-weight", "pk")[:AT_MOST]
    keys = [pk for pk in some.values_list("track_id", flat=True) if pk]
    return Found([Group(Findable.TRACK, keys[: wanted.n], len(keys))] if keys else [])


def _called(wanted: Wanted, words: Sequence[str]) -> list[Hit]:
    """What has all these words, or words that begin so."""
    entries, name = wanted.entries(), fold(wanted.query)
    by_text = entries.filter(text_has([[[term] for term in _terms(words)]]))[:COMPARED]
    by_name = entries.filter(name__startswith=name)[:COMPARED_BY_NAME]
    return best([by_name, by_text], name, wanted.n)


def _terms(words: Sequence[str]) -> list[Term]:
    """Take the words for beginnings of words, but not the short ones before the last.

    Thousands of words begin with "a", and whoever types "follow b" is not done with the b.
    """
    if len(words) > 1 and len(words[-1]) == 1 and not is_unspaced(words[-1]):
        words = words[:-1]
    return [Term(word, _says_much(word) or word == words[-1]) for word in words]


def _says_much(word: str) -> bool:
    return tolerance(word) > 0 or is_unspaced(word)


def _guess(wanted: Wanted, words: Sequence[str]) -> list[Hit]:
    """What has words spelt nearly so; where nothing has all of them, some will do."""
    near = near_words([word for word in words if tolerance(word)])
    guesses = {word: spellings(word, near.get(word, [])) for word in words}
    groups = {term.word: [term, *map(Term, list(guesses[term.word])[1:])] for term in _terms(words)}
    hits = _spelt(wanted, [list(groups.values())])
    if not hits and (fewer := _fewer(words)):
        hits = _spelt(wanted, [[groups[word] for word in some] for some in fewer])
    return sorted(hits, key=lambda hit: closeness(hit, guesses))


def _fewer(words: Sequence[str]) -> list[list[str]]:
    """Leave out each word in turn, of many all but the longest; never all that says something."""
    telling = [word for word in words if _says_much(word)]
    if len(telling) > MANY:
        return [sorted(telling, key=len)[-MANY:]]
    if len(telling) < 2:
        return [telling] if telling and len(words) > 1 else []
    return [[word for word in telling if word != left_out] for left_out in telling]


def _spelt(wanted: Wanted, choices: Sequence[Sequence[Sequence[Term]]]) -> list[Hit]:
    found = wanted.entries().filter(text_has(choices))[:COMPARED]
    return best([found], fold(wanted.query), max(GUESSED, wanted.n))


def _groups(hits: Iterable[Hit], n: int = AT_MOST) -> list[Group]:
    """Put the kinds in order: that of the best hit first, else artists before tracks and so on."""
    groups: dict[str, Group] = {}
    tiers: dict[str, int] = {}
    for hit in hits:
        kind = hit.entry.kind
        group = groups.setdefault(kind, Group(kind, [], hit.here))
        tiers.setdefault(kind, hit.tier)
        if len(group.keys) < n:
            group.keys.append(hit.entry.thing_id)
    return sorted(
        groups.values(), key=lambda group: (tiers[group.kind] > 0, ORDER.index(group.kind))
    )

"""How a track sounds beside its genre, for its page."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.core.cache import cache
from django.db.models import Avg, Count
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.features import FEATURES, SHARES, moods
from catalog.figures import words
from catalog.models import FeatureSet, Genre, Track
from catalog.provenance import Value, values_of
from catalog.radar import Radar, radar, tells_apart
from catalog.reading_prints import Part, parts

AVERAGED = ("tempo", "loudness", *SHARES)
GENRE_KNOWN_FOR = 3600  # seconds: so long the average of a genre may be behind
FEW = 5  # tracks: of fewer there is no average to speak of
MOODS: dict[str, str | Promise] = {
    "happy": gettext_lazy("happy"),
    "energetic": gettext_lazy("energetic"),
    "calm": gettext_lazy("calm"),
    "sad": gettext_lazy("sad"),
    "angry": gettext_lazy("angry"),
    "danceable": gettext_lazy("for dancing"),
    "focus": gettext_lazy("for focus"),
}


class GenreSound(NamedTuple):
    tracks: int
    features: dict[str, float]


class Portrait(NamedTuple):
    values: list[Value]
    moods: list[str | Promise]
    parts: list[Part]
    radar: Radar | None
    sentence: str
    genre_tracks: int


def portrait(track: Track) -> Portrait:
    sound = features_of(track.features)
    genre = genre_sound(track.genre) if track.genre else None
    return Portrait(
        values=list(values_of(track, genre.features if genre else {})),
        moods=[MOODS[mood] for mood in moods(sound)],
        parts=parts(sound),
        radar=radar(sound, genre.features if genre else None),
        sentence=_sentence(sound, genre),
        genre_tracks=genre.tracks if genre else 0,
    )


def features_of(features: FeatureSet | None) -> dict[str, Any]:
    return {name: getattr(features, name, None) for name in FEATURES}


def genre_sound(genre: Genre) -> GenreSound | None:
    """Return how a genre and its branches sound on average; None where few were measured."""
    sound = cache.get_or_set(f"genre-sound-{genre.pk}", lambda: _average(genre), GENRE_KNOWN_FOR)
    return GenreSound(*sound) if sound else None


def _average(genre: Genre) -> GenreSound | None:
    tracks = Track.objects.findable().filter(genre__in=Genre.objects.branch(genre))
    averages = {name: Avg(f"features__{name}") for name in AVERAGED}
    found = tracks.aggregate(tracks=Count("features"), **averages)
    count = found.pop("tracks")
    known = {name: value for name, value in found.items() if value is not None}
    return GenreSound(count, known) if count >= FEW else None


def _sentence(sound: dict[str, Any], genre: GenreSound | None) -> str:
    if not genre:
        return ""
    telling = tells_apart(sound, genre.features)[:2]
    if not telling:
        return _("Much like the average of its genre.")
    parts = [words.WORDS[name].more if more else words.WORDS[name].less for name, more in telling]
    said = " and ".join(map(str, parts))
    return _("%(said)s than the average of its genre.") % {"said": said[0].upper() + said[1:]}

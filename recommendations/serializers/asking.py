"""What may be asked of a list, in the words of an address: the API and the pages read it alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.models import Listener
from catalog.models import Artist, Genre, Track
from catalog.portrait import MOODS
from listening.models import Feedback, FeedbackKind
from recommendations.activities import NAMES
from recommendations.models import Slate
from recommendations.serving import About, Steering, Surface
from recommendations.serving.asking import MOST, MOST_ABOUT

MOST_REST = 3650  # days
MOST_SEED = 2**31 - 1
SLIDER: dict[str, Any] = {"min_value": -1, "max_value": 1, "default": 0.0}
SHARE: dict[str, Any] = {"min_value": 0, "max_value": 2, "default": 1.0}


def _tracks() -> serializers.ListField:
    return serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1),
        max_length=MOST_ABOUT,
        required=False,
        help_text="What the list is to be like; several are added up.",
    )


class SteeringQuery(serializers.Serializer[Any]):
    """The sliders: each is a term of the score. In the middle they change nothing."""

    adventure = serializers.FloatField(help_text="-1 familiar, 1 adventurous.", **SLIDER)
    rarity = serializers.FloatField(help_text="-1 popular, 1 rare.", **SLIDER)
    energy = serializers.FloatField(help_text="-1 calm, 1 energetic.", **SLIDER)
    newness = serializers.FloatField(help_text="-1 old, 1 new.", **SLIDER)
    history = serializers.FloatField(
        help_text="How much listening counts: 0 nothing, 1 as learnt, 2 double.", **SHARE
    )
    sound = serializers.FloatField(help_text="How much the sound counts, likewise.", **SHARE)
    tags = serializers.FloatField(help_text="How much genres and tags count, likewise.", **SHARE)
    mood = serializers.ChoiceField(list(MOODS.items()), default="", allow_blank=True)
    per_artist = serializers.IntegerField(
        min_value=1, max_value=MOST, default=3, help_text="At most so many tracks by one artist."
    )

    @property
    def steering(self) -> Steering:
        chosen = self.validated_data
        return Steering(**{each.name: chosen[each.name] for each in fields(Steering)})


class ListQuery(SteeringQuery):
    surface = serializers.ChoiceField(Surface.choices, default=Surface.FOR_YOU)
    n = serializers.IntegerField(min_value=1, max_value=MOST, default=10)
    track = _tracks()
    artist = serializers.PrimaryKeyRelatedField(queryset=Artist.objects.shown(), required=False)
    genre = serializers.SlugRelatedField(
        slug_field="slug", queryset=Genre.objects.all(), required=False
    )
    activity = serializers.ChoiceField(list(NAMES.items()), required=False)
    rest = serializers.IntegerField(
        min_value=0,
        max_value=MOST_REST,
        required=False,
        help_text="A track heard in so many days stays away. 0: none does.",
    )
    seed = serializers.IntegerField(
        min_value=0,
        max_value=MOST_SEED,
        required=False,
        help_text="Draws the lots anew; the same seed draws the same.",
    )
    after = serializers.IntegerField(
        min_value=1, required=False, help_text="A slate: none of its tracks comes again."
    )

    def validate_track(self, pks: list[int]) -> list[int]:
        known = set(Track.objects.findable().filter(pk__in=pks).values_list("pk", flat=True))
        if missing := sorted(set(pks) - known):
            words = _("There is no track %(number)s.") % {"number": missing[0]}
            raise serializers.ValidationError(words)
        return pks

    def validate_after(self, pk: int) -> Slate:
        slate = Slate.objects.filter(pk=pk, listener=self.context.get("listener")).first()
        if slate is None:
            raise serializers.ValidationError(_("You have no list of this number."))
        return slate

    def validate(self, asked: dict[str, Any]) -> dict[str, Any]:
        """A surface that is about something must be told what."""
        listener: Listener | None = self.context.get("listener")
        if asked["surface"] == Surface.BECAUSE and not asked.get("track"):
            asked["track"] = _last_liked(listener)
        for field in NEEDED.get(asked["surface"], ()):
            if asked.get(field):
                return asked
        if asked["surface"] in NEEDED:
            field = NEEDED[asked["surface"]][0]
            raise serializers.ValidationError({field: NEEDED_WORDS[asked["surface"]]})
        return asked

    @property
    def options(self) -> dict[str, Any]:
        """What `serving.recommend` takes."""
        asked = self.validated_data
        return {
            "surface": asked["surface"],
            "n": asked["n"],
            "about": self.about,
            "steering": self.steering,
            "rest": asked.get("rest"),
            "seed": asked.get("seed"),
            "after": asked.get("after"),
        }

    @property
    def steering(self) -> Steering:
        """In a list of a mood the mood is what it is about, and is wished for by no slider."""
        found = super().steering
        return replace(found, mood="") if self.validated_data["surface"] == Surface.MOOD else found

    @property
    def about(self) -> About:
        asked, surface = self.validated_data, self.validated_data["surface"]
        named = {name: asked.get(name) for name in NEEDED.get(surface, ())}
        return About(
            tracks=tuple(named.get("track") or ()),
            artist=named["artist"].pk if named.get("artist") else None,
            genre=named["genre"].pk if named.get("genre") else None,
            mood=named.get("mood") or "",
            activity=named.get("activity") or "",
        )


def options_of(asked: Mapping[str, Any], *, listener: Listener) -> dict[str, Any]:
    """Return what `serving.recommend` takes; of the plain list there is nothing to read.

    :raises ValidationError: if what is asked cannot be
    """
    if not asked:
        return {}
    query = ListQuery(data=asked, context={"listener": listener})
    query.is_valid(raise_exception=True)
    return query.options


NEEDED: dict[str, tuple[str, ...]] = {
    Surface.SIMILAR: ("track", "artist"),
    Surface.BECAUSE: ("track",),
    Surface.GENRE: ("genre",),
    Surface.MOOD: ("mood",),
    Surface.ACTIVITY: ("activity",),
}
NEEDED_WORDS = {
    Surface.SIMILAR: _("Say what the list is to be like: a track, several, or an artist."),
    Surface.BECAUSE: _("You have liked no track yet. Name one."),
    Surface.GENRE: _("Say which genre."),
    Surface.MOOD: _("Say which mood."),
    Surface.ACTIVITY: _("Say which activity."),
}


class SimilarQuery(SteeringQuery):
    """More like these tracks, or like this artist."""

    n = serializers.IntegerField(min_value=1, max_value=MOST, default=10)
    track = _tracks()
    artist = serializers.PrimaryKeyRelatedField(queryset=Artist.objects.shown(), required=False)

    validate_track = ListQuery.validate_track

    def validate(self, asked: dict[str, Any]) -> dict[str, Any]:
        if not asked.get("track") and not asked.get("artist"):
            raise serializers.ValidationError({"track": NEEDED_WORDS[Surface.SIMILAR]})
        return asked

    @property
    def about(self) -> About:
        asked = self.validated_data
        artist = asked.get("artist")
        tracks = tuple(asked.get("track", ()))
        return About(tracks=tracks, artist=artist.pk if artist else None)


def _last_liked(listener: Listener | None) -> list[int]:
    liked = Feedback.objects.on_tracks().of_kind(FeedbackKind.LIKE, FeedbackKind.FAVOURITE)
    mine = liked.filter(listener=listener, track__in=Track.objects.playable())
    return list(mine.newest_first().values_list("track_id", flat=True)[:1])

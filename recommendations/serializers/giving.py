"""What a program or a page says a listener thinks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from catalog.models import Album, Artist, Genre, Track
from listening.models import FeedbackKind
from recommendations.models import Slate
from recommendations.services.answering import Opinion

THINGS: dict[str, QuerySet[Any]] = {
    "track": Track.objects.findable(),
    "artist": Artist.objects.shown(),
    "album": Album.objects.all(),
    "genre": Genre.objects.all(),
}
KEY: dict[str, Any] = {"min_value": 1, "max_value": 2**63 - 1, "required": False}
MOST_AT_ONCE = 100
LONGEST_NOTE = 500


class ThingSerializer(serializers.Serializer[Any]):
    """A kind of opinion, and the one thing it is on: a track, an artist, an album or a genre."""

    kind = serializers.ChoiceField(FeedbackKind.choices)
    track = serializers.IntegerField(**KEY)
    artist = serializers.IntegerField(**KEY)
    album = serializers.IntegerField(**KEY)
    genre = serializers.IntegerField(**KEY)

    def validate(self, said: dict[str, Any]) -> dict[str, Any]:
        if sum(thing in said for thing in THINGS) != 1:
            raise serializers.ValidationError(
                _("Name one thing: a track, an artist, an album or a genre.")
            )
        return said


class OpinionSerializer(ThingSerializer):
    rating = serializers.IntegerField(
        min_value=1, max_value=5, required=False, help_text="1 to 5, with the kind “rating” alone."
    )
    note = serializers.CharField(
        max_length=LONGEST_NOTE, required=False, allow_blank=True, help_text="What a report says."
    )

    def validate(self, said: dict[str, Any]) -> dict[str, Any]:
        if (said["kind"] == FeedbackKind.RATING) != ("rating" in said):
            raise serializers.ValidationError(
                {"rating": _("A rating has a number from 1 to 5; nothing else has.")}
            )
        return super().validate(said)


class OnSlate(serializers.Serializer[Any]):
    """Which list was on the screen."""

    slate = serializers.IntegerField(
        min_value=1,
        required=False,
        help_text="The list on the screen; the answer has the one that follows. "
        "Without it: the list “for you”.",
    )

    def validate_slate(self, pk: int) -> Slate:
        slate = Slate.objects.filter(pk=pk, listener=self.context["listener"]).first()
        if slate is None:
            raise serializers.ValidationError(_("You have no list of this number."))
        return slate

    @property
    def slate_shown(self) -> Slate | None:
        return self.validated_data.get("slate")


class FeedbackSerializer(OpinionSerializer, OnSlate):
    def validate(self, said: dict[str, Any]) -> dict[str, Any]:
        said = super().validate(said)
        self.opinions = [_opinion(said, _things([said]))]
        return said


class BulkSerializer(OnSlate):
    """Several opinions: all of them are stored, or none is."""

    feedback = serializers.ListField(
        child=OpinionSerializer(), min_length=1, max_length=MOST_AT_ONCE
    )

    def validate_feedback(self, given: list[dict[str, Any]]) -> list[dict[str, Any]]:
        things = _things(given)
        self.opinions = [_opinion(said, things) for said in given]
        return given


class UndoSerializer(ThingSerializer, OnSlate):
    """Which opinion to take back, and the list to show again."""

    slate = serializers.IntegerField(
        min_value=1,
        required=False,
        help_text="The list as it was before; it is shown again exactly. "
        "Without it: the list “for you”.",
    )

    def validate(self, said: dict[str, Any]) -> dict[str, Any]:
        said = super().validate(said)
        self.opinion = _opinion(said, _things([said]))
        return said


def _things(given: Iterable[dict[str, Any]]) -> dict[tuple[str, int], Any]:
    """Load what opinions are on: one query for each sort of thing."""
    wanted: dict[str, list[int]] = {name: [] for name in THINGS}
    for said in given:
        for name in THINGS.keys() & said.keys():
            wanted[name].append(said[name])
    return {
        (name, thing.pk): thing
        for name, pks in wanted.items()
        if pks
        for thing in THINGS[name].filter(pk__in=pks)
    }


def _opinion(said: dict[str, Any], things: dict[tuple[str, int], Any]) -> Opinion:
    name = next(name for name in THINGS if name in said)
    thing = things.get((name, said[name]))
    if thing is None:
        raise serializers.ValidationError(
            {name: _("There is no %(thing)s %(number)s.") % {"thing": name, "number": said[name]}}
        )
    return Opinion(
        FeedbackKind(said["kind"]), thing, rating=said.get("rating"), note=said.get("note", "")
    )

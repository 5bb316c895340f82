"""A listener's taste, for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rest_framework import serializers

from accounts.models import Listener
from catalog.models import Artist, Genre, Track
from recommendations import serving

MOST_WEIGHTS = 500


class TasteQuery(serializers.Serializer[Any]):
    n = serializers.IntegerField(min_value=1, max_value=MOST_WEIGHTS, default=50)


def taste_of(listener: Listener, *, n: int, at: datetime) -> dict[str, Any]:
    taste = serving.taste(listener=listener, at=at)
    tracks = Track.objects.only("title").in_bulk([weight.track_id for weight in taste.weights[:n]])
    return {
        "taste_version": listener.taste_version,
        "tracks_in_all": len(taste.weights),
        "tracks": [
            {
                "track": {"id": weight.track_id, "title": tracks[weight.track_id].title},
                "weight": weight.weight,
                "plays": weight.plays,
                "opinion": weight.opinion,
            }
            for weight in taste.weights[:n]
            if weight.track_id in tracks
        ],
        "genres": list(Genre.objects.filter(pk__in=taste.genres).values("id", "name")),
        "artists": list(Artist.objects.filter(pk__in=taste.artists).values("id", "name")),
    }

"""The shapes of ListenBrainz's questions and answers, and what fills them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Max, Min
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.serializers import CharField, IntegerField, Serializer, UUIDField

from accounts.models import Listener
from catalog.models import ExternalId, Track
from catalog.services.storing import among
from listening.models import Feedback, FeedbackKind, Play, PlayingNow
from listening.scrobbling.msid import msid_of
from listening.services.scrobbling import msid_playing

LAST_SECOND = 253_402_300_000  # of the last year that a calendar has

Msid = OpenApiParameter("return_msid", bool, description="Name the recording, too.")
TokenInQuery = OpenApiParameter("token", str, description="In place of the header.")
UserInQuery = OpenApiParameter("user_name", str, description="The key's own profile.")


class Refusal(Serializer[Any]):
    code = IntegerField()
    error = CharField()


def answers(shape: type[Serializer[Any]], *others: int) -> dict[int, Any]:
    """What a door may answer: its shape, or one of the refusals that all or some have."""
    return {200: shape} | dict.fromkeys((*others, 401, 403, 405, 429, 503), Refusal)


class Stored(Serializer[Any]):
    status = CharField()
    recording_msid = UUIDField(required=False)


class Validity(Serializer[Any]):
    code = IntegerField()
    message = CharField()
    valid = serializers.BooleanField()
    user_name = CharField(required=False)


class TrackMetadata(Serializer[Any]):
    artist_name = CharField()
    track_name = CharField()
    release_name = CharField(required=False)
    additional_info = serializers.DictField(required=False)


class SubmittedListen(Serializer[Any]):
    listened_at = IntegerField(required=False)
    track_metadata = TrackMetadata()


class Submission(Serializer[Any]):
    listen_type = serializers.ChoiceField(["single", "playing_now", "import"])
    payload = SubmittedListen(many=True)


class ListenShape(Serializer[Any]):
    listened_at = IntegerField(required=False)
    playing_now = serializers.BooleanField(required=False)
    recording_msid = UUIDField()
    user_name = CharField()
    track_metadata = TrackMetadata()


class ListensPayload(Serializer[Any]):
    count = IntegerField()
    user_id = CharField()
    playing_now = serializers.BooleanField(required=False)
    latest_listen_ts = IntegerField(required=False)
    oldest_listen_ts = IntegerField(required=False)
    listens = ListenShape(many=True)


class Listens(Serializer[Any]):
    payload = ListensPayload()


class CountPayload(Serializer[Any]):
    count = IntegerField()


class ListenCount(Serializer[Any]):
    payload = CountPayload()


class ListensQuery(Serializer[Any]):
    min_ts = IntegerField(required=False, min_value=0, help_text="Only later than this.")
    max_ts = IntegerField(required=False, min_value=0, help_text="Only earlier than this.")
    count = IntegerField(required=False, min_value=0, help_text="At most 1000.")


class OneListen(Serializer[Any]):
    listened_at = IntegerField(min_value=0, max_value=LAST_SECOND)
    recording_msid = UUIDField()


class OneFeedback(Serializer[Any]):
    recording_mbid = UUIDField(required=False, allow_null=True)
    recording_msid = UUIDField(required=False, allow_null=True)
    score = serializers.ChoiceField([1, 0, -1])

    def validate(self, said: dict[str, Any]) -> dict[str, Any]:
        if not said.get("recording_mbid") and not said.get("recording_msid"):
            raise serializers.ValidationError("Name a recording_mbid or a recording_msid.")
        return said


class FeedbackQuery(Serializer[Any]):
    score = serializers.ChoiceField([1, -1], required=False)
    count = IntegerField(required=False, min_value=0, help_text="At most 1000.")
    offset = IntegerField(required=False, min_value=0, max_value=10**9)


class GivenFeedback(Serializer[Any]):
    created = IntegerField()
    recording_mbid = UUIDField(allow_null=True)
    recording_msid = UUIDField()
    score = IntegerField()
    user_id = CharField()
    track_metadata = TrackMetadata()


class FeedbackGiven(Serializer[Any]):
    count = IntegerField()
    offset = IntegerField()
    total_count = IntegerField()
    feedback = GivenFeedback(many=True)


class LatestImport(Serializer[Any]):
    musicbrainz_id = CharField()
    latest_import = IntegerField()


class UpTo(Serializer[Any]):
    ts = IntegerField(min_value=0)


def listens(listener: Listener, plays: Sequence[Play]) -> dict[str, Any]:
    ends = Play.objects.filter(listener=listener).aggregate(
        oldest=Min("started_at"), latest=Max("started_at")
    )
    mbids = _mbids(play.track_id for play in plays)
    return {
        "payload": {
            "count": len(plays),
            "user_id": listener.handle,
            "latest_listen_ts": int(ends["latest"].timestamp()) if ends["latest"] else 0,
            "oldest_listen_ts": int(ends["oldest"].timestamp()) if ends["oldest"] else 0,
            "listens": [_listen(play, mbids.get(play.track_id), listener) for play in plays],
        }
    }


def playing_now(listener: Listener, playing: PlayingNow | None) -> dict[str, Any]:
    told = []
    if playing:
        names = {"artist_name": playing.artist_name, "track_name": playing.title}
        metadata = _metadata(playing.track, None) if playing.track else names
        told = [
            {
                "playing_now": True,
                "recording_msid": str(msid_playing(playing)),
                "user_name": listener.handle,
                "track_metadata": metadata | names,
            }
        ]
    return {
        "payload": {
            "count": len(told),
            "user_id": listener.handle,
            "playing_now": True,
            "listens": told,
        }
    }


def feedback_given(
    listener: Listener, given: Sequence[Feedback], *, total: int, start: int
) -> dict[str, Any]:
    mbids = _mbids(one.track_id for one in given if one.track_id)
    return {
        "count": len(given),
        "offset": start,
        "total_count": total,
        "feedback": [_given(one, one.track, mbids, listener) for one in given if one.track],
    }


def _given(
    one: Feedback, track: Track, mbids: dict[int, str], listener: Listener
) -> dict[str, Any]:
    mbid = mbids.get(track.pk)
    return {
        "created": int(one.given_at.timestamp()),
        "recording_mbid": mbid,
        "recording_msid": str(msid_of(track.pk)),
        "score": 1 if one.kind == FeedbackKind.LIKE else -1,
        "user_id": listener.handle,
        "track_metadata": _metadata(track, mbid),
    }


def _listen(play: Play, mbid: str | None, listener: Listener) -> dict[str, Any]:
    return {
        "listened_at": int(play.started_at.timestamp()),
        "recording_msid": str(msid_of(play.track_id)),
        "user_name": listener.handle,
        "track_metadata": _metadata(play.track, mbid),
    }


def _metadata(track: Track, mbid: str | None) -> dict[str, Any]:
    info: dict[str, Any] = {"recording_msid": str(msid_of(track.pk))}
    if track.duration_ms:
        info["duration_ms"] = track.duration_ms
    told: dict[str, Any] = {
        "artist_name": track.credit or track.artist.name,
        "track_name": track.title,
        "additional_info": info,
    }
    if track.album:
        told["release_name"] = track.album.title
    if mbid:
        info["recording_mbid"] = mbid
        told["mbid_mapping"] = {"recording_mbid": mbid, "artist_mbids": []}
    return told


def _mbids(tracks: Iterable[int]) -> dict[int, str]:
    ids = ExternalId.objects.filter(
        among("track", set(tracks)), kind=ExternalId.Kind.MUSICBRAINZ, namespace=""
    )
    return {track: value for track, value in ids.values_list("track_id", "value") if track}

"""ListenBrainz's API, as far as players and their companions use it.

Served at /1/… and, as people and players write it, in the other ways of `listening.api.urls`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.utils.timezone import now
from drf_spectacular.utils import extend_schema
from rest_framework.authentication import get_authorization_header
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Scope
from catalog.models import Track
from listening.api import listenbrainz_shapes as shapes
from listening.api.listenbrainz_view import ListenBrainzView, checked, checked_body
from listening.api.players import body_of, key_of_listener
from listening.models import Feedback, LatestImport, Play
from listening.scrobbling.listenbrainz import BadListens, ListenType, read_submission
from listening.scrobbling.msid import msid_of
from listening.scrobbling.scrobble import AHEAD, moment
from listening.services import scrobbling as services

OK = {"status": "ok"}
MOST_SHOWN = 1000
SHOWN = 25


class SubmitListens(ListenBrainzView):
    """Store what a player says was heard, or note what it says is on.

    It is answered once it is stored. What is known already, of a private session or too short is
    answered like anything else; the page of the players shows what became of it.
    """

    scope = Scope.LISTENS

    @extend_schema(
        operation_id="lb_submit_listens",
        request=shapes.Submission,
        parameters=[shapes.Msid],
        responses=shapes.answers(shapes.Stored, 400, 413),
    )
    def post(self, request: Request) -> Response:
        at = now()
        try:
            submission = read_submission(body_of(request), at=at)
        except BadListens as error:
            services.log_refusal(teller=self.teller, reason=str(error), at=at)
            raise
        if submission.listen_type == ListenType.PLAYING_NOW:
            [scrobble] = submission.scrobbles
            msid = services.note_playing(listener=self.listener, scrobble=scrobble, at=at)
            return Response(OK | self._wanted(str(msid)))
        outcomes = services.record_scrobbles(
            teller=self.teller, scrobbles=submission.scrobbles, at=at
        )
        if submission.listen_type == ListenType.SINGLE and outcomes[0].track:
            return Response(OK | self._wanted(str(msid_of(outcomes[0].track))))
        return Response(OK)

    def _wanted(self, msid: str) -> dict[str, str]:
        wants = self.request.query_params.get("return_msid", "").lower() == "true"
        return {"recording_msid": msid} if wants else {}


class ValidateToken(ListenBrainzView):
    """Say whether a key opens, and whose it is. A key that does not is no error."""

    authentication_classes = []
    scope = "public"

    @extend_schema(
        operation_id="lb_validate_token",
        parameters=[shapes.TokenInQuery],
        responses=shapes.answers(shapes.Validity, 400),
        auth=[],
    )
    def get(self, request: Request) -> Response:
        words = get_authorization_header(request).split()
        shown = request.query_params.get("token") or (
            words[1].decode("latin-1") if len(words) > 1 else ""
        )
        if not shown:
            raise BadListens("You need to provide an Authorization token.")
        token = key_of_listener(shown, request)
        if token is None or token.listener is None:
            return Response({"code": 200, "message": "Token invalid.", "valid": False})
        return Response(
            {
                "code": 200,
                "message": "Token valid.",
                "valid": True,
                "user_name": token.listener.handle,
            }
        )

    @extend_schema(
        operation_id="lb_validate_token_post",
        request=None,
        parameters=[shapes.TokenInQuery],
        responses=shapes.answers(shapes.Validity, 400),
        auth=[],
    )
    def post(self, request: Request) -> Response:
        return self.get(request)


class Listens(ListenBrainzView):
    """What was heard, newest first."""

    @extend_schema(
        operation_id="lb_listens",
        parameters=[shapes.ListensQuery],
        responses=shapes.answers(shapes.Listens, 400, 404),
    )
    def get(self, request: Request, handle: str) -> Response:
        listener = self.own(handle)
        query = checked(shapes.ListensQuery, request)
        plays = Play.objects.filter(listener=listener)
        if (least := query.get("min_ts")) is not None:
            plays = plays.filter(started_at__gte=_moment(least + 1))
        if (most := query.get("max_ts")) is not None:
            plays = plays.filter(started_at__lt=_moment(most))
        shown = plays.newest_first().select_related("track__artist", "track__album")
        count = min(query.get("count", SHOWN), MOST_SHOWN)
        return Response(shapes.listens(listener, list(shown[:count])))


class ListenCount(ListenBrainzView):
    @extend_schema(
        operation_id="lb_listen_count", responses=shapes.answers(shapes.ListenCount, 404)
    )
    def get(self, request: Request, handle: str) -> Response:
        count = Play.objects.filter(listener=self.own(handle)).count()
        return Response({"payload": {"count": count}})


class PlayingNow(ListenBrainzView):
    @extend_schema(operation_id="lb_playing_now", responses=shapes.answers(shapes.Listens, 404))
    def get(self, request: Request, handle: str) -> Response:
        listener = self.own(handle)
        playing = services.playing(listener=listener, at=now())
        return Response(shapes.playing_now(listener, playing))


class StopPlaying(ListenBrainzView):
    """Nothing is on any more."""

    scope = Scope.LISTENS

    @extend_schema(
        operation_id="lb_stop_playing", request=None, responses=shapes.answers(shapes.Stored)
    )
    def post(self, request: Request) -> Response:
        services.stop_playing(listener=self.listener)
        return Response(OK)


class DeleteListen(ListenBrainzView):
    """Take one play back, whoever told of it."""

    scope = Scope.LISTENS

    @extend_schema(
        operation_id="lb_delete_listen",
        request=shapes.OneListen,
        responses=shapes.answers(shapes.Stored, 400, 413),
    )
    def post(self, request: Request) -> Response:
        said = checked_body(shapes.OneListen, request)
        services.forget_listen(
            listener=self.listener,
            msid=said["recording_msid"],
            started_at=_moment(said["listened_at"]),
            at=now(),
        )
        return Response(OK)


class GiveFeedback(ListenBrainzView):
    """Like (1) or dislike (-1) a recording, or take either back (0)."""

    scope = Scope.FEEDBACK

    @extend_schema(
        operation_id="lb_give_feedback",
        request=shapes.OneFeedback,
        responses=shapes.answers(shapes.Stored, 400, 404, 413),
    )
    def post(self, request: Request) -> Response:
        said, at = checked_body(shapes.OneFeedback, request), now()
        track = self._track(said, at)
        if track is None:
            raise NotFound("Nothing here is known by this recording_mbid or recording_msid.")
        services.love(listener=self.listener, track=track, at=at, score=said["score"])
        return Response(OK)

    def _track(self, said: dict[str, Any], at: datetime) -> Track | None:
        track = None
        if msid := said.get("recording_msid"):
            track = services.track_of_msid(listener=self.listener, msid=msid, at=at)
        if track is None and (mbid := said.get("recording_mbid")):
            track = services.track_of_mbid(mbid)
        return track


class FeedbackGiven(ListenBrainzView):
    """What was liked and disliked, newest first."""

    @extend_schema(
        operation_id="lb_feedback_given",
        parameters=[shapes.FeedbackQuery],
        responses=shapes.answers(shapes.FeedbackGiven, 400, 404),
    )
    def get(self, request: Request, handle: str) -> Response:
        listener = self.own(handle)
        query = checked(shapes.FeedbackQuery, request)
        kinds = [
            kind for score, kind in services.SCORES.items() if query.get("score") in (None, score)
        ]
        given = Feedback.objects.filter(listener=listener).on_tracks().of_kind(*kinds)
        start, count = query.get("offset", 0), min(query.get("count", SHOWN), MOST_SHOWN)
        shown = given.newest_first().select_related("track__artist", "track__album")
        page = list(shown[start : start + count])
        return Response(shapes.feedback_given(listener, page, total=given.count(), start=start))


class LatestImported(ListenBrainzView):
    """Up to which moment a program has brought history."""

    @property
    def scope(self) -> str:  # type: ignore[override]
        return Scope.LISTENS if self.request.method == "POST" else Scope.READ

    @extend_schema(
        operation_id="lb_latest_import",
        parameters=[shapes.UserInQuery],
        responses=shapes.answers(shapes.LatestImport, 404),
    )
    def get(self, request: Request) -> Response:
        listener = self.own(request.query_params.get("user_name") or self.listener.handle)
        latest = LatestImport.objects.filter(listener=listener).first()
        up_to = int(latest.up_to.timestamp()) if latest else 0
        return Response({"musicbrainz_id": listener.handle, "latest_import": up_to})

    @extend_schema(
        operation_id="lb_note_latest_import",
        request=shapes.UpTo,
        responses=shapes.answers(shapes.Stored, 400, 413),
    )
    def post(self, request: Request) -> Response:
        up_to = _moment(checked_body(shapes.UpTo, request)["ts"])
        if up_to > now() + AHEAD:
            raise BadListens("ts: It lies in the future.")
        services.note_import(listener=self.listener, up_to=up_to)
        return Response(OK)


def _moment(seconds: int) -> datetime:
    return moment(seconds) if seconds < shapes.LAST_SECOND else datetime.max.replace(tzinfo=UTC)

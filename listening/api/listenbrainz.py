"""ListenBrainz's API, as far as players and their companions use it.

Served at /1/… and, as people and players write it, in the other ways of `listening.api.urls`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, cast

from django.contrib.auth.models import AnonymousUser
from django.utils.timezone import now
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import extend_schema
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import APIException, AuthenticationFailed, NotFound
from rest_framework.parsers import JSONParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import set_rollback

from accounts.models import Listener, Scope, Token
from catalog.models import Track
from jobs.outage import AGAIN, AWAY
from listening.api import listenbrainz_shapes as shapes
from listening.api.players import PlayerView, TooLarge, body_of, key_of_listener
from listening.models import Feedback, LatestImport, Play
from listening.scrobbling.listenbrainz import BadListens, ListenType, read_json, read_submission
from listening.scrobbling.msid import msid_of
from listening.scrobbling.scrobble import AHEAD, moment
from listening.services import scrobbling as services

OK = {"status": "ok"}
MOST_SHOWN = 1000
SHOWN = 25


class TokenHeader(BaseAuthentication):
    """`Authorization: Token <key>`, whatever the first word and its case."""

    def authenticate(self, request: Request) -> tuple[Any, Token]:
        words = get_authorization_header(request).split()
        if not words:
            raise AuthenticationFailed("You need to provide an Authorization header.")
        if len(words) < 2:
            raise AuthenticationFailed("Provided Authorization header is invalid.")
        token = key_of_listener(words[1].decode("latin-1"), request)
        if token is None or token.listener is None:
            raise AuthenticationFailed("Invalid authorization token.")
        return token.listener.user or AnonymousUser(), token

    def authenticate_header(self, request: Request) -> str:
        return "Token"


class TokenHeaderScheme(OpenApiAuthenticationExtension):
    target_class = TokenHeader
    name = "player-key"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Token <key>`",
        }


def refuse(error: Exception, context: dict[str, Any]) -> Response | None:
    """Every refusal has ListenBrainz's form. What the player cannot mend is never a 400."""
    set_rollback()
    headers = {}
    if isinstance(error, BadListens):
        return Response({"code": 400, "error": str(error), **error.listen}, status=400)
    if isinstance(error, TooLarge):
        return Response({"code": 413, "error": "The request is too large."}, status=413)
    if isinstance(error, AWAY):
        error = Busy()
    if not isinstance(error, APIException):
        return None
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = error.auth_header  # type: ignore[attr-defined]
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait) + 1)
    said = {"code": error.status_code, "error": str(error.detail)}
    return Response(said, status=error.status_code, headers=headers)


class Busy(APIException):
    status_code = 503
    default_detail = "Cannot submit listens to queue, please try again later."
    wait = AGAIN


class AsciiJSON(JSONRenderer):
    """A refusal echoes its listen, in which may be halves of letters that no encoding can hold."""

    ensure_ascii = True


class ListenBrainzView(PlayerView):
    authentication_classes = [TokenHeader]
    renderer_classes = [AsciiJSON]
    parser_classes = [JSONParser]
    scope: str = Scope.READ

    def get_exception_handler(self) -> Callable[..., Response | None]:
        return refuse

    @property
    def listener(self) -> Listener:
        return self.teller.listener

    @property
    def teller(self) -> services.Teller:
        return services.Teller(cast("Token", self.request.auth), services.Protocol.LISTENBRAINZ)

    def own(self, handle: str) -> Listener:
        """What somebody hears is theirs: a key opens its own profile, and no other is there."""
        if handle.casefold() != self.listener.handle:
            raise NotFound(f"Cannot find user: {handle}")
        return self.listener


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
        query = _checked(shapes.ListensQuery, request)
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
        said = _checked_body(shapes.OneListen, request)
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
        said, at = _checked_body(shapes.OneFeedback, request), now()
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
        query = _checked(shapes.FeedbackQuery, request)
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
        up_to = _moment(_checked_body(shapes.UpTo, request)["ts"])
        if up_to > now() + AHEAD:
            raise BadListens("ts: It lies in the future.")
        services.note_import(listener=self.listener, up_to=up_to)
        return Response(OK)


def _checked(shape: type[Any], request: Request) -> dict[str, Any]:
    query = shape(data=request.query_params)
    if not query.is_valid():
        raise BadListens(_words(query.errors))
    return dict(query.validated_data)


def _checked_body(shape: type[Any], request: Request) -> dict[str, Any]:
    said = shape(data=read_json(body_of(request)))
    if not said.is_valid():
        raise BadListens(_words(said.errors))
    return dict(said.validated_data)


def _words(errors: Any) -> str:
    return " ".join(f"{name}: {said[0]}" for name, said in errors.items())


def _moment(seconds: int) -> datetime:
    return moment(seconds) if seconds < shapes.LAST_SECOND else datetime.max.replace(tzinfo=UTC)

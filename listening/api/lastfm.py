"""Last.fm's API 2.0, as far as players use it: one address, and the method's name in the form.

Calls need no signature: nobody but the client and Last.fm knows what it is made with. A session
key is a key of the listener's, and so is the password of `auth.getMobileSession`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import Throttled
from rest_framework.parsers import FormParser
from rest_framework.request import Request
from rest_framework.views import set_rollback

from accounts.models import Listener, Scope, Token
from accounts.services import AccountError, make_key
from jobs.outage import AGAIN, AWAY
from listening.api.players import (
    CALLS_A_MINUTE,
    PlayerView,
    TooLarge,
    count_in_minute,
    form_of,
    key_of_listener,
)
from listening.models import Play
from listening.scrobbling import lastfm_answers as answers
from listening.scrobbling.lastfm import (
    Error,
    Failed,
    Form,
    Ignored,
    read_love,
    read_now_playing,
    read_scrobbles,
)
from listening.services import app_requests
from listening.services import scrobbling as services

STATUS = {
    Error.INVALID_METHOD: 400,
    Error.INVALID_PARAMETERS: 400,
    Error.RATE_LIMIT: 429,
    Error.TRY_AGAIN: 503,
}
SHOWN, MOST_SHOWN = 50, 200
KINDS = {"application/xml": str, "application/json": dict[str, Any]}
ANSWERS = {
    (code, kind): OpenApiResponse(shape, "XML, or JSON where format=json was asked for.")
    for code in (200, 400, 403, 405, 413, 429, 503)
    for kind, shape in KINDS.items()
}
PARAMETERS = [
    OpenApiParameter("method", str),
    OpenApiParameter("format", str, enum=["json", "xml"]),
]

Answer = answers.Tree


class LastfmView(PlayerView):
    """Scrobble, love and look back as with Last.fm's own API.

    Methods: auth.getMobileSession, auth.getToken, auth.getSession, track.updateNowPlaying,
    track.scrobble, track.love, track.unlove, user.getInfo, user.getRecentTracks.
    """

    authentication_classes = []
    throttle_classes = []  # the key is in the form: it is counted once that is read
    parser_classes = [FormParser]
    scope = "public"  # each method asks for its own

    @extend_schema(
        operation_id="lastfm",
        request={"application/x-www-form-urlencoded": dict[str, str]},
        parameters=PARAMETERS,
        responses=ANSWERS,
        auth=[],
    )
    def post(self, request: Request) -> HttpResponse:
        try:
            form = form_of(request)
        except TooLarge:
            too_large = Failed(Error.INVALID_PARAMETERS, "The request is too large")
            return _failure(too_large, _wants_json(request, {}), status=413)
        is_json = _wants_json(request, form)
        try:
            tree = Call(request, form, now()).answer()
        except Failed as failed:
            return _failure(failed, is_json)
        except Throttled:
            return _failure(Failed(Error.RATE_LIMIT), is_json)
        except AWAY:
            set_rollback()
            return _failure(Failed(Error.TRY_AGAIN), is_json)
        return _written(answers.as_json(tree) if is_json else answers.as_xml(tree), is_json)

    @extend_schema(
        operation_id="lastfm_read",
        parameters=PARAMETERS,
        responses=ANSWERS,
        auth=[],
    )
    def get(self, request: Request) -> HttpResponse:
        return self.post(request)


class Call:
    """One call: its form, its moment, and for whom it is."""

    def __init__(self, request: Request, form: Form, at: datetime) -> None:
        self.request, self.form, self.at = request, form, at

    def answer(self) -> Answer:
        """:raises Failed: with Last.fm's number"""
        method = METHODS.get(self.form.get("method", "").lower())
        if method is None:
            raise Failed(Error.INVALID_METHOD)
        return method(self)

    def key(self, scope: str) -> Token:
        """:raises Failed: if the session key opens nothing, or not this"""
        token = key_of_listener(self.form.get("sk", ""), self.request)
        if token is None:
            raise Failed(Error.INVALID_SESSION)
        if scope not in token.scopes:
            raise Failed(Error.AUTHENTICATION_FAILED, "This key may not do that")
        if count_in_minute(f"player-calls:{token.pk}", self.at) > CALLS_A_MINUTE:
            raise Failed(Error.RATE_LIMIT)
        return token

    def teller(self) -> services.Teller:
        return services.Teller(self.key(Scope.LISTENS), services.Protocol.LASTFM)

    def listener(self, scope: str) -> Listener:
        listener = self.key(scope).listener
        assert listener  # noqa: S101 -- `key_of_listener` lets no other in
        return listener

    def get_mobile_session(self) -> Answer:
        token = key_of_listener(self.form.get("password", ""), self.request)
        if token is None or token.listener is None:
            raise Failed(Error.AUTHENTICATION_FAILED)
        return answers.session(token.listener.handle, self.form["password"])

    def get_token(self) -> Answer:
        return {"token": app_requests.ask()}

    def get_session(self) -> Answer:
        """Make the key that was asked for, once somebody has approved."""
        asked = self.form.get("token", "")
        listener = app_requests.approved_by(asked)
        try:
            _token, secret = make_key(
                listener=listener, kind=Token.Kind.APP, name=app_requests.NAME, at=self.at
            )
        except AccountError as error:
            raise Failed(Error.OPERATION_FAILED, str(error)) from error
        app_requests.forget(asked)
        return answers.session(listener.handle, secret)

    def update_now_playing(self) -> Answer:
        teller = self.teller()
        said = read_now_playing(self.form, at=self.at)
        if said.scrobble:
            services.note_playing(listener=teller.listener, scrobble=said.scrobble, at=self.at)
        return answers.now_playing(said)

    def scrobble(self) -> Answer:
        teller = self.teller()
        try:
            said = read_scrobbles(self.form, at=self.at)
        except Failed as failed:
            services.log_refusal(teller=teller, reason=str(failed), at=self.at)
            raise
        scrobbles = [one.scrobble for one in said if one.scrobble]
        services.record_scrobbles(teller=teller, scrobbles=scrobbles, at=self.at)
        for one in said:
            if one.ignored is not Ignored.NOT:
                reason = f"{one.artist} – {one.track}: {answers.WHY[one.ignored]}"
                services.log_refusal(teller=teller, reason=reason, at=self.at)
        return answers.scrobbled(said)

    def love(self) -> Answer:
        listener = self.listener(Scope.FEEDBACK)
        arrival = read_love(self.form, at=self.at)
        if track := services.track_of(arrival=arrival, at=self.at):
            services.love(listener=listener, track=track, at=self.at)
        return {}

    def unlove(self) -> Answer:
        listener = self.listener(Scope.FEEDBACK)
        arrival = read_love(self.form, at=self.at)
        if track := services.known_track(arrival=arrival):
            services.love(listener=listener, track=track, at=self.at, score=0)
        return {}

    def get_info(self) -> Answer:
        listener = self.listener(Scope.READ)
        since = listener.created_at
        return {
            "user": {
                "name": listener.handle,
                "realname": listener.name,
                "url": self.request.build_absolute_uri("/"),
                "playcount": str(Play.objects.filter(listener=listener).count()),
                "subscriber": "0",
                "registered": {"unixtime": str(int(since.timestamp())), "#text": _date(since)},
            }
        }

    def get_recent_tracks(self) -> Answer:
        listener = self.listener(Scope.READ)
        limit = min(max(_integer(self.form, "limit", SHOWN), 1), MOST_SHOWN)
        page = max(_integer(self.form, "page", 1), 1)
        plays = Play.objects.filter(listener=listener)
        total = plays.count()
        shown = plays.newest_first().select_related("track__artist", "track__album")
        start = (page - 1) * limit
        tracks = [_track(play) for play in shown[start : start + limit]] if start < total else []
        playing = services.playing(listener=listener, at=self.at) if page == 1 else None
        if playing:
            tracks.insert(0, _playing(playing.artist_name, playing.title))
        return {
            "recenttracks": {
                "@attr": {
                    "user": listener.handle,
                    "page": str(page),
                    "perPage": str(limit),
                    "totalPages": str(-(-total // limit)),
                    "total": str(total),
                },
                "track": tracks,
            }
        }


METHODS: dict[str, Callable[[Call], Answer]] = {
    "auth.getmobilesession": Call.get_mobile_session,
    "auth.gettoken": Call.get_token,
    "auth.getsession": Call.get_session,
    "track.updatenowplaying": Call.update_now_playing,
    "track.scrobble": Call.scrobble,
    "track.love": Call.love,
    "track.unlove": Call.unlove,
    "user.getinfo": Call.get_info,
    "user.getrecenttracks": Call.get_recent_tracks,
}


def _track(play: Play) -> dict[str, Any]:
    track, at = play.track, play.started_at
    return _named(
        track.credit or track.artist.name, track.title, track.album.title if track.album else ""
    ) | {"date": {"uts": str(int(at.timestamp())), "#text": _date(at)}}


def _playing(artist: str, title: str) -> dict[str, Any]:
    return {"@attr": {"nowplaying": "true"}} | _named(artist, title, "")


def _named(artist: str, title: str, album: str) -> dict[str, Any]:
    return {
        "artist": {"mbid": "", "#text": artist},
        "name": title,
        "mbid": "",
        "album": {"mbid": "", "#text": album},
        "streamable": "0",
        "image": [],
        "url": "",
    }


def _date(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%d %b %Y, %H:%M")


def _integer(form: Form, name: str, otherwise: int) -> int:
    text = form.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else otherwise


def _wants_json(request: HttpRequest | Request, form: Form) -> bool:
    asked = form.get("format", "").lower()
    return asked == "json" or (not asked and "json" in request.headers.get("Accept", ""))


def _failure(failed: Failed, is_json: bool, status: int = 0) -> HttpResponse:
    text = answers.error_as_json(failed) if is_json else answers.error_as_xml(failed)
    response = _written(text, is_json)
    response.status_code = status or STATUS.get(failed.error, 403)
    if failed.error in (Error.RATE_LIMIT, Error.TRY_AGAIN):
        response["Retry-After"] = "60" if failed.error is Error.RATE_LIMIT else str(AGAIN)
    return response


def _written(text: str, is_json: bool) -> HttpResponse:
    kind = "application/json" if is_json else "application/xml"
    return HttpResponse(text, content_type=f"{kind}; charset=utf-8")

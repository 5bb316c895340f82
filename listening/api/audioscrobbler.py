"""The AudioScrobbler protocol 1.2, for mpdscribble and other players of that age.

Only keys made for it can prove themselves. All answers have status 200: see the pure part.
"""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.http import HttpResponse
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.timezone import now
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.parsers import FormParser
from rest_framework.request import Request
from rest_framework.views import set_rollback

from accounts.models import Scope, Token
from accounts.services import note_use
from jobs.outage import AWAY
from listening.api.players import (
    CALLS_A_MINUTE,
    PlayerView,
    TooLarge,
    count_in_minute,
    form_of,
)
from listening.scrobbling import audioscrobbler as protocol
from listening.scrobbling.audioscrobbler import Failed
from listening.scrobbling.lastfm import Form
from listening.services import scrobbling as services

ONCE = 600  # seconds in which no proof counts twice; by then its clock has run out
LINES = {(200, "text/plain"): OpenApiResponse(str, description="OK, or why not.")}
REQUEST = {"application/x-www-form-urlencoded": dict[str, str]}


class AudioScrobblerView(PlayerView):
    authentication_classes = []
    throttle_classes = []
    parser_classes = [FormParser]
    scope = "public"

    def answer(self, request: Request) -> HttpResponse:
        try:
            text = self.lines(request, form_of(request))
        except Failed as failed:
            text = str(failed)
        except TooLarge:
            text = "FAILED The request is too large"
        except AWAY:
            set_rollback()
            text = "FAILED Busy, please try again"
        return HttpResponse(f"{text}\n", content_type="text/plain; charset=utf-8")

    def lines(self, request: Request, form: Form) -> str:
        """:raises Failed: with the line that says why not"""
        raise NotImplementedError


class Handshake(AudioScrobblerView):
    """Say where to send what, to a player that proves it has a key."""

    @extend_schema(
        operation_id="audioscrobbler_handshake",
        parameters=[OpenApiParameter(name, str) for name in ("hs", "p", "c", "v", "u", "t", "a")],
        responses=LINES,
        auth=[],
    )
    def get(self, request: Request) -> HttpResponse:
        return self.answer(request)

    def lines(self, request: Request, form: Form) -> str:
        at = now()
        handshake = protocol.read_handshake(form, at=at)
        if count_in_minute(f"handshakes:{handshake.user[:40]}", at) > CALLS_A_MINUTE:
            raise Failed("FAILED Too many handshakes, please wait a minute")
        token = _proven(handshake)
        if token is None or not _first_time(handshake):
            raise Failed(protocol.BADAUTH)
        note_use(token=token, at=at)
        addresses = [
            request.build_absolute_uri(reverse(name))
            for name in ("audioscrobbler_now_playing", "audioscrobbler_submit")
        ]
        return "\n".join([protocol.OK, _session(token), *addresses])


class NowPlaying(AudioScrobblerView):
    """Note what is on."""

    @extend_schema(
        operation_id="audioscrobbler_now_playing", request=REQUEST, responses=LINES, auth=[]
    )
    def post(self, request: Request) -> HttpResponse:
        return self.answer(request)

    def lines(self, request: Request, form: Form) -> str:
        at, teller = now(), _teller(form)
        scrobble = protocol.read_now_playing(form, at=at)
        services.note_playing(listener=teller.listener, scrobble=scrobble, at=at)
        return protocol.OK


class Submit(AudioScrobblerView):
    """Store what was heard."""

    @extend_schema(operation_id="audioscrobbler_submit", request=REQUEST, responses=LINES, auth=[])
    def post(self, request: Request) -> HttpResponse:
        return self.answer(request)

    def lines(self, request: Request, form: Form) -> str:
        at, teller = now(), _teller(form)
        try:
            scrobbles = protocol.read_scrobbles(form, at=at)
        except Failed as failed:
            services.log_refusal(teller=teller, reason=str(failed), at=at)
            raise
        services.record_scrobbles(teller=teller, scrobbles=scrobbles, at=at)
        return protocol.OK


def _proven(handshake: protocol.Handshake) -> Token | None:
    """Return the key of this profile whose proof that is."""
    mine = Token.objects.usable(now()).filter(listener__handle=handshake.user.casefold())
    for token in mine.exclude(handshake_md5=""):
        if handshake.is_proven_by(token.handshake_md5):
            return token
    return None


def _first_time(handshake: protocol.Handshake) -> bool:
    """Somebody who overheard a handshake cannot say it again."""
    name = f"handshake:{handshake.user[:40]}:{handshake.timestamp}:{handshake.proof[:32]}"
    if cache.get(name):
        return False
    cache.set(name, True, ONCE)
    return True


def _session(token: Token) -> str:
    """A session is the key's number and our own proof of it: nothing to store, nor to forget."""
    return f"{token.pk}-{_proof(token)}"


def _proof(token: Token) -> str:
    proof: Any = salted_hmac("audioscrobbler", f"{token.pk}:{token.hash}", algorithm="sha256")
    return str(proof.hexdigest())


def _teller(form: Form) -> services.Teller:
    """:raises Failed: if the session is none of ours, or its key is shut"""
    at = now()
    number, _dash, proof = form.get("s", "").partition("-")
    usable = Token.objects.usable(at).select_related("listener").exclude(handshake_md5="")
    pk = int(number) if number.isascii() and number.isdecimal() and len(number) < 19 else 0
    token = usable.filter(pk=pk).first()
    if token is None or not constant_time_compare(proof, _proof(token)):
        raise Failed(protocol.BADSESSION)
    if Scope.LISTENS not in token.scopes:
        raise Failed("FAILED This key may not send plays")
    if count_in_minute(f"player-calls:{token.pk}", at) > CALLS_A_MINUTE:
        raise Failed("FAILED Too many calls, please wait a minute")
    note_use(token=token, at=at)
    return services.Teller(token, services.Protocol.AUDIOSCROBBLER)

"""What the doors of all players share: they know no cookie, no form of ours and no redirect."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.utils.timezone import now
from drf_spectacular.openapi import AutoSchema
from rest_framework.exceptions import Throttled
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from accounts.models import Token
from accounts.services import key_shown
from listening.scrobbling.listenbrainz import MOST_BYTES, MOST_LISTENS

MOST_BODY = MOST_LISTENS * MOST_BYTES
MOST_FIELDS = 1000  # of a form: fifty scrobbles have fewer
CALLS_A_MINUTE = 600
WRONG_KEYS_A_MINUTE = 120  # from one address
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "Authorization, Content-Type",
    "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
    "Access-Control-Max-Age": "86400",
}


class TooLarge(Exception):
    pass


class AnyAnswer(BaseContentNegotiation):
    """What a player says it accepts is seldom what it reads: each door has one answer."""

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: Any = None
    ) -> tuple[BaseRenderer, str]:
        return renderers[0], renderers[0].media_type

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return parsers[0]


class CallsAMinute(BaseThrottle):
    """Generous: a player that sends an old history, a thousand listens a call, is not held up."""

    def allow_request(self, request: Request, view: Any) -> bool:
        at = now()
        view.limit_resets_in = 60 - at.second
        if not isinstance(request.auth, Token):
            return True
        calls = count_in_minute(f"player-calls:{request.auth.pk}", at)
        view.calls_left = CALLS_A_MINUTE - calls
        return calls <= CALLS_A_MINUTE

    def wait(self) -> float:
        return 60 - now().second


class PlayerView(APIView):
    """A door for players. Whoever comes from another site's page may read the answer, too."""

    schema = AutoSchema()
    content_negotiation_class = AnyAnswer
    throttle_classes = [CallsAMinute]
    limit_resets_in = 60
    calls_left = CALLS_A_MINUTE
    http_method_names = ["get", "head", "post", "options"]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if request.method != "OPTIONS":  # a browser asks that before it shows any key
            super().initial(request, *args, **kwargs)

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        return Response(status=204)

    def finalize_response(
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> Response:
        response = super().finalize_response(request, response, *args, **kwargs)
        for name, value in CORS.items():
            response[name] = value
        response["X-RateLimit-Limit"] = CALLS_A_MINUTE
        response["X-RateLimit-Remaining"] = max(self.calls_left, 0)
        response["X-RateLimit-Reset-In"] = self.limit_resets_in
        response["X-RateLimit-Reset"] = int(now().timestamp()) + self.limit_resets_in
        return response


def key_of_listener(secret: str, request: Request) -> Token | None:
    """Return a listener's key that still opens. Who tries too many that do not has to wait.

    :raises Throttled: if this address has shown too many wrong ones
    """
    at = now()
    token = key_shown(secret=secret, at=at)
    if token and token.listener:
        return token
    address = get_adapter().get_client_ip(request._request)
    if count_in_minute(f"wrong-keys:{address}", at) > WRONG_KEYS_A_MINUTE:
        raise Throttled(wait=60 - at.second)
    return None


def count_in_minute(name: str, at: datetime) -> int:
    """Count one more in this minute. While the cache is away nobody is held up."""
    key = f"{name}:{int(at.timestamp()) // 60}"
    cache.add(key, 0, timeout=120)
    try:
        return int(cache.incr(key))
    except ValueError:  # gone between the two
        return 1


def body_of(request: Request) -> bytes:
    """Return the body as it came, whatever its content type says, unzipped.

    :raises TooLarge: if there is more of it than of a thousand large listens
    """
    body: bytes = request._request.read(MOST_BODY + 1)
    if request.headers.get("Content-Encoding", "").lower() == "gzip":
        body = _unzipped(body)
    if len(body) > MOST_BODY:
        raise TooLarge
    return body


def form_of(request: Request) -> Mapping[str, str]:
    """Return the fields of the address and of the body; of a name said twice, the last.

    :raises TooLarge: as `body_of` does, and if there are too many fields
    """
    query = request._request.META.get("QUERY_STRING", "")
    text = body_of(request).decode(errors="replace")
    try:
        fields = [
            pair
            for part in (query, text)
            for pair in parse_qsl(
                part, keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="replace"
            )
        ]
    except ValueError as error:
        raise TooLarge from error
    return {name: value.replace("\0", "") for name, value in fields}


def _unzipped(body: bytes) -> bytes:
    unzip = zlib.decompressobj(wbits=31)
    try:
        return unzip.decompress(body, MOST_BODY + 1)
    except zlib.error:
        return b""

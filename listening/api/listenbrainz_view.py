"""What all of ListenBrainz's addresses share: whose key it is, and in which form a no is said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.contrib.auth.models import AnonymousUser
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import APIException, AuthenticationFailed, NotFound
from rest_framework.parsers import JSONParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import set_rollback

from accounts.models import Listener, Scope, Token
from jobs.outage import AGAIN, AWAY
from listening.api.players import PlayerView, TooLarge, body_of, key_of_listener
from listening.scrobbling.listenbrainz import BadListens, read_json
from listening.services import scrobbling as services


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


def checked(shape: type[Any], request: Request) -> dict[str, Any]:
    query = shape(data=request.query_params)
    if not query.is_valid():
        raise BadListens(_words(query.errors))
    return dict(query.validated_data)


def checked_body(shape: type[Any], request: Request) -> dict[str, Any]:
    said = shape(data=read_json(body_of(request)))
    if not said.is_valid():
        raise BadListens(_words(said.errors))
    return dict(said.validated_data)


def _words(errors: Any) -> str:
    return " ".join(f"{name}: {said[0]}" for name, said in errors.items())

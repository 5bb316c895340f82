from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils.timezone import now
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts import services
from accounts.models import Token

SCHEMES = (b"bearer", b"token")


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer <key>`: an app's, a user's own or a partner's key."""

    def authenticate(self, request: Request) -> tuple[Any, Token] | None:
        words = get_authorization_header(request).split()
        if not words or words[0].lower() not in SCHEMES:
            return None
        if len(words) != 2:
            raise AuthenticationFailed("Send the header as “Authorization: Bearer <key>”.")
        return self._holder(request, words[1].decode("latin-1"))

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"

    def _holder(self, request: Request, secret: str) -> tuple[Any, Token]:
        token = services.key_shown(secret=secret, at=now())
        if token is None:
            raise AuthenticationFailed("This key is not known, has expired or was revoked.")
        request._request.listener = token.listener  # type: ignore[attr-defined]
        user = token.listener.user if token.listener else None
        return user or AnonymousUser(), token


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = TokenAuthentication
    name = "key"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils.timezone import now
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.models import Token

SCHEMES = (b"bearer", b"token")
NOTED_EVERY = timedelta(minutes=1)  # so that a busy key does not write with each call


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
        at = now()
        usable = Token.objects.usable(at).matching(secret)
        token = usable.select_related("listener__user", "partner").first()
        if token is None:
            raise AuthenticationFailed("This key is not known, has expired or was revoked.")
        if token.last_used_at is None or token.last_used_at < at - NOTED_EVERY:
            Token.objects.filter(pk=token.pk).update(last_used_at=at)
        request._request.listener = token.listener  # type: ignore[attr-defined]
        user = token.listener.user if token.listener else None
        return user or AnonymousUser(), token


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = TokenAuthentication
    name = "key"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}

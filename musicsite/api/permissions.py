from __future__ import annotations

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.models import Token

PUBLIC = "public"


class HasScope(BasePermission):
    """Let in who may do what the view names in `scope`.

    A person logged in to the site may do everything of their own; a key only what its scopes
    say; everybody what is public.
    """

    message = "This key may not do that: it lacks the scope."

    def has_permission(self, request: Request, view: Any) -> bool:
        if view.scope == PUBLIC:
            return True
        if isinstance(request.auth, Token):
            return view.scope in request.auth.scopes
        return bool(request.user and request.user.is_authenticated)

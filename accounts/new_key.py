"""The secret of a key that was just made, carried to the next page and shown there once."""

from __future__ import annotations

import json
from typing import Any

from accounts.models import Token
from accounts.requests import MemberRequest
from accounts.sealing import BrokenSeal, seal, unseal

_SESSION_KEY = "new_key"


def keep(request: MemberRequest, token: Token, secret: str) -> None:
    """Sealed, for sessions lie in the database, where no secret of a key is to be read."""
    request.session[_SESSION_KEY] = seal(json.dumps({"pk": token.pk, "secret": secret}))


def take(request: MemberRequest) -> dict[str, Any] | None:
    """Return the key with its secret, and forget that; None where none was just made."""
    sealed = request.session.pop(_SESSION_KEY, None)
    if sealed is None:
        return None
    try:
        kept = json.loads(unseal(sealed))
    except BrokenSeal:
        return None
    token = Token.objects.owned_by(request.user).filter(pk=kept["pk"]).first()
    return {"token": token, "secret": kept["secret"]} if token else None

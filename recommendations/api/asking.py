"""Whom a request speaks for, and how a request that comes twice is done once."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils.timezone import now
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import APIException, PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Listener
from jobs.services import idempotency

LONGEST_KEY = 255
IdempotencyKey = OpenApiParameter(
    "Idempotency-Key",
    location=OpenApiParameter.HEADER,
    description="Any words of your own. The same request with the same words is done once, and "
    "answered alike for 24 hours.",
)


class KeyReused(APIException):
    status_code = 422
    default_code = "key_reused"


class KeyInUse(APIException):
    status_code = 409
    default_code = "key_in_use"


def visitor_or_listener(request: Request) -> Listener | None:
    listener: Listener | None = getattr(request._request, "listener", None)
    return listener or None  # a lazy one is never None itself


def listener_of(request: Request) -> Listener:
    """Return the listener that the session or the key speaks for."""
    listener = visitor_or_listener(request)
    if listener is None:
        raise PermissionDenied("This key speaks for no listener.")
    return listener


def once(request: Request, do: Callable[[], Response]) -> Response:
    """Do it, or return what was answered when it was done.

    Pages send no key: what they ask for as `text/html` is not kept.
    """
    key = request.headers.get("Idempotency-Key", "")
    if not key or request.accepted_renderer.format == "html":
        return do()
    if len(key) > LONGEST_KEY or "\0" in key:
        raise ValidationError({"Idempotency-Key": f"At most {LONGEST_KEY} characters."})
    row = _begun(request, key)
    if row.is_answered:
        return Response(json.loads(row.body), status=row.status)
    try:
        with transaction.atomic():
            response = do()
            idempotency.answer(row, status=response.status_code, body=json.dumps(response.data))
    except Exception:
        idempotency.forget(row)  # nothing was done
        raise
    return response


def _begun(request: Request, key: str) -> Any:
    said = json.dumps(request.data, sort_keys=True, default=str).encode()
    try:
        return idempotency.begin(
            scope=f"listener:{listener_of(request).pk}",
            key=key,
            fingerprint=idempotency.fingerprint(request.method or "", request.path, said),
            at=now(),
        )
    except idempotency.KeyReused as error:
        raise KeyReused(str(error)) from error
    except idempotency.KeyInUse as error:
        raise KeyInUse(str(error)) from error

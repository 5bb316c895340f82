"""Whether the site lives, and whether it can do its work."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from jobs.services import bell
from recommendations import serving

log = structlog.get_logger(__name__)


class NotReady(Exception):
    """Its message is shown to whoever asks: what is amiss, and nothing of the how."""


def check_database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        raise NotReady("does not answer") from error
    return "ok"


def check_broker() -> str:
    if bell.is_away():
        raise NotReady("does not answer")
    return "ok"


def check_model() -> str:
    version = serving.current_version()
    if version is None:
        raise NotReady("none trained yet")
    return str(version)


CHECKS: dict[str, Callable[[], str]] = {
    "database": check_database,
    "broker": check_broker,
    "model": check_model,
}


@require_safe
@never_cache
def live(request: HttpRequest) -> JsonResponse:
    """This process answers; nothing else is asked."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """All that the site stands on answers; 503 names what does not."""
    outcomes = {name: _outcome(name, check) for name, check in CHECKS.items()}
    is_ready = all(passed for passed, _ in outcomes.values())
    body = {"status": "ok" if is_ready else "not ready"} | {
        name: words for name, (_, words) in outcomes.items()
    }
    response = JsonResponse(body, status=200 if is_ready else 503)
    response._has_been_logged = True  # type: ignore[attr-defined]  # or Django mails every 503
    return response


def _outcome(name: str, check: Callable[[], str]) -> tuple[bool, str]:
    try:
        return True, check()
    except NotReady as reason:
        return False, str(reason)
    except Exception:
        log.exception("health_check_failed", check=name)
        return False, "failed"

"""The admin's own Content-Security-Policy, and addresses that nobody could mean."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse

# The admin's theme builds its menus from expressions in the page (Alpine), which a policy without
# these two words would stop. Nobody but staff gets here, and nothing from outside loads.
ADMIN_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; "
    "base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)

Handler = Callable[[HttpRequest], HttpResponse]


def admin_policy(get_response: Handler) -> Handler:
    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.path.startswith("/admin/"):
            response.headers.setdefault("Content-Security-Policy", ADMIN_POLICY)
        return response

    return respond


def no_nul(get_response: Handler) -> Handler:
    """PostgreSQL stores no NUL, so nothing of ours has one; our own forms say so themselves."""

    def respond(request: HttpRequest) -> HttpResponse:
        if "\0" in request.path:
            raise Http404("There is no address with a NUL in it.")
        if request.path.startswith("/admin/") and "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("There is nothing with a NUL in it.")
        return get_response(request)

    return respond

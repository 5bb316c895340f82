"""The addresses for machines that watch the site: they know its IP, but none of its names."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import path, resolve

from musicsite.health import live, ready
from musicsite.metrics import metrics

urlpatterns = [
    path("health/live", live, name="health_live"),
    path("health/ready", ready, name="health_ready"),
    path("metrics", metrics, name="metrics"),
]

PATHS = frozenset(f"/{pattern.pattern}" for pattern in urlpatterns)

GetResponse = Callable[[HttpRequest], HttpResponse]


def answer_early(get_response: GetResponse) -> GetResponse:
    """Middleware: answer before anything looks at the host's name, the session or the language."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path_info not in PATHS:
            return get_response(request)
        match = resolve(request.path_info, urlconf=__name__)
        request.resolver_match = match
        return match.func(request, **match.kwargs)

    return middleware

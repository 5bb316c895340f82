"""What stands around every page: the offline page and its worker, the manifest, robots.txt, …"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponseBase
from django.urls import path
from django.views.generic import TemplateView

from musicsite.views.styleguide import styleguide


def _file(name: str, content_type: str) -> Callable[..., HttpResponseBase]:
    return TemplateView.as_view(template_name=name, content_type=content_type)


urlpatterns = [
    path("offline/", TemplateView.as_view(template_name="offline.html"), name="offline"),
    path("sw.js", _file("sw.js", "text/javascript"), name="service_worker"),
    path(
        "manifest.webmanifest",
        _file("manifest.webmanifest", "application/manifest+json"),
        name="webmanifest",
    ),
    path("robots.txt", _file("robots.txt", "text/plain"), name="robots"),
    path("styleguide/", styleguide, name="styleguide"),
]
